"""The gate as plain Python over lists: what the statement must say, one row after the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from joren.act.messages.contracts import Cap, Policy

Row = dict[str, Any]


@dataclass
class World:
    policy: Policy
    home: str
    zones: Mapping[int, str]
    states: Mapping[tuple[int, str], str]
    stopped: Mapping[int, str]
    person: Mapping[int, int]
    left_out: Mapping[int, int]
    errands: Mapping[int, Row]
    ledger: list[Row] = field(default_factory=list)
    used: dict[Any, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    def decide(self, rows: Sequence[Row], now: datetime, *, again: bool) -> None:
        """Say of each row what becomes of it, best first; of a person's others, later."""
        places: dict[int, int] = defaultdict(int)
        purse_run: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        run, done = [0, 0], []
        for row in sorted(rows, key=self._order):
            errand, who = self.errands[row["errand_id"]], self.person[row["customer_id"]]
            free, cost = errand["kind"] == "transactional", self.policy.costs.get(errand["channel"])
            row["lot"] = None if free else (row["lot"] or self.left_out.get(who))
            if say := self._at_once(row, errand, who, now, () if again else rows):
                done.append((row, *say))
                continue
            places[who] += 1
            later = again and places[who] > 1
            until = self._enough_until(who, places[who], errand, now)
            rested = now if free else self.awake(until or now, who)
            if until or rested > now:
                why = ("deferred", "cap" if until else "quiet_hours", rested)
            else:
                own = self._fits(purse_run[errand["purse"]], row, cost, errand["left"], free)
                whole = own and self._fits(
                    run, row, cost, (self.policy.month_most, self.policy.month_cost), free, now
                )
                again_at = now + timedelta(1) if not own else _month_after(now, self.home)
                why = (
                    (("held_out", "would_go", None) if row["lot"] else ("waiting", "", now))
                    if whole
                    else ("deferred", "budget" if own else "own_budget", self.awake(again_at, who))
                )
            if not later:
                done.append((row, *why))
        for row, state, reason, next_at in done:
            self._write_down(row, state, reason, next_at, now)

    def _order(self, row: Row) -> tuple[Any, ...]:
        free = self.errands[row["errand_id"]]["kind"] == "transactional"
        return (not free, -row["worth"], row["customer_id"], row["occurrence"], row["errand_id"])

    def _at_once(
        self, row: Row, errand: Row, who: int, now: datetime, batch: Sequence[Row]
    ) -> tuple[Any, ...] | None:
        free = errand["kind"] == "transactional"
        state = self.states[row["customer_id"], errand["channel"]]
        if state == "gone" or (not free and state not in ("granted", "relied")):
            return "suppressed", "gone" if state == "gone" else f"no_consent:{state}", None
        if errand["channel"] == "email" and who in self.stopped:
            return "suppressed", f"suppressed:{self.stopped[who]}", None
        if self._has_a_twin(row, who, batch):
            return "suppressed", "same_person", None
        if row["expires_at"] and row["expires_at"] <= now:
            return "expired", row.get("reason") or "late", None
        if row["wanted_at"] > now:
            at = row["wanted_at"]
            return "deferred", "not_yet", at if free else self.awake(at, who)
        return None

    def _has_a_twin(self, row: Row, who: int, batch: Sequence[Row]) -> bool:
        """Another number of the person that came before, or has the lower number of those now."""
        before = [
            one for one in (self.ledger[: self.ledger.index(row)] if not batch else self.ledger)
            if one["state"] not in ("suppressed", "expired", "refused")
        ] + [one for one in batch if one["customer_id"] < row["customer_id"]]  # fmt: skip
        return any(
            self.errands[one["errand_id"]]["purse"] == self.errands[row["errand_id"]]["purse"]
            and one["occurrence"] == row["occurrence"]
            and one["customer_id"] != row["customer_id"]
            and self.person[one["customer_id"]] == who
            for one in before
        )

    def _enough_until(self, who: int, place: int, errand: Row, now: datetime) -> datetime | None:
        """The first moment at which every cap has room, were nothing else sent until then."""
        found = []
        for cap in self.policy.caps:
            if not _counts(cap, errand):
                continue
            window = timedelta(cap.days)
            past = [now] * (place - 1) + [
                _went(one, now) for one in self.ledger
                if one["counted_at"] and self.person[one["customer_id"]] == who
                and _counts(cap, self.errands[one["errand_id"]])
            ]  # fmt: skip
            for at in sorted({now, *(one + window for one in past if one + window > now)}):
                if sum(one > at - window for one in past) < cap.most:
                    found.append(at)
                    break
        latest = max(found, default=now)
        return latest if latest > now else None

    def awake(self, at: datetime, who: int) -> datetime:
        """The next whole minute at which the clock there shows no quiet time."""
        zone, quiet = ZoneInfo(self.zones.get(who, self.home)), self.policy.quiet
        first = at
        while quiet and _quiet(at.astimezone(zone).time(), quiet.since, quiet.until):
            at = at.replace(second=0) + timedelta(minutes=1)
        return first if at == first else at

    def _fits(
        self, run: list[int], row: Row, cost: int | None, left: tuple[int | None, int | None],
        free: bool, month: datetime | None = None,
    ) -> bool:  # fmt: skip
        purse = self.errands[row["errand_id"]]["purse"]
        used = self.used[_month(month, self.home) if month else purse]
        takes = (1, cost or 0)
        if not row["lot"]:
            run[:] = [a + b for a, b in zip(run, takes, strict=True)]
            takes = (0, 0)
        sums = [u + r + t for u, r, t in zip(used, run, takes, strict=True)]
        return free or all(
            most is None or one <= most for one, most in zip(sums, left, strict=True)
        )

    def _write_down(
        self, row: Row, state: str, reason: str, next_at: datetime | None, now: datetime
    ) -> None:
        went = state in ("waiting", "held_out")
        cost = self.policy.costs.get(self.errands[row["errand_id"]]["channel"])
        if state == "deferred" and row["expires_at"] and next_at:
            next_at = min(next_at, row["expires_at"])
        row.update(state=state, reason=reason, next_at=next_at, counted_at=now if went else None)
        row["cost"] = cost if state == "waiting" else None
        if row not in self.ledger:
            self.ledger.append(row)
        if state == "waiting":
            purse = self.errands[row["errand_id"]]["purse"]
            for scope in (purse, _month(now, self.home)):
                self.used[scope][0] += 1
                self.used[scope][1] += cost or 0


def _went(row: Row, now: datetime) -> datetime:
    """When it counts: when it left, or will at the soonest; a ghost when it was let through."""
    if row["state"] == "waiting":
        return max(row["next_at"], now)
    return row.get("sent_at") or row["counted_at"]


def _counts(cap: Cap, errand: Row) -> bool:
    if errand["kind"] == "transactional" or cap.channel not in ("", errand["channel"]):
        return False
    if cap.kind:
        return cap.kind == errand["kind"]
    return bool(cap.channel) or errand["kind"] != "thanks"


def _quiet(clock: time, since: time, until: time) -> bool:
    return since <= clock < until if since < until else clock >= since or clock < until


def _month(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m}"


def _month_after(at: datetime, zone: str) -> datetime:
    month = _month(at, zone)
    at = at.replace(minute=0, second=0)
    while _month(at, zone) == month:
        at += timedelta(hours=1)
    return at

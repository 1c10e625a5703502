"""Forget a person: room by room, each step once, in an order that a crash cannot break.

First it is written down, here and in the log beside the database, by number and keyed hash. Then
each room forgets; the one that knows who the person is comes last, so that the others still find
them after a crash. Nothing comes in meanwhile: the warehouse is held.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Final

from django.conf import settings
from django.db import connections, transaction

from joren.accounts.selectors import business
from joren.core import clock
from joren.core.erasing import STILL, Eraser, Traces, in_order
from joren.core.people import people
from joren.protect.audit import services as audit
from joren.protect.erasure import contracts, models, rules, selectors
from joren.protect.erasure.contracts import Request
from joren.protect.erasure.services.asking import ask
from joren.protect.erasure.services.logging import note, unseen

_NOT_COMPARABLE: Final = "the log was written with another secret key: compare by hand"


def erase_person(number: int, *, by: str, at_once: bool = True) -> Request:
    """Carry out what was asked, now or by a worker; said again, nothing changes."""
    with transaction.atomic():
        row = _locked(number)
        if row.kind != "erasure" or row.state in ("done", "withdrawn"):
            raise contracts.RequestClosed(f"request {number} is {row.kind}, {row.state}")
        if row.state in ("open", "unverified"):
            row.state, row.error = "waiting", ""
            row.save(update_fields=["state", "error"])
            audit.record(
                "privacy.erasure_confirmed", actor=by, subject_kind="customer",
                subject_id=row.customer_id, request=number,
            )  # fmt: skip
    if at_once:
        _carry_out_this(number)
    return selectors.request(number)


def forget_many(customers: Sequence[int], *, by: str, note: str) -> Request:
    """Forget several at once, in one pass over each room; call it for at most some hundreds."""
    with transaction.atomic():
        number = ask(customers[0], "erasure", by=by, note=note)
        models.Request.objects.filter(pk=number).update(state="waiting", customers=list(customers))
    _carry_out_this(number)
    return selectors.request(number)


def _carry_out_this(number: int) -> None:
    """With all that waits; another's trouble stands with that one."""
    try:
        carry_out_waiting()
    except Exception:
        if selectors.request(number).state != "done":
            raise


def carry_out_waiting(*, wait: float = 600.0) -> int:
    """All that waits, that died in the middle, or that a restored database does not know.

    ``wait`` is for how many seconds at most it waits for an import or a refresh. Where one fails
    the others go on; why stands with it, and what it raised is raised in the end.
    """
    waits = models.Request.objects.filter(kind="erasure", state__in=("waiting", "running"))
    if not waits.exists() and not unseen():
        return 0
    done = 0
    failed: list[Exception] = []
    with _still(wait):
        _bring_back()
        for row in waits.order_by("pk"):
            try:
                _carry_out(row)
                done += 1
            except Exception as error:  # whatever it was, the others asked too
                failed.append(error)
                # What it says may be of the person; its kind is not.
                row.error = f"{type(error).__name__}{row.error}"
                row.save(update_fields=["error"])
    if failed:
        raise failed[0]
    return done


@contextmanager
def _still(wait: float) -> Iterator[None]:
    """Nothing comes in; what SQLite removes is written over, and not only taken off its lists."""
    with ExitStack() as stack:
        for hold in STILL.values():
            stack.enter_context(hold(wait))
        local = [one for one in connections.all() if one.vendor == "sqlite"]
        for connection in local:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA secure_delete=ON")
        try:
            yield
        finally:
            for connection in local:
                with connection.cursor() as cursor:
                    cursor.execute("PRAGMA secure_delete=OFF")


def _carry_out(row: models.Request) -> None:
    row.state, row.error = "running", ""
    row.save(update_fields=["state", "error"])
    traces = people().traces(row.customers or [row.customer_id])
    if traces is not None:
        _prove(row, traces)
    # Without them: the last step was done, or they were never in this database.
    left = traces or Traces(customers=tuple(row.customers or [row.customer_id]))
    for name, eraser in in_order():
        if not row.steps.filter(eraser=name).exists():
            row.error = f" in {name}"
            _step(row, name, eraser, left)
    row.error = ""
    _finish(row)


def _prove(row: models.Request, traces: Traces) -> None:
    """Before anything goes: numbers and hashes, in the database and in the log."""
    found = rules.digests(traces.keys, secret=settings.SECRET_KEY)
    with transaction.atomic():
        row.customers = list(traces.customers)
        row.save(update_fields=["customers"])
        models.Proof.objects.bulk_create(
            [models.Proof(request=row, digest=one) for one in sorted(found)],
            ignore_conflicts=True,
        )
    note(
        rules.Line(
            uid=row.uid,
            customer=row.customer_id,
            customers=traces.customers,
            digests=tuple(sorted(found)),
            secret=rules.mark(settings.SECRET_KEY),
            at=clock.now().isoformat(),
            by=row.asked_by,
            suppress=row.suppress,
        )
    )


def _step(row: models.Request, name: str, eraser: Eraser, traces: Traces) -> None:
    with transaction.atomic():
        counts = dict(eraser.erase(traces))
        models.Step.objects.create(
            request=row, eraser=name, counts={k: v for k, v in counts.items() if v}, at=clock.now()
        )


@transaction.atomic
def _finish(row: models.Request) -> None:
    counts: dict[str, int] = {}
    for step in row.steps.all():
        for name, number in step.counts.items():
            counts[name] = counts.get(name, 0) + number
    row.state, row.finished_at, row.counts = "done", clock.now(), counts
    row.note = ""
    row.save(update_fields=["state", "finished_at", "counts", "note"])
    # What they asked for before is answered by it.
    others = models.Request.objects.filter(customer_id__in=row.customers, state="open")
    others.exclude(pk=row.pk).update(state="withdrawn", finished_at=clock.now(), note="")
    audit.record(
        "privacy.erased", actor=row.asked_by, subject_kind="customer", subject_id=row.customer_id,
        request=row.pk, **_plain(counts),
    )  # fmt: skip


def _plain(counts: Mapping[str, int]) -> dict[str, int]:
    return {name.replace(" ", "_").replace(",", ""): number for name, number in counts.items()}


def _bring_back() -> None:
    """Erasures of the log that this database does not know are done again, once.

    The numbers are those of this installation; that they are still the same people is told by the
    hashes of their addresses.
    """
    for line in unseen():
        if models.Request.objects.filter(uid=line.uid).exists():
            continue  # it is running, and is carried out anyway
        there = [pk for pk in line.customers if _is_theirs(pk, line)]
        foreign = line.secret != rules.mark(settings.SECRET_KEY)
        known = foreign and people().traces(line.customers) is not None
        now = clock.now()
        row = models.Request.objects.create(
            uid=line.uid,
            kind="erasure",
            state="unverified" if known else "waiting" if there else "done",
            customer_id=line.customer,
            customers=there or list(line.customers),
            asked_at=now,
            due_on=rules.due(clock.shop_day(now, business().time_zone)),
            asked_by=line.by,
            suppress=line.suppress,
            finished_at=None if known or there else now,
            error=_NOT_COMPARABLE if known else "",
        )
        models.Proof.objects.bulk_create(
            [models.Proof(request=row, digest=one) for one in line.digests], ignore_conflicts=True
        )
        audit.record(
            "privacy.erasure_repeated", actor=line.by, subject_kind="customer",
            subject_id=line.customer, request=row.pk,
        )  # fmt: skip


def _is_theirs(customer: int, line: rules.Line) -> bool:
    traces = people().traces([customer])
    if traces is None:
        return False
    return bool(rules.digests(traces.keys, secret=settings.SECRET_KEY) & {*line.digests})


def _locked(number: int) -> models.Request:
    row = models.Request.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise contracts.NoSuchRequest(f"no request {number}", hint="joren person requests")
    return row

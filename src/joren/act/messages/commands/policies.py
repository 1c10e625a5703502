"""``joren messages policy``: how much is written to anybody, and when."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from datetime import time
from typing import Annotated, Any, Final

import typer

from joren.act.messages import selectors, services
from joren.act.messages.contracts import (
    BadPolicy,
    Cap,
    Policy,
    PolicyPreview,
    Quiet,
    Replayed,
    Tracking,
)
from joren.core.numbers import whole_number

policy_app = typer.Typer(help="How much is written to anybody, and when.", no_args_is_help=True)

BY: Final = "command-line"
_CAP: Final = re.compile(
    r"(?P<channel>[^/=]+)/(?P<kind>[^/=]+)=(?P<most>[0-9]{1,9})/(?P<days>[0-9]{1,9})"
)
_NONE: Final = "none"
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Caps = Annotated[
    list[str] | None,
    typer.Option("--cap", help="CHANNEL/KIND=MOST/DAYS, * for every; all of them; none."),
]
Night = Annotated[str | None, typer.Option("--quiet", help="Such as 21:00-08:00, or none.")]
Most = Annotated[str | None, typer.Option("--month", help="Messages a month, or none.")]
Money = Annotated[str | None, typer.Option("--month-cost", help="Minor units a month, or none.")]
Costs = Annotated[
    list[str] | None, typer.Option("--cost", help="CHANNEL=MINOR of one message; all of them.")
]


@policy_app.command("show")
def show(as_json: AsJson = False) -> None:
    """Show caps, quiet time and budgets, and what is used of the month."""
    now, spent = selectors.policy(), selectors.month_spent()
    if as_json:
        typer.echo(_json({**asdict(now), "spent": asdict(spent)}))
        return
    _print(now)
    typer.echo(f"{spent.month}: {spent.messages} messages, {spent.cost} minor units let through")


@policy_app.command("set")
def set_policy(
    caps: Caps = None, quiet: Night = None, month: Most = None, month_cost: Money = None,
    costs: Costs = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Decide some of it anew; what is not said stays as it is."""
    made = services.set_policy(_changed(caps, quiet, month, month_cost, costs), by=BY)
    if as_json:
        typer.echo(_json(asdict(made)))
        return
    _print(made)


@policy_app.command("try")
def try_policy(
    caps: Caps = None, quiet: Night = None, month: Most = None, month_cost: Money = None,
    costs: Costs = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Say what it would have made of the messages of the last 28 days; nothing is changed."""
    found = services.try_policy(_changed(caps, quiet, month, month_cost, costs))
    if as_json:
        typer.echo(_json(asdict(found)))
        return
    typer.echo("\n".join(_told(found)))


@policy_app.command("versions")
def versions(as_json: AsJson = False) -> None:
    """Show every policy that somebody decided, the newest first."""
    found = selectors.policy_changes()
    if as_json:
        typer.echo(_json([asdict(one) for one in found]))
        return
    for one in found:
        typer.echo(f"{one.policy.version} {one.changed_at:%Y-%m-%d %H:%M} {one.changed_by}")
        _print(one.policy, before="  ")


def zone(
    customer: Annotated[int, typer.Argument(help="The customer's number.")],
    name: Annotated[
        str | None, typer.Argument(help="An IANA name, or shop: the shop's own clock.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show where a customer's clock is, or say it."""
    if name is not None:
        services.set_zone(customer, "" if name == "shop" else name, by=BY)
    own, shop = selectors.zone_of(customer), selectors.home_zone()
    told = _json({"customer": customer, "zone": own or str(shop), "own": bool(own)})
    typer.echo(told if as_json else own or f"{shop} (the shop's)")


def tracking(
    clicks: Annotated[
        str | None, typer.Option("--clicks", help="Channels, such as email,line; or none.")
    ] = None,
    opens: Annotated[
        str | None, typer.Option("--opens", help="Channels, such as email; or none.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show on which channels clicks and openings are noted, or say it."""
    now = selectors.tracking()
    if clicks is not None or opens is not None:
        wanted = Tracking(_channels(clicks, now.clicks), _channels(opens, now.opens))
        now = services.set_tracking(wanted, by=BY)
    if as_json:
        typer.echo(_json(asdict(now)))
        return
    typer.echo(
        f"clicks: {', '.join(now.clicks) or _NONE}; openings: {', '.join(now.opens) or _NONE}"
    )


def _channels(text: str | None, now: tuple[str, ...]) -> tuple[str, ...]:
    if text is None:
        return now
    return tuple(one.strip() for one in text.split(",") if one.strip() and one.strip() != _NONE)


def _changed(
    caps: list[str] | None, quiet: str | None, month: str | None, month_cost: str | None,
    costs: list[str] | None,
) -> Policy:  # fmt: skip
    said: dict[str, Any] = {}
    if caps is not None:
        said["caps"] = tuple(_cap(one) for one in caps if one != _NONE)
    if quiet is not None:
        said["quiet"] = None if quiet == _NONE else _quiet(quiet)
    if month is not None:
        said["month_most"] = _number(month)
    if month_cost is not None:
        said["month_cost"] = _number(month_cost)
    if costs is not None:
        said["costs"] = dict(_cost(one) for one in costs if one != _NONE)
    return replace(selectors.policy(), **said)


def _cap(text: str) -> Cap:
    found = _CAP.fullmatch(text)
    if found is None:
        raise BadPolicy(f"no cap is {text!r}", hint="such as */*=3/7 or line/incentive=1/14")
    channel, kind = ("" if found[name] == "*" else found[name] for name in ("channel", "kind"))
    return Cap(int(found["most"]), int(found["days"]), channel, kind)


def _quiet(text: str) -> Quiet:
    since, _, until = text.partition("-")
    try:
        return Quiet(time.fromisoformat(since), time.fromisoformat(until))
    except ValueError:
        raise BadPolicy(f"no quiet time is {text!r}", hint="such as 21:00-08:00, or none") from None


def _number(text: str) -> int | None:
    if text == _NONE:
        return None
    if (number := whole_number(text)) is None:
        raise BadPolicy(f"{text[:60]!r} is no number", hint="0 or more, or none")
    return number


def _cost(text: str) -> tuple[str, int]:
    channel, _, said = text.partition("=")
    if (cost := whole_number(said)) is None:
        raise BadPolicy(f"no cost is {text[:60]!r}", hint="such as line=5")
    return channel, cost


def _print(one: Policy, before: str = "") -> None:
    for cap in one.caps:
        typer.echo(
            f"{before}at most {cap.most} in {cap.days} days: {cap.channel or '*'}/{cap.kind or '*'}"
        )
    night = f"{one.quiet.since:%H:%M}-{one.quiet.until:%H:%M}" if one.quiet else "none"
    typer.echo(f"{before}quiet: {night}")
    typer.echo(
        f"{before}a month: {_end(one.month_most)} messages, {_end(one.month_cost)} minor units"
    )
    for channel, cost in one.costs.items():
        typer.echo(f"{before}one message by {channel}: {cost} minor units")


def _told(found: PolicyPreview) -> list[str]:
    return [
        f"of the last {found.days} days",
        f"now: {_one(found.now)}",
        f"then: {_one(found.then)}",
    ]


def _one(found: Replayed) -> str:
    whys = ", ".join(f"{n} {why}" for why, n in sorted(found.reasons.items()))
    waits = "" if found.hours is None else f"; half wait {found.hours:.1f} hours or more"
    off = f"{found.put_off} of {found.asked} put off ({whys or '–'})"
    return f"{off}, {found.too_late} too late{waits}"


def _end(number: int | None) -> str:
    return "any number of" if number is None else str(number)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)

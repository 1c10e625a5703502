"""Questions about the journeys that are kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from joren.act.journeys import models
from joren.act.journeys.contracts import Journey, NoSuchJourney, Send, Version
from joren.act.journeys.rules import Form, as_text, read, written
from joren.decide.holdouts import selectors as lots


def journeys(*, ended: bool = False) -> list[Journey]:
    """Those in use, by name; or those that were ended."""
    rows = models.Journey.objects.order_by("name", "pk")
    rows = rows.filter(state="ended") if ended else rows.exclude(state="ended")
    return [_journey(row) for row in rows]


def journey(number: int) -> Journey:
    row = models.Journey.objects.filter(pk=number).first()
    if row is None:
        raise NoSuchJourney(f"there is no journey {number}", hint="joren journeys list")
    return _journey(row)


def under(holdouts: Iterable[int]) -> dict[int, tuple[int, str]]:
    """(number, name) of the journey of each of these holdouts that has one."""
    rows = models.Lot.objects.filter(holdout__in=list(holdouts)).order_by("pk")
    found = rows.values_list("holdout", "journey_id", "journey__name")
    return {lot: (number, name) for lot, number, name in found}


def drawn_by(holdout: int) -> tuple[datetime, datetime | None]:
    """From when until when whoever entered its journey was drawn by it; None: still."""
    row = models.Lot.objects.filter(holdout=holdout).first()
    if row is None:
        raise NoSuchJourney(f"no journey draws by holdout {holdout}", hint="joren journeys list")
    return row.since, row.until


def share_left_out(holdout: int | None) -> float:
    """The share that it really leaves out, whatever a document says; 0 of none."""
    return lots.holdout(holdout).design.share if holdout is not None else 0.0


def versions(number: int) -> list[Version]:
    """Every version of a journey, newest first."""
    rows = models.Version.objects.filter(journey_id=number).order_by("-number")
    return [_version(row) for row in rows]


def version(number: int, which: int) -> Version:
    """One version of a journey, by its number there."""
    row = models.Version.objects.filter(journey_id=number, number=which).first()
    if row is None:
        raise NoSuchJourney(
            f"journey {number} has no version {which}", hint="joren journeys show NUMBER"
        )
    return _version(row)


def version_by_id(number: int) -> Version:
    """One version, by the number that enrolments carry."""
    row = models.Version.objects.filter(pk=number).first()
    if row is None:
        raise NoSuchJourney(f"there is no version {number}", hint="joren journeys list")
    return _version(row)


def errands(number: int) -> list[int]:
    """What messages know every send of every version of a journey by."""
    rows = models.Version.objects.filter(journey_id=number).values_list("errands", flat=True)
    return sorted({one for known in rows for one in known.values()})


def document_text(number: int, *, form: Form, which: int | None = None) -> str:
    """The draft of a journey, or what was published under that number, as JSON or YAML."""
    document = journey(number).draft if which is None else version(number, which).document
    return as_text(written(document), form)


def that_send(template: int) -> list[str]:
    """The names of journeys that go on and send it: to whoever enters, or who is on the way."""
    found: dict[int, str] = {}
    for one, newest in versions_in(["running", "paused"]):
        if any(isinstance(node, Send) and node.template == template for node in one.document.nodes):
            on_it = models.Enrolment.objects.filter(version_id=one.id, due_at__isnull=False)
            if newest or on_it.exists():
                found[one.journey] = one.document.name
    return [found[number] for number in sorted(found)]


def versions_in(states: Iterable[str]) -> list[tuple[Version, bool]]:
    """Versions of journeys in these states, and whether people enter by it now."""
    rows = models.Version.objects.filter(journey__state__in=list(states)).select_related("journey")
    rows = rows.order_by("pk")
    return [(_version(row), row.number == row.journey.version) for row in rows]


def _journey(row: models.Journey) -> Journey:
    return Journey(
        row.pk,
        row.name,
        row.state,  # type: ignore[arg-type]  # the constraint keeps it to these
        read(row.draft),
        row.version,
        row.holdout,
        row.changed_at,
        row.paused_at,
    )


def _version(row: models.Version) -> Version:
    return Version(
        row.pk,
        row.journey_id,
        row.number,
        read(row.document),
        row.published_at,
        row.published_by,
        row.why,
        row.errands,
    )

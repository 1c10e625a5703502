"""Who did what well, and whom results call to thank."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from joren.accounts import selectors as accounts
from joren.measure.experiments import selectors as experiments
from joren.measure.reviews import selectors as reviews
from joren.measure.team import models
from joren.measure.team.contracts import Deserved, NoSuchPraise, Person, Praise
from joren.measure.team.selectors.actions import actions
from joren.plumbing.warehouse import warehouse

_GONE = "–"


def praises(*, limit: int = 200) -> list[Praise]:
    """The newest first."""
    names = accounts.member_names()
    rows = models.Praise.objects.order_by("-on", "-pk")[:limit]
    return [_read(row, names) for row in rows]


def praise(number: int) -> Praise:
    """One of them."""
    row = models.Praise.objects.filter(pk=number).first()
    if row is None:
        raise NoSuchPraise(f"there is no praise {number}", hint="joren team praises")
    return _read(row, accounts.member_names())


def deserved() -> list[Deserved]:
    """Proven gains of actions that name an owner, and decisions that did what was expected, for
    which nobody was thanked yet; the most money first."""
    said = set(models.Praise.objects.exclude(source="").values_list("member_id", "source", "key"))
    found = [
        one for one in (*_proven(), *_won()) if (one.person.id, one.source, one.key) not in said
    ]
    return sorted(found, key=lambda one: -(one.money or 0.0))


def _proven() -> Iterator[Deserved]:
    if warehouse().snapshots.latest() is None:
        return
    owned = {number: one for one in actions() if one.owner for number in one.holdouts}
    for result in experiments.results():
        one = owned.get(result.holdout_id)
        if one and one.owner and result.evidence == "proven_more":
            yield Deserved(
                one.owner, "effect", str(result.holdout_id), one.name, result.realised.value,
                result.realised.unit,
            )  # fmt: skip


def _won() -> Iterator[Deserved]:
    names = {f"member:{number}": Person(number, name)
             for number, name in accounts.member_names().items()}  # fmt: skip
    for review in reviews.reviews():
        for tuning in review.tunings:
            if tuning.verdict == "won" and tuning.decided_by in names:
                yield Deserved(names[tuning.decided_by], "tuning", str(tuning.id), tuning.about)


def _read(row: models.Praise, names: Mapping[int, str]) -> Praise:
    person = Person(row.member_id, names.get(row.member_id, _GONE))
    return Praise(
        row.pk, person, row.what, row.why, row.on, row.said_at, row.said_by, row.source, row.key
    )

"""Keep relations: one by hand, many from a file, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from django.db import transaction

from joren.collect.products import models, rules, selectors
from joren.collect.products.contracts import (
    BadRelation,
    Pair,
    Relation,
    RelationsTaken,
    Source,
)
from joren.core import clock
from joren.protect.audit import services as audit

_AT_ONCE: Final = 500


@transaction.atomic
def relate(pair: Pair, *, by: str) -> Relation:
    """Keep one by hand; what was said of the two before is replaced."""
    pair = rules.checked(pair)
    _keep([pair], by=by, source="by_hand")
    row = models.Relation.objects.get(sku=pair.sku, other=pair.other)
    audit.record("products.related", actor=by, subject_kind="relation", subject_id=row.pk,
                 kind=pair.kind)  # fmt: skip
    return selectors.relation(row.pk)


@transaction.atomic
def unrelate(number: int, *, by: str) -> None:
    """Take one away."""
    selectors.relation(number)
    models.Relation.objects.filter(pk=number).delete()
    audit.record("products.unrelated", actor=by, subject_kind="relation", subject_id=number)


def take_file(content: bytes, *, by: str) -> RelationsTaken:
    """Keep what a CSV file says, in UTF-8 or CP932; a line that cannot be read keeps none of it."""
    pairs = rules.read(_text(content))
    with transaction.atomic():
        taken = _keep(pairs, by=by, source="import")
        audit.record(
            "products.taken", actor=by, subject_kind="relation", new=taken.new,
            changed=taken.changed, unchanged=taken.unchanged,
        )  # fmt: skip
    return taken


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadRelation("the file is neither in UTF-8 nor in CP932", hint="save it as UTF-8")


def _keep(pairs: Sequence[Pair], *, by: str, source: Source) -> RelationsTaken:
    """What is as it was stays as it was, with who said it first."""
    there = {key: said for some in _parts(pairs) for key, said in _kept(some)}
    news = [one for one in pairs if there.get((one.sku, one.other)) != (one.kind, one.place)]
    now = clock.now()
    models.Relation.objects.bulk_create(
        (
            models.Relation(sku=one.sku, kind=one.kind, other=one.other, place=one.place,
                            source=source, made_by=by, made_at=now)
            for one in news
        ),
        batch_size=_AT_ONCE,
        update_conflicts=True,
        unique_fields=["sku", "other"],
        update_fields=["kind", "place", "source", "made_by", "made_at"],
    )  # fmt: skip
    new = sum((one.sku, one.other) not in there for one in news)
    return RelationsTaken(new, len(news) - new, len(pairs) - len(news))


def _parts(pairs: Sequence[Pair]) -> Iterator[Sequence[Pair]]:
    return (pairs[start : start + _AT_ONCE] for start in range(0, len(pairs), _AT_ONCE))


def _kept(some: Sequence[Pair]) -> Iterator[tuple[tuple[str, str], tuple[str, int]]]:
    wanted = {(one.sku, one.other) for one in some}
    rows = models.Relation.objects.filter(sku__in={sku for sku, _ in wanted})
    for sku, other, kind, place in rows.values_list("sku", "other", "kind", "place"):
        if (sku, other) in wanted:
            yield (sku, other), (kind, place)

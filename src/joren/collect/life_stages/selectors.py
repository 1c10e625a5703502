"""Questions about stages of life."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pyarrow as pa
from django.db import connection
from django.db.models import Q
from pydantic import TypeAdapter

from joren.collect.life_stages import models, rules
from joren.collect.life_stages.contracts import (
    FEWEST,
    STAGES,
    Catalogue,
    LifeStage,
    NoSuchStage,
    StageCount,
    StageSaid,
    WordCount,
)
from joren.core.people import moved
from joren.plumbing.bulk import columns_of

_stages = TypeAdapter(tuple[LifeStage, ...])
_READ = ["id", "customer_id", "said", "since"]


def stages() -> tuple[LifeStage, ...]:
    """The catalogue that holds now."""
    return catalogue_history()[0].stages


def stage(number: int) -> LifeStage:
    """That stage."""
    for one in stages():
        if one.number == number:
            return one
    raise NoSuchStage(f"no stage {number} of life", hint="joren life-stages list")


def catalogue_history() -> tuple[Catalogue, ...]:
    """Every version of the catalogue, newest first; the last one is what joren came with."""
    rows = models.CatalogueVersion.objects.order_by("-pk")
    return (
        *(
            Catalogue(_stages.validate_python(row.stages), row.changed_at, row.changed_by)
            for row in rows
        ),
        Catalogue(STAGES, None, ""),
    )


def stage_names() -> dict[int, tuple[str, str]]:
    """The Japanese and the English name of each stage."""
    return {one.number: (one.ja, one.en) for one in stages()}


def said_of(customer: int) -> tuple[StageSaid, ...]:
    """All that was ever said of this customer and of whom they were before merges, newest first."""
    own, known = stages(), rules.meanings(stages())
    by_number = {one.number: one for one in own}
    them = Q(customer_id=customer) | Q(customer_id__in=_before_merges(customer))
    return tuple(
        StageSaid(
            row.said, by_number.get(known.get(row.said, 0)), row.since, row.at,
            row.source,  # type: ignore[arg-type]  # the table holds no other
            row.by,
        )
        for row in models.Said.objects.filter(them).order_by("-since", "-pk")
    )  # fmt: skip


def _before_merges(customer: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT m.customer_id FROM ({moved()}) AS m WHERE m.person_id = %s",
            [customer],
        )
        return [number for (number,) in cursor.fetchall()]


def standing(merged: pa.Table) -> pa.Table:
    """(customer_id, life_stage, life_stage_since, life_stage_changed_on) of whom it is known."""
    return rules.standing(_said(), merged, rules.meanings(stages()))


def stage_counts() -> tuple[tuple[StageCount, ...], tuple[WordCount, ...]]:
    """How many customers are in each stage, and words that no stage has."""
    said, own = _said(), stages()
    known = rules.meanings(own)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT m.customer_id, m.person_id FROM ({moved()}) AS m")
        pairs = cursor.fetchall()
    columns = [pa.array([pair[place] for pair in pairs], pa.int64()) for place in (0, 1)]
    merged = pa.table({"customer_id": columns[0], "now": columns[1]})
    numbers = Counter(rules.standing(said, merged, known)["life_stage"].to_pylist())
    strange = Counter(
        word
        for word, customer in {*zip(*(said[name].to_pylist() for name in ("said", "customer_id")),
                                    strict=True)}
        if word not in known
    )  # fmt: skip
    return (
        tuple(StageCount(one, numbers.get(one.number, 0)) for one in own),
        tuple(WordCount(word, n) for word, n in strange.most_common(20) if n >= FEWEST),
    )


def newest_of(customer: int) -> tuple[LifeStage | None, date | None]:
    """The stage that the customer is in as far as is known, and since when."""
    for one in said_of(customer):
        if one.stage is not None:
            return one.stage, one.since
    return None, None


def _said() -> pa.Table:
    parts = list(columns_of(models.Said, _READ))
    if parts:
        return pa.concat_tables(parts)
    kinds = [pa.int64(), pa.int64(), pa.string(), pa.date32()]
    return pa.schema(zip(_READ, kinds, strict=True)).empty_table()

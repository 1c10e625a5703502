"""A stage is said of somebody: by hand, by a file, by a live event. Nothing said is overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from joren.accounts.selectors import business
from joren.collect.life_stages import models, rules, selectors
from joren.collect.life_stages.contracts import (
    LONGEST,
    TOLD,
    Catalogue,
    LifeStage,
    NoSuchStage,
    StageAhead,
)
from joren.core import clock
from joren.core.ids import CustomerId
from joren.plumbing.bulk import insert_missing, rows_with
from joren.protect.audit import services as audit


@transaction.atomic
def change_stages(stages: Sequence[LifeStage], *, by: str = "command-line") -> Catalogue:
    """Set the whole catalogue. A word that it learns holds of what was said before, too."""
    wanted = rules.checked(stages)
    kept = {one.number for one in wanted}
    gone = [one for one in selectors.stages() if one.number not in kept]
    if gone:
        raise NoSuchStage(
            f"stage {gone[0].number} is left out", hint="retire it: somebody may be in it"
        )
    if wanted != selectors.stages():
        row = models.CatalogueVersion.objects.create(
            changed_at=clock.now(), changed_by=by, stages=[asdict(one) for one in wanted]
        )
        audit.record(
            "life_stages.catalogue_changed", actor=by, subject_kind="life_stages",
            subject_id=row.pk, stages=len(wanted),
        )  # fmt: skip
    return selectors.catalogue_history()[0]


@transaction.atomic
def say_stage(
    customer: CustomerId, number: int, *, since: date | None = None, by: str = "command-line"
) -> None:
    """Write down that the customer is in that stage since that day (today); saying it again is
    no news."""
    stage = selectors.stage(number)
    if stage.retired:
        raise NoSuchStage(f"stage {number} is retired", hint="choose one that is in use")
    today = clock.shop_day(clock.now(), business().time_zone)
    day = since or today
    if day > today:
        raise StageAhead(f"{day} is after today", hint="say it when it has begun")
    newest, began = selectors.newest_of(customer)
    if newest == stage and since in (None, began):
        return
    models.Said.objects.create(
        customer_id=customer, said=rules.folded(stage.ja), since=day, at=clock.now(),
        source="hand", by=by,
    )  # fmt: skip
    audit.record(
        "life_stages.said", actor=by, subject_kind="customer", subject_id=customer, stage=number
    )


def take_said(people: pa.Table, *, import_id: int) -> pa.Table:
    """Keep the stages that these rows (id, life_stage, life_stage_since) say; returns the rest.

    May be repeated after a crash. An import below zero is of live events.
    """
    if "life_stage" not in people.column_names:
        return people
    rest = people.drop_columns([name for name in TOLD if name in people.column_names])
    given = people.filter(pc.fill_null(pc.not_equal(people["life_stage"], ""), False))
    if given.num_rows:
        _keep(_as_said(given), import_id)
    return rest


def forget_import(import_id: int) -> None:
    """What that import said is unsaid."""
    models.Said.objects.filter(import_id=import_id).delete()


def _as_said(given: pa.Table) -> pa.Table:
    words = [rules.folded(word)[:LONGEST] for word in given["life_stage"].to_pylist()]
    since = (
        given["life_stage_since"].cast(pa.date32())
        if "life_stage_since" in given.column_names
        else pa.nulls(len(given), pa.date32())
    )
    said = pa.table({"customer_id": given["id"], "said": words, "since": since})
    return said.filter(pc.not_equal(said["said"], ""))


def _keep(said: pa.Table, import_id: int) -> None:
    names = ["id", "customer_id", "said", "since", "source"]
    known = rows_with(models.Said, "customer_id", said["customer_id"].combine_chunks(), names)
    moment = clock.now()
    today = clock.shop_day(moment, business().time_zone)
    source = "import" if import_id > 0 else "live"
    new = rules.news(said, known, source=source, today=today)
    if not new.num_rows:
        return
    since = pc.fill_null(new["since"], today)
    count = len(new)
    insert_missing(
        models.Said,
        new.set_column(new.column_names.index("since"), "since", since)
        .append_column("at", pa.array([moment] * count, pa.timestamp("us", "UTC")))
        .append_column("source", pa.array([source] * count))
        .append_column("import_id", pa.array(np.full(count, import_id), pa.int64()))
        .append_column(
            "by", pa.array([f"import:{import_id}" if import_id > 0 else "live"] * count)
        ),
    )

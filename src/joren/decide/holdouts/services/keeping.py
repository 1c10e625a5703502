"""Write down what was drawn."""

from __future__ import annotations

from dataclasses import fields
from typing import Final

from django.db import IntegrityError, transaction

from joren.core.errors import BadInput
from joren.decide.holdouts import models, selectors
from joren.decide.holdouts.contracts import Holdout, HoldoutNameTaken
from joren.protect.audit import services as audit

_LONGEST_NAME: Final = 100
_NOT_COLUMNS: Final = {"id", "design"}


@transaction.atomic
def keep(drawn: Holdout) -> Holdout:
    """The holdout as it is kept, under a name that no other has."""
    columns = {one.name: getattr(drawn, one.name) for one in fields(drawn)}
    columns = {name: value for name, value in columns.items() if name not in _NOT_COLUMNS}
    columns |= {"block": drawn.design.block, "held": drawn.design.held, "note": drawn.note.strip()}
    name = free_name(drawn.name)
    try:
        with transaction.atomic():
            row = models.Holdout.objects.create(**columns | {"name": name})
    except IntegrityError:
        raise _name_taken(name) from None
    audit.record(
        "holdouts.drawn", actor=drawn.drawn_by, subject_kind="holdout", subject_id=row.pk,
        kind=drawn.kind, segment=drawn.segment_id, treated=drawn.treated, held_out=drawn.held_out,
        share=drawn.design.share,
    )  # fmt: skip
    return selectors.holdout(row.pk)


def free_name(name: str) -> str:
    """The name in one line, if no other holdout has it."""
    name = " ".join(str(name).split())
    if not name or len(name) > _LONGEST_NAME:
        raise BadInput(
            "a holdout needs a name", hint=f"at most {_LONGEST_NAME} characters, such as 春のDM"
        )
    if models.Holdout.objects.filter(name=name).exists():
        raise _name_taken(name)
    return name


def _name_taken(name: str) -> HoldoutNameTaken:
    return HoldoutNameTaken(f"there is a holdout “{name}” already", hint="choose another name")

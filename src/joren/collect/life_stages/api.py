"""Stages of life for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from joren.collect.life_stages import contracts, selectors, services
from joren.plumbing.access import Scope, caller
from joren.plumbing.http import Listing
from joren.protect.consent.selectors import person_now

router = Router()


class LifeStageOut(Schema):
    number: int
    ja: str
    en: str
    words: tuple[str, ...] = ()
    retired: bool = False


class LifeStageCountOut(Schema):
    stage: LifeStageOut
    customers: int


class LifeStageWordOut(Schema):
    word: str
    customers: int


class LifeStagesOut(Schema):
    stages: list[LifeStageCountOut]
    unknown_words: list[LifeStageWordOut]


class LifeStagesIn(Schema):
    stages: list[LifeStageOut]


class LifeStageCatalogueOut(Schema):
    stages: list[LifeStageOut]
    changed_at: datetime | None
    changed_by: str


class LifeStageSaidOut(Schema):
    said: str
    stage: LifeStageOut | None
    since: date
    at: datetime
    source: contracts.Source
    by: str


class LifeStageIn(Schema):
    stage: int
    since: date | None = None


@router.get("/life-stages", response=LifeStagesOut)
def life_stages(request: HttpRequest) -> Any:
    """The catalogue, with how many customers are in each stage, and words that no stage has."""
    counts, words = selectors.stage_counts()
    return {"stages": counts, "unknown_words": words}


@router.get("/life-stages/history", response=Listing[LifeStageCatalogueOut])
def history(request: HttpRequest) -> Any:
    """Every version of the catalogue, newest first."""
    return list(selectors.catalogue_history())


@router.put("/life-stages", response=LifeStageCatalogueOut, auth=Scope("change_settings"))
def change(request: HttpRequest, body: LifeStagesIn) -> Any:
    """Set the whole catalogue; a stage that is no longer wanted is retired."""
    stages = [
        contracts.LifeStage(**{**one.dict(), "words": tuple(one.words)}) for one in body.stages
    ]
    return services.change_stages(stages, by=caller(request).name)


@router.get(
    "/customers/{customer_id}/life-stages",
    response=Listing[LifeStageSaidOut],
    auth=Scope("view_personal"),
)
def said_of(request: HttpRequest, customer_id: int) -> Any:
    """What was said of the customer's life, newest first."""
    return list(selectors.said_of(person_now(customer_id)))


@router.post(
    "/customers/{customer_id}/life-stages", response={204: None}, auth=Scope("edit_people")
)
def say(request: HttpRequest, customer_id: int, body: LifeStageIn) -> Any:
    """Write down that the customer is in that stage since that day, or today."""
    person = person_now(customer_id)
    services.say_stage(person, body.stage, since=body.since, by=caller(request).name)
    return Status(204, None)

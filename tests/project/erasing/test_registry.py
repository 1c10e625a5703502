"""Whatever keeps personal data has an eraser, or says why it needs none."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps

from joren.collect.customers.contracts import TRAITS
from joren.collect.inbox.contracts import EVENTS
from joren.core.erasing import ERASERS, RETENTIONS, in_order
from joren.core.people import CUSTOMERS
from joren.decide.segments.contracts import FROZEN, MEMBERS, MOVES, PURCHASED
from joren.project.refresh import FACTS
from joren.project.snapshot_shelf import INSIGHTS

NOBODY_S = {
    "accounts.member": "those who work here; an admin removes them",
    "accounts.apikey": "of members",
    "accounts.business": "the shop's own",
    "account.emailaddress": "of members",
    "account.emailconfirmation": "of members",
    "mfa.authenticator": "of members",
    "axes.accessattempt": "tries to sign in, of members and strangers; swept by its own limit",
    "axes.accessattemptexpiration": "the same",
    "axes.accessfailurelog": "the same",
    "axes.accesslog": "the same",
    "auth.group": "no rows",
    "auth.permission": "names of models",
    "contenttypes.contenttype": "names of models",
    "django_tasks_database.dbtaskresult": "tasks are given numbers only",
    "audit.entry": "people by number only: the rules of the room refuse anything else",
    "consent.wording": "the shop's own words",
    "consent.choice": "the shop's own",
    "erasure.request": "people by number only: a note that looks like a contact is refused",
    "erasure.step": "counts",
    "erasure.proof": "keyed hashes, which prove that somebody was erased",
    "erasure.watch": "a number",
    "erasure.rule": "the shop's own",
    "customers.store": "the shop's own",
    "paths.targetmapversion": "the shop's own",
    "life_stages.catalogueversion": "the shop's own",
    "customers.arrival": "blocks of numbers",
    "customers.keyring": "a key, sealed",
    "customers.nextid": "numbers",
    "inbox.writekey": "sources of the shop",
    "inbox.drain": "counts",
    "inbox.allowedproperty": "the shop's own",
    "inbox.tally": "counts",
    "products.relation": "what products are to each other",
    "forms.form": "the shop's own words",
    "forms.formversion": "the same",
    "forms.round": "moments",
    "confirmations.mark": "how far the ledger was read",
    "registrations.programme": "the shop's own",
    "registrations.serial": "numbers of products",
    "registrations.attempt": "keyed hashes of addresses, for ten minutes",
    "deliveries.receiver": "the shop's own",
    "deliveries.message": "ids and counts: the announcer says nothing personal",
    "deliveries.delivery": "how that went",
    "deliveries.pause": "the shop's own words",
    "connectors.import": "counts, and the names of files",
    "connectors.sourcemapping": "headers of files",
    "act_messages.template": "the shop's own words, with names of fields in place of people's",
    "act_messages.templateversion": "the same",
    "act_messages.sender": "the shop's own",
    "act_messages.pace": "limits of channels and domains",
    "act_messages.trackedlink": "addresses of templates, the same for everybody",
    "act_messages.tracking": "the shop's own",
    "act_messages.errand": "what is sent, and to nobody by name",
    "act_messages.policyversion": "the shop's own",
    "journeys.journey": "the shop's own words, rules and names of events",
    "journeys.version": "the same",
    "journeys.lot": "numbers of holdouts and moments",
    "journeys.passage": "numbers of entries and nodes",
    "journeys.tally": "counts",
    "journeys.mark": "how far something was read",
    "act_messages.budget": "counts",
    "exports.schedule": "the shop's own",
    "exports.file": "counts; the files themselves are home.exports",
    "segments.segment": "rules; no names of people can be asked for",
    "segments.segmentversion": "the same",
    "segments.followed": "rooms and segments",
    "segments.move": "people by number only, which are nobody's from then on",
    "segments.look": "how far was looked",
    "holdouts.holdout": "audiences that were drawn: counts, and no person",
    "holdouts.globalrule": "the shop's own",
    "strategies.card": "the shop's own words about groups",
    "strategies.review": "the same, and what was decided",
    "touches.touchreading": "counts of groups",
    "touches.lasttouchversion": "a setting",
    "initiatives.initiative": "the shop's own words",
    "initiatives.costrow": "the same, and amounts",
    "initiatives.baseline": "figures of weeks",
    "initiatives.change": "the shop's own words, and amounts",
    "channels.areatest": "the shop's own words",
    "channels.area": "names of areas",
    "trials.trial": "plans and numbers of stores",
    "channels.spend": "the shop's own words, and amounts",
    "practices.practice": "the shop's own words",
    "practices.decision": "the shop's own words",
    "practices.selfaudit": "the same, and scores",
    "indicators.planversion": "the shop's own words",
    "indicators.target": "the same, and numbers",
    "reviews.cycle": "the shop's own words, and figures of groups",
    "reviews.reviewmail": "of members",
    "reviews.tuning": "the same",
    "reviews.action": "the same",
    "team.part": "of members",
    "team.praise": "of members, in the shop's own words",
    "team.training": "of members, in the shop's own words",
    "team.meeting": "the shop's own words, and who of its members was there",
    "team.notice": "names of actions, and counts",
    "team.noticemail": "of members",
    "team.noticechoice": "of members",
    "team.evidencetold": "a word on each holdout",
    "campaigns.campaign": "the shop's own",
    "experiments.cost": "amounts of money, and no person",
    "pressure.alarm": "of actions, and of nobody",
    "pressure.limit": "the shop's own",
    "pressure.weights": "the shop's own",
    "experiments.plan": "the shop's own",
    "experiments.variantlook": "sums of many",
    "experiments.look": "sums over arms, and no person",
    "experiments.outcome": "sums over arms, and no person",
    "experiments.reading": "sums over arms, and no person",
    "project.refreshrun": "counts",
    "chores.chore": "counts",
    "chores.worker": "processes",
    "ranks.rankrulesversion": "the shop's own",
    "economics.economicsrulesversion": "the shop's own",
}
PLACES = {
    "personal-keys", "joren.sqlite3", "joren.sqlite3-wal", "joren.sqlite3-shm", "inbox.sqlite3",
    "inbox.sqlite3-wal", "inbox.sqlite3-shm",  # the models above
    "warehouse",  # the tables below
    "erasures.jsonl",  # numbers and hashes
    "secret-key", "static", "locale", "journal", "scratch", "event-keys", "restore-lock",
}  # fmt: skip
"""What lies under the home beside what erasers answer for."""

PERSONAL_WORDS = ("email", "phone", "name_kana", "birthday", "postal", "address", "anonymous")


def _answered() -> set[str]:
    return {table for eraser in ERASERS.values() for table in eraser.tables}


def test_every_model_has_an_eraser_or_a_reason() -> None:
    models = {model._meta.label_lower for model in apps.get_models(include_auto_created=True)}
    through = {one for one in models if one.endswith(("_permissions", "_groups"))}

    assert models - through == {
        *NOBODY_S, *(t for t in _answered() if not t.startswith(("warehouse.", "home.")))
    }  # fmt: skip


def test_no_eraser_is_named_twice_and_the_people_come_last() -> None:
    tables = [table for eraser in ERASERS.values() for table in eraser.tables]

    assert len(tables) == len({*tables})
    assert [name for name, _ in in_order()][-1] == CUSTOMERS


def test_no_table_of_the_warehouse_has_a_personal_column_without_an_eraser() -> None:
    specs = {*(spec.name for spec in (TRAITS, EVENTS, FROZEN, MEMBERS, MOVES, PURCHASED))}
    tables = [TRAITS, EVENTS, FROZEN, MEMBERS, MOVES, PURCHASED, *FACTS, *INSIGHTS]

    personal = {
        spec.name
        for spec in tables
        if any(word in column for column in spec.columns for word in PERSONAL_WORDS)
    }

    assert specs
    assert {f"warehouse.{name}" for name in personal} <= _answered()
    assert "warehouse.traits" in _answered()


@pytest.mark.django_db
def test_every_place_under_the_home_is_known(home: Path, tmp_path: Path) -> None:
    from tests.project.erasing.shop import open_shop

    open_shop(tmp_path)

    known = PLACES | {t.removeprefix("home.") for t in _answered() if t.startswith("home.")}
    assert {one.name for one in home.iterdir()} <= known


def test_every_kind_that_is_kept_for_a_time_says_how_long() -> None:
    assert {*RETENTIONS} == {"unread", "quarantine", "uploads", "leads", "proofs"}
    for one in RETENTIONS.values():
        assert one.days is None or one.days >= one.least

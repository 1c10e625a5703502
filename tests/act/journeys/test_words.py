"""A word that a journey keeps: branches, segments and templates read it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from joren.act.journeys import models, selectors, services
from joren.act.journeys.contracts import CUSTOMER_ATTRIBUTES, Document
from joren.act.journeys.rules import Known, faults, read
from joren.act.journeys.services import erasing
from joren.act.messages import services as messages
from joren.collect.customers.models import Customer, Merge
from joren.core import clock
from joren.core.erasing import Traces
from joren.core.ids import CustomerId
from joren.decide.segments import selectors as segments
from joren.decide.segments.contracts import Is, RuleMeaningless
from joren.plumbing.warehouse import warehouse
from joren.warehouse import Warehouse
from tests.act.journeys.cast import NOON, Doors, a_journey, published, said
from tests.act.messages.cast import a_template, people
from tests.project.refreshing import refreshed

pytestmark = pytest.mark.django_db


def branching(*ways: dict[str, Any]) -> Document:
    """To the outcomes 0, 1 … by the ways, or else to ``none``."""
    outcomes = [*map(str, range(len(ways))), "none"]
    return a_journey(
        [
            {
                "id": "which", "do": "branch", "otherwise": "to-none",
                "ways": [
                    {"when": {"kind": "kept", **way}, "then": f"to-{place}"}
                    for place, way in enumerate(ways)
                ],
            },
            *({"id": f"to-{one}", "do": "exit", "outcome": one} for one in outcomes),
        ]
    )  # fmt: skip


def keeps(customer: int, value: str, name: str = "plan", hours: int = 0) -> None:
    models.Attribute.objects.create(
        customer_id=customer, name=name, value=value, journey_id=1, at=NOON + timedelta(hours=hours)
    )


def outcomes() -> dict[int, str]:
    rows = models.Enrolment.objects.select_related("version")
    return {
        row.customer_id: read(row.version.document).nodes[row.node].id.removeprefix("to-")
        for row in rows
    }


def ran(document: Document, *customers: int, monkeypatch: pytest.MonkeyPatch) -> dict[int, str]:
    Doors(monkeypatch)
    published(document)
    for one in customers:
        said(one)
    monkeypatch.setattr(clock, "now", lambda: NOON)
    services.tick()
    return outcomes()


def test_a_branch_reads_what_a_journey_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    people([1, 2, 3, 4])
    keeps(1, "premium")
    keeps(2, "basic")
    keeps(3, "old")
    document = branching(
        {"attribute": "plan", "op": "is", "values": ["premium", "gold"]},
        {"attribute": "plan", "op": "is_not", "values": ["old"]},
        {"attribute": "plan", "op": "unknown"},
    )

    found = ran(document, 1, 2, 3, 4, monkeypatch=monkeypatch)

    assert found == {1: "0", 2: "1", 3: "none", 4: "2"}


def test_whoever_was_found_to_be_one_person_keeps_their_newest_word(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people([1, 2])
    keeps(1, "old")
    keeps(2, "new", hours=1)
    keeps(2, "blue", name="colour")
    Customer.objects.filter(pk=2).update(merged_into_id=1)
    Merge.objects.create(winner_id=1, loser_id=2, identities=[], at=NOON)

    found = ran(branching({"attribute": "plan", "values": ["new"]}), 1, monkeypatch=monkeypatch)

    assert found == {1: "0"}
    assert selectors.words_of([1]) == {1: {"plan": "new", "colour": "blue"}}
    assert [(one.name, one.value) for one in selectors.words_about(CustomerId(1))] == [
        ("colour", "blue"), ("plan", "new"),
    ]  # fmt: skip
    assert selectors.every_word().to_pydict() == {
        "customer_id": [1, 1], "name": ["plan", "colour"], "value": ["new", "blue"],
    }  # fmt: skip


def test_a_condition_on_a_word_that_cannot_be_is_a_fault() -> None:
    document = branching({"attribute": "no name", "op": "known", "values": ["x"]})

    found = {one.what for one in faults(document, Known())}

    assert found == {
        "no word is kept as 'no name'", "'no name' is compared with nothing, or with too much",
    }  # fmt: skip


def test_names_are_those_of_every_journey_that_keeps_a_word() -> None:
    node = {"id": "keep", "do": "set", "attribute": "plan", "value": "premium", "then": "end"}
    version = published(a_journey([node]))

    assert selectors.attribute_names() == {"plan": [version.journey]}


def test_a_template_asks_for_it(home: object) -> None:
    people([1, 2])
    keeps(1, "premium")
    content = a_template("{{ attributes.plan | default: 'none' }}", form="text")

    texts = [messages.preview(content, language="ja", whom=one)[0] for one in (1, 2)]

    assert [one.text.strip() for one in texts] == ["premium", "none"]
    assert not [fault for one in texts for fault in one.faults]


def test_segments_ask_for_it_and_who_is_erased_takes_it_along(unrefreshed_shop: Warehouse) -> None:
    people([1, 2, 3])
    keeps(1, "premium")
    keeps(2, "basic")
    refreshed(as_of=date(2026, 3, 31))

    def who(*values: str, op: Any = "is") -> set[int]:
        return set(segments.members_of(Is("attribute:plan", op, values), limit=1000))

    assert who("premium", "gold") == {1}
    assert who(op="known") == {1, 2}
    assert who("basic", op="is_not") == {1}
    assert 3 in who(op="unknown")
    assert segments.preview(Is("attribute:plan", "is", ("premium",))).ja.startswith("属性「plan」")
    with pytest.raises(RuleMeaningless):
        segments.read({"kind": "is", "field": "attribute:no name", "op": "known"})
    erasing.ERASER.erase(Traces((1,)))
    house = warehouse()
    kept = house.embedded.files(house.lake.files(CUSTOMER_ATTRIBUTES), CUSTOMER_ATTRIBUTES)
    assert {row["customer_id"] for row in house.embedded.rows(kept)} == {2}

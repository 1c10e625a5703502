"""Stages of life come with files and by hand, and go with the person."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from joren.collect.connectors import services as connectors
from joren.collect.customers import selectors as customers
from joren.collect.customers import services as people
from joren.collect.life_stages import models, selectors, services
from joren.collect.life_stages.contracts import LifeStage, NoSuchStage, StageAhead
from joren.core.erasing import ERASERS, Traces
from joren.core.ids import CustomerId
from joren.plumbing.warehouse import warehouse

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
FILE = (
    "customer_number,name,ライフステージ,ライフステージ変更日\n"
    "1,客1,学生,2024-04-01\n2,客2,,\n3,客3,犬と暮らす,\n"
)


def _came(folder: Path, text: str) -> int:
    path = folder / "customers.csv"
    path.write_text(text)
    return connectors.import_file(path, kind="customers", store="own").import_id


def _traits() -> dict[str, tuple[int | None, str, str]]:
    numbers = customers.store_numbers(warehouse()).to_pylist()
    number = {row["customer_id"]: row["store_customer_number"] for row in numbers}
    return {
        number[row["customer_id"]]: (
            row["life_stage"],
            str(row["life_stage_since"]),
            str(row["life_stage_changed_on"]),
        )
        for row in customers.traits(warehouse(), "Asia/Tokyo").to_pylist()
    }


def test_a_customer_file_says_stages_once_and_taken_back_unsays_them(tmp_path: Path) -> None:
    _came(tmp_path, FILE)
    again = _came(tmp_path, FILE.replace("学生,2024-04-01", "結婚,2026-05-01"))

    assert models.Said.objects.count() == 3  # what was said before is not written again
    assert _traits() == {
        "1": (3, "2026-05-01", "2026-05-01"),
        "2": (None, "None", "None"),
        "3": (None, "None", "None"),
    }
    connectors.undo_import(again, actor="x")
    assert _traits()["1"] == (1, "2024-04-01", "None")


def test_a_word_that_the_catalogue_learns_holds_of_what_was_said_before(tmp_path: Path) -> None:
    _came(tmp_path, FILE)

    services.change_stages(
        [*selectors.stages(), LifeStage(8, "ペット", "Pet", ("犬と暮らす",))], by="x"
    )

    assert _traits()["3"][0] == 8
    with pytest.raises(NoSuchStage, match="left out"):
        services.change_stages([LifeStage(1, "学生", "Student")], by="x")


def test_said_by_hand_merged_given_out_and_erased(tmp_path: Path) -> None:
    _came(tmp_path, FILE)
    one, other = sorted(
        CustomerId(row["customer_id"])
        for row in customers.store_numbers(warehouse()).to_pylist()
        if row["store_customer_number"] in "12"
    )
    with pytest.raises(StageAhead):
        services.say_stage(other, 5, since=date(2099, 1, 1), by="x")
    services.say_stage(other, 5, since=date(2025, 1, 1), by="x")
    services.say_stage(other, 5, by="x")  # no news

    people.merge_customers(one, other, by="x", why="")

    assert [(o.stage.number if o.stage else 0, o.source) for o in selectors.said_of(one)] == [
        (5, "hand"),
        (1, "import"),
    ]
    eraser = ERASERS["life_stages"]
    assert len(eraser.export(Traces((one, other)))) == 2
    assert eraser.erase(Traces((one, other))) == {"stages of life": 2}
    assert selectors.said_of(one) == ()


def test_the_pages_say_and_change(tmp_path: Path, alice_the_admin: Client) -> None:
    _came(tmp_path, FILE)
    (one,) = (row["customer_id"] for row in customers.store_numbers(warehouse()).to_pylist()
              if row["store_customer_number"] == "2")  # fmt: skip

    said = alice_the_admin.post(f"/customers/{one}/life-stage/", {"stage": "3", "since": ""})
    page = alice_the_admin.get(f"/customers/{one}/").content.decode()
    catalogue = alice_the_admin.get("/settings/life-stages/").content.decode()

    assert said.status_code == 302
    assert "<strong>結婚</strong>" in page
    assert 'value="シニア"' in catalogue
    row = {"number": ["1", ""], "ja": ["学生", "ペット"], "en": ["", ""], "words": ["", "犬"]}
    refused = alice_the_admin.post("/settings/life-stages/", row)
    assert refused.status_code == 422  # six stages are left out
    own = selectors.stages()
    whole = {
        "number": [*(str(stage.number) for stage in own), ""],
        "ja": [*(stage.ja for stage in own), "ペット"],
        "en": [*(stage.en for stage in own), "Pets"],
        "words": [*(",".join(stage.words) for stage in own), "犬と暮らす"],
        "retired": ["4"],
    }
    assert alice_the_admin.post("/settings/life-stages/", whole).status_code == 302
    assert selectors.stage(8).words == ("犬と暮らす",)
    assert selectors.stage(4).retired
    sent = alice_the_admin.get(f"/api/customers/{one}/life-stages").json()["items"]
    assert [one["stage"]["number"] for one in sent] == [3]
    assert alice_the_admin.get("/api/life-stages").json()["stages"][0]["customers"] == 1


def test_whoever_sees_figures_only_reads_nothing_of_a_life(
    tmp_path: Path, bob_the_viewer: Client
) -> None:
    _came(tmp_path, FILE)
    rows = customers.store_numbers(warehouse()).to_pylist()
    number = {row["store_customer_number"]: row["customer_id"] for row in rows}

    pages = [bob_the_viewer.get(f"/customers/{number[one]}/").content.decode() for one in "13"]

    assert not any(word in page for page in pages for word in ("学生", "犬と暮らす", "import:"))
    assert bob_the_viewer.get(f"/api/customers/{number['1']}/life-stages").status_code == 403

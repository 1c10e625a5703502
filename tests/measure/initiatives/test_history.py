"""What was said of an initiative otherwise than before stays, with who, when and why."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from typer.testing import CliRunner

from joren.measure.initiatives import selectors, services
from joren.measure.initiatives.commands import initiatives_app
from joren.measure.initiatives.contracts import BadInitiative, NoSuchInitiative
from joren.warehouse import Warehouse
from tests.measure.initiatives.test_initiatives import BEGUN, TEXT

pytestmark = pytest.mark.django_db


def kept(number: int) -> list[tuple[Any, ...]]:
    return [
        (one.what, one.before, one.after, one.why, one.by)
        for one in reversed(selectors.history(number))
    ]


def test_each_thing_that_is_said_otherwise_is_kept_with_its_ends(
    refreshed_shop: Warehouse,
) -> None:
    made = services.add(TEXT, by="alice")
    first, *_, last = [one.figure.value for one in selectors.initiative(made.id).baselines]
    new = replace(TEXT, lag_days=60, stopped_on=date(2026, 3, 1), about="箱を変える")
    services.write(made.id, new, by="bob", why=" 入荷が遅れた ")
    services.write(made.id, new, by="bob", why="同じ")
    services.say_cost(made.id, on=BEGUN, amount=300, note="箱", by="alice")
    both = services.say_cost(made.id, on=BEGUN + timedelta(1), amount=50, by="alice")
    services.take_cost_back(made.id, both.costs[0].id, by="bob", why="二重")
    services.rebase(made.id, reason="送料", by="alice")

    told = kept(made.id)

    assert told[0] == ("begun", None, "梱包の見直し", "", "alice")
    assert ("baseline", None, pytest.approx(first), "", "joren") in told
    assert [one for one in told[1:] if one[0] != "baseline"] == [
        ("stopped_on", None, "2026-03-01", "入荷が遅れた", "bob"),
        ("lag_days", 28, 60, "入荷が遅れた", "bob"),
        ("about", None, "箱を変える", "入荷が遅れた", "bob"),
        ("cost", None, 300, "箱", "alice"),
        ("cost", 300, 350, "", "alice"),
        ("cost_back", 350, 50, "二重", "bob"),
    ]
    assert told[-1][0::3] == ("baseline", "送料")
    assert told[-1][1] == pytest.approx(last)
    on = [one.on for one in selectors.history(made.id) if one.what == "cost"]
    assert on == [BEGUN + timedelta(1), BEGUN]
    with pytest.raises(BadInitiative):
        services.write(made.id, TEXT, by="bob", why="長" * 201)
    with pytest.raises(NoSuchInitiative):
        selectors.history(made.id + 1)


def test_page_programs_and_terminal_show_it(
    refreshed_shop: Warehouse, alice_the_admin: Client
) -> None:
    made = services.add(replace(TEXT, metric="repeat_share"), by="alice")
    form = {
        "name": "箱", "metric": "orders", "started_on": f"{BEGUN}", "lag_days": "28",
    }  # fmt: skip
    page = f"/initiatives/{made.id}/"
    alice_the_admin.post(f"{page}act/", {**form, "do": "write", "why": "注文で見る"})
    body = {**form, "lag_days": 40, "owner": None, "why": "待つ"}
    alice_the_admin.put(f"/api{page.rstrip('/')}", body, content_type="application/json")
    run = CliRunner().invoke(
        initiatives_app, ["write", str(made.id), "--about", "[b]薄い", "--why", "端末から"]
    )
    services.say_cost(made.id, on=BEGUN, amount=12_000, by="alice")

    shown = alice_the_admin.get(page)
    english = alice_the_admin.get(page, headers={"accept-language": "en"}).content.decode()
    told = alice_the_admin.get(f"/api{page}history").json()["items"]
    said = CliRunner().invoke(initiatives_app, ["history", str(made.id)]).output
    plain = CliRunner().invoke(initiatives_app, ["history", str(made.id), "--json"]).output

    assert run.exit_code == 0, run.output
    whys = [one["why"] for one in told if one["why"]]
    assert whys == ["端末から", "待つ", "注文で見る", "注文で見る"]
    words = shown.content.decode()
    assert all(why in words and why in said for why in whys)
    assert "[b]薄い" in said
    assert "効果を見込むまでの日数" in words
    assert "Days until its effect is expected" in english
    past = shown.context["past"].rows
    units = {row.cells[3].unit for row in past if row.cells[1] == "最新の基準"}
    assert units == {"count", "share"}  # each in what was counted when it was set
    assert [one["id"] for one in json.loads(plain)] == [one["id"] for one in told]

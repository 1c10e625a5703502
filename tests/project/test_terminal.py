"""What the terminal can say: JSON of everything, Home, people, and what pages choose."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from joren.core.errors import BadInput
from joren.project.cli import app
from joren.project.cli.customers import customers_app
from joren.project.cli.home import home
from joren.project.next_steps import next_steps
from joren.project.refresh import refresh
from joren.protect.audit.models import Entry
from joren.understand.cohorts.commands import report_cohorts
from joren.understand.economics.commands import report_allowed_cac
from joren.understand.ltv.contracts import NoSnapshot
from joren.understand.ltv.selectors import snapshot
from joren.understand.ranks import selectors as ranks
from joren.understand.ranks.commands import report_moves
from tests.project.pages.test_customers import HANAKO, JIRO, bought, hanako
from tests.understand.faces import run

pytestmark = pytest.mark.django_db

WITHOUT_JSON = {
    "joren up": "it serves until it is stopped, and has no result",
    "joren forms show": "what it prints is the form as JSON, which create and revise take",
    "joren journeys export": "what it prints is the document, as YAML or by --form json",
}


def commands(words: str, command: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(command, TyperGroup):
        for name, part in command.commands.items():
            yield from commands(f"{words} {name}", part)
    else:
        yield words, command


def test_every_command_with_a_result_prints_json() -> None:
    silent = {
        words
        for words, command in commands("joren", get_command(app))
        if not any("--json" in one.opts for one in command.params)
    }

    assert silent == set(WITHOUT_JSON)


@pytest.mark.usefixtures("twice_refreshed_shop")
def test_home_says_the_first_three_and_on_demand_all() -> None:
    short, whole = run(home).output, run(home, "--all").output
    told = json.loads(run(home, "--json").output)

    steps = next_steps(snapshot())
    assert [one["code"] for one in told["next_steps"]] == [one.code for one in steps]
    assert f"{len(steps) - 3} more: joren home --all" in short
    assert (f"  {len(steps)}. " in short, f"  {len(steps)}. " in whole) == (False, True)
    assert "Enough for: " in short
    assert "figures of 2026-04-30" in short


def test_people_are_found_and_shown_and_each_look_is_written_down(
    home: Path, tmp_path: Path
) -> None:
    bought(tmp_path, HANAKO, JIRO)
    ask = CliRunner().invoke

    lines = ask(customers_app, ["find", "花子", "--json"]).stdout.splitlines()
    found = [json.loads(line) for line in lines]
    shown = json.loads(ask(customers_app, ["show", str(hanako()), "--json"]).stdout)
    words = ask(customers_app, ["show", str(hanako())]).stdout

    assert [one["name"] for one in found] == [HANAKO["name"]]
    assert (shown["email"], shown["worth"]) == (HANAKO["email"], None)
    assert {one["value"] for one in shown["known_as"]} >= {"K9"}
    assert HANAKO["email"] in words
    searched = Entry.objects.get(action="customers.searched")
    assert (searched.actor, searched.detail) == ("command-line", {"customers": [hanako()]})
    seen = Entry.objects.filter(action="customers.seen")
    assert [one.subject_id for one in seen] == [str(hanako())] * 2


def test_a_search_for_nothing_and_a_number_of_nobody_are_refused(home: Path) -> None:
    ask = CliRunner().invoke

    assert "nothing was asked for" in str(ask(customers_app, ["find", " "]).exception)
    assert "99" in str(ask(customers_app, ["show", "99"]).exception)


def test_one_with_orders_is_shown_with_worth_and_rank(home: Path, tmp_path: Path) -> None:
    bought(tmp_path, HANAKO, JIRO)
    refresh()

    ask = CliRunner().invoke

    shown = json.loads(ask(customers_app, ["show", str(hanako()), "--json"]).stdout)
    words = ask(customers_app, ["show", str(hanako())]).stdout

    assert shown["worth"]["orders"] == 1
    assert {one["name"]: one["value"] for one in shown["worth"]["terms"]}["service_cost"] is None
    assert "– (not recorded yet, and so not subtracted)" in words
    assert shown["standing"]["stage"]
    assert [one["use"] for one in shown["verdicts"]] == ["rfm", "predictions", "profit"]


@pytest.mark.usefixtures("twice_refreshed_shop")
def test_moves_are_told_between_two_days() -> None:
    told = json.loads(run(report_moves, "2026-04-02", "2026-05-30", "--json").output)
    words = run(report_moves, "2026-04-02", "--way", "decile").output

    assert (told["before"], told["after"]) == ("2026-03-31", "2026-04-30")
    report = ranks.rank_report(snapshot())
    assert report.movement is not None
    assert [one["customers"] for one in told["moves"]["stage"]] == [
        one.customers for one in report.movement.moves["stage"]
    ]
    assert "from 2026-03-31 to 2026-04-30 by decile" in words
    with pytest.raises(NoSnapshot, match="2020-01-01 or earlier"):
        run(report_moves, "2020-01-01")
    with pytest.raises(BadInput, match="no way 'luck'"):
        run(report_moves, "2026-04-02", "--way", "luck")


@pytest.mark.usefixtures("refreshed_shop")
def test_a_target_of_ones_own_says_what_a_customer_may_cost() -> None:
    told = json.loads(run(report_allowed_cac, "--months", "6", "--json").output)

    assert told["items"][0]["touch"] is None
    assert [one["use"] for one in told["verdicts"]] == ["economics", "profit"]
    with pytest.raises(BadInput, match="one target"):
        run(report_allowed_cac)
    assert "all" in run(report_allowed_cac, "--ratio", "3").output


@pytest.mark.usefixtures("refreshed_shop")
def test_cohorts_of_one_value_are_those_of_the_page() -> None:
    whole = json.loads(run(report_cohorts, "--by", "store", "--json").output)
    value = whole["matrix"]["rows"][0]["value"]

    one = json.loads(run(report_cohorts, "--by", "store", "--of", value, "--json").output)

    assert one["matrix"]["value"] == value
    assert all(row["cohort"] for row in one["matrix"]["rows"])

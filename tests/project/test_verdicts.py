"""Whether the facts are enough is said by every face, and the same by all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from django.test import Client
from typer.testing import CliRunner

from joren.collect.quality.contracts import RESTS, Verdict, enough_for
from joren.collect.quality.selectors import report_in, shortfalls
from joren.decide.segments import services as segments
from joren.decide.segments.commands import segments_app
from joren.decide.segments.contracts import Is
from joren.decide.segments.selectors import written
from joren.plumbing.warehouse import warehouse
from joren.project import export
from joren.understand.cohorts.commands import report_cohorts
from joren.understand.economics.commands import report_economics
from joren.understand.ltv.commands import report_contracts, report_models, report_value
from joren.understand.ltv.selectors import snapshot
from joren.understand.paths.commands import report_journey_map
from joren.understand.ranks.commands import report_ranks
from joren.understand.shifts.commands import report_shifts
from tests.protect.consent.cast import people
from tests.understand.faces import run

OF = {
    "/api/value": ["predictions", "profit"],
    "/api/models": ["predictions"],
    "/api/contracts": ["predictions"],
    "/api/ranks": ["rfm"],
    "/api/ranks/movement?before=1": ["rfm"],
    "/api/cohorts": ["cohorts", "profit"],
    "/api/cohorts/matrix?measure=profit": ["cohorts", "profit"],
    "/api/cohorts/comparison?measure=retention&dimension=store": ["cohorts", "profit"],
    "/api/economics": ["economics", "profit"],
    "/api/journey-map": ["cohorts"],
    "/api/economics/allowed-cac?months=12": ["economics", "profit"],
    "/api/shifts": ["orders", "category"],
    "/api/shifts/customers": ["orders", "category"],
    "/api/ranks/customers?limit=1": ["rfm"],
    "/api/customers?limit=1": ["rfm", "predictions", "profit"],
    "/api/customers/totals": ["rfm", "predictions", "profit"],
    "/api/customers/1/history": ["rfm", "predictions"],
}
COMMANDS = (
    report_value,
    report_models,
    report_contracts,
    report_ranks,
    report_cohorts,
    report_economics,
    report_journey_map,
    report_shifts,
)
REPEAT = Is("orders", "at_least", (2,))


def known() -> dict[str, Verdict]:
    report = report_in(warehouse(), snapshot())
    assert report is not None
    short = shortfalls(warehouse(), snapshot())
    rests = {rest: Verdict(rest, rest not in short, why=short.get(rest, "")) for rest in RESTS}
    return {one.use: one for one in report.verdicts} | rests


def verdicts(told: Any) -> list[Verdict]:
    return [Verdict(**one) for one in told]


@pytest.mark.usefixtures("twice_refreshed_shop")
@pytest.mark.parametrize("address", OF)
def test_the_api_says_of_figures_what_they_rest_on(bob_the_viewer: Client, address: str) -> None:
    people(1)

    told = bob_the_viewer.get(address).json()["verdicts"]

    assert verdicts(told) == [known()[use] for use in OF[address]]


@pytest.mark.usefixtures("twice_refreshed_shop")
def test_the_path_of_one_customer_says_it(alice_the_admin: Client) -> None:
    people(1)

    told = alice_the_admin.get("/api/value/customers/1/path").json()["verdicts"]

    assert verdicts(told) == [known()["predictions"]]


@pytest.mark.usefixtures("twice_refreshed_shop")
def test_a_table_says_it_beside_its_rows(bob_the_viewer: Client) -> None:
    answer = bob_the_viewer.get("/api/value/tables/totals")
    printed = run(report_value, "--csv", "totals")

    told = verdicts(json.loads(answer["X-Joren-Verdicts"]))
    assert told == [known()["predictions"], known()["profit"]]
    assert printed.stderr.strip() == enough_for(told)
    assert printed.stdout.split() == answer.content.decode().split()


@pytest.mark.usefixtures("twice_refreshed_shop")
def test_what_a_segment_is_worth_says_it_on_each_face(alice_the_admin: Client) -> None:
    made = segments.create("repeat", REPEAT, by="alice")

    told = alice_the_admin.get(f"/api/segments/{made.id}/value").json()
    page = alice_the_admin.get(f"/segments/{made.id}/")
    rule = json.dumps(written(REPEAT))
    shell = json.loads(
        CliRunner().invoke(segments_app, ["compare", "--rule", rule, "--json"]).stdout
    )

    resting = [known()["predictions"], known()["profit"]]
    assert told["items"]
    assert verdicts(told["verdicts"]) == verdicts(shell["verdicts"]) == resting
    assert list(page.context["verdicts"]) == resting


@pytest.mark.usefixtures("twice_refreshed_shop")
@pytest.mark.parametrize("address", ["/ranks/shifts/", "/ranks/shifts/customers/"])
def test_the_pages_of_shifts_say_it(bob_the_viewer: Client, address: str) -> None:
    page = bob_the_viewer.get(address, headers={"accept-language": "en"}).content.decode()

    assert "What this rests on" in page


@pytest.mark.usefixtures("twice_refreshed_shop")
@pytest.mark.parametrize("command", COMMANDS)
def test_the_terminal_says_it_in_words_and_in_json(command: Any) -> None:
    words = " ".join(run(command).output.split())
    told = json.loads(run(command, "--json").output)

    resting = verdicts(told.get("report", told)["verdicts"])
    assert resting
    assert " ".join(enough_for(resting).split()) in words


def test_a_line_says_what_is_enough_and_what_is_missing() -> None:
    short = Verdict("predictions", False, 8, "needs 8 more weeks of orders")

    said = enough_for([Verdict("rfm", True), short])

    assert said == "Enough for: rfm yes, predictions no (needs 8 more weeks of orders)"


@pytest.mark.usefixtures("refreshed_shop")
@pytest.mark.parametrize("name", ["insights.parquet", "insights.csv"])
def test_a_file_of_insights_tells_it_to_whoever_opens_it(tmp_path: Path, name: str) -> None:
    out = tmp_path / name

    done = export.export_insights(out, by="alice")

    if name.endswith("parquet"):
        said = json.loads(pyarrow.parquet.read_schema(out).metadata[b"joren"])
    else:
        said = json.loads(out.with_name(f"{name}.about.json").read_bytes())
    assert verdicts(said["verdicts"]) == list(done.verdicts)
    assert [one.use for one in done.verdicts] == ["rfm", "predictions", "profit"]

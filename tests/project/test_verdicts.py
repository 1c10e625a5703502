"""Whether the facts are enough is said by every face, and the same by all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from django.test import Client

from joren.collect.quality.contracts import Verdict, enough_for
from joren.collect.quality.selectors import report_in
from joren.plumbing.warehouse import warehouse
from joren.project import export
from joren.understand.cohorts.commands import report_cohorts
from joren.understand.economics.commands import report_economics
from joren.understand.ltv.commands import report_contracts, report_models, report_value
from joren.understand.ltv.selectors import snapshot
from joren.understand.paths.commands import report_journey_map
from joren.understand.ranks.commands import report_ranks
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
    "/api/customers/totals": ["rfm", "predictions"],
}
COMMANDS = (
    report_value,
    report_models,
    report_contracts,
    report_ranks,
    report_cohorts,
    report_economics,
    report_journey_map,
)


def known() -> dict[str, Verdict]:
    report = report_in(warehouse(), snapshot())
    assert report is not None
    return {one.use: one for one in report.verdicts}


@pytest.mark.usefixtures("twice_refreshed_shop")
@pytest.mark.parametrize("address", OF)
def test_the_api_says_of_figures_what_they_rest_on(bob_the_viewer: Client, address: str) -> None:
    told = bob_the_viewer.get(address).json()["verdicts"]

    assert [Verdict(**one) for one in told] == [known()[use] for use in OF[address]]


@pytest.mark.usefixtures("twice_refreshed_shop")
@pytest.mark.parametrize("command", COMMANDS)
def test_the_terminal_says_it_in_words_and_in_json(command: Any) -> None:
    words = " ".join(run(command).output.split())
    told = json.loads(run(command, "--json").output)

    verdicts = [Verdict(**one) for one in told.get("report", told)["verdicts"]]
    assert verdicts
    assert " ".join(enough_for(verdicts).split()) in words


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
    assert [Verdict(**one) for one in said["verdicts"]] == list(done.verdicts)
    assert [one.use for one in done.verdicts] == ["rfm", "predictions", "profit"]

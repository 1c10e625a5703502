from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from joren.collect.connectors.commands import import_app, quarantine_app
from joren.core.errors import BadInput

pytestmark = pytest.mark.django_db(transaction=True)

KEYS = ["import_id", "read", "accepted", "unchanged", "updated", "quarantined", "seconds"]


@pytest.fixture
def orders(home: Path, tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text("customer,date,amount\n1,never,5\n2,2026-10-01,5\n")
    return path


def test_an_import_prints_one_object_for_each_file(orders: Path) -> None:
    answer = CliRunner().invoke(import_app, ["orders", str(orders), "--json"])

    found = json.loads(answer.stdout)
    assert list(found) == KEYS
    assert (found["read"], found["accepted"], found["quarantined"]) == (2, 1, 1)


def test_a_row_in_quarantine_is_listed_repaired_and_gone(orders: Path) -> None:
    run = CliRunner().invoke
    run(import_app, ["orders", str(orders), "--json"])
    waiting = json.loads(run(quarantine_app, ["list", "--json"]).stdout)

    retried = run(
        quarantine_app, ["retry", str(waiting["id"]), "--set", "date=2026-10-02", "--json"]
    )

    assert (waiting["row"], waiting["column"], waiting["value"]) == (1, "date", "never")
    assert json.loads(retried.stdout)["accepted"] == 1
    assert run(quarantine_app, ["list", "--json"]).stdout == ""


def test_a_refused_file_does_not_keep_out_the_others(orders: Path, tmp_path: Path) -> None:
    answer = CliRunner().invoke(
        import_app, ["orders", str(tmp_path / "absent.csv"), str(orders), "--json"]
    )

    assert isinstance(answer.exception, BadInput)
    assert json.loads(answer.stdout)["accepted"] == 1


def test_a_mapping_says_which_column_is_which(home: Path, tmp_path: Path) -> None:
    path, mapping = tmp_path / "log.csv", tmp_path / "mapping.toml"
    path.write_text("who,when,how much\n1,2026-10-01,5\n")
    mapping.write_text(
        '[columns]\ncustomer_number = "who"\nordered_at = "when"\namount = "how much"\n'
    )

    answer = CliRunner().invoke(
        import_app, ["orders", str(path), "--mapping", str(mapping), "--json"]
    )

    assert json.loads(answer.stdout)["accepted"] == 1


def test_what_waits_is_shown_with_its_line_and_what_was_expected(orders: Path) -> None:
    run = CliRunner().invoke
    run(import_app, ["orders", str(orders)])

    shown = " ".join(run(quarantine_app, ["list"], env={"COLUMNS": "200"}).stdout.split())

    assert "id file line column value expected" in shown
    assert "orders.csv 2 date never a date between 1970 and tomorrow" in shown


def test_a_dropped_row_waits_again_and_says_so_in_json(orders: Path) -> None:
    run = CliRunner().invoke
    run(import_app, ["orders", str(orders)])
    number = str(json.loads(run(quarantine_app, ["list", "--json"]).stdout)["id"])
    run(quarantine_app, ["drop", number])

    again = run(quarantine_app, ["restore", number, "--json"])

    assert json.loads(again.stdout) == {"restored": 1}

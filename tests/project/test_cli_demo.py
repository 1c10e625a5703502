"""The demo shop from nothing, and once more: files, import, refresh, report, sign-in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.project.running import joren

pytestmark = pytest.mark.slow

_MAILS = ("summer-cold-brew", "second-order")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with a small demo shop, and what making it printed."""
    folder = tmp_path_factory.mktemp("demo")
    made = joren("demo", "--customers", "300", "--no-serve", folder=folder, home=False)
    assert made.returncode == 0, made.stderr
    return folder, made.stdout


def test_the_demo_reports_value_and_shows_the_sign_in(shop: tuple[Path, str]) -> None:
    _, said = shop

    assert "Customer value as of 2026-10-31" in said
    assert "Sign in as owner@joren.example with the password " in said


def test_the_demo_writes_under_demo_alone(shop: tuple[Path, str]) -> None:
    folder, _ = shop

    assert [one.name for one in folder.iterdir()] == ["demo"]


def test_the_demo_again_imports_nothing_twice_and_keeps_the_sign_in(
    shop: tuple[Path, str],
) -> None:
    folder, said = shop
    files, before = folder / "demo/home/demo-files", folder / "demo/files"
    files.rename(before)  # where a demo of before has them

    again = joren("demo", "--customers", "300", "--no-serve", folder=folder, home=False)

    assert again.returncode == 0, again.stderr
    assert (files / "truth.json").exists()
    assert not before.exists()
    assert again.stdout.splitlines()[-1] == said.splitlines()[-1]
    assert _totals(again.stdout) == _totals(said)


def test_the_demo_counts_the_orders_of_the_truth(shop: tuple[Path, str]) -> None:
    folder, _ = shop
    files = folder / "demo/home/demo-files"
    truth = json.loads((files / "truth.json").read_text())
    answers = [json.loads((files / f"orders_{one}.json").read_text()) for one in _MAILS]

    done = joren("refresh", "--json", folder=folder / "demo")

    said = json.loads(joren("report", "value", "--json", folder=folder / "demo").stdout)
    left_out = sum(one["orders"] for one in said["left_out"])  # cancelled, or of nobody known
    answered = sum(one["orders"] for one in answers)
    assert answered
    assert json.loads(done.stdout)["orders"] + left_out == truth["past"]["orders"] + answered


def test_the_demo_has_written_to_its_customers(shop: tuple[Path, str]) -> None:
    folder, _ = shop

    done = joren("campaigns", "list", "--json", folder=folder / "demo")

    assert done.returncode == 0, done.stderr
    said = {one["plan"]["name"]: one["state"] for one in json.loads(done.stdout)}
    assert said["夏の水出しフェア"] == "sent"


def test_every_report_and_the_export_answer(shop: tuple[Path, str]) -> None:
    folder, _ = shop

    for name in ("value", "ranks", "cohorts", "economics"):
        done = joren("report", name, "--json", folder=folder / "demo")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)
    done = joren("export", "insights", "--out", "out.csv", "--json", folder=folder / "demo")

    assert done.returncode == 0, done.stderr
    lines = (folder / "demo/out.csv").read_text().splitlines()
    assert len(lines) - 1 == json.loads(done.stdout)["rows"]


def _totals(said: str) -> list[str]:
    """The first table, which says what everybody was and may be worth."""
    lines = [line.strip() for line in said.splitlines()]
    first = next(place for place, line in enumerate(lines) if line.startswith("Total"))
    return lines[first : first + 8]

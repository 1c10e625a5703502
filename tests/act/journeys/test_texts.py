"""A document as YAML or JSON: the same both ways, and what is wrong is said with its line."""

from __future__ import annotations

import json
from pathlib import Path
from time import perf_counter

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st
from typer.testing import CliRunner

from joren.act.journeys import selectors, services
from joren.act.journeys.contracts import JourneyMeaningless
from joren.act.journeys.rules import as_text, read, written
from joren.act.journeys.rules.texts import plain
from joren.project.cli import app
from tests.act.journeys.cast import a_journey

TEXT = """\
# お礼のメール
name: 購入のお礼
triggers:
  - {kind: event, event: Order Completed}
start: wait
holdout: 0.1
reentry: after
reentry_days: 90
nodes:
  - id: wait
    do: until
    at: 10:00
    weekdays: [mon, tue]
    then: keep
  - id: keep
    do: set
    attribute: since
    value: 2026-11-28
    then: end
"""
DOCUMENT = a_journey(
    [
        {"id": "wait", "do": "until", "at": "10:00", "then": "keep"},
        {"id": "keep", "do": "set", "attribute": "on", "value": "yes", "then": "end"},
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(
        st.characters(exclude_categories=["Cs", "Cc"]), max_size=20
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab1.:-", min_size=1,
                                                                       max_size=5), inner,
                                                               max_size=4),
    max_leaves=12,
)  # fmt: skip


def test_yaml_says_what_it_looks_like() -> None:
    found = read(TEXT)

    assert found.name == "購入のお礼"
    assert found.nodes[0].at == "10:00"  # type: ignore[union-attr]
    assert found.nodes[1].value == "2026-11-28"  # type: ignore[union-attr]
    assert (found.holdout, found.reentry_days) == (0.1, 90)


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_what_is_written_is_read_again(form: selectors.Form) -> None:
    assert read(as_text(written(DOCUMENT), form)) == DOCUMENT


@given(JSON)
@example("0E0")
@example("1_000")
@example("on")
def test_both_forms_say_the_same(document: object) -> None:
    told = {"document": document}

    assert plain(as_text(told, "yaml")) == plain(as_text(told, "json")) == told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: x\n  start: y\n", "line 2"),
        ("name: x\nname: y\n", "line 2, column 1: 'name' is said twice"),
        ("a: &x [1]\nb: *x\n", "line 1, column 4"),
        ("a: !!python/object/apply:os.system [ls]\n", "line 1, column 4"),
        ("a: 1\n---\nb: 2\n", "line 2"),
        ("? [a]\n: 1\n", "a name is a text"),
        ("a: " + "[" * 90 + "]" * 90, "deep"),
        ('{"name": "x",}', "line 1"),
        ("- a\n", "Input should be a"),
        ("", "Input should be a"),
    ],
)
def test_what_is_no_document_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(JourneyMeaningless) as refused:
        read(text)

    assert said in str(refused.value.message)


def test_every_fault_has_its_line() -> None:
    broken = TEXT.replace("    attribute: since\n", "").replace("do: until", "do: wait")

    with pytest.raises(JourneyMeaningless) as refused:
        read(broken)

    places = {fault.node for fault in refused.value.faults}
    assert "line 10, node 'wait', minutes" in places
    assert "line 15, node 'keep', attribute" in places


@pytest.mark.parametrize("form", ["name: x\nnodes: [{}]", '{{"nodes": [{}]}}'])
def test_of_many_faults_the_first_are_told_and_how_many_more(form: str) -> None:
    text = form.format(", ".join(["1"] * 2_000))

    with pytest.raises(JourneyMeaningless) as refused:
        read(text)

    *told, more = refused.value.faults
    assert len(told) == 20
    assert all(one.node.startswith("line ") for one in told)
    assert more.what.startswith("and 1,98")


@pytest.mark.parametrize("form", ["nodes: [{}]", '{{"nodes": [{}]}}'])
def test_a_text_of_nothing_but_parts_is_soon_refused(form: str) -> None:
    began = perf_counter()

    with pytest.raises(JourneyMeaningless):
        read(form.format(",".join(["1"] * 140_000)))

    assert perf_counter() - began < 20


def test_lines_are_said_of_json_too() -> None:
    text = json.dumps({**written(DOCUMENT), "holdout": "x"}, indent=1)

    with pytest.raises(JourneyMeaningless) as refused:
        read(text)

    line = next(n for n, one in enumerate(text.splitlines(), 1) if '"holdout"' in one)
    assert refused.value.message.startswith(f"line {line}, holdout")


@pytest.mark.django_db
def test_the_terminal_takes_and_gives_both(home: object, tmp_path: Path) -> None:
    file = tmp_path / "journey.yaml"
    file.write_text(TEXT)

    kept = CliRunner().invoke(app, ["journeys", "draft", str(file), "--json"])
    number = json.loads(kept.stdout)["id"]
    out = CliRunner().invoke(app, ["journeys", "export", str(number)])
    as_json = CliRunner().invoke(app, ["journeys", "export", str(number), "--form", "json"])

    assert yaml.safe_load(out.stdout)["name"] == "購入のお礼"
    assert read(out.stdout) == read(as_json.stdout) == read(TEXT)


@pytest.mark.django_db
def test_a_program_sends_a_text_and_gets_one(alice_the_admin: Client, home: object) -> None:
    made = alice_the_admin.post(
        "/api/journeys", json.dumps({"document": TEXT}), content_type="application/json"
    )
    number = made.json()["id"]

    given = alice_the_admin.get(f"/api/journeys/{number}/document")
    refused = alice_the_admin.post(
        "/api/journeys", json.dumps({"document": "name: [\n"}), content_type="application/json"
    )

    assert made.status_code == 201
    assert given["Content-Type"].startswith("application/yaml")
    assert read(given.content.decode()) == read(TEXT)
    assert refused.status_code == 422
    assert "line 2" in refused.json()["detail"]


@pytest.mark.django_db
def test_a_file_is_taken_in_place_of_the_text(alice_the_admin: Client, home: object) -> None:
    made = services.create(DOCUMENT, by="alice")
    typed = {"name": "別の名前", "holdout": "20", "reason": "", "document": "{}"}

    answer = alice_the_admin.post(
        f"/journeys/{made.id}/edit/", {**typed, "file": SimpleUploadedFile("x.yaml", TEXT.encode())}
    )
    shown = alice_the_admin.get(f"/journeys/{made.id}/edit/?form=json").content.decode()
    file = alice_the_admin.get(f"/journeys/{made.id}/document/?form=json")

    assert answer.status_code == 302
    assert selectors.journey(made.id).draft == read(TEXT)
    assert "&quot;triggers&quot;" in shown
    assert json.loads(file.content)["holdout"] == 0.1


@pytest.mark.django_db
def test_stage_owner_kpi_and_reentry_are_fields_of_the_page(
    alice_the_admin: Client, home: object
) -> None:
    made = services.create(DOCUMENT, by="alice")
    page = f"/journeys/{made.id}/edit/"
    text = as_text(
        {k: v for k, v in written(DOCUMENT).items() if k in ("triggers", "start", "nodes")}, "yaml"
    )
    typed = {
        "name": "お礼",
        "holdout": "0",
        "reason": "試験",
        "document": text,
        "stage": "f2",
        "owner": "佐藤",
        "kpi": "F2転換率",
        "reentry": "after",
        "reentry_days": "90",
    }

    answer = alice_the_admin.post(page, typed)
    shown = alice_the_admin.get(page).content.decode()
    refused = alice_the_admin.post(page, typed | {"stage": "nowhere"})

    kept = selectors.journey(made.id).draft
    assert answer.status_code == 302
    assert (kept.stage, kept.owner, kept.kpi, kept.reentry, kept.reentry_days) == (
        "f2",
        "佐藤",
        "F2転換率",
        "after",
        90,
    )
    assert '<option value="after" selected>' in shown
    assert "reentry: after" not in shown
    assert refused.status_code == 422

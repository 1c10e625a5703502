"""A marketer's way through the pages; programs and the command line do the same."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from typer.testing import CliRunner

from joren.act.journeys import models, selectors, services
from joren.act.journeys.commands import journeys_app
from joren.act.journeys.contracts import JourneyMeaningless, Split
from joren.act.messages import services as messages
from joren.collect.customers.services import merge_customers
from joren.core import clock
from joren.core.ids import CustomerId
from joren.protect.audit.models import Entry
from joren.protect.consent.contracts import Said
from joren.protect.consent.services import record
from tests.act.journeys.cast import NOON, a_journey, said
from tests.act.messages.cast import a_template, people

pytestmark = pytest.mark.django_db
WAIT = {"id": "wait", "do": "wait", "minutes": 1440, "then": "end"}
FIRST = {
    "triggers": [{"kind": "event", "event": "Order Completed"}], "start": "wait", "nodes": [WAIT],
}  # fmt: skip


class Clock:
    now = NOON


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> type[Clock]:
    """Six customers of whom the first five agreed to mails, at noon."""
    Clock.now = NOON
    monkeypatch.setattr(clock, "now", lambda: Clock.now)
    people([1, 2, 3, 4, 5, 6])
    for one in range(1, 6):
        record(one, Said("email", "marketing", "granted", "staff", at=NOON - timedelta(9)), by="t")
    return Clock


def template() -> int:
    return messages.create(a_template(name="お礼"), by="alice").id


def enter(*customers: int) -> None:
    for one in customers:
        said(one, at=Clock.now)
    services.tick()


def thanks() -> int:
    """Wait a day, write, wait a day: published."""
    nodes = [
        WAIT | {"then": "thanks"},
        {"id": "thanks", "do": "send", "template": template(), "then": "wait-2"},
        WAIT | {"id": "wait-2"},
    ]
    made = services.create(a_journey(nodes, name="購入のお礼"), by="alice")
    return services.publish(made.id, by="alice").id


def test_a_marketer_drafts_and_publishes_by_small_forms(
    at: type[Clock], alice_the_admin: Client, bob_the_viewer: Client
) -> None:
    alice = alice_the_admin
    assert "empty" in alice.get("/journeys/").content.decode()
    typed = {"name": "購入のお礼", "holdout": "0", "reason": "", "document": json.dumps(FIRST)}
    draft = alice.post("/journeys/new/", typed)["Location"]
    page = draft.removesuffix("edit/")
    assert "no_holdout_why" in alice.get(draft).content.decode()  # the fault, and the way out

    alice.post(draft, typed | {"reason": "試験"})
    alice.post(f"{draft}nodes/", {"do": "send", "after": "wait:0", "id": "thanks",
                                  "template": str(template()), "expires_hours": "72"})  # fmt: skip
    alice.post(f"{draft}nodes/", {"do": "split", "after": "start", "share": "30"})
    alice.post(f"{draft}nodes/", {"remove": "split"})
    alice.post(f"{draft}nodes/", {"do": "wait", "after": "thanks:0", "number": "1", "unit": "days"})
    alice.post(f"{draft}nodes/", {"kind": "goal", "event": "Product Reviewed"})
    (kept,) = selectors.journeys()
    assert [one.id for one in kept.draft.nodes] == ["wait", "thanks", "wait-2"]
    assert bob_the_viewer.post(f"{page}act/", {"do": "publish"}).status_code == 403
    alice.post(f"{page}act/", {"do": "publish", "why": "初版"})
    assert selectors.journey(kept.id).state == "running"
    assert "#node-thanks" in alice.get(page).content.decode()
    assert "購入のお礼" in bob_the_viewer.get("/journeys/").content.decode()


def test_the_share_of_a_split_is_changed_and_its_arms_keep_their_names(
    at: type[Clock], alice_the_admin: Client
) -> None:
    arms = [
        {"name": "物語", "share": 50, "then": "wait"}, {"name": "商品", "share": 50, "then": "end"},
    ]  # fmt: skip
    nodes = [{"id": "try", "do": "split", "arms": arms}, WAIT]
    kept = services.create(a_journey(nodes), by="alice")

    alice_the_admin.post(
        f"/journeys/{kept.id}/edit/nodes/",
        {"change": "try", "do": "split", "id": "try", "share": "30"},
    )

    (split, _) = selectors.journey(kept.id).draft.nodes
    assert isinstance(split, Split)
    assert [(one.name, one.share, one.then) for one in split.arms] == [
        ("物語", 30, "wait"), ("商品", 70, "end"),
    ]  # fmt: skip


def test_a_marketer_sees_who_stands_where_pauses_and_resumes(
    at: type[Clock], alice_the_admin: Client, bob_the_viewer: Client
) -> None:
    alice, number = alice_the_admin, thanks()
    page = f"/journeys/{number}/"
    enter(1, 2, 6)
    shown = bob_the_viewer.get(f"{page}people/?node=wait").content.decode()
    assert all(f"#{one}<" in shown for one in (1, 2, 6))

    at.now = NOON + timedelta(days=1)
    services.tick()
    shown = alice.get(f"{page}people/?node=wait-2").content.decode()
    assert "thanks: " in shown
    assert "they have not agreed" in shown or "同意" in shown  # why the sixth was skipped
    enter(3)
    alice.post(f"{page}act/", {"do": "pause"})
    at.now = NOON + timedelta(days=4)
    before = selectors.before(number, at.now)
    assert (before.active, before.messages, before.overdue) == (4, 2, 4)
    assert 'value="skip"' in alice.get(page).content.decode()
    alice.post(f"{page}act/", {"do": "resume"})
    assert selectors.journey(number).state == "paused"  # without a choice nothing goes on
    alice.post(f"{page}act/", {"do": "resume", "overdue": "skip"})
    services.tick()

    assert selectors.overview(number).done == 3
    alice.post(f"{page}act/", {"do": "end"})
    assert "購入のお礼" in alice.get("/journeys/?ended=yes").content.decode()
    assert alice.get(page).status_code == 200


def test_a_document_that_cannot_be_read_is_refused_with_every_fault(
    at: type[Clock], alice_the_admin: Client
) -> None:
    broken = FIRST | {
        "nodes": [
            {"id": "eins", "do": "wait", "then": "zwei"},
            {"id": "zwei", "do": "send", "template": "x", "then": "end"},
        ]
    }
    typed = {"name": "x", "holdout": "10", "reason": "", "document": json.dumps(broken)}

    refused = alice_the_admin.post("/journeys/new/", typed)

    assert refused.status_code == 422
    shown = refused.content.decode()
    assert "eins" in shown
    assert shown.count("<li><strong>line 1, node") == 2
    for text in ("", "[", "[]", "null", '{"a": "\\u0000"}', '{"a": "\\ud800"}', "9" * 5000):
        answer = alice_the_admin.post("/journeys/new/", typed | {"document": text})
        assert answer.status_code == 422, text
    assert not models.Journey.objects.exists()
    page = alice_the_admin.post("/journeys/new/", typed | {"document": json.dumps(FIRST)})
    nodes = f"{page['Location']}nodes/"
    for wrong in (
        {"do": "x"}, {"do": "wait", "after": "gone:0", "number": "1", "unit": "days"},
        {"do": "wait", "after": "wait:x", "number": "1", "unit": "days"}, {"remove": "wait"},
        {"do": "wait", "number": "x", "unit": "days"}, {"kind": "x"}, {"without_goal": "3"},
        {"do": "wait", "id": "wait", "number": "1", "unit": "days"}, {},
        {"kind": "date", "date": "x", "days": "0", "at": "10:00"},
    ):  # fmt: skip
        assert alice_the_admin.post(nodes, wrong).status_code == 302
    assert [one.id for one in selectors.journeys()[0].draft.nodes] == ["wait"]


def test_what_is_added_and_taken_away_leaves_the_document_as_it_was() -> None:
    document = a_journey([
        {"id": "b", "do": "branch", "otherwise": "s",
         "ways": [{"when": {"kind": "segment", "segment": 1}, "then": "w"}]},
        {"id": "w", "do": "await", "of": [{"kind": "event", "event": "x"}], "minutes": 5,
         "then": "end", "otherwise": "b"},
        {"id": "s", "do": "split", "arms": [{"name": "A", "share": 50, "then": "end"},
                                            {"name": "B", "share": 50, "then": "w"}]},
    ])  # fmt: skip
    ways = [("", 0)] + [
        (one.id, way) for one in document.nodes for way in range(len(selectors.targets(one)))
    ]

    for after, way in ways:
        longer = selectors.put_after(
            document, {"do": "wait", "minutes": 5, "then": "end"}, after=after, way=way
        )
        assert selectors.without(longer, "wait") == document
        assert len(longer.nodes) == 4
    with pytest.raises(JourneyMeaningless):
        selectors.without(a_journey([WAIT]), "wait")


def test_programs_do_the_same(at: type[Clock], alice_the_admin: Client) -> None:
    def ask(method: str, path: str = "", body: Any = None) -> Any:
        answer = alice_the_admin.generic(
            method, f"/api/journeys{path}", json.dumps(body or {}), "application/json"
        )
        assert answer.status_code in (200, 201), answer.content
        return answer.json()

    document = {**FIRST, "name": "お礼", "holdout": 0, "no_holdout_why": "試験"}
    made = ask("POST", "", {"document": document | {"nodes": []}})
    number = f"/{made['id']}"
    assert "it has 0 nodes" in {one["what"] for one in made["faults"]}
    assert ask("PUT", number, {"document": document})["faults"] == []
    ask("POST", f"{number}/publish", {"why": "初版"})
    enter(1, 2, 3)
    first = ask("GET", f"{number}/people?node=wait&limit=2")
    rest = ask("GET", f"{number}/people?node=wait&limit=2&after={first['next']}")
    assert [one["customer"] for one in first["items"] + rest["items"]] == [1, 2, 3]
    assert (rest["next"], ask("GET", f"{number}/counts")["nodes"][0]["treated"]) == ("", 3)

    longer = document | {"nodes": [{**WAIT, "id": "new"}]} | {"start": "new"}
    ask("PUT", number, {"document": longer})
    moving = ask("GET", f"{number}/before")["moving"]
    assert moving == [{"version": 1, "node": "wait", "people": 3, "to": None}]
    wrong = {"moves": [{"version": 1, "node": "wait", "to": "gone"}]}
    path = f"/api/journeys{number}/publish"
    assert alice_the_admin.post(path, wrong, "application/json").status_code == 409
    ask("POST", f"{number}/publish", {"moves": [{"version": 1, "node": "wait", "to": "new"}]})
    assert len(ask("GET", f"{number}/people?node=new")["items"]) == 3
    ask("POST", f"{number}/pause")
    at.now = NOON + timedelta(days=2)
    assert ask("GET", f"{number}/before")["overdue"] == 3
    ask("POST", f"{number}/resume", {"overdue": "shift"})
    assert ask("GET", f"{number}/before")["overdue"] == 0
    assert ask("POST", f"{number}/end")["state"] == "ended"
    assert [one["left"] for one in ask("GET", "?ended=true")["items"]] == [3]
    assert "nodes" in ask("GET", "/schema")["properties"]
    assert len(ask("GET", number)["versions"]) == 2


def test_the_command_line_does_the_same(at: type[Clock], tmp_path: Path) -> None:
    run = CliRunner()
    file = tmp_path / "thanks.json"
    file.write_text(
        json.dumps({**FIRST, "name": "お礼", "holdout": 0, "no_holdout_why": "試験"}), "utf-8"
    )

    def say(*words: str) -> str:
        found = run.invoke(journeys_app, words)
        assert found.exit_code == 0, (words, found.output, found.exception)
        return found.output

    number = say("draft", str(file)).split()[0]
    say("draft", str(file), "--number", number)
    say("publish", number, "--why", "初版")
    enter(1, 2)
    assert "2 on the way" in say("show", number)
    assert len(json.loads(say("people", number, "wait", "--json"))) == 2
    assert "wait" not in say("people", number, "wait", "--after", "999999")
    say("publish", number, "--move", "1:wait=wait")
    say("pause", number)
    assert run.invoke(journeys_app, ["resume", number, "--overdue", "x"]).exit_code != 0
    say("resume", number, "--overdue", "shift")
    assert json.loads(say("list", "--json"))[0]["active"] == 2
    assert "ended" in say("end", number)
    assert json.loads(say("show", number, "--json"))["state"] == "ended"


def test_a_ready_made_one_is_begun_from_the_list(
    refreshed_shop: object, alice_the_admin: Client
) -> None:
    before = alice_the_admin.get("/journeys/").content.decode()
    done = alice_the_admin.post("/journeys/ready/", {"place": "0"}, follow=True).content.decode()
    wrong = alice_the_admin.post("/journeys/ready/", {"place": "x"}, follow=True)

    (begun,) = selectors.journeys()
    assert begun.name in before
    assert begun.name in done
    assert wrong.status_code == 200
    assert len(selectors.journeys()) == 1


def test_a_task_is_seen_and_done_once_by_whoever_talks_with_customers(
    at: type[Clock], alice_the_admin: Client, bob_the_viewer: Client
) -> None:
    nodes = [
        {"id": "call", "do": "task", "title": "電話する", "owner": "佐藤", "then": "wait"}, WAIT,
    ]  # fmt: skip
    journey = services.publish(services.create(a_journey(nodes), by="alice").id, by="alice").id
    for one in (1, 2, 4):
        enter(one)
    merge_customers(CustomerId(3), CustomerId(4), by="x", why="")
    alice, run = alice_the_admin, CliRunner()

    listed = alice.get("/api/tasks", {"limit": 2}).json()
    rest = alice.get("/api/tasks", {"limit": 2, "after": listed["next"]}).json()
    assert [one["customer"] for one in listed["items"] + rest["items"]] == [1, 2, 3]
    first, second, third = (one["id"] for one in listed["items"] + rest["items"])
    page = alice.get("/journeys/tasks/").content.decode()
    assert ("電話する" in page, "佐藤" in page) == (True, True)
    assert bob_the_viewer.get("/journeys/tasks/").status_code == 403

    alice.post("/journeys/tasks/done/", {"task": str(first)})
    path = f"/api/tasks/{second}/done"
    done = alice.post(path, {}, "application/json").json()
    assert alice.post(path, {}, "application/json").json() == done
    assert run.invoke(journeys_app, ["finish-task", str(third)]).exit_code == 0

    assert [*selectors.duties(journey=journey).items] == []
    assert [one.id for one in selectors.duties(done=True).items] == [third, second, first]
    assert len(json.loads(run.invoke(journeys_app, ["tasks", "--done", "--json"]).output)) == 3
    assert "電話する" in alice.get("/journeys/tasks/", {"done": "yes"}).content.decode()
    assert alice.post("/api/tasks/999/done", {}, "application/json").status_code == 404
    assert Entry.objects.filter(action="journeys.task_done").count() == 3
    assert [one.customer for one in selectors.of_customer(CustomerId(3))] == [4]


def test_programs_of_the_shell_begin_with_a_ready_made_one(at: type[Clock]) -> None:
    run = CliRunner()

    told = json.loads(run.invoke(journeys_app, ["ready", "--json"]).output)
    begun = run.invoke(journeys_app, ["begin", str(told["ready"][0]["place"])])

    assert told["gaps"]
    assert told["ready"][0]["ja"] in begun.output
    assert run.invoke(journeys_app, ["ready"]).exit_code == 0
    left = json.loads(run.invoke(journeys_app, ["ready", "--json"]).output)["ready"]
    assert len(left) == len(told["ready"]) - 1

"""Templates and their versions: who saved what, what can be sent, and what is refused."""

from __future__ import annotations

import pytest

from joren.act.messages import selectors, services
from joren.act.messages.contracts import (
    BadTemplate,
    BrokenTemplate,
    Content,
    NoSuchTemplate,
    NothingToSend,
    TemplateNameTaken,
)
from joren.protect.audit import selectors as audit
from tests.act.messages.cast import a_template

pytestmark = pytest.mark.django_db


def test_every_save_is_a_version_with_who_and_when(home: object) -> None:
    made = services.create(a_template("一", form="text"), by="member:1")

    services.revise(made.id, a_template("二", form="text"), by="member:2", why="夏")

    newest, first = selectors.versions(made.id)
    assert (newest.number, newest.changed_by, newest.why) == (2, "member:2", "夏")
    assert (first.number, first.changed_by) == (1, "member:1")
    assert first.content.texts["ja"].body == "一"
    assert newest.changed_at >= first.changed_at


def test_a_broken_template_is_refused_with_its_place_and_nothing_is_kept(home: object) -> None:
    with pytest.raises(BrokenTemplate) as refused:
        services.create(a_template("あ\n{{ x | nope }}", form="text"), by="member:1")

    (fault,) = [one for one in refused.value.faults if one.grave]
    assert (fault.language, fault.line, fault.what) == ("ja", 2, "nope")
    assert "body (ja), line 2, column 8: there is no filter “nope”" in refused.value.message
    assert selectors.templates() == []


def test_a_draft_may_be_broken_and_what_is_sent_stays_as_it_was(home: object) -> None:
    made = services.create(a_template("良い", form="text"), by="member:1")

    after = services.revise(made.id, a_template("{% if %}", form="text"), by="member:1", draft=True)

    assert (after.version, after.sendable) == (2, 1)
    assert selectors.sendable(made.id).content.texts["ja"].body == "良い"


def test_a_template_of_drafts_alone_has_nothing_to_send(home: object) -> None:
    made = services.create(a_template("x", form="text"), by="member:1", draft=True)

    with pytest.raises(NothingToSend):
        selectors.sendable(made.id)


def test_an_older_version_becomes_the_newest_as_a_version_of_its_own(home: object) -> None:
    made = services.create(a_template("一", form="text"), by="member:1")
    services.revise(made.id, a_template("二", form="text"), by="member:1")

    services.take_back(made.id, 1, by="member:3")

    assert [one.content.texts["ja"].body for one in selectors.versions(made.id)] == [
        "一", "二", "一",
    ]  # fmt: skip
    assert selectors.template(made.id).sendable == 3


def test_a_draft_that_is_taken_back_is_a_draft_again(home: object) -> None:
    made = services.create(a_template("{% if", form="text"), by="member:1", draft=True)
    services.revise(made.id, a_template("二", form="text"), by="member:1")

    after = services.take_back(made.id, 1, by="member:1")

    assert (after.version, after.sendable) == (3, 2)


def test_a_name_is_taken_once_and_free_when_its_template_is_archived(home: object) -> None:
    first = services.create(a_template("x", form="text"), by="member:1")
    with pytest.raises(TemplateNameTaken):
        services.create(a_template("y", form="text"), by="member:1")
    services.archive(first.id, by="member:1")
    services.create(a_template("y", form="text"), by="member:1")

    with pytest.raises(TemplateNameTaken):
        services.restore(first.id, by="member:1")
    with pytest.raises(NoSuchTemplate):
        services.revise(first.id, a_template("z", form="text"), by="member:1")


@pytest.mark.parametrize(
    "content",
    [
        a_template(name=""),
        a_template(name="x" * 101),
        a_template(kind="spam"),
        a_template(form="docx"),
        a_template(language="fr"),
        a_template(utm={"colour": "red"}),
        Content("x", "brand", "text", {}, channel="pigeon"),
    ],
)
def test_a_template_of_what_there_is_not_is_refused(home: object, content: Content) -> None:
    with pytest.raises(BadTemplate):
        services.create(content, by="member:1")


def test_a_template_in_no_language_cannot_be_sent(home: object) -> None:
    with pytest.raises(BrokenTemplate):
        services.create(Content("x", "brand", "text", {}), by="member:1")


def test_what_was_done_to_templates_is_written_down(home: object) -> None:
    made = services.create(a_template("x", form="text"), by="member:1")
    services.archive(made.id, by="member:2")

    deeds = {(one.action, one.actor) for one in audit.entries().items}

    assert {("messages.created", "member:1"), ("messages.archived", "member:2")} <= deeds

"""Messages as the child process writes them, and the templates that would exhaust it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from time import monotonic
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from joren.act.messages.contracts import Rendered, Text
from joren.act.messages.rules import READY_MADE, example, nobody
from joren.act.messages.rules.child import answer
from joren.act.messages.rules.tracking import followed
from joren.act.messages.services import rendering
from joren.act.messages.services.rendering import Job, Scribe, written
from tests.act.messages.cast import MJML

LINKS = {"unsubscribe_url": "https://joren.shop.example/u/x", "preferences_url": ""}


def a_job(
    body: str = MJML,
    *,
    form: str = "mjml",
    subject: str = "件名",
    person: dict[str, Any] | None = None,
    utm: dict[str, str] | None = None,
) -> Job:
    known = {**(example("ja") if person is None else person), **LINKS}
    return Job("ja", form, Text(subject, body), known, utm or {}, "https://joren.shop.example")


def one(job: Job) -> Rendered:
    (found,) = written([job])
    return found


def test_mjml_becomes_a_whole_document_with_a_text_beside_it() -> None:
    found = one(a_job(subject="{{ customer.name }}さまへ"))

    assert found.whole, found.faults
    assert found.subject == "山田 花子さまへ"
    assert found.html is not None
    assert found.html.startswith("<!doctype html>")
    assert "<!--[if mso | IE]>" in found.html
    assert "山田 花子さま、こんにちは" in found.text
    assert "新着を見る\nhttps://shop.example/new?a=1" in found.text
    assert "mj-" not in found.text


def test_a_document_of_mjml_asks_no_other_house_for_letters() -> None:
    found = one(a_job())

    assert "googleapis" not in (found.html or "")
    assert "@import" not in (found.html or "")


def test_who_is_not_known_gets_what_stands_in_for_them() -> None:
    found = one(a_job(person=nobody()))

    assert found.whole
    assert "お客さま、こんにちは" in found.text


@pytest.mark.parametrize(
    ("form", "body"),
    [
        ("text", "{{ (1..99999999999) | join }}"),
        ("html", "{% assign a = (1..9999999999) | reverse %}{{ a | size }}"),
        ("text", "{% for i in (1..999999999) %}{{ i }}{% endfor %}"),
        (
            "text",
            "{% assign s = 'aaaaaaaaaa' %}{% for i in (1..99) %}{% assign s = s | append: s %}"
            "{% endfor %}{{ s | size }}",
        ),
    ],
)
def test_a_text_that_would_fill_the_memory_is_told_so_and_harms_no_other(
    form: str, body: str
) -> None:
    jobs = [a_job("前", form="text"), a_job(body, form=form), a_job("後", form="text")]
    began = monotonic()

    before, between, after = written(jobs)

    assert (before.text, after.text) == ("前\n", "後\n")
    assert not between.whole
    assert {fault.say for fault in between.faults} <= {"too_much", "too_slow", "too_long"}
    assert monotonic() - began < 60


@pytest.mark.parametrize(("deaths", "faults"), [(1, []), (2, ["too_much"])])
def test_a_message_is_asked_for_once_more_before_it_is_blamed_for_a_killed_child(
    monkeypatch: pytest.MonkeyPatch, deaths: int, faults: list[str]
) -> None:
    born, killed = rendering._born, []

    def one_that_is_killed() -> subprocess.Popen[bytes]:
        if len(killed) == deaths:
            return born()
        suicide = [sys.executable, "-c", "import os; input(); os.kill(os.getpid(), 9)"]
        killed.append(subprocess.Popen(suicide, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
        return killed[-1]

    monkeypatch.setattr(rendering, "_born", one_that_is_killed)

    first, second = written([a_job("一", form="text"), a_job("二", form="text")])

    assert [fault.say for fault in first.faults] == faults
    assert second.text == "二\n"


def test_a_signal_to_the_whole_group_does_not_end_the_child() -> None:
    with Scribe() as scribe:
        (one,) = scribe.written([a_job("前", form="text")])
        child = scribe._child
        assert child is not None
        child.terminate()
        child.send_signal(signal.SIGINT)
        (other,) = scribe.written([a_job("後", form="text")])

        assert (one.text, other.text) == ("前\n", "後\n")
        assert scribe._child is child


def test_the_child_has_no_variable_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOREN_SECRET_KEY", "very secret")
    monkeypatch.setenv("PYTHONSTARTUP", "/nowhere")

    assert one(a_job()).whole


def test_many_messages_are_written_by_few_children() -> None:
    jobs = [a_job(person={"customer": {"name": f"客{n}"}}) for n in range(300)]
    began = monotonic()

    found = list(written(jobs))

    assert [one.text.startswith(f"客{n}さま") for n, one in enumerate(found)] == [True] * 300
    assert monotonic() - began < 30


@pytest.mark.parametrize(
    ("body", "say", "what", "line", "column"),
    [
        ("<p>\n {{ customer.name | upercase }}</p>", "unknown_filter", "upercase", 2, 20),
        ("<p>\n{% if customer.name %}x</p>", "not_closed", "{% if %}", 2, 1),
        ("x{% endfor %}", "not_opened", "{% endfor %}", 1, 2),
        ("{% if a %}{% for x in y %}{% endif %}", "not_closed", "{% for %}", 1, 11),
        ("a\n  {% foo %}", "unknown_tag", "{% foo %}", 2, 6),
        ("{% include 'other' %}", "no_include", "other", 1, 12),
        ("a {{ 'b }}", "liquid", 'unexpected "\'"', 1, 6),
    ],
)
def test_what_is_wrong_with_liquid_is_told_by_its_place(
    body: str, say: str, what: str, line: int, column: int
) -> None:
    found = answer(a_job(body, form="html").plain())

    (fault,) = found["faults"]
    assert (fault["say"], fault["what"]) == (say, what)
    assert (fault["line"], abs(fault["column"] - column) <= 1) == (line, True), fault


@pytest.mark.parametrize(
    ("body", "say", "what", "line"),
    [
        ("<mjml>\n<mj-body>\n<mj-sectoin></mj-sectoin></mj-body></mjml>", "mjml_unknown",
         "<mj-sectoin>", 3),
        ("<mjml>\n<mj-body>\n<mj-section>\n</mj-body></mjml>", "not_closed", "<mj-section>", 3),
        ("<mjml>\n<mj-body>", "not_closed", "<mj-body>", 2),
        ("<p>hello</p>", "mjml", "<mjml>", 1),
    ],
)  # fmt: skip
def test_what_is_wrong_with_mjml_is_told_by_its_place(
    body: str, say: str, what: str, line: int
) -> None:
    (fault,) = answer(a_job(body).plain())["faults"]

    assert (fault["say"], fault["what"], fault["line"]) == (say, what, line)


def test_mjml_that_only_its_library_cannot_read_is_a_fault_and_no_crash() -> None:
    (fault,) = answer(a_job("<mjml><mj-body><mj-text a=b>x</mj-text></mj-body></mjml>").plain())[
        "faults"
    ]

    assert fault["say"] == "mjml"


def test_a_variable_that_nobody_knows_is_a_warning_with_its_place() -> None:
    found = answer(
        a_job("あ\n{{ customer.nmae }}{{ orders.last.items[0].name }}", form="text").plain()
    )

    (fault,) = found["faults"]
    assert (fault["say"], fault["what"], fault["line"]) == ("unknown_variable", "customer.nmae", 2)
    assert not fault["grave"]


@pytest.mark.parametrize(
    "body",
    [
        "<p onclick='x()'>a</p>",
        "<script>alert(1)</script>a",
        "<iframe src='https://x.example'></iframe>a",
        "<a href='javascript:alert(1)'>a</a>",
        "<form action='/x'><input name=a></form>a",
        "<!--[if IE]><script>alert(1)</script><![endif]-->a",
        "<style></style><style>a{}</sTyle ><script>alert(1)</script>a",
        "<head><style>@import url(https://x.example/a.css);p{color:red}</style></head><body>a</body>",
        "<svg onload=alert(1)></svg>a",
        "<link rel=stylesheet href=//x.example>a<base href=//x.example>",
    ],
)
def test_nothing_that_runs_is_left_in_a_message(body: str) -> None:
    html = answer(a_job(body, form="html").plain())["html"].lower()

    for word in ("<script", "<iframe", "onclick", "javascript:", "<form", "<input", "@import",
                 "<svg", "onload", "<link", "<base"):  # fmt: skip
        assert word not in html


@given(st.text(min_size=1, max_size=40))
def test_no_name_of_a_customer_becomes_markup(name: str) -> None:
    job = a_job("<p title='{{ customer.name }}'>[{{ customer.name }}]</p>", form="html",
                person={"customer": {"name": name + "<img src=x onerror=x>'\""}})  # fmt: skip

    html = answer(job.plain())["html"]

    assert html.count("<img") == 0
    assert html.count("<p") == 1


@given(
    st.text(alphabet="{%}<>/=\"' abmjtex-|\n", max_size=60),
    st.sampled_from(["mjml", "html", "text"]),
)
@hypothesis_settings(max_examples=150)
def test_whatever_is_typed_has_an_answer(body: str, form: str) -> None:
    found = answer(a_job(body, form=form).plain())

    assert json.dumps(found)
    assert found["faults"] or found["text"]


def test_links_are_tagged_but_for_ours_and_what_they_say_themselves_stands() -> None:
    body = (
        '<a href="https://shop.example/?utm_source=own&amp;b=1#top">a</a>'
        '<a href="{{ unsubscribe_url }}">b</a><a href="mailto:a@shop.example">c</a>'
    )

    found = one(a_job(body, form="html", utm={"source": "joren", "campaign": "春 の"}))

    assert [link.tagged for link in found.links] == [
        "https://shop.example/?utm_source=own&b=1&utm_campaign=%E6%98%A5%20%E3%81%AE#top",
        "https://joren.shop.example/u/x",
        "mailto:a@shop.example",
    ]
    assert "utm_campaign=%E6%98%A5%20%E3%81%AE#top" in (found.html or "")


def test_plain_text_has_its_links_tagged_and_no_html() -> None:
    found = one(a_job("見る https://shop.example/a。", form="text", utm={"source": "joren"}))

    assert found.html is None
    assert found.text == "見る https://shop.example/a?utm_source=joren。\n"


def test_no_name_is_markup_of_a_flex_message() -> None:
    body = '{"type": "bubble", "body": {"type": "text", "text": "{{ customer.name }}様"}}'
    name = '花子", "action": {"uri": "https://evil.example"}, "x": "\\'

    found = one(a_job(body, form="text", person={**example("ja"), "customer": {"name": name}}))

    assert json.loads(found.text)["body"] == {"type": "text", "text": f"{name}様"}


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("（https://s.example/sale）", "https://s.example/sale"),
        ("(https://s.example/sale).", "https://s.example/sale"),
        ("https://s.example/saleをご覧ください", "https://s.example/sale"),
        ("See https://s.example/sale!", "https://s.example/sale"),
        ("https://s.example/a_(b)?c=1, and", "https://s.example/a_(b)?c=1"),
        ("https://s.example", "https://s.example"),
    ],
)
def test_an_address_ends_where_its_sentence_goes_on(text: str, address: str) -> None:
    found = one(a_job(text, form="text", utm={"source": "j"}))

    assert [link.address for link in found.links] == [address]
    assert followed(found.links, text, ours="") == [link.tagged for link in found.links]


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("ready", READY_MADE, ids=lambda ready: ready.campaign)
def test_a_ready_made_template_is_whole_for_the_best_and_the_worst_case(
    ready: Any, language: str
) -> None:
    for person in (example(language), {**nobody(), "shop": {"name": "店"}, "today": ""}):
        text = ready.texts[language]
        job = Job(language, "mjml", text, {**person, **LINKS}, {}, "")

        found = answer(job.plain())

        assert found["faults"] == []
        assert found["subject"].strip(" 、,さまへ")
        assert "{{" not in found["text"]
        assert any(address == LINKS["unsubscribe_url"] for address, _ in found["links"])


def test_a_message_that_kills_the_child_in_the_midst_of_a_block_is_alone_to_blame() -> None:
    deadly = "{% assign x = (1..900000000) | join: ',' %}{{ x }}"
    bodies = [f"{number}番" for number in range(12)]
    bodies[7] = deadly

    found = list(written([a_job(body, form="text") for body in bodies]))

    assert [one.whole for one in found] == [number != 7 for number in range(12)]
    others = [one.text for one in found if one.whole]
    assert others == [f"{body}\n" for body in bodies if body != deadly]

"""What is made once for all is what would have been made for each."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.act.messages.rules import READY_MADE, child, example, stencils

OURS = "https://joren.shop.example"
HTML = """<html><head><style>p { color: red }</style></head><body>
<p title="a">{{ customer.name | default: "お客 & 様" }} さま  <b>{{ shop.name }}</b></p>
<table><tr><td>{{ customer.prefecture }}</td></tr></table>{{ reason }}
<a href="{{ unsubscribe_url }}">止める</a><a href="https://s.example/?a=1&b=2">{{ shop.name }}</a>
<a href="{{ preferences_url }}">{{ preferences_url }}</a></body></html>"""
ELSEWHERE = (
    '<p style="color: {{ shop.name }}">a</p>',
    '<a href="https://s.example/{{ customer.name }}">b</a>',
    '<img src="{{ unsubscribe_url }}" alt="{{ customer.name }}">',
    "<style>p { color: {{ shop.name }} }</style><p>a</p>",
    "<!--[if mso]><p>{{ shop.name }}</p><![endif]-->",
    "<p>{{ customer }} {{ customer.name }}</p>",
    "<p>{{ shop.name.size }}</p><p>{{ shop.name | upcase }}</p>",
    "<p>{% if shop.name %}{{ shop.name }}{% endif %}</p>",
)
BODIES = [
    *(("mjml", one.content("ja").texts["ja"].body) for one in READY_MADE),
    ("html", HTML),
    *(("html", one) for one in ELSEWHERE),
]
TAGS: list[dict[str, str]] = [{}, {"source": "joren", "medium": "email"}]

said = st.one_of(
    st.sampled_from(["山田 花子", "山田\u3000花子", "", " ", "a  b", "A & B", "<b>", "\n"]),
    st.text(max_size=12),
)
address = st.one_of(
    st.sampled_from([f"{OURS}/u/abc:1-_", f"{OURS}/u?a=1&b=2", "javascript:alert(1)", ""]),
    st.just("https://else.example/x"),
)
persons = st.fixed_dictionaries(
    {
        "customer": st.dictionaries(st.sampled_from(["name", "prefecture"]), said),
        "shop": st.fixed_dictionaries({"name": said, "postal_address": said}),
        "unsubscribe_url": address,
        "preferences_url": address,
    },
    optional={"reason": st.one_of(said, st.integers(), st.none())},
)


def job(form: str, body: str, person: dict[str, Any], utm: dict[str, str]) -> dict[str, Any]:
    return {
        "language": "ja", "form": form, "subject": "{{ shop.name }} の <お知らせ>", "body": body,
        "utm": utm, "ours": OURS, "titled": True, "person": person,
    }  # fmt: skip


@given(st.sampled_from(BODIES), persons, st.sampled_from(TAGS))
def test_filled_in_is_as_made_for_each(
    text: tuple[str, str], person: dict[str, Any], utm: dict[str, str]
) -> None:
    asked = job(*text, person, utm)
    quick = child.answer(asked)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(child, "_quickly", lambda *_: None)
        slow = child.answer(asked)

    assert quick == slow


def test_most_mails_are_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    person = {
        **example("ja"), "unsubscribe_url": f"{OURS}/u/a", "preferences_url": f"{OURS}/p/a"
    }  # fmt: skip
    welcome = READY_MADE[0].content("ja").texts["ja"].body
    first = child.answer(job("mjml", welcome, person, {}))
    monkeypatch.setattr(child, "_dressed", None)  # nobody makes it anew
    person["customer"] = {**person["customer"], "name": "鈴木 一郎"}
    second = child.answer(job("mjml", welcome, person, {}))

    name = example("ja")["customer"]["name"]
    assert second["html"] == first["html"].replace(name, "鈴木 一郎")
    assert second["text"] == first["text"].replace(name, "鈴木 一郎")


def test_what_stands_elsewhere_than_in_words_has_no_stencil() -> None:
    for body in ELSEWHERE[:5]:
        names = (("shop", "name"), ("customer", "name"), ("unsubscribe_url",))
        assert child._stencil(body, "html", "ja", (), OURS, names) is None
    assert stencils.made((), "", lambda *_: ("", "", ())) is None

"""What is written without the library is what the library writes."""

from __future__ import annotations

import json
from urllib.parse import unquote

import pytest
from django.core import signing
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from joren.act.messages.rules import flat, liquid_text
from joren.act.messages.rules.variables import names_asked
from joren.protect.consent.contracts import Matter
from joren.protect.consent.selectors.links import SIGNED
from joren.protect.consent.services import linking

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["<b>", " "]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["name", "last", "size", "first"]), inner, max_size=3)
    ),
    max_leaves=5,
)
PIECES = st.sampled_from(
    ["さま ", "<p>", "{{ customer.name }}", "{{ customer.last.name }}", "{{ customer.size }}",
     "{{ orders.first }}", "{{ customer.name | default: 'お客' }}", "{{ today }}",
     "{{- customer.name -}}", "{{ customer['name'] }}", "{{ customer.name | upcase }}",
     "{% if customer.name %}あ{% endif %}", "{{ nobody }}", "{{ 'word' }}"]
)  # fmt: skip


@given(
    pieces=st.lists(PIECES, min_size=1, max_size=5),
    person=st.dictionaries(st.sampled_from(["customer", "orders", "today"]), VALUES, max_size=3),
    escaped=st.booleans(),
)
def test_what_is_put_together_is_what_the_library_writes(
    pieces: list[str], person: dict[str, object], escaped: bool
) -> None:
    template = liquid_text.read("".join(pieces), escaped)
    plan = flat.plan(template.nodes)

    found = flat.filled(plan, person, escaped=escaped) if plan is not None else None

    assert found is None or found == template.render(**person)


def test_a_greeting_needs_no_library() -> None:
    template = liquid_text.read("{{ customer.name | default: 'お客' }}さま {{ today }}", True)
    plan = flat.plan(template.nodes)

    assert plan is not None
    person = {"customer": {"name": "<花子>"}, "today": "2026-11-29"}
    assert flat.filled(plan, person, escaped=True) == "&lt;花子&gt;さま 2026-11-29"
    assert flat.filled(plan, {"customer": {}, "today": "2026-11-29"}, escaped=True) is None


@pytest.mark.parametrize(
    ("body", "asked"),
    [
        ("{{ customer.name }} orders value", {"customer"}),
        ("{% if orders.last %}{% for one in orders.last.items %}.{% endfor %}{% endif %}",
         {"orders"}),
        ("{{ reason }}", {"reason"}),
    ],
)  # fmt: skip
def test_what_a_text_does_not_ask_for_is_not_looked_up(body: str, asked: set[str]) -> None:
    assert names_asked("新着", body) == asked


@pytest.mark.parametrize("body", ['{{ ["orders"].count }}', "{% assign x = y %}{{ [x].count }}"])
def test_a_name_that_may_be_put_together_asks_for_everything(body: str) -> None:
    assert {"orders", "customer", "value"} <= names_asked("", body)


@given(st.text("0123456789abcdef", min_size=32, max_size=32))
def test_a_link_is_signed_as_django_signs_it(handle: str) -> None:
    links = linking.links_of(handle, Matter("email", "marketing"), leaves=False)

    signed = signing.Signer(salt=SIGNED).sign(f"{handle}.email.marketing")
    assert signed in unquote(links.unsubscribe)


def test_a_link_changes_with_the_key(settings: Settings) -> None:
    before = linking.links_of("a" * 32, Matter("email", "marketing"), leaves=False)
    settings.SECRET_KEY = "another" * 8

    after = linking.links_of("a" * 32, Matter("email", "marketing"), leaves=False)

    assert json.dumps(before.headers) != json.dumps(after.headers)

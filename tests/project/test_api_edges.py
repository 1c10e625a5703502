"""Every operation of the API's own document, asked with what it allows and with what it does not.

No answer is a failure of ours, and a member who may not is refused. ``FUZZ`` says how many
requests of either kind each operation gets.
"""

from __future__ import annotations

import json
import os
import re
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy
from ninja.constants import NOT_SET
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok

from joren.accounts import rules, services
from joren.project.api import api
from joren.warehouse import Warehouse
from tests.conftest import _signed_in
from tests.project.test_role_matrix import operations
from tests.protect.consent.cast import people

pytestmark = pytest.mark.django_db
Request = Case[Any]
EXAMPLES = int(os.environ.get("FUZZ", "2"))
LEFT_OUT = {
    "/api/refreshes",  # a refresh takes seconds, and has tests of its own
    "/api/messages/render",  # so does a child process
    "/api/messages/test",
}


@schemathesis.serializer("message/rfc822")
def mail(_context: object, body: object) -> bytes:
    """Whatever is drawn for a mail is its bytes."""
    return body if isinstance(body, bytes) else json.dumps(body, default=repr).encode()


@pytest.fixture(scope="module")
def cases() -> list[Request]:
    """Requests of every operation: half of them as the document says, half against it."""
    document = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema())))
    drawn: list[Request] = []
    for found in document.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        for mode in GenerationMode:
            if operation.path not in LEFT_OUT:
                _draw(operation.as_strategy(generation_mode=mode), drawn)
    return drawn


def _draw(requests: SearchStrategy[Request], drawn: list[Request]) -> None:
    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        deadline=None,
        database=None,
        derandomize=True,
    )
    @given(case=requests)
    def keep(case: Request) -> None:
        drawn.append(case)

    keep()


def ask(client: Client, case: Request) -> tuple[int, str]:
    """Status and text of the answer to a request of a signed-in member."""
    client.raise_request_exception = False
    query = urlencode({k: str(v) for k, v in (case.query or {}).items()}, errors="replace")
    answer = client.generic(case.method, case.formatted_path, *_body(case), QUERY_STRING=query)
    return answer.status_code, b"".join(answer).decode(errors="replace")


def _body(case: Request) -> tuple[str | bytes, str]:
    if case.media_type is None:
        return "", "application/json"
    if isinstance(case.body, bytes):
        return case.body, case.media_type
    if case.media_type == "multipart/form-data" and isinstance(case.body, dict):
        parts = {
            name: SimpleUploadedFile("orders.csv", value)
            if isinstance(value, bytes)
            else str(value)
            for name, value in case.body.items()
        }
        return encode_multipart(BOUNDARY, parts), MULTIPART_CONTENT
    return json.dumps(case.body, default=repr), case.media_type


def test_no_operation_fails_whatever_is_sent(
    refreshed_shop: Warehouse, alice_the_admin: Client, cases: list[Request]
) -> None:
    people(1, 2)
    failed = []

    for case in cases:
        status, told = ask(alice_the_admin, case)
        refused = status == 503 and '"code"' in told
        if status >= 500 and not refused:
            failed.append((case.method, case.formatted_path, case.query, case.body, status))

    assert failed == []


@pytest.mark.parametrize("who", ["viewer", "analyst", "support", "marketer", "a narrow key"])
def test_nobody_gets_through_where_they_may_not_or_reads_an_address_that_is_not_for_them(
    refreshed_shop: Warehouse, alice_the_admin: Client, cases: list[Request], who: str
) -> None:
    people(1, 2)
    client, may = _one_who(who)
    opened = {
        (method, "/api" + re.sub(r"\{\w+:", "{", path))  # as the document writes them
        for path, method, one in operations()
        if one.auth_param is NOT_SET or one.auth_param.action in may
    }
    through = []

    for case in cases:
        status, told = ask(client, case)
        shut = (case.method, case.path) not in opened
        named = "view_personal" not in may and ("c1@shop.example" in told or "客1" in told)
        if status >= 500 or named or (shut and status not in (403, 404, 405)):
            through.append((case.method, case.formatted_path, case.query, case.body, status))

    assert through == []


def _one_who(who: str) -> tuple[Client, frozenset[str]]:
    """A member of that role, or a program of an admin's that may do one thing; what they may."""
    if who in rules.ROLES:
        return _signed_in("erin@example.com", role=who), rules.actions_of(rules.role_named(who))
    scopes = ("treat",)
    _, key = services.issue_api_key("alice@example.com", name="n", scopes=scopes, by="alice")
    return Client(headers={"Authorization": f"Bearer {key}"}), frozenset(scopes)


def test_two_of_a_kind_are_two_and_no_status_with_its_answer(alice_the_admin: Client) -> None:
    _signed_in("dora@example.com", role="viewer")
    for name in ("one", "two"):
        services.issue_api_key("alice@example.com", name=name, scopes=("view_figures",), by="alice")

    assert len(alice_the_admin.get("/api/members").json()["items"]) == 2
    assert len(alice_the_admin.get("/api/keys").json()["items"]) == 2


def test_what_cannot_be_kept_is_refused_with_a_reason(alice_the_admin: Client) -> None:
    for body in (
        '{"name": "a\\u0000b"}',
        '{"name": "\\ud800"}',
        '{"name": 1e3, "x": ' + "9" * 30 + "}",
    ):
        answer = alice_the_admin.patch("/api/business", body, "application/json")

        assert 400 <= answer.status_code < 500, body
    assert alice_the_admin.get(f"/customers/{2**64}/").status_code == 404
    assert alice_the_admin.get(f"/api/customers/{2**64}").json()["code"] == "NotFound"

"""Every operation of the API's own document, asked with what is at the edge of it and beyond.

No answer is a failure of ours, and a key without the scope gets nothing else than a refusal.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from joren.accounts import services
from joren.project.api import api
from joren.warehouse import Warehouse
from tests.conftest import _signed_in

pytestmark = pytest.mark.django_db
ROUNDS = 3
LEFT_OUT = {
    "/api/refreshes",  # a refresh takes seconds, and has tests of its own
    "/api/messages/render",  # so does a child process
    "/api/messages/test",
}
EDGES: dict[str, tuple[Any, ...]] = {
    "integer": (0, 1, -1, 2, 2**31, 2**63 - 1, 2**63, 10**30),
    "number": (0, 0.1, -1, 1e308, 2**64),
    "string": ("", "x", "\x00", "\ud800", "2026-02-29", "2026-11-28", "é" * 3000, "a@b.example"),
    "boolean": (True, False),
    "array": ([], [None], ["x"]),
    "object": ({}, {"kind": "all"}, {"kind": "is", "field": "stage", "op": "is", "values": ["x"]}),
}
STRANGE = (None, [], {}, "x", -1)


def drawn(schema: dict[str, Any], parts: dict[str, Any], chance: random.Random) -> Any:
    """A value of the schema's kind, at its edge, and one time of eight of none."""
    if chance.random() < 0.125:
        return chance.choice(STRANGE)
    if "$ref" in schema:
        schema = parts[schema["$ref"].rsplit("/", 1)[1]]
    if several := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        return drawn(chance.choice(several), parts, chance)
    if "enum" in schema:
        return chance.choice(schema["enum"])
    if properties := schema.get("properties"):
        return {
            name: drawn(one, parts, chance)
            for name, one in properties.items()
            if name in schema.get("required", ()) or chance.random() < 0.7
        }
    kind = schema.get("type", "object")
    if kind == "array" and chance.random() < 0.5:
        return [drawn(schema.get("items", {}), parts, chance)]
    return chance.choice(EDGES.get(kind, STRANGE))


def asked(chance: random.Random) -> Iterator[tuple[str, str, str, dict[str, Any], Any]]:
    """Method, path of the document, the same filled in, query and body (None: none is taken)."""
    document = api.get_openapi_schema()
    parts = document["components"]["schemas"]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for _ in range(ROUNDS if path not in LEFT_OUT else 0):
                filled, query = path, {}
                for one in operation.get("parameters", ()):
                    value = drawn(one["schema"], parts, chance)
                    if one["in"] == "path":
                        kind = one["schema"].get("type")
                        value = (
                            chance.choice((1, 2, 404, 2**63, 10**30)) if kind == "integer" else "x"
                        )
                        filled = filled.replace("{" + one["name"] + "}", str(value))
                    elif one["in"] == "query" and isinstance(value, str | int | float):
                        query[one["name"]] = str(value).replace("\ud800", "\ufffd")
                content = operation.get("requestBody", {}).get("content", {})
                schema = content.get("application/json", {}).get("schema")
                body = drawn(schema, parts, chance) if schema else None
                yield method.upper(), path, filled, query, body


def test_no_operation_fails_at_the_edge_of_what_may_be_sent(
    refreshed_shop: Warehouse, alice_the_admin: Client
) -> None:
    alice_the_admin.raise_request_exception = False
    failed = []

    for method, _, path, query, body in asked(random.Random(7)):
        answer = alice_the_admin.generic(
            method, path, json.dumps(body), "application/json", query_params=query
        )
        refused = answer.status_code == 503 and b'"code"' in answer.content
        if answer.status_code >= 500 and not refused:
            failed.append((method, path, query, body, answer.status_code))

    assert failed == []


def test_a_viewer_s_key_gets_through_nowhere_that_asks_for_more(
    refreshed_shop: Warehouse, bob_the_viewer: Client
) -> None:
    from tests.project.test_role_matrix import NOT_SET, operations

    bob_the_viewer.raise_request_exception = False
    open_to_all = {
        (method, f"/api{path}")
        for path, method, one in operations()
        if one.auth_param is NOT_SET or one.auth_param.action == "view_figures"
    }
    through = []

    for method, path, filled, query, body in asked(random.Random(8)):
        answer = bob_the_viewer.generic(
            method, filled, json.dumps(body), "application/json", query_params=query
        )
        shut = (method, path) not in open_to_all
        if answer.status_code >= 500 or (shut and answer.status_code not in (403, 404)):
            through.append((method, filled, query, body, answer.status_code))

    assert through == []


def test_two_of_a_kind_are_two_and_no_status_with_its_answer(alice_the_admin: Client) -> None:
    _signed_in("dora@example.com", role="viewer")
    for name in ("one", "two"):
        services.issue_api_key("alice@example.com", name=name, scopes=("view_figures",), by="alice")

    assert len(alice_the_admin.get("/api/members").json()) == 2
    assert len(alice_the_admin.get("/api/keys").json()) == 2


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

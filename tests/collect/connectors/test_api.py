"""Imports for programs: who may, what is answered, what a repeated request does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from joren.collect.connectors.tasks import carry_out_waiting

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db(transaction=True)
STRANGE = "だれ,いつ,いくら\n7,2026-10-01,500\n8,2026-10-02,600\n".encode()


def sent(client: Client, content: bytes, headers: dict[str, str] | None = None, **said: str):  # type: ignore[no-untyped-def]
    form = {"kind": "orders", "files": SimpleUploadedFile("log.csv", content), **said}
    return client.post("/api/imports", form, headers=headers or {})


def test_a_file_goes_from_upload_over_a_mapping_to_done(
    alice_the_admin: Client, home: Path
) -> None:
    made = sent(alice_the_admin, STRANGE, hold="true")
    (held,) = made.json()["items"]
    address = f"/api/imports/{held['id']}"
    seen = alice_the_admin.post(f"{address}/preview", {}, "application/json").json()
    columns = {one["name"]: one["column"] for one in seen["choices"] if one["column"]}

    mapping = {"columns": {**columns, "customer_number": "だれ"}}
    begun = alice_the_admin.post(f"{address}/begin", {"mapping": mapping}, "application/json")
    carry_out_waiting.call()

    after = alice_the_admin.get(address).json()
    assert (made.status_code, held["status"], begun.status_code) == (202, "held", 202)
    assert (after["status"], after["accepted"]) == ("done", 2)
    (kept,) = alice_the_admin.get("/api/mappings").json()["items"]
    toml = alice_the_admin.get(f"/api/mappings/{kept['id']}/toml").content.decode()
    assert 'customer_number = "だれ"' in toml
    assert alice_the_admin.delete(f"/api/mappings/{kept['id']}").status_code == 204


def test_a_viewer_cannot_import_but_sees_how_it_goes(
    bob_the_viewer: Client, alice_the_admin: Client, home: Path
) -> None:
    (made,) = sent(alice_the_admin, STRANGE).json()["items"]

    assert sent(bob_the_viewer, STRANGE).status_code == 403
    assert bob_the_viewer.post(f"/api/imports/{made['id']}/cancel").status_code == 403
    assert bob_the_viewer.get("/api/imports?status=open").json()["items"][0]["id"] == made["id"]


def test_one_key_is_one_import(alice_the_admin: Client, home: Path) -> None:
    key = {"Idempotency-Key": "monday"}
    first = sent(alice_the_admin, STRANGE, key).json()["items"]

    again = sent(alice_the_admin, STRANGE, key)
    other = sent(alice_the_admin, STRANGE + b"\n", key)

    assert again.json()["items"][0]["id"] == first[0]["id"]
    assert (other.status_code, other.json()["code"]) == (409, "KeyUsedOtherwise")


def test_what_is_too_large_or_no_file_is_refused_with_a_way_out(
    alice_the_admin: Client, home: Path, settings: SettingsWrapper
) -> None:
    settings.JOREN_UPLOAD_LIMIT = 20

    large = sent(alice_the_admin, STRANGE)
    nothing = alice_the_admin.post("/api/imports", {"kind": "orders"})

    assert (large.status_code, large.json()["code"]) == (413, "UploadTooLarge")
    assert "JOREN_UPLOAD_LIMIT" in large.json()["hint"]
    assert nothing.status_code == 422
    assert alice_the_admin.get("/api/imports").json()["items"] == []


def test_cancelling_twice_is_refused_by_name(alice_the_admin: Client, home: Path) -> None:
    (made,) = sent(alice_the_admin, STRANGE).json()["items"]
    address = f"/api/imports/{made['id']}/cancel"

    first, again = alice_the_admin.post(address), alice_the_admin.post(address)

    assert first.json()["status"] == "cancelled"
    assert (again.status_code, again.json()["code"]) == (409, "TooLateToCancel")

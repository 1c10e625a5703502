"""Who may read what was done."""

from __future__ import annotations

from django.test import Client

from joren.protect.audit import services


def test_only_an_admin_reads_the_book(alice_the_admin: Client, bob_the_viewer: Client) -> None:
    assert alice_the_admin.get("/settings/audit/").status_code == 200
    assert bob_the_viewer.get("/settings/audit/").status_code == 403
    assert bob_the_viewer.get("/api/audit").status_code == 403


def test_the_page_leads_to_earlier_entries(alice_the_admin: Client) -> None:
    for number in range(60):
        services.record("test.done", actor="a", subject_kind="thing", subject_id=number)

    first = alice_the_admin.get("/settings/audit/")
    second = alice_the_admin.get("/settings/audit/", {"after": first.context["entries"].next})

    assert "thing 59" in first.content.decode()
    assert "thing 0<" in second.content.decode()

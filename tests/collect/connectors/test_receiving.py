"""Files over the web: taken in, worked on by a worker, called off, tried again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django_tasks_db.models import DBTaskResult

from joren.collect.connectors import contracts, models, selectors, services, uploads
from joren.collect.connectors.mapping import Mapping
from joren.collect.connectors.tasks import carry_out_waiting

pytestmark = pytest.mark.django_db(transaction=True)

LOG = b"customer,date,amount\n1,2026-10-01,5\n2,2026-10-02,6\n"
STRANGE = "だれ,いつ,いくら\n7,2026-10-01,500\n8,2026-10-02,600\n".encode()
SAID = Mapping(columns={"customer_number": "だれ", "ordered_at": "いつ", "amount": "いくら"})


def received(content: bytes = LOG, name: str = "log.csv", **named: object) -> int:
    sent = SimpleUploadedFile(name, content)
    return services.receive(sent, kind="orders", actor="member:1", **named)  # type: ignore[arg-type]


def test_a_file_waits_for_a_worker_who_takes_it_in(home: Path) -> None:
    number = received()
    before = selectors.import_state(number)

    carry_out_waiting.call()

    after = selectors.import_state(number)
    assert (before.status, before.kept) == ("waiting", True)
    assert (after.status, after.accepted, after.share) == ("done", 2, 1.0)
    assert DBTaskResult.objects.count() == 1
    assert uploads.all_kept() == []


def test_what_is_refused_says_why_and_is_tried_again_with_a_mapping(home: Path) -> None:
    number = received(STRANGE)
    carry_out_waiting.call()
    refused = selectors.import_state(number)

    services.begin(number, actor="member:1", mapping=SAID)
    carry_out_waiting.call()

    assert (refused.status, refused.code, refused.kept) == ("refused", "ColumnsUnknown", True)
    assert refused.hint
    assert selectors.import_state(number).accepted == 2


def test_a_mapping_is_remembered_for_the_next_file_of_its_source(home: Path) -> None:
    received(STRANGE, mapping=SAID)
    carry_out_waiting.call()
    newer = received(STRANGE.replace(b"2026-10-02", b"2026-10-03"))

    carry_out_waiting.call()

    (remembered,) = selectors.mappings()
    found = selectors.import_state(newer)
    assert (found.status, remembered.used) == ("done", 1)
    assert any(f"mapping {remembered.id}" in notice for notice in found.notices)
    services.forget_mapping(remembered.id, actor="member:1")
    assert selectors.mappings() == ()


def test_an_import_is_called_off_before_it_applies(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = received()
    reading = services.receiving._Told.__call__

    def called_off(self: object, phase: str, share: float) -> None:
        if phase == "typing":
            services.cancel(number, actor="member:1")
        reading(self, phase, share)  # type: ignore[arg-type]

    monkeypatch.setattr(services.receiving._Told, "__call__", called_off)
    carry_out_waiting.call()

    found = selectors.import_state(number)
    assert (found.status, found.code, found.accepted) == ("cancelled", "ImportCancelled", 0)
    with pytest.raises(contracts.TooLateToCancel):
        services.cancel(number, actor="member:1")


def test_one_that_waits_is_called_off_at_once_and_nobody_takes_it_up(home: Path) -> None:
    number = received()

    services.cancel(number, actor="member:1")

    assert services.carry_out_waiting() == 0
    assert selectors.import_state(number).status == "cancelled"


def test_the_same_request_again_is_answered_by_the_first_import(home: Path) -> None:
    first = received(request="k#0")

    assert received(request="k#0") == first
    assert received(request="k#1") != first
    with pytest.raises(contracts.KeyUsedOtherwise):
        received(b"customer,date,amount\n", request="k#0")


def test_a_preview_shows_what_rows_become_and_which_cell_is_wrong(home: Path) -> None:
    more = b"9,2026-10-03,700\n9,2026-10-04,800\n9,never,900\n"
    number = received(STRANGE + more, hold=True)

    blind = services.preview(number)
    seen = services.preview(number, chosen=SAID)

    by_values = {one.name: one.column for one in blind.choices if one.because == "values"}
    assert (by_values["ordered_at"], by_values["amount"]) == ("いつ", "いくら")
    assert [row["unit_price"] for row in seen.becomes] == [500, 600, 700, 800]
    assert list(seen.wrong) == [(5, "いつ")]
    assert services.carry_out_waiting() == 0  # held: nobody asked to begin


def test_a_file_that_was_called_off_long_ago_is_removed(home: Path) -> None:
    number = received()
    services.cancel(number, actor="member:1")
    row = models.Import.objects.get(pk=number)
    path = uploads.path_of(row.upload)

    young = services.sweep_uploads()
    models.Import.objects.update(finished_at="2026-01-01T00:00:00Z")
    os.utime(path, (0, 0))
    old = services.sweep_uploads()

    assert (young, old, path.exists()) == (0, 1, False)

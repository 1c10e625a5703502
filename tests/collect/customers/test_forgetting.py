"""An import taken back, whoever was made one with whom it brought: everybody else is as before."""

from __future__ import annotations

from pathlib import Path

import pytest

from joren.collect.customers import models, selectors
from joren.collect.customers.services import (
    forget_people,
    keep_apart,
    merge_customers,
    undo_merge,
)
from joren.collect.inbox.services import add_source, drain, load_events
from joren.core.ids import CustomerId
from joren.plumbing.warehouse import warehouse
from joren.protect.consent import selectors as consents
from joren.protect.consent import services as agreeing
from joren.protect.consent.contracts import Matter
from tests.collect.customers.arriving import everything, keep, keep_as, together

pytestmark = pytest.mark.django_db(transaction=True)

NEWS = Matter("email", "marketing")


@pytest.fixture
def stays(home: Path, tmp_path: Path) -> CustomerId:
    """Whom an earlier import brought."""
    return _one(keep(tmp_path, {"email": "a@x", "prefecture": "北海道"}))


def _one(found: list[int | None]) -> CustomerId:
    (number,) = found
    return CustomerId(number or 0)


def test_whom_a_person_made_one_with_them_is_as_before(stays: CustomerId, tmp_path: Path) -> None:
    before = everything()
    goes = _one(keep_as(810_001, tmp_path, {"customer_number": "2", "postal_code": "1000001"}))
    merge_customers(stays, goes, by="member:1")

    forget_people(810_001)
    forget_people(810_001)  # as after a crash

    assert everything() == before
    assert not models.Merge.objects.exists()


def test_a_merge_that_was_undone_before_is_no_hindrance(stays: CustomerId, tmp_path: Path) -> None:
    before = everything()
    goes = _one(keep_as(810_002, tmp_path, {"customer_number": "2"}))
    undo_merge(merge_customers(stays, goes, by="member:1"), by="member:1")

    forget_people(810_002)

    assert everything() == before
    assert models.Apart.objects.exists()  # it holds when the file comes again


def test_who_was_made_part_of_them_is_by_themselves_again(home: Path, tmp_path: Path) -> None:
    goes = _one(keep_as(810_003, tmp_path, {"customer_number": "2"}))
    stays = _one(keep(tmp_path, {"email": "b@x", "prefecture": "青森県"}))
    third = _one(keep(tmp_path, {"email": "c@x", "prefecture": "岩手県"}))
    before = [row for row in everything()["customers"] if row["id"] != goes]
    merge_customers(third, stays, by="member:1")
    merge_customers(goes, stays, by="member:1")

    forget_people(810_003)

    assert together() == {frozenset({"e:b@x", "e:c@x"})}  # those two were made one without them
    assert selectors.customer(third).id == stays
    assert [{**row, "merged_into_id": None} for row in everything()["customers"]] == before


def test_two_whom_the_same_file_brought_go_with_their_merge(
    stays: CustomerId, tmp_path: Path
) -> None:
    before = everything()
    ids = keep_as(810_004, tmp_path, {"customer_number": "2"}, {"customer_number": "3"})
    keep_as(810_005, tmp_path, {"customer_number": "4"})
    merge_customers(*(CustomerId(one or 0) for one in ids), by="member:1")

    forget_people(810_005)
    assert models.Merge.objects.count() == 1  # it names nobody of that file
    forget_people(810_004)

    assert everything() == before


def test_two_who_are_known_from_live_events_too_stay_and_stay_one(
    stays: CustomerId, tmp_path: Path
) -> None:
    one, other = keep_as(810_006, tmp_path, {"customer_number": "L1"}, {"email": "l1@x.jp"})
    source, _ = add_source("server", kind="server", store="own", user_ids="customer_number")
    said = tmp_path / "events.jsonl"
    said.write_text(
        '{"type":"identify","traits":{"email":"l1@x.jp"},"messageId":"m6"}\n'
        '{"type":"identify","userId":"L1","traits":{"email":"l1@x.jp"},"messageId":"m7"}\n'
    )
    load_events(said, source_id=source.id)
    drain(warehouse())

    forget_people(810_006)

    assert selectors.customer(CustomerId(other or 0)).id == one
    assert len(selectors.identities_of(CustomerId(one or 0))) == 2
    (merge,) = models.Merge.objects.all()
    undo_merge(merge.pk, by="member:1")
    assert selectors.customer(CustomerId(other or 0)).id == other


def test_a_merge_by_live_events_goes_with_whom_they_did_not_meet(
    stays: CustomerId, tmp_path: Path
) -> None:
    goes = _one(keep_as(810_007, tmp_path, {"customer_number": "L1"}))
    known = _one(keep_as(-7, tmp_path, {"line_id": "U1"}))
    merge_customers(known, goes, by="live")

    forget_people(810_007)

    assert selectors.customer(known).id == known
    assert together() == {frozenset({"e:a@x"}), frozenset({"l:U1"})}


def test_what_they_refused_holds_for_whom_they_were_one_with(home: Path, tmp_path: Path) -> None:
    goes = _one(keep_as(810_008, tmp_path, {"customer_number": "2"}))
    stays = _one(keep(tmp_path, {"email": "b@x"}))
    merge_customers(goes, stays, by="member:1")
    agreeing.set_by_hand(stays, NEWS, may=False, reason="said so", by="member:1")

    forget_people(810_008)

    (standing,) = consents.standings_of(stays, [NEWS])
    assert standing.state == "refused"


def test_those_who_were_kept_apart_are_forgotten_like_others(
    stays: CustomerId, tmp_path: Path
) -> None:
    goes = _one(keep_as(810_009, tmp_path, {"customer_number": "2"}))
    keep_apart(stays, goes, by="member:1")

    forget_people(810_009)

    assert not models.Customer.objects.filter(pk=goes).exists()

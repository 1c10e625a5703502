"""The target map beside what is so: one shape, the same places and ways, and words at each line."""

from __future__ import annotations

from django.test import Client

from joren.project.pages import path_drawing
from joren.understand.paths import services
from joren.understand.paths.contracts import PLACES, WAYS, PathTarget
from joren.warehouse import Warehouse

AIM = PathTarget("f1_f2", 0.45, 90)


def test_both_maps_have_every_place_and_way_at_the_same_spot(refreshed_shop: Warehouse) -> None:
    aimed = path_drawing.aimed_at([AIM])

    assert [line.way for line in aimed.lines] == list(WAYS)
    assert len({(box.x, box.y) for box in aimed.boxes}) == len(PLACES)
    assert {line.width for line in aimed.lines if line.way != "f1_f2"} == {None}
    (line,) = [line for line in aimed.lines if line.way == "f1_f2"]
    assert (line.told, line.width) == ("45.0%・90日", 2)
    for box in aimed.boxes:
        assert 0 <= box.x <= aimed.width - path_drawing.WIDE
        assert 0 <= box.y <= aimed.height - path_drawing.HIGH


def test_the_page_draws_what_is_aimed_at_beside_what_is_so(
    alice_the_admin: Client, bob_the_viewer: Client, refreshed_shop: Warehouse
) -> None:
    services.change_targets([AIM], by="alice")

    page = alice_the_admin.get("/cohorts/journey-map/").content.decode()
    looked = bob_the_viewer.get("/cohorts/journey-map/").content.decode()

    assert page.count('class="path-map"') == looked.count('class="path-map"') == 2
    assert page.count("<path class=") == 2 * len(WAYS)
    assert 'href="#aim-f1_f2"' in page
    assert 'id="aim-f1_f2"' in page
    assert 'href="#aim-' not in looked
    assert "初回購入(F1) → 2回目購入(F2): 45.0%・90日" in page

"""Groups of conditions in a rule: as rows of the form, by its buttons, and back."""

from __future__ import annotations

from functools import reduce

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import assume, given
from hypothesis import strategies as st

from joren.decide.segments import selectors
from joren.decide.segments.contracts import All, AtLeast, Bought, Is, Member, Not, Rule
from joren.decide.segments.contracts import Any as Either
from joren.project.pages import rule_rows
from joren.project.pages.rule_changes import changed, targets
from joren.warehouse import Warehouse
from tests.refreshed_homes import CUSTOMERS

REPEAT = Is("orders", "at_least", (2,))


def test_what_rows_cannot_say_has_none() -> None:
    two = Bought("amount", "at_least", (1,), (Is("sku", "is", ("a",)), Is("source", "is", ("b",))))

    deep: Rule = reduce(lambda rule, _: All((Either((rule, REPEAT)),)), range(3), REPEAT)

    for rule in (Not(Not(REPEAT)), All((All(()),)), All((Either((two,)),)), deep):
        assert rule_rows.rows_of(rule, unit=1) is None


_LEAVES = st.sampled_from([REPEAT, Not(REPEAT), Is("orders", "at_most", (9,)), Member(3)])


def _joint(rules: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    some = st.lists(rules, min_size=1, max_size=3).map(tuple)
    made = st.one_of(some.map(All), some.map(Either), some.map(lambda of: AtLeast(len(of), of)))
    return made | made.map(Not)


@given(_joint(_joint(_joint(_LEAVES) | _LEAVES) | _LEAVES))
def test_a_rule_of_groups_is_the_same_after_its_rows_were_sent(rule: Rule) -> None:
    assume((found := rule_rows.rows_of(rule, unit=1)) is not None)
    assert found is not None
    rows, match = found
    sent = QueryDict(mutable=True)
    sent.update({"match": match} if match in ("all", "any") else {"match": "some", "count": match})
    for place, row in enumerate(rows):
        said = {"key": row.key, "op": row.op, "first": row.first, "opposite": row.opposite}
        sent.update({f"r{place}-{name}": value for name, value in said.items()})
        sent[f"r{place}-depth"] = str(row.depth)

    again = rule_rows.rule_of(rule_rows.read(sent), rule_rows.match_of(sent), unit=1)

    assert rule_rows.read(sent) == rows
    assert again in (rule, All((rule,)))


def pressed(sent: dict[str, str], **button: str) -> list[tuple[int, str]]:
    """Depth and condition of each row after that button."""
    query = QueryDict(mutable=True)
    query.update({**sent, **button})
    return [(row.depth, row.key) for row in changed(query).rows]


@pytest.mark.django_db
def test_buttons_change_rows_and_whole_groups() -> None:
    sent = {
        "r0-key": "is:orders", "r1-key": "group", "r2-key": "is:prefecture", "r2-depth": "1",
        "r3-key": "group", "r3-depth": "1", "r4-key": "is:stage", "r4-depth": "2",
        "r5-key": "member",
    }  # fmt: skip
    inner = [(1, "group"), (2, "is:stage")]
    group = [(0, "group"), (1, "is:prefecture"), *inner]

    assert pressed(sent, remove="1") == [(0, "is:orders"), (0, "member")]
    assert pressed(sent, unwrap="1") == [
        (0, "is:orders"), (0, "is:prefecture"), (0, "group"), (1, "is:stage"), (0, "member"),
    ]  # fmt: skip
    assert pressed(sent, wrap="0")[:2] == [(0, "group"), (1, "is:orders")]
    assert pressed(sent, group="1")[1:6] == [*group, (1, "group")]
    assert pressed(sent, group="")[-1] == (0, "group")
    more = {"more": "is:birthday", "more-1": "is:gender", "more-3": "is:rfm_r"}
    assert pressed({**sent, **more}, add="yes") == [
        (0, "is:orders"), *group, (2, "is:rfm_r"), (1, "is:gender"), (0, "member"),
        (0, "is:birthday"),
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_group_of_which_nothing_is_complete_is_left_out_and_not_kept(
    alice_the_admin: Client, refreshed_shop: Warehouse
) -> None:
    sent = {"match": "all", "r0-key": "group", "r0-op": "some", "r0-first": "1",
            "r1-key": "is:orders", "r1-depth": "1", "r1-op": "at_least", "name": "g"}  # fmt: skip

    built = alice_the_admin.post("/segments/build/", sent).content.decode()
    kept = alice_the_admin.post("/segments/new/", {**sent, "save": "yes"}).content.decode()
    empty = {"r0-key": "group", "match": "all", "name": "g", "save": "yes"}
    refused = alice_the_admin.post("/segments/new/", empty)

    assert "入力の途中の条件は" in built
    assert f"{CUSTOMERS}人" in built
    assert "入力の途中の条件は" in kept
    assert refused.status_code == 422
    assert not selectors.segments()


MOVING = {
    "r0-key": "is:orders", "r1-key": "group", "r2-key": "is:prefecture", "r2-depth": "1",
    "r3-key": "group", "r3-depth": "1", "r4-key": "is:stage", "r4-depth": "2", "r5-key": "member",
}  # fmt: skip


def test_a_row_is_moved_into_another_group_and_out_of_all() -> None:
    def moved(place: int, into: str) -> list[tuple[int, str]]:
        return pressed(MOVING, **{f"into-{place}": into})

    as_sent = pressed(MOVING)
    assert moved(0, "1") == [
        (0, "group"), (1, "is:prefecture"), (1, "group"), (2, "is:stage"), (1, "is:orders"),
        (0, "member"),
    ]  # fmt: skip
    assert moved(4, "1") == [
        (0, "is:orders"), (0, "group"), (1, "is:prefecture"), (1, "group"), (1, "is:stage"),
        (0, "member"),
    ]  # fmt: skip
    assert moved(3, "rule")[-2:] == [(0, "group"), (1, "is:stage")]
    for place, into in ((1, "3"), (2, "1"), (0, "rule"), (0, "5"), (0, "x"), (1, "1"), (9, "1")):
        assert moved(place, into) == as_sent


@given(st.data())
def test_a_move_loses_no_row_and_keeps_what_stands_in_it(data: st.DataObject) -> None:
    depth, sent, keys = 0, {}, []
    for place in range(data.draw(st.integers(1, 9))):
        depth = data.draw(st.integers(0, depth))
        key = data.draw(st.sampled_from(["group", "member", "is:orders"]))
        sent |= {f"r{place}-key": key, f"r{place}-depth": str(depth), f"r{place}-first": str(place)}
        keys.append(str(place))
        depth = min(depth + (key == "group"), rule_rows.DEEPEST)
    query = QueryDict(mutable=True)
    query.update(sent)
    rows = rule_rows.read(query)
    place = data.draw(st.integers(0, len(rows) - 1))
    offered = targets(rows, place)
    assume(offered)
    into = data.draw(st.sampled_from(offered))
    block = [row.first for row in rows[place : rule_rows.end_of(rows, place)]]
    query[f"into-{place}"] = "rule" if into is None else str(into)

    now = list(changed(query).rows)

    names = [row.first for row in now]
    at = names.index(block[0])
    assert sorted(names) == sorted(keys)
    assert names[at : at + len(block)] == block
    above = [row for row in now[:at] if row.depth < now[at].depth]
    assert (above[-1].first if above else None) == (None if into is None else str(into))
    assert all(row.depth <= rule_rows.DEEPEST for row in now)


def test_the_page_says_whereto_a_row_can_be_moved(
    alice_the_admin: Client, refreshed_shop: Warehouse
) -> None:
    page = alice_the_admin.post("/segments/build/", MOVING).content.decode()
    saved = alice_the_admin.post("/segments/new/", {**MOVING, "into-0": "1", "move": "0"})

    assert 'name="into-0"' in page
    assert '<option value="3">グループ 2</option>' in page
    assert saved.status_code == 200
    assert 'name="r0-key" value="group"' in saved.content.decode()

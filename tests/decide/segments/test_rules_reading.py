"""A rule is a value; what can never be meant is refused, with its place and a way out."""

from __future__ import annotations

from typing import Any

import pytest

from joren.decide.segments import rules
from joren.decide.segments.contracts import All, Bought, Is, Not, RuleMeaningless, Window
from joren.decide.segments.rules import READY_MADE, Words, read, sentence, written


def is_(field: str, op: str, *values: Any, **more: Any) -> dict[str, Any]:
    return {"kind": "is", "field": field, "op": op, "values": list(values), **more}


def bought(measure: str, op: str, *values: Any, **more: Any) -> dict[str, Any]:
    return {"kind": "bought", "measure": measure, "op": op, "values": list(values), **more}


def both(*rules: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "all", "of": list(rules)}


@pytest.mark.parametrize("one", READY_MADE, ids=lambda one: one.en)
def test_what_joren_brings_is_read_as_it_is_written(one: rules.ReadyMade) -> None:
    assert read(written(one.rule)) == one.rule


@pytest.mark.parametrize("one", READY_MADE, ids=lambda one: one.en)
def test_every_rule_can_be_said_in_both_languages(one: rules.ReadyMade) -> None:
    ja, en = sentence(one.rule, Words("ja")), sentence(one.rule, Words("en"))

    assert ja
    assert en.replace("¥", "").replace("“", "").replace("”", "").isascii()


@pytest.mark.parametrize(
    ("document", "place"),
    [
        (is_("shoe_size", "at_least", 3), ""),
        (is_("stage", "at_least", 3), ""),
        (is_("stage", "is", "gone"), ""),
        (is_("stage", "is"), ""),
        (is_("first_store", "is", "9" * 40), ""),
        (is_("life_stage", "is", 2**63), ""),
        (is_("revenue_past", "at_least", 10**400), ""),
        (is_("revenue_past", "at_least", "much"), ""),
        (is_("revenue_past", "between", 5, 2), ""),
        (is_("revenue_past", "at_least", True), ""),
        (is_("p_alive", "at_least", 40), ""),
        (is_("last_on", "on_or_after", "2026-13-01"), ""),
        (is_("last_on", "in_last_days", -1), ""),
        (is_("birthday", "is", "13-40"), ""),
        (is_("prefecture", "known", "x"), ""),
        (is_("prefecture", "is", " "), ""),
        (is_("prefecture", "is", "東京都", ago=30), ""),
        (bought("orders", "known"), ""),
        (bought("orders", "at_least", 1, window={"last_days": 10, "but_days": 10}), "window"),
        (bought("orders", "at_least", 1, window={"but_days": 10}), "window"),
        (bought("orders", "at_least", 1, window={"start": "2026-02-01", "end": "2026-01-01"}),
         "window"),
        (bought("orders", "at_least", 1, where=[is_("unit_price", "at_least", 1)]), "where.0"),
        (bought("quantity", "at_least", 1, where=[is_("revenue", "known")]), "where.0"),
        (bought("quantity", "at_least", 1, where=[is_("status", "is", "cancelled")]), "where.0"),
        (bought("orders", "at_least", 1, where=[is_("with_points", "is", "yes")]), "where.0"),
        (bought("first_line_on", "at_least", 1), ""),
        (bought("orders", "at_least", 0), ""),
        (bought("orders", "at_most", -1), ""),
        (is_("orders", "at_least", 0), ""),
        (is_("last_on", "in_last_days", 0), ""),
        (both(bought("orders", "at_least", 5), bought("orders", "at_most", 2)), ""),
        (both(is_("last_on", "in_last_days", 30), is_("last_on", "not_in_last_days", 30)), ""),
        (both(is_("first_on", "on_or_after", "2026-02-01"),
              both(is_("first_on", "on_or_before", "2026-01-31"))), ""),
        ({"kind": "any", "of": []}, ""),
        ({"kind": "at_least", "count": 3, "of": [is_("vip", "yes")]}, ""),
        ({"kind": "all", "of": [is_("vip", "yes"), is_("stage", "is", "gone")]}, "of.1"),
        ({"kind": "not", "of": is_("stage", "is", "gone")}, "of"),
        ({"kind": "sometimes"}, ""),
        ("vip", ""),
        (None, ""),
    ],
)  # fmt: skip
def test_what_nobody_can_mean_is_refused(document: Any, place: str) -> None:
    with pytest.raises(RuleMeaningless) as refused:
        read(document)

    assert refused.value.message.startswith(place)
    assert refused.value.hint


@pytest.mark.parametrize(
    "document",
    [
        bought("revenue", "at_least", 0),  # some are below: they sent back more
        both(bought("orders", "at_least", 2), bought("orders", "at_most", 2)),
        both(bought("orders", "at_least", 5), bought("orders", "at_most", 2, where=[
            is_("coupon", "known")])),
        both(is_("last_on", "in_last_days", 31), is_("last_on", "not_in_last_days", 30)),
        is_("orders", "at_most", 0),
    ],
)  # fmt: skip
def test_what_somebody_can_mean_is_read(document: Any) -> None:
    assert written(read(document))["kind"] == document["kind"]


def test_groups_do_not_stand_in_one_another_for_ever() -> None:
    document: dict[str, Any] = is_("vip", "yes")
    for _ in range(40):
        document = {"kind": "not", "of": document}

    with pytest.raises(RuleMeaningless):
        read(document)


def test_a_sentence_says_days_money_choices_and_what_counts() -> None:
    rule = All(
        (
            Is("stage", "is", ("f2", "active")),
            Bought("revenue", "at_least", (10_000,), (Is("category", "is", ("豆",)),),
                   Window(last_days=90)),
            Not(Is("p_alive", "at_most", (0.25,))),
        )
    )  # fmt: skip

    assert sentence(rule, Words("ja")) == (
        "ステージが「F2」または「現役」、かつ直近90日の購入金額の合計が¥10,000以上"
        "(対象: 主なカテゴリが「豆」)、かつ「継続確率が25%以下」ではない"
    )
    assert sentence(rule, Words("en")) == (
        "Stage is “F2” or “Active” and Total revenue is at least ¥10,000 in the last 90 days "
        "(where Main category is “豆”) and not (Probability to be active is at most 25%)"
    )


def test_an_anniversary_is_said_in_both_languages() -> None:
    rule = Is("first_on", "anniversary_in_next_days", (7,))

    assert sentence(rule, Words("ja")) == "初回購入日の記念日(毎年)が今後7日以内"
    assert sentence(rule, Words("en")) == (
        "the anniversary of First purchase is within the next 7 days"
    )


def test_the_language_has_a_schema_and_every_field_says_what_may_be_asked() -> None:
    assert "Bought" in str(rules.schema())
    for field in (*rules.FIELDS.values(), *rules.MEASURES.values()):
        assert rules.OPS[field.type]

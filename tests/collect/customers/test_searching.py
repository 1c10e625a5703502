"""Who is found by which words, on either database, whoever wrote the person there."""

from __future__ import annotations

import pyarrow as pa
import pytest
from django.db import connection

from joren.collect.customers import models, selectors
from joren.collect.customers.selectors.keyring import hashed_key
from joren.collect.customers.services.writing import add_customers, closed
from joren.plumbing.bulk import update_rows

pytestmark = pytest.mark.django_db

TARO, HANAKO, JIRO, SMITH, ITO = 1, 2, 3, 4, 5
PEOPLE = {
    TARO: ("佐藤 太郎", "サトウ タロウ", "taro@example.com", "+819012345678"),
    HANAKO: ("太田 花子", "オオタ ハナコ", "hanako@example.com", "+81312340000"),
    JIRO: ("佐藤　次郎", "ｻﾄｳ ｼﾞﾛｳ", "", ""),
    SMITH: ("John O'Brien", "", "c--1@example.com", ""),
    ITO: ("伊佐藤子", "イサ フジコ", "", ""),
}


@pytest.fixture(autouse=True)
def people(db: None) -> None:
    name, kana, email, phone = zip(*PEOPLE.values(), strict=True)
    add_customers(rows(list(PEOPLE), name, kana, email=email, phone=phone))


def rows(ids: list[int], name: tuple[str, ...], kana: tuple[str, ...], **more: object) -> pa.Table:
    """As ``keep_people`` hands them over."""
    told: dict[str, object] = {"id": ids, "name": name, "name_kana": kana}
    told |= dict.fromkeys(
        ("email", "phone", "postal_code", "prefecture", "gender", "acquisition_source"),
        [""] * len(ids),
    )
    return pa.table({**told, **more})


def found(words: str, *, limit: int = 50) -> list[int]:
    return list(selectors.found(words, limit=limit))


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("太郎", [TARO]),
        ("花子", [HANAKO]),
        ("次", []),
        ("藤太郎", [TARO]),
        ("藤　太", [TARO]),
        ("ジロウ", [JIRO]),
        ("ﾛｳ", [TARO, JIRO]),
        ("はなこ", [HANAKO]),
        ("o'br", [SMITH]),
        ("BRIEN", [SMITH]),
        ("郎太", []),
        ("太郎さとう", []),  # the end of the name and the beginning of the kana
        ("--", []),
        ("c--1", []),
        ("C--1@example.com", [SMITH]),
        ("taro@example", []),  # an e-mail is found whole
        ('"*', []),
        ("佐\0藤太郎", [TARO]),
        ("5678", [TARO]),
        ("090-1234-5678", [TARO]),
        ("存在しない", []),
        (" ", []),
    ],
)
def test_words_find(words: str, ids: list[int]) -> None:
    assert found(words) == ids


def test_whose_name_begins_so_comes_before_who_has_it_inside() -> None:
    assert found("佐藤") == [TARO, JIRO, ITO]
    assert found("太") == [HANAKO]
    assert found("佐藤", limit=2) == [TARO, JIRO]
    assert [one.name for one in selectors.search("佐藤", limit=3)][-1] == "伊佐藤子"


def test_who_was_renamed_is_found_by_the_new_name_alone() -> None:
    update_rows(models.Customer, closed(rows([TARO], ("鈴木 一",), ("スズキ ハジメ",))), key="id")

    assert (found("太郎"), found("タロ"), found("木一"), found("ハジメ")) == ([], [], [1], [1])


def test_who_is_gone_is_not_found_and_who_was_merged_is_found_as_the_other() -> None:
    models.Customer.objects.filter(pk=TARO).update(merged_into_id=JIRO)
    models.Customer.objects.filter(pk=JIRO).update(merged_into_id=SMITH)
    models.Customer.objects.filter(pk=HANAKO).delete()

    assert (found("太郎"), found("花子"), found("佐藤")) == ([SMITH], [], [SMITH, ITO])
    assert (found("taro@example.com"), found("5678")) == ([SMITH], [SMITH])


def test_somebody_is_found_by_every_way_in_which_they_were_ever_known() -> None:
    store = models.Store.objects.create(name="own")
    keys = ("e:old@example.com", f"u:{store.pk}:user-7", "l:U123", f"n:{store.pk}:K9")
    for place, key in enumerate(keys):
        models.Identity.objects.create(id=place, key=hashed_key(key), customer_id=TARO, store=store)

    for words in ("OLD@example.com", "user-7", "U123", "K9"):
        assert found(words) == [TARO]


def test_the_index_knows_nobody_who_is_gone() -> None:
    models.Customer.objects.all().delete()

    assert found("佐藤") == []
    if connection.vendor == "sqlite":
        (token,) = selectors.vault().pairs("太郎", begins=False)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM customers_grams WHERE customers_grams MATCH %s", [token])
            assert cursor.fetchone() is None
            # Refuses where the index and the table say different things.
            cursor.execute(
                "INSERT INTO customers_grams (customers_grams) VALUES ('integrity-check')"
            )


def test_as_many_as_asked_for_are_found_and_no_more() -> None:
    ids = list(range(100, 200))
    many = (("高橋 実",) * 100, ("タカハシ ミノル",) * 100)
    contacts = {"email": [""] * 100, "phone": [""] * 100}
    add_customers(rows(ids, *many, **contacts))

    assert found("高橋", limit=10) == ids[:10] == found("橋実", limit=10)
    assert found("高橋", limit=1000) == ids == found("ミノル", limit=1000)


def test_everybody_is_listed_in_the_order_of_arrival() -> None:
    listed = [one.id for one in selectors.everybody(limit=2)]

    assert listed == [TARO, HANAKO]
    assert [one.id for one in selectors.everybody(limit=9, after=listed[-1])] == [JIRO, SMITH, ITO]

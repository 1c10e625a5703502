"""Contacts lie sealed, open under their own key alone, and another key harms nothing."""

from __future__ import annotations

import base64
from pathlib import Path

import pyarrow as pa
import pytest
from django.conf import settings as configured
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from joren.collect.customers import rules, selectors
from joren.collect.customers.contracts import BadKeys, NoNewKey, WrongKey
from joren.collect.customers.services import rotate_keys, rotating
from joren.core.ids import CustomerId
from joren.project.check import _personal_data, look
from tests.collect.customers.arriving import everything, keep, together

VAULT = rules.Vault({"k2": b"2" * 32, "k1": b"1" * 32}, b"h" * 32)
PEOPLE = [
    {
        "customer_number": "K7",
        "name": "山田 太郎",
        "name_kana": "ヤマダ タロウ",
        "email": "taro@example.com",
        "phone": "+819012345678",
        "postal_code": "100-0001",
    },
    {"line_id": "U123456", "phone": "+81312340000", "name": "鈴木"},
    {"customer_number": "K8"},
]
SECRETS = ("山田", "太郎", "タロウ", "taro@", "12345678", "100-0001", "U123456", "鈴木", "たろう")


@given(st.lists(st.tuples(st.integers(-(2**63), 2**63 - 1), st.text(min_size=1)), max_size=5))
def test_what_is_sealed_opens_and_is_another_text_each_time(rows: list[tuple[int, str]]) -> None:
    ids, texts = [one for one, _ in rows], [text for _, text in rows]

    first, second = VAULT.seal(ids, texts), VAULT.seal(ids, texts)

    assert VAULT.unseal(ids, first) == texts == VAULT.unseal(ids, second)
    assert not set(first) & set(second)


@pytest.mark.parametrize(
    ("vault", "row", "change"),
    [
        (VAULT, 2, str),  # of another row
        (VAULT, 1, lambda text: text[:-8] + "AAAAAAA="),
        (VAULT, 1, lambda text: text[:9]),
        (rules.Vault({"k2": b"3" * 32}, b"h" * 32), 1, str),
        (rules.Vault({"k3": b"2" * 32}, b"h" * 32), 1, str),
    ],
)
def test_nothing_else_opens_it(vault: rules.Vault, row: int, change: object) -> None:
    (sealed,) = VAULT.seal([1], ["山田"])

    with pytest.raises(WrongKey):
        vault.unseal([row], [change(sealed)])  # type: ignore[operator]


@given(st.lists(st.text(st.sampled_from("山田太郎や\x1f "), max_size=4), min_size=1, max_size=4))
def test_a_name_has_the_tokens_of_each_text_inside_of_it(names: list[str]) -> None:
    searchable = rules.searchable_column(pa.array(names, pa.string()))

    rows = VAULT.grams(searchable).to_pylist()

    for name, row in zip(searchable.to_pylist(), rows, strict=True):
        tokens = set(row.split())
        for end in range(len(name) + 1):
            assert set(VAULT.pairs(name[:end], begins=True)) <= tokens
            assert set(VAULT.pairs(name[end:], begins=False)) <= tokens


@pytest.mark.parametrize("text", ["", "k1", "k1:AAAA", "k-1:" + "A" * 43, "k1:!"])
def test_keys_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(BadKeys):
        rules.read_keys(text)


def _all_texts() -> str:
    """Every text of every table of the room."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith("customers_") and not table.startswith("customers_grams"):
                cursor.execute(f"SELECT * FROM {table}")
                found += [str(row) for row in cursor.fetchall()]
    return "\n".join(found)


@pytest.fixture
def people(home: Path, tmp_path: Path, transactional_db: None) -> list[CustomerId]:
    return [CustomerId(one or 0) for one in keep(tmp_path, *PEOPLE)]


def test_the_database_says_nobodys_name_or_contact(people: list[CustomerId]) -> None:
    texts = _all_texts()

    assert "K7" in texts  # a store's number is no contact
    assert [secret for secret in SECRETS if secret in texts] == []
    assert selectors.customer(people[0]).email == "taro@example.com"
    assert selectors.identities_of(people[1])[0].value in ("U123456", "+81312340000")


@pytest.mark.parametrize("keys", [f"tests:{'B' * 43}=", f"other:{'A' * 43}=", "", "nonsense"])
def test_under_another_key_everything_about_people_is_refused_and_nothing_changes(
    people: list[CustomerId], tmp_path: Path, settings: object, keys: str
) -> None:
    before, right = _all_texts(), configured.JOREN_PERSONAL_KEYS
    settings.JOREN_PERSONAL_KEYS = keys  # type: ignore[attr-defined]

    for ask in (
        lambda: selectors.customer(people[0]),
        lambda: selectors.found("山田", limit=5),
        lambda: keep(tmp_path, {"email": "new@example.com"}),
        lambda: rotate_keys(by="test"),
    ):
        with pytest.raises((WrongKey, BadKeys)):
            ask()
    (finding,) = [one for one in look() if one.name == "personal_data"]
    assert (finding.ok, bool(finding.hint)) == (False, True)

    settings.JOREN_PERSONAL_KEYS = right  # type: ignore[attr-defined]
    assert _all_texts() == before
    assert [one.ok for one in _personal_data()] == [True]


def test_a_home_makes_its_key_and_takes_another_one_that_seals_all_anew(
    people: list[CustomerId], home: Path, settings: object
) -> None:
    held = configured.JOREN_PERSONAL_KEYS
    settings.JOREN_PERSONAL_KEYS = ""  # type: ignore[attr-defined]
    (home / "personal-keys").write_text(f"{held}\n")
    (home / "personal-keys").chmod(0o600)
    before, known_by = everything(), together()

    assert rotate_keys(by="alice") == 7  # two with contacts, four hidden keys, the keyring

    counts = selectors.sealed_under()
    assert counts.pop("tests") == counts.pop("") == 0
    assert list(counts.values()) == [7]
    assert (home / "personal-keys").stat().st_mode & 0o077 == 0
    assert together() == known_by
    after = everything()
    for rows in (*before.values(), *after.values()):
        for row in rows:
            row.pop("sealed", None)
    assert after == before
    assert selectors.found("やまだ", limit=5) == [people[0]]


def test_a_rotation_that_was_killed_goes_on_and_makes_no_third_key(
    people: list[CustomerId], settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = base64.urlsafe_b64encode(b"n" * 32).decode()
    old = configured.JOREN_PERSONAL_KEYS
    with pytest.raises(NoNewKey):
        rotate_keys(by="alice")
    settings.JOREN_PERSONAL_KEYS = f"new:{new} {old}"  # type: ignore[attr-defined]
    monkeypatch.setattr(rotating, "_AT_ONCE", 1)

    def dies(done: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate_keys(by="alice", on_progress=dies)
    assert selectors.sealed_under() == {"new": 3, "tests": 4, "": 0}
    assert selectors.customer(people[0]).name == "山田 太郎"
    assert rotate_keys(by="alice") == 4

    settings.JOREN_PERSONAL_KEYS = f"new:{new}"  # type: ignore[attr-defined]
    assert selectors.customer(people[0]).name == "山田 太郎"

"""Names and postal codes as they stand on an envelope."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.decide.exports import rules


@pytest.mark.parametrize(
    ("said", "written"),
    [("山田 花子", "山田 花子 様"), ("山田　花子", "山田 花子 様"), ("山田様", "山田様"),
     ("常連珈琲 御中", "常連珈琲 御中"), ("  ", "")],
)  # fmt: skip
def test_somebody_is_addressed_once(said: str, written: str) -> None:
    assert rules.recipient(said) == written


@pytest.mark.parametrize(
    ("said", "written"),
    [("1500001", "150-0001"), ("〒150-0001", "150-0001"), ("１５０ー０００１", "150-0001"),
     ("150 0001", "150-0001"), ("SW1A 1AA", "SW1A 1AA"), ("", "")],
)  # fmt: skip
def test_a_postal_code_has_one_form(said: str, written: str) -> None:
    assert rules.postal_code(said) == written


@given(st.text())
def test_what_is_fitted_can_be_written_and_what_cannot_is_told(text: str) -> None:
    fitted, missing = rules.fitted(text, "cp932")

    fitted.encode("cp932")
    assert bool(missing) == ("〓" in fitted and "〓" not in text) or "〓" in text
    assert rules.fitted(text, "utf-8")[1] == ""


def test_windows_signs_and_rare_names() -> None:
    assert rules.fitted("髙﨑〜−", "cp932") == ("髙﨑～－", "")
    assert rules.fitted("𠮷田", "cp932") == ("〓田", "𠮷")
    assert rules.harmless("=1+1") == "'=1+1"

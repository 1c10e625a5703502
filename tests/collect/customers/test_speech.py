"""A language in one word, a zone as it is spelled, from whatever files say."""

from __future__ import annotations

import pyarrow as pa
import pytest

from joren.collect.customers.rules import languages, zones


@pytest.mark.parametrize(
    ("text", "language"),
    [("JP", "ja"), ("cn", "zh"), ("yes", ""), ("no", ""), ("N/A", ""), ("fr-CA", "fr"),
     ("ja", "ja"), ("ja-JP", "ja"), ("ja_JP.UTF-8", "ja"), ("ＪＡ", "ja"), ("日本語", "ja"),
     ("English", "en"), (" en-GB ", "en"), ("eng", "en"), ("fr", "fr"), ("zh-Hant-TW", "zh"),
     ("nobody knows", ""), ("?", ""), ("", ""), (None, None)],
)  # fmt: skip
def test_a_language_is_read_from_a_locale_or_its_name(
    text: str | None, language: str | None
) -> None:
    assert languages(pa.chunked_array([pa.array([text], pa.string())])).to_pylist() == [language]


def test_a_zone_is_spelled_as_the_list_of_zones_has_it() -> None:
    said = pa.chunked_array([pa.array(["asia/tokyo", " UTC ", "JST", "", None], pa.string())])

    assert zones(said).to_pylist() == ["Asia/Tokyo", "UTC", "", "", None]


def test_no_rows_have_no_languages() -> None:
    none = pa.chunked_array([], pa.string())

    assert languages(none).to_pylist() == zones(none).to_pylist() == []

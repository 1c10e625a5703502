from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from joren.collect.connectors import contracts
from joren.collect.connectors.conformance import faults_of
from joren.collect.connectors.formats import known
from tests.collect.connectors.test_formats import FILES

GUEST = """
from joren.collect.connectors.formats.shape import Canonical, Fields, Format

def recognises(header):
    return {"Bestellung", "Datum", "Preis"} <= set(header)

def canonical(header):
    columns = Fields(header)
    fields = columns.take(order_number="Bestellung", ordered_at="Datum", unit_price="Preis")
    return Canonical(
        fields | {"quantity": "'1'"}, columns.columns,
        required=("order_number", "ordered_at", "unit_price"), currency="EUR",
    )

FORMAT = Format("kaufladen", recognises, canonical)
NONE = object()
TAKEN = Format("rakuten", recognises, canonical)
GREEDY = Format("kaufladen", lambda header: True, canonical)
"""
EXAMPLE = "Bestellung,Datum,Preis\n1,2026-10-01,9.80\n2,2026-10-02,12.50\n"


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """A package on the path that offers a connector, as pip would leave it there."""

    def installing(entry: str) -> None:
        (tmp_path / "kaufladen.py").write_text(GUEST)
        info = tmp_path / "joren_kaufladen-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            "Metadata-Version: 2.1\nName: joren-kaufladen\nVersion: 1.0\n"
        )
        (info / "entry_points.txt").write_text(f"[joren.connectors]\n{entry}\n")
        monkeypatch.syspath_prepend(str(tmp_path))
        known.formats.cache_clear()

    yield installing
    known.formats.cache_clear()


def test_a_guests_format_is_known_by_its_header(install: Callable[[str], None]) -> None:
    install("kaufladen = kaufladen:FORMAT")

    found = known.format_named("auto", ("Bestellung", "Datum", "Preis"))

    assert found is known.format_named("kaufladen", ())
    assert found.name == "kaufladen"


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("kaufladen = kaufladen:NONE", "no Format"),
        ("kaufladen = kaufladen:ABSENT", "cannot be loaded"),
        ("rakuten = kaufladen:TAKEN", "is taken"),
        ("other = kaufladen:FORMAT", "calls itself"),
    ],
)
def test_what_is_no_connector_is_refused_at_the_door(
    install: Callable[[str], None], entry: str, why: str
) -> None:
    install(entry)

    with pytest.raises(contracts.NoConnector, match=why) as refused:
        known.format_named("auto", ())

    assert "joren-kaufladen" in refused.value.message
    assert "joren-kaufladen" in refused.value.hint


def test_ours_are_entered_like_a_guests() -> None:
    text = (Path(__file__).parents[3] / "pyproject.toml").read_text()
    entries = tomllib.loads(text)["project"]["entry-points"][known.GROUP]

    loaded = {name: EntryPoint(name, value, known.GROUP).load() for name, value in entries.items()}

    assert loaded == {own.name: own for own in known.OURS}


@pytest.mark.parametrize("name", FILES)
def test_ours_conform(tmp_path: Path, name: str) -> None:
    path = tmp_path / "example.csv"
    path.write_text(FILES[name])

    assert faults_of(known.format_named(name, ()), path, tmp_path) == ()


def test_a_guest_conforms_or_is_told_why_not(
    tmp_path: Path, install: Callable[[str], None]
) -> None:
    install("kaufladen = kaufladen:FORMAT")
    path = tmp_path / "example.csv"
    path.write_text(EXAMPLE)
    kaufladen = import_module("kaufladen")

    assert faults_of(kaufladen.FORMAT, path, tmp_path) == ()
    assert faults_of(kaufladen.GREEDY, path, tmp_path) == ("kaufladen takes any table for its own",)
    assert faults_of(kaufladen.NONE, path, tmp_path) == ("it is a object and no Format",)

"""A table that is promised one more column keeps what it held before."""

from __future__ import annotations

from pathlib import Path

import pytest
from deltalake import DeltaTable

from joren.core.tables import TableSpec
from joren.warehouse import Warehouse, open_warehouse
from joren.warehouse.rows import write_rows

BEFORE = TableSpec("things", {"thing": "int64"})
SINCE = TableSpec("things", {"thing": "int64", "colour": "string"})


@pytest.fixture
def house(tmp_path: Path) -> Warehouse:
    return open_warehouse(str(tmp_path / "warehouse"), home=tmp_path, threads=1)


def test_what_older_files_lack_is_null(house: Warehouse) -> None:
    _put(house, BEFORE, {"thing": 1})
    _put(house, SINCE, {"thing": 2, "colour": "red"})

    rows = house.engine.rows(house.facts(SINCE).order_by("thing"))

    assert rows == [{"thing": 1, "colour": None}, {"thing": 2, "colour": "red"}]


def test_other_readers_of_the_table_see_the_column_too(house: Warehouse) -> None:
    _put(house, BEFORE, {"thing": 1})
    _put(house, SINCE, {"thing": 2, "colour": "red"})

    table = DeltaTable(house.lake.folder(SINCE))

    assert [field.name for field in table.schema().fields] == ["thing", "colour"]


def _put(house: Warehouse, spec: TableSpec, row: dict[str, object]) -> None:
    files = write_rows([row], house.scratch, spec)
    house.lake.append(spec, files, key=str(row))

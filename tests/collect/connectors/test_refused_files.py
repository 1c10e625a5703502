"""What is no file of orders: refused at once, in little memory, and nothing of it is in."""

from __future__ import annotations

import gzip
import os
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from joren.collect.connectors import contracts, selectors, services
from joren.collect.connectors.files import stage
from joren.collect.orders import selectors as orders
from joren.core.errors import BadInput
from joren.plumbing.warehouse import warehouse
from joren.warehouse import DuckDB

HEADER = "注文番号,注文日,金額\n"
MEGABYTE = b"x" * 1_000_000


def long_line(path: Path) -> None:
    with path.open("wb") as file:
        file.write(f"{HEADER}A1,2026/10/1,1000\nA2,2026/10/1,".encode())
        for _ in range(100):
            file.write(MEGABYTE)


def long_line_in_cp932(path: Path) -> None:
    with path.open("wb") as file:
        file.write(f"{HEADER}A1,2026/10/1,1000\n".encode("cp932"))
        for _ in range(100):
            file.write(MEGABYTE)


def folder(path: Path) -> None:
    path.mkdir()


def written(content: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(content) and None


REFUSED: dict[str, tuple[Callable[[Path], None], type[BadInput]]] = {
    "a line of 100 MB": (long_line, contracts.LineTooLong),
    "a line of 100 MB in CP932": (long_line_in_cp932, contracts.LineTooLong),
    "a directory": (folder, contracts.NotAFile),
    "a pipe": (os.mkfifo, contracts.NotAFile),
    "a picture": (written(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 99), contracts.FileBinary),
    "nothing": (written(b""), contracts.FileEmpty),
    "nothing, packed": (written(gzip.compress(b"")), contracts.FileEmpty),
    "only a header": (written(HEADER.encode()), contracts.FileEmpty),
    "half a gzip": (
        written(gzip.compress((HEADER + "A1,2026/10/1,1000\n" * 99).encode())[:-9]),
        contracts.FileTruncated,
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_at_once_and_in_little_memory(
    engine: DuckDB, tmp_path: Path, what: str
) -> None:
    make, error = REFUSED[what]
    path = tmp_path / "orders.csv"
    make(path)
    began = time.process_time()
    tracemalloc.start()

    with pytest.raises(error) as refused:
        stage(engine, path, tmp_path / "work")

    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refused.value.hint
    assert time.process_time() - began < 2
    assert most < 30_000_000


@pytest.mark.django_db(transaction=True)
def test_nothing_of_a_refused_file_is_in(home: Path, tmp_path: Path) -> None:
    for number, (make, error) in enumerate(REFUSED.values()):
        path = tmp_path / f"{number}.csv"
        make(path)
        with pytest.raises(error):
            services.import_file(path, kind="orders")

    house = warehouse()
    assert house.engine.rows(orders.orders(house)) == []
    assert {one.status for one in selectors.imports().items} == {"refused"}
    assert len(selectors.imports().items) == len(REFUSED)
    assert not list(house.scratch.glob("*import*"))

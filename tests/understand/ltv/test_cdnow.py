"""The public CDNOW log through the whole room: the papers' parameters come out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from joren.science.clv import choosing
from joren.understand.ltv.services import begin_values, conclude_values
from tests.absence import absent
from tests.understand.ltv.facts import Shop, order

END = date(1997, 9, 30)


@pytest.fixture(autouse=True)
def no_choosing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The papers' models stand, whichever this log's own past would choose."""
    monkeypatch.setattr(choosing, "ENOUGH", 99)


def cdnow(data_dir: Path, name: str, customer_column: int, folder: Path) -> Shop:
    """The log as bare orders in cents."""
    path = data_dir / name
    if not path.exists():
        absent(str(path), hint="set JOREN_DATA to the folder of the order logs")
    return Shop(folder, orders=list(_orders(path, customer_column)))


def _orders(path: Path, column: int) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(path.read_text().splitlines()):
        parts = line.split()
        if parts[0].isdigit():
            day = datetime.strptime(parts[column + 1], "%Y%m%d").replace(tzinfo=UTC).date()
            cents = round(float(parts[column + 3]) * 100)
            yield order(number, int(parts[column]), day.isoformat(), cents, currency="USD")


def models(shop: Shop) -> dict[str, dict[str, Any]]:
    warehouse = shop.open()
    with warehouse.engine.session() as holding:
        _, documents = conclude_values(
            begin_values(shop.gathered(warehouse, holding, END.isoformat()))
        )
    return {model["name"]: model for model in documents["value"]["prediction"]["models"]}


def test_the_sample_gives_the_papers_parameters(data_dir: Path, tmp_path: Path) -> None:
    found = models(cdnow(data_dir, "CDNOW_sample.txt", 1, tmp_path))

    orders = found["BG/NBD"]["parameters"]
    weeks = (orders["r"], orders["alpha"] / 7, orders["a"], orders["b"])
    assert weeks == pytest.approx((0.2425945, 4.4136019, 0.7929199, 2.4258881), rel=2e-4)
    spend = found["Gamma-Gamma"]["parameters"]
    cents = (spend["p"], spend["q"], spend["v"] / 100)
    assert cents == pytest.approx((6.249349, 3.744256, 15.444307), rel=2e-4)
    assert found["Gamma-Gamma"]["n"] == 946


def test_the_full_log_gives_the_known_parameters(data_dir: Path, tmp_path: Path) -> None:
    found = models(cdnow(data_dir, "CDNOW_master.txt", 0, tmp_path))

    orders = found["BG/NBD"]["parameters"]
    weeks = (orders["r"], orders["alpha"] / 7, orders["a"], orders["b"])
    assert weeks == pytest.approx((0.25162, 4.78894, 0.72343, 2.16108), rel=1e-4)
    assert found["BG/NBD"]["n"] == 23_570

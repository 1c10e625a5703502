"""What takes minutes: ``pytest tests/project/spark/long.py``, by hand and not at every change."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from joren.plumbing.warehouse import warehouse
from tests.absence import absent
from tests.project.refreshing import refreshed
from tests.project.spark import shops, test_refresh
from tests.project.spark.cluster import Cluster
from tests.project.spark.comparing import differences, insights
from tests.project.spark.test_refresh import cluster
from tests.understand.ltv.facts import Shop, written
from tests.understand.ltv.test_online_retail import orders_of

__all__ = ["cluster"]
pytestmark = test_refresh.pytestmark


def test_all_of_cdnow_comes_out_alike(
    home: Path,
    data_dir: Path,
    cluster: Cluster,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(test_refresh, "LOG", ("CDNOW_master.txt", 0))
    test_refresh.test_a_hundred_thousand_come_out_alike_though_a_worker_is_killed(
        home, data_dir, cluster, settings
    )


def test_online_retail_comes_out_alike(
    home: Path, data_dir: Path, cluster: Cluster, settings: Settings
) -> None:
    path = data_dir / "online_retail_II_full_dedup.parquet"
    if not path.exists():
        absent(str(path), hint="set JOREN_DATA to the folder of the order logs")
    house = warehouse()
    written(house, Shop(home, orders=orders_of(path)))
    alone = insights(house, refreshed().snapshot_id)
    settings.JOREN_ENGINE, settings.JOREN_SPARK = "spark", cluster.address

    together = insights(house, refreshed().snapshot_id)

    assert alone.tables["customer_values"].num_rows == 5_878
    assert not differences(alone, together)


def test_a_connect_server_concludes_the_same(
    home: Path, cluster: Cluster, settings: Settings
) -> None:
    house = warehouse()
    written(house, shops.a_mixed_shop(home, customers=250))
    alone = insights(house, refreshed().snapshot_id)
    settings.JOREN_ENGINE, settings.JOREN_SPARK = "spark", cluster.serve()

    together = insights(house, refreshed().snapshot_id)

    assert alone.tables["customer_values"].num_rows
    assert not differences(alone, together)
    assert not (house.lake.root / ".drafts").exists()

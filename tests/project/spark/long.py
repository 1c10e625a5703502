"""What takes minutes: ``pytest tests/project/spark/long.py``, by hand and not at every change."""

from __future__ import annotations

from pathlib import Path
from threading import Timer

import pytest
from pytest_django.fixtures import Settings

from bench.generated_lake import write_orders
from joren.plumbing.warehouse import warehouse
from tests.absence import absent
from tests.project.refreshing import refreshed
from tests.project.spark import shops, test_refresh
from tests.project.spark.cluster import Cluster, lacking, running
from tests.project.spark.comparing import differences, insights
from tests.project.spark.test_refresh import cluster
from tests.understand.ltv.facts import Shop, written
from tests.understand.ltv.test_online_retail import orders_of

__all__ = ["cluster"]
pytestmark = test_refresh.pytestmark
TRANSLATED = """\
spark.sql.adaptive.enabled false
spark.sql.shuffle.partitions 1"""
"""Of half a million orders a question is answered sooner once it is a program, and what two workers
have counted is put together sooner in one piece."""


def test_all_of_cdnow_comes_out_alike(
    home: Path,
    data_dir: Path,
    cluster: Cluster,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(test_refresh, "LOG", ("CDNOW_master.txt", 0))
    test_refresh.test_all_comes_out_alike_though_a_worker_is_killed(
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


def test_a_hundred_thousand_customers_come_out_alike_though_a_worker_is_killed(
    home: Path, tmp_path: Path, settings: Settings
) -> None:
    if lack := lacking():
        absent(lack, hint="make spark, and a Java of 17 or newer")
    house = warehouse()
    write_orders(house, 100_000)
    alone = insights(house, refreshed().snapshot_id)
    settings.JOREN_ENGINE = "spark"

    with running(tmp_path / "cluster", more=TRANSLATED) as cluster:
        settings.JOREN_SPARK = cluster.address

        def kill_soon(step: str, _share: float) -> None:
            if step == "values":
                Timer(15, cluster.kill_a_worker).start()

        together = insights(house, refreshed(on_progress=kill_soon).snapshot_id)
        assert len(cluster.workers) == 1

    assert alone.tables["customer_values"].num_rows > 99_000
    assert alone.figures["ltv", "contracts"]["model"]
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

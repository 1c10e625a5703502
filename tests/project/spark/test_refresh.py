"""What one machine concludes, a cluster concludes: also when it loses a worker in the middle."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Timer

import pytest
from pytest_django.fixtures import Settings

import joren
from joren.collect.inbox.contracts import EVENTS
from joren.plumbing.warehouse import warehouse
from joren.understand.ltv.contracts import CUSTOMER_VALUES
from joren.understand.ranks import selectors as ranks
from joren.warehouse.rows import write_rows
from joren.warehouse.store import NoSpark
from tests.absence import absent
from tests.project.refreshing import refreshed
from tests.project.spark import shops
from tests.project.spark.cluster import Cluster, lacking, running
from tests.project.spark.comparing import differences, insights
from tests.understand.ltv.facts import written
from tests.understand.ltv.test_cdnow import cdnow

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.timeout(1800)]
LOG = ("CDNOW_sample.txt", 1)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    if lack := lacking():
        absent(lack, hint="make spark, and a Java of 17 or newer")
    with running(tmp_path_factory.mktemp("spark") / "cluster") as found:
        yield found


def test_all_comes_out_alike_though_a_worker_is_killed(
    home: Path, data_dir: Path, cluster: Cluster, settings: Settings
) -> None:
    house, day = warehouse(), shops.CLOSED
    log = cdnow(data_dir, *LOG, home)
    contracts = shops.with_contracts(home, customers=300)
    written(
        house, shops.beside(log, shops.beside(contracts, shops.a_mixed_shop(home, customers=250)))
    )
    house.lake.append(EVENTS, write_rows(shops.words_of(contracts), house.scratch, EVENTS), key="w")
    refreshed(as_of=day - timedelta(days=90))  # so that there is something to have moved from
    alone = insights(house, refreshed(as_of=day).snapshot_id)
    settings.JOREN_ENGINE, settings.JOREN_SPARK = "spark", cluster.address

    def kill_soon(step: str, _share: float) -> None:
        if step == "values":
            Timer(1, cluster.kill_a_worker).start()

    together = insights(house, refreshed(as_of=day, on_progress=kill_soon).snapshot_id)

    assert len(cluster.workers) == 1
    assert alone.figures["ltv", "value"]["conversions"]
    assert alone.figures["ltv", "contracts"]["model"]
    assert alone.figures["ranks", ranks.REPORT]["movement"]
    assert not differences(alone, together)
    assert not (house.lake.root / ".drafts").exists()


def test_workers_of_another_version_are_refused(
    home: Path, cluster: Cluster, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from joren.warehouse.engines.spark import WorkersUnfit

    house = warehouse()
    written(house, shops.a_mixed_shop(home, customers=5))
    # By a thread of this machine: to start executors for it would take much longer.
    settings.JOREN_ENGINE, settings.JOREN_SPARK = "spark", "local[1]"
    monkeypatch.setattr(joren, "__version__", "99")

    with pytest.raises(WorkersUnfit, match="this is 99"):
        refreshed()

    assert not house.lake.exists(CUSTOMER_VALUES)


def test_without_a_cluster_nothing_is_written(home: Path, settings: Settings) -> None:
    if lack := lacking():
        absent(lack, hint="make spark, and a Java of 17 or newer")
    from joren.warehouse.engines.spark import SparkAbsent

    house = warehouse()
    written(house, shops.a_mixed_shop(home, customers=5))
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.JOREN_ENGINE = "spark"
        settings.JOREN_SPARK = f"spark://127.0.0.1:{nobody.getsockname()[1]}"

        with pytest.raises(SparkAbsent, match="where nobody answers"):
            refreshed()

    assert not house.lake.exists(CUSTOMER_VALUES)


def test_without_pyspark_it_says_what_to_install(
    home: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "joren.warehouse.engines.spark", raising=False)
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)  # type: ignore[arg-type]  # not found
    settings.JOREN_ENGINE, settings.JOREN_SPARK = "spark", "local[2]"

    with pytest.raises(NoSpark, match="pyspark is not installed") as refused:
        refreshed()

    assert "joren[spark]" in refused.value.hint

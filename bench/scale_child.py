"""What ``scale`` does in processes of their own: write a lake, refresh it, compare snapshots."""

from __future__ import annotations

import os
import pickle
import resource
import sys
from pathlib import Path

import django


def main(verb: str, *words: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "joren.project.settings")
    django.setup()
    {"write": _write, "refresh": _refresh, "keep": _keep, "compare": _compare}[verb](*words)


def _write(customers: str) -> None:
    from django.core.management import call_command

    from bench.generated_lake import write_orders, write_people
    from joren.collect.orders.contracts import ORDERS
    from joren.plumbing.warehouse import warehouse

    call_command("migrate", verbosity=0)
    house = warehouse()
    write_people(house, int(customers))
    orders = write_orders(house, int(customers))
    bytes_ = sum(Path(file).stat().st_size for file in house.lake.files(ORDERS))
    print(f"  {orders:,} orders of {int(customers):,} customers, {bytes_ / orders:.0f} bytes each")
    (Path(house.home) / "written").touch()


def _refresh() -> None:
    from joren.project.refresh import refresh

    report = refresh(on_progress=_tell)
    steps = ", ".join(f"{name} {seconds:.1f}" for name, seconds in report.steps.items())
    print(f"  {report.customers:,} customers, {report.orders:,} orders; seconds: {steps}")
    if driver := _of_children():
        print(f"  driver's JVM: {driver:.1f} s CPU, of which the line above knows nothing")


def _tell(step: str, _share: float) -> None:
    """As it goes, for a refresh of hours: where it is, and what it has cost so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent, most = used.ru_utime + used.ru_stime, used.ru_maxrss / 2**20
    print(
        f"    {step}: so far {spent:.0f} s CPU, at most {most:.2f} GB", file=sys.stderr, flush=True
    )


def _of_children() -> float:
    """Processor seconds of what this process started and has not waited for."""
    ticks = 0
    for task in Path("/proc/self/task").glob("*/children"):
        for child in task.read_text().split():
            fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _keep(engine: str) -> None:
    """Apart from the refresh, whose memory is measured; the next one of the day replaces it."""
    from django.conf import settings

    from joren.plumbing.warehouse import warehouse
    from tests.project.spark.comparing import insights

    house = warehouse()
    found = insights(house, house.snapshots.all()[-1].id)
    (settings.JOREN_HOME / f"insights-{engine}").write_bytes(pickle.dumps(found))


def _compare() -> None:
    from django.conf import settings

    from tests.project.spark.comparing import differences

    one, other = (
        pickle.loads((settings.JOREN_HOME / f"insights-{engine}").read_bytes())  # noqa: S301 (ours)
        for engine in ("duckdb", "spark")
    )
    found = differences(one, other)
    print("\n".join(f"  differs: {line}" for line in found) or "  all insights are alike")


if __name__ == "__main__":
    main(*sys.argv[1:])

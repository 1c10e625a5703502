"""The works that are killed: each kind of import, a newer version, a retry, an undo, refreshes.

On SQLite also a backup and a restore: PostgreSQL's is pg_restore's own transaction."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from joren.accounts.services import change_business
from joren.collect.connectors.contracts import Kind
from joren.collect.connectors.models import Import, QuarantinedRow
from joren.collect.connectors.services import import_file, retry_quarantine, undo_import
from joren.project import keeping, starting, swapping
from joren.project.refresh import refresh

CUSTOMERS = 40
LAST_DAY = date(2026, 6, 30)
LATEST = "latest_orders.csv"
_ORDERS = "order_id,date,store,customer_number,email,name,phone,sku,quantity,price,status"


def opened() -> None:
    """A business without anything yet."""
    call_command("migrate", verbosity=0, interactive=False)
    change_business(name="常連珈琲", time_zone="Asia/Tokyo", currency="JPY")


def start() -> None:
    """What every start of joren does first."""
    swapping.finish(settings.JOREN_HOME)
    starting.finish_promised()


def all_in_order(folder: Path) -> list[tuple[str, Callable[[], Any]]]:
    """Each with its name, in an order in which each has something to do."""
    files = _written(folder / "files")

    def bring(name: str, kind: Kind) -> tuple[str, Callable[[], Any]]:
        return f"import {name}", partial(_imported, files / name, kind)

    return [
        bring("products.csv", "products"),
        bring("customers.csv", "customers"),
        bring("orders.csv", "orders"),
        ("refresh", _refreshed),
        bring("newer_orders.csv", "orders"),
        ("retry", _retried),
        bring("refunds.csv", "refunds"),
        bring("ad_spend.csv", "ad_spend"),
        ("refresh", _refreshed),
        bring(LATEST, "orders"),
        ("undo", _undone),
        *(_kept_and_restored(folder / "kept.tar", bring) if connection.vendor == "sqlite" else ()),
    ]


def _kept_and_restored(
    file: Path, bring: Callable[[str, Kind], tuple[str, Callable[[], Any]]]
) -> list[tuple[str, Callable[[], Any]]]:
    return [
        ("backup", lambda: keeping.backup(file).files),
        bring(LATEST, "orders"),
        ("restore", lambda: keeping.restore(file, replace=True).files),
    ]


def _imported(file: Path, kind: Kind) -> int:
    return import_file(file, kind=kind).read


def _retried() -> int:
    """Of one file: rows of several files come in by as many imports, each of them whole."""
    waiting = list(
        QuarantinedRow.objects.filter(
            state="waiting", column="price", source__file_name="orders.csv"
        )
    )
    reports = retry_quarantine(
        [row.pk for row in waiting], repairs={row.pk: {"price": "900"} for row in waiting}
    )
    return len(reports)


def _undone() -> int:
    """Orders return to their words of before, those it made one are two, and who is new is gone."""
    came = Import.objects.filter(file_name=LATEST).exclude(status="failed").latest("pk")
    undo_import(came.pk, actor="somebody")
    return came.pk


def _refreshed() -> int:
    return refresh(as_of=LAST_DAY).orders


def _written(folder: Path) -> Path:
    folder.mkdir()
    chance = random.Random(7)
    orders = list(_orders(chance))
    _write(folder / "orders.csv", _ORDERS, [*orders, *_bad_rows()])
    _write(folder / "newer_orders.csv", _ORDERS, _newer(orders))
    _write(folder / LATEST, _ORDERS, _latest(orders))
    _write(
        folder / "products.csv",
        "sku,name,category,price,cost",
        [f"s{number},豆 {number},coffee,{900 + number},{300 + number}" for number in range(5)],
    )
    _write(
        folder / "customers.csv",
        "customer_number,name,email,phone,prefecture,store",
        [f"K{number},{_person(number)},東京都,{_store(number)}" for number in range(CUSTOMERS)],
    )
    _write(
        folder / "refunds.csv",
        "order_number,store,refunded_at,amount,reason",
        [f"A{number},{_store(number // 5)},2026-06-01,300,broken" for number in range(0, 60, 7)],
    )
    _write(
        folder / "ad_spend.csv",
        "date,source,medium,spend",
        [f"2026-0{month}-01,google,cpc,{1000 * month}" for month in range(1, 7)],
    )
    return folder


def _orders(chance: random.Random) -> Iterable[str]:
    """Five orders of each customer, of two stores."""
    for number in range(CUSTOMERS * 5):
        who = number // 5
        day = LAST_DAY - timedelta(days=chance.randrange(300))
        name, email, phone = _person(who).split(",")
        yield (
            f"A{number},{day},{_store(who)},K{who},{email},{name},{phone},"
            f"s{chance.randrange(5)},{chance.randrange(1, 4)},{chance.randrange(500, 3000)},paid"
        )


def _bad_rows() -> list[str]:
    return [
        "B1,2026-05-01,own,K1,,,,s1,1,much,paid",
        "B2,2026-05-01,mall,K2,,,,s1,1,more,paid",
        "B3,someday,own,K3,,,,s1,1,900,paid",
    ]


def _newer(orders: Sequence[str]) -> list[str]:
    """Some are cancelled, some are new, and two customers prove to be one."""
    cancelled = [row.replace(",paid", ",cancelled") for row in orders[::9]]
    own, mall = (_person(who).split(",")[1] for who in (0, 2))
    return [
        *cancelled,
        "C1,2026-06-29,own,K90,new@example.com,新 客,,s1,1,800,paid",
        f"C2,2026-06-29,own,K0,{mall},,,s1,1,800,paid",
        f"C3,2026-06-29,own,K91,{own},,,s1,1,what,paid",
    ]


def _latest(orders: Sequence[str]) -> list[str]:
    """Some were sent, some are new, a row is bad, and two other customers prove to be one."""
    email = _person(7).split(",")[1]
    return [
        *(row.replace(",paid", ",completed") for row in orders[1::7]),
        "D1,2026-06-30,own,K92,newest@example.com,新 客二,,s2,1,700,paid",
        f"D2,2026-06-30,own,K3,{email},,,s2,1,700,paid",
        "D3,2026-06-30,own,K93,,,,s2,1,soon,paid",
    ]


def _person(number: int) -> str:
    return f"客 {number},p{number}@example.com,0901234{number:04d}"


def _store(number: int) -> str:
    return "mall" if number % 3 == 1 else "own"


def _write(path: Path, header: str, rows: Iterable[str]) -> None:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")

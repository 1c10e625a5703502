"""The demo shop from nothing: its files, the ordinary importer, mails, refreshes, one sign-in.

Running it again imports the same files, which changes nothing, and keeps the sign-in.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings

from joren.accounts import selectors as accounts
from joren.accounts import services as members
from joren.accounts.contracts import NoSuchMember
from joren.collect.connectors.contracts import Kind
from joren.collect.connectors.services import import_file
from joren.collect.orders.contracts import ORDERS
from joren.core.errors import Refused
from joren.decide.segments import selectors as segments
from joren.decide.segments import services as dividing
from joren.plumbing.warehouse import warehouse
from joren.project.demo import mailing
from joren.project.demo.mailings import MAILINGS
from joren.project.refresh import refresh
from joren.project.simulation import simulate_shop
from joren.protect.consent.services import import_consents

FILES: Final = "demo-files"  # in the home
NAME: Final = "常連珈琲"
ZONE: Final = "Asia/Tokyo"
EMAIL: Final = "owner@joren.example"
SEED: Final = 1
MONTH: Final = timedelta(days=30)

# Who the customers are and what things cost come before the orders that speak of them.
IMPORTS: Final[tuple[tuple[str, Kind, str | None], ...]] = (
    ("products.csv", "products", "own"),
    ("customers.csv", "customers", "own"),
    ("orders_own_shop.csv", "orders", "own"),
    ("orders_rakuten.csv", "orders", "rakuten"),
    ("ad_spend.csv", "ad_spend", None),
    ("refunds.csv", "refunds", None),  # of both stores: a column says which
)

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Made:
    """How to sign in to the demo shop."""

    email: str
    password: str


def build(*, customers: int, on_progress: Progress) -> Made:
    """Simulate, import, refresh; returns the sign-in."""
    _refuse_a_real_shop()
    members.change_business(name=NAME, time_zone=ZONE, currency="JPY", simulated=True)
    on_progress("simulate", 0.0)
    files = _files()
    today = _simulate(customers, files, on_progress)
    for place, (name, kind, store) in enumerate(IMPORTS):
        on_progress(f"import {name}", 0.1 + 0.4 * place / len(IMPORTS))
        import_file(files / name, kind=kind, store=store)
    import_consents(files / "consents.csv", zone=ZONE, by=EMAIL)
    _add_ready_segments()
    # What a mail was to do was decided from what was known then.
    _refresh(today - timedelta(days=mailing.LAST_DAYS), on_progress, since=0.5)
    mailing.say_prices(by=EMAIL)
    for one in MAILINGS:
        on_progress(f"mail: {one.name}", 0.65)
        mailing.mail(one, files=files, as_of=today, seed=SEED, by=EMAIL)
    # The month before comes first, so that pages show what moved.
    _refresh(today - MONTH, on_progress, since=0.7)
    _refresh(today, on_progress, since=0.85)
    return _sign_in()


def _add_ready_segments() -> None:
    there = {one.name for one in segments.segments()}
    for one in segments.READY_MADE:
        if one.ja not in there:
            dividing.create(one.ja, one.rule, by=EMAIL, note=one.ja_use)


def _refresh(day: date, on_progress: Progress, *, since: float) -> None:
    refresh(
        as_of=day,
        on_progress=lambda step, share: on_progress(f"refresh: {step}", since + 0.15 * share),
    )


def _refuse_a_real_shop() -> None:
    house = warehouse()
    if house.lake.files(ORDERS) and not accounts.business().simulated:
        raise Refused(
            f"{settings.JOREN_HOME} holds a real shop's orders",
            hint="unset JOREN_HOME: the demo then lives in demo/home",
        )


def _files() -> Path:
    """Where the files of the shop lie; a demo of before has them beside its home."""
    home = Path(settings.JOREN_HOME)
    files, before = home / FILES, home.parent / "files"
    if not files.exists() and warehouse().lake.files(ORDERS):
        if not (before / "truth.json").exists():
            raise Refused(
                f"the files that the demo shop in {home} was made of are gone",
                hint=f"remove {home}, then run it again",
            )
        shutil.move(before, files)
    return files


def _simulate(customers: int, files: Path, on_progress: Progress) -> date:
    """Write the files, unless they are there; returns the day that the shop's history ends with."""
    kept = files / "truth.json"
    if kept.exists():
        truth = json.loads(kept.read_text(encoding="utf-8"))
        if (made := truth["customers"]) != customers:
            raise Refused(
                f"the demo shop in {files} has {made:,} customers, {customers:,} were asked",
                hint=f"remove {settings.JOREN_HOME}, then run it again",
            )
        return date.fromisoformat(truth["as_of"])
    return simulate_shop(
        customers=customers,
        seed=SEED,
        out=files,
        on_progress=lambda some, whole: on_progress("simulate", 0.2 * some / whole),
    ).as_of


def _sign_in() -> Made:
    """The one there is, or a new one; its password is kept for this user of the machine alone."""
    kept = Path(settings.JOREN_HOME) / "demo-sign-in"
    if kept.exists():
        made = Made(EMAIL, kept.read_text().strip())
    else:
        made = Made(EMAIL, secrets.token_urlsafe(12))
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT, 0o600), "w") as out:
            out.write(made.password)
    try:
        accounts.member(EMAIL)
    except NoSuchMember:
        members.add_member(EMAIL, role="admin", password=made.password, name="店長")
    return made

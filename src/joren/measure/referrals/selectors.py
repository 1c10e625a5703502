"""Questions about word of mouth: who was referred, and what they are worth."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joren.collect.customers import selectors as customers
from joren.collect.customers.contracts import TRAITS
from joren.decide.segments.contracts import PURCHASED
from joren.measure.referrals import models, rules
from joren.measure.referrals.contracts import (
    FEWEST,
    NOBODY_REFERRED,
    YEAR,
    ReferralGroup,
    ReferralReport,
    Referrer,
    ReferrerDecile,
)
from joren.plumbing.bulk import columns_of
from joren.plumbing.warehouse import warehouse
from joren.science.inference import Spend, Sums, permutation, wants_permutation
from joren.understand.ltv.contracts import CUSTOMER_VALUES
from joren.understand.ranks.contracts import CUSTOMER_RANKS
from joren.warehouse import Holding, Snapshot
from joren.warehouse.sums import number_of, square_total, total

_READ: Final = (CUSTOMER_VALUES, PURCHASED, TRAITS, CUSTOMER_RANKS)
_SEED: Final = 20_261_130
_MANY = ("n", "matured", "again", "predicted", "ahead", "money", "squares")


@dataclass(frozen=True)
class _Said:
    """What the database knows of who brought whom: see `_codes` and `_pairs`."""

    codes: pa.Table
    pairs: pa.Table

    def digest(self) -> bytes:
        """Another wherever a code, a pair, or who one of them is by now, is another."""
        written = pa.BufferOutputStream()
        for table in (self.codes, self.pairs):
            with pa.ipc.new_stream(written, table.schema) as stream:
                stream.write_table(table)
        return hashlib.sha256(written.getvalue()).digest()


@dataclass(frozen=True)
class _Scene:
    """The tables of one snapshot, and who of its customers was brought by whom."""

    referred: ir.Table  # customer_id, referrer_id (null: nobody knows)
    values: ir.Table
    year: ir.Table  # customer_id, money: of those who have been here for a year
    snapshot: Snapshot


def report(snapshot: Snapshot) -> ReferralReport:
    """Everything by one snapshot: how many, who brings them, and what they are worth."""
    said = _Said(_codes(), _pairs())
    return warehouse().snapshots.once(
        snapshot.id, _READ, ("referrals", said.digest()), lambda: _report(snapshot, said)
    )


def _report(snapshot: Snapshot, said: _Said) -> ReferralReport:
    house = warehouse()
    with house.engine.session() as holding:
        scene = _scene(holding, snapshot, said)
        teller = rules.Teller(
            str(snapshot.settings.get("currency") or ""), snapshot.as_of.isoformat()
        )
        each = holding.hold(_since_the_first(scene))
        sums = {bool(row["brought"]): row for row in house.engine.rows(_beside(each))}
        there, missing = sums.get(True, {}), sums.get(False, {})
        p = _dealt_anew(each, _spend(there), _spend(missing))
        (new,) = house.engine.rows(_new(scene))
        deciles = [
            ReferrerDecile(
                row["decile"], row["customers"], row["referrers"], row["referred"],
                100 * row["referred"] / row["customers"], row["brought"],
            )
            for row in house.engine.rows(_by_decile(scene).order_by("decile"))
        ]  # fmt: skip
        (alone,) = house.engine.rows(_with_brought(scene))
    return ReferralReport(
        as_of=snapshot.as_of,
        currency=teller.currency,
        codes=said.codes.num_rows,
        referred=there.get("n", 0),
        not_bought=new["not_bought"],
        by_unknown=new["by_unknown"],
        share=teller.share("referred_share", new["referred"], new["everybody"], NOBODY_REFERRED),
        referrers=teller.share(
            "referrer_share", sum(one.referrers for one in deciles),
            sum(one.customers for one in deciles), NOBODY_REFERRED,
        ),
        with_brought=teller.mean(
            "referrer_value", Sums(alone["n"], alone["money"], alone["squares"]), NOBODY_REFERRED
        ),
        groups=(_group("referred", there, teller), _group("others", missing, teller)),
        difference=teller.difference(_spend(there), _spend(missing), p),
        deciles=tuple(deciles),
    )  # fmt: skip


def referrers(snapshot: Snapshot, *, limit: int | None = 100) -> list[Referrer]:
    """Those who brought most, by how many they brought; None is all of them."""
    house, kept = warehouse(), _codes()
    with house.engine.session() as holding:
        scene = _scene(holding, snapshot, _Said(kept, _pairs()))
        found = house.engine.rows(
            _brought(scene)
            .order_by(ibis.desc("referred"), ibis.desc("brought"), "customer_id")
            .limit(limit)
        )
    codes: dict[int, list[str]] = {}
    for code, owner in zip(kept["code"].to_pylist(), kept["referrer_id"].to_pylist(), strict=True):
        codes.setdefault(owner, []).append(code)
    return [
        Referrer(row["customer_id"], tuple(sorted(codes.get(row["customer_id"], ()))),
                 row["referred"], row["own"], row["brought"])
        for row in found
    ]  # fmt: skip


def _scene(holding: Holding, snapshot: Snapshot, kept: _Said) -> _Scene:
    shelf = warehouse().snapshots
    values, bought = shelf.table(snapshot.id, CUSTOMER_VALUES), shelf.table(snapshot.id, PURCHASED)
    codes, pairs = holding.take(kept.codes), holding.take(kept.pairs)
    firsts = bought.filter((bought.nth == 1) & bought.coupon_code.notnull())
    known = shelf.table(snapshot.id, TRAITS)
    known = known.filter(known.acquisition_source.notnull())
    ways = [pairs.select("customer_id", "referrer_id", way=ibis.literal(0, "int8"))]
    for place, (table, word) in enumerate(
        ((firsts, firsts.coupon_code), (known, known.acquisition_source)), start=1
    ):
        said = table.select("customer_id", code=word.strip().upper()).inner_join(codes, "code")
        others = said.filter(said.customer_id != said.referrer_id)
        ways.append(others.select("customer_id", "referrer_id", way=ibis.literal(place, "int8")))
    every = ways[0].union(ways[1]).union(ways[2])
    order = ibis.window(group_by="customer_id", order_by=["way", "referrer_id"])
    first = every.mutate(place=ibis.row_number().over(order))
    referred = holding.hold(first.filter(first.place == 0).select("customer_id", "referrer_id"))
    matured = values.filter(values["T"] >= YEAR).select("customer_id", "first_on")
    theirs = bought.inner_join(matured, "customer_id")
    within = theirs.filter(theirs.ordered_on.delta(theirs.first_on, unit="day") < YEAR)
    year = holding.hold(within.group_by("customer_id").agg(money=total(within.revenue)))
    return _Scene(referred, values, year, snapshot)


def _since_the_first(scene: _Scene) -> ir.Table:
    """Those who were referred, and those who came otherwise since the first of them; ``ripe`` have
    been here for a year, in which they brought ``money``."""
    values, referred = scene.values, scene.referred
    known = values.left_join(referred, "customer_id")
    marked = known.select(
        "customer_id", "first_on", "frequency", "T", "revenue_365d",
        brought=known.customer_id_right.notnull(),
    )  # fmt: skip
    since = marked.filter(marked.brought).aggregate(since=marked.first_on.min())
    then = marked.cross_join(since)
    then = then.filter(then.first_on >= then.since)
    joined = then.left_join(scene.year, "customer_id")
    ripe = joined["T"] >= YEAR
    return joined.mutate(ripe=ripe, money=ripe.ifelse(joined.money.fill_null(0), 0))


def _beside(each: ir.Table) -> ir.Table:
    """Both of them in numbers."""
    ripe = each.ripe
    return each.group_by("brought").agg(
        n=each.count(),
        matured=number_of(ripe),
        again=number_of(ripe & (each.frequency > 0)),
        predicted=number_of(each.revenue_365d.notnull()),
        ahead=total(each.revenue_365d.fill_null(0.0).round().cast("int64")),
        bought=number_of(each.money > 0),
        money=total(each.money),
        squares=square_total(each.money),
    )


def _dealt_anew(each: ir.Table, referred: Spend, others: Spend) -> float | None:
    """p of "there is no difference" where so few bought that it has its say; each time the same."""
    if min(referred.n, others.n) < FEWEST or not wants_permutation(others, referred):
        return None
    spent = each.filter(each.money > 0).order_by("customer_id").select("brought", "money")
    found = warehouse().engine.arrow(spent)
    brought = found["brought"].to_numpy(zero_copy_only=False).astype(np.bool_)
    money, rng = found["money"].to_numpy(), np.random.default_rng(_SEED)
    return permutation(money[~brought], money[brought], (others.n, referred.n), rng)


def _new(scene: _Scene) -> ir.Table:
    """New customers of the last 365 days, and of whom a list says so who have not bought yet."""
    values = scene.values
    since = scene.snapshot.as_of - timedelta(days=YEAR - 1)
    known = values.left_join(scene.referred, "customer_id")
    fresh = known.first_on >= since
    of_new = known.aggregate(
        everybody=number_of(fresh), referred=number_of(fresh & known.customer_id_right.notnull())
    )
    bought = scene.referred.left_join(values.select("customer_id", "orders"), "customer_id")
    of_lists = bought.aggregate(
        not_bought=number_of(bought.orders.isnull()),
        by_unknown=number_of(bought.referrer_id.isnull() & bought.orders.notnull()),
    )
    return of_new.cross_join(of_lists)


def _brought(scene: _Scene) -> ir.Table:
    """Of each who brought somebody that bought: how many, and what both spent to date."""
    spent = scene.values.select("customer_id", "revenue_past")
    theirs = scene.referred.filter(scene.referred.referrer_id.notnull())
    theirs = theirs.inner_join(spent, "customer_id")
    by_referrer = theirs.group_by("referrer_id").agg(
        referred=theirs.count(), brought=total(theirs.revenue_past)
    )
    both = by_referrer.left_join(spent, by_referrer.referrer_id == spent.customer_id)
    return both.select(
        "referred", "brought", customer_id=both.referrer_id, own=both.revenue_past.fill_null(0)
    )


def _by_decile(scene: _Scene) -> ir.Table:
    ranks = warehouse().snapshots.table(scene.snapshot.id, CUSTOMER_RANKS)
    ranked = ranks.filter(ranks.decile.notnull()).select("customer_id", "decile")
    both = ranked.left_join(_brought(scene), "customer_id")
    return both.group_by("decile").agg(
        customers=both.count(),
        referrers=number_of(both.referred.notnull()),
        referred=total(both.referred.fill_null(0)),
        brought=total(both.brought.fill_null(0)),
    )


def _with_brought(scene: _Scene) -> ir.Table:
    each = _brought(scene)
    together = each.select(money=each.own + each.brought)
    return together.aggregate(
        n=together.count(), money=total(together.money), squares=square_total(together.money)
    )


def _group(name: Any, row: Mapping[str, Any], teller: rules.Teller) -> ReferralGroup:
    said = dict.fromkeys(_MANY, 0) | dict(row)
    return ReferralGroup(
        name, said["n"], said["matured"],
        teller.mean("referred_first_year", _sums(row), NOBODY_REFERRED),
        teller.share("referred_repeat_rate", said["again"], said["matured"], NOBODY_REFERRED),
        teller.expected(said["ahead"] if said["predicted"] else None, said["predicted"]),
    )  # fmt: skip


def _spend(row: Mapping[str, Any]) -> Spend:
    """Of those who have been here for a year; whose year came to nothing after refunds counts with
    those who bought nothing."""
    return Spend(
        row.get("matured", 0), row.get("bought", 0), row.get("money", 0), row.get("squares", 0.0)
    )


def _sums(row: Mapping[str, Any]) -> Sums:
    return Sums(row.get("matured", 0), row.get("money", 0), row.get("squares", 0.0))


def _codes() -> pa.Table:
    """(code, referrer_id as they are now)."""
    found = _kept(models.Code, ["code", "customer_id"], [pa.string(), pa.int64()])
    return pa.table({"code": found["code"], "referrer_id": _as_now(found["customer_id"])})


def _pairs() -> pa.Table:
    """(customer_id, referrer_id as they are now); who was merged with their referrer is out."""
    found = _kept(models.Pair, ["referred_id", "referrer_id"], [pa.int64(), pa.int64()])
    table = pa.table(
        {
            "customer_id": _as_now(found["referred_id"]),
            "referrer_id": _as_now(found["referrer_id"]),
        }
    )
    same = pc.fill_null(pc.equal(table["customer_id"], table["referrer_id"]), False)
    return table.filter(pc.invert(same))


def _kept(model: Any, names: list[str], kinds: list[pa.DataType]) -> pa.Table:
    parts = [*columns_of(model, names)]
    if parts:
        return pa.concat_tables(parts)
    return pa.table({name: pa.array([], kind) for name, kind in zip(names, kinds, strict=True)})


def _as_now(ids: pa.ChunkedArray) -> pa.ChunkedArray:
    if not len(ids):
        return ids  # who was merged is asked of all customers
    moved = customers.merged()
    places = pc.index_in(ids, value_set=moved["customer_id"])
    return pc.coalesce(moved["now"].take(places), ids)

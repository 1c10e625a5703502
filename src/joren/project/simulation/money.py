"""What each order costs whom, to the yen: coupons, points, postage, fees, cancellations, refunds.

Prices include tax. In the own shop `total` = goods − subscription discount − shop coupon +
shipping charged. A mall's coupon and points are means of payment and leave the total as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from joren.project.simulation.baskets import Lines
from joren.project.simulation.catalogue import GIFT, PRODUCTS
from joren.project.simulation.population import Flags, Floats, Ints, Population
from joren.project.simulation.prefectures import PREFECTURES
from joren.project.simulation.purchases import Purchases
from joren.project.simulation.scenario import OWN, STORES, Scenario

COUPON_CODES = ("", "WELCOME500", "MAIL10", "SHOP300")
_NONE, _WELCOME, _MAIL, _MALL_SHOP = range(4)
REFUND_REASONS = ("味が好みに合わない", "商品の破損", "お届け違い", "届かない", "お客様のご都合")

_FREE_FROM = np.array([5000, 3980])
_POSTAGE = np.array([600, 550])
_LETTER_YEN = 260
_FEE_PER_MILLE = 36


@dataclass(frozen=True)
class Orders:
    """One row per order; yen with tax. `refund` is 0 where nothing came back."""

    customer: Ints
    moment: Floats
    delivery: Ints
    rank: Ints
    store: Ints
    cancelled: Flags
    goods: Ints
    line_discount: Ints
    coupon_code: Ints
    coupon: Ints
    mall_coupon: Ints
    points: Ints
    shipping_charged: Ints
    shipping_borne: Ints
    payment_fee: Ints
    total: Ints
    refund: Ints
    refund_moment: Floats
    refund_reason: Ints


@dataclass(frozen=True)
class Sales:
    """Orders and their lines; `Lines.order` is the position of the order."""

    orders: Orders
    lines: Lines

    def where(self, kept: Flags) -> Sales:
        """Only these orders, with their lines."""
        moved = np.cumsum(kept) - 1
        chosen = kept[self.lines.order]
        lines = Lines(**{f.name: getattr(self.lines, f.name)[chosen] for f in fields(Lines)})
        orders = Orders(**{f.name: getattr(self.orders, f.name)[kept] for f in fields(Orders)})
        return Sales(orders, replace(lines, order=moved[lines.order]))


def settle(
    rng: np.random.Generator,
    purchases: Purchases,
    lines: Lines,
    people: Population,
    scenario: Scenario,
) -> Sales:
    """Put money on every order."""
    count = purchases.customer.size
    own = purchases.store == STORES.index(OWN)
    cancelled = rng.random(count) < scenario.cancelled
    goods, line_discount = _summed(lines, lines.goods, count), _summed(lines, lines.discount, count)
    net = goods - line_discount
    coupon_code, coupon = _coupons(rng, purchases, own, net)
    mall_coupon = np.where(~own & (rng.random(count) < 0.10) & (net >= 3000), 500, 0)
    free = (net - coupon >= _FREE_FROM[purchases.store]) | (purchases.delivery > 0)
    shipping = np.where(free, 0, _POSTAGE[purchases.store])
    total = net - coupon + shipping
    points = _points(rng, purchases, own, total - mall_coupon)
    refund, refund_moment = _refunds(rng, purchases, scenario, total)
    return Sales(
        Orders(
            customer=purchases.customer,
            moment=purchases.moment,
            delivery=purchases.delivery,
            rank=purchases.rank,
            store=purchases.store,
            cancelled=cancelled,
            goods=goods,
            line_discount=line_discount,
            coupon_code=coupon_code,
            coupon=coupon,
            mall_coupon=mall_coupon,
            points=points,
            shipping_charged=shipping,
            shipping_borne=np.where(cancelled, 0, _freight(purchases, lines, people)),
            payment_fee=np.where(cancelled, 0, (total - points) * _FEE_PER_MILLE // 1000),
            total=total,
            refund=np.where(cancelled, 0, refund),
            refund_moment=refund_moment,
            refund_reason=rng.integers(0, len(REFUND_REASONS), count),
        ),
        lines,
    )


def _summed(lines: Lines, amount: Ints, orders: int) -> Ints:
    # Whole yen far below 2**53: the float sums of bincount are exact.
    return np.bincount(lines.order, weights=amount, minlength=orders).astype(np.int64)


def _coupons(
    rng: np.random.Generator, purchases: Purchases, own: Flags, net: Ints
) -> tuple[Ints, Ints]:
    luck = rng.random(net.size)
    single, first = purchases.delivery == 0, purchases.rank == 0
    welcome = own & single & first & (luck < 0.25) & (net >= 3000)
    mail = own & single & ~first & (luck < 0.10)
    mall_shop = ~own & single & (luck < 0.08) & (net >= 2000)
    kinds = [welcome, mail, mall_shop]
    code = np.select(kinds, [_WELCOME, _MAIL, _MALL_SHOP], _NONE)
    return code, np.select(kinds, [np.full(net.size, 500), net // 10, np.full(net.size, 300)], 0)


def _points(rng: np.random.Generator, purchases: Purchases, own: Flags, payable: Ints) -> Ints:
    """Own points come in tens and only to who has bought before; the mall's to the yen."""
    luck, share = rng.random(payable.size), rng.random(payable.size)
    own_points = (payable * share * 0.15).astype(np.int64) // 10 * 10
    mall_points = (payable * share * 0.30).astype(np.int64)
    spends_own = own & (purchases.rank > 0) & (luck < 0.20)
    return np.select([spends_own, ~own & (luck < 0.45)], [own_points, mall_points], 0)


def _freight(purchases: Purchases, lines: Lines, people: Population) -> Ints:
    """Up to two flat packs travel as a letter, the rest as a parcel by distance."""
    count = purchases.customer.size
    gift = np.array([product.category == GIFT for product in PRODUCTS])[lines.product]
    bulk = _summed(lines, np.where(gift, 3, lines.quantity), count)
    parcel = np.array([prefecture.freight_yen for prefecture in PREFECTURES])
    return np.where(bulk <= 2, _LETTER_YEN, parcel[people.prefecture[purchases.customer]])


def _refunds(
    rng: np.random.Generator, purchases: Purchases, scenario: Scenario, total: Ints
) -> tuple[Ints, Floats]:
    count = total.size
    returned = rng.random(count) < scenario.refunded
    amount = np.where(rng.random(count) < 0.6, total, total // 2)
    return np.where(returned, amount, 0), purchases.moment + rng.uniform(5.0, 20.0, count)

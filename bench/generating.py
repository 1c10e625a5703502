"""A large shop as files: a million customers, five million orders, twelve million lines.

Drawn in columns and not customer by customer, from the process that BG/NBD assumes (rates and
drop-outs that differ between people) with a season, in two stores whose customers are partly the
same people. The same seed and size give the same file on the same versions of NumPy and DuckDB.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

FIRST = date(2022, 1, 1)
DAYS = 1_096
ORDERS_EACH = 5.0
PRODUCTS = 240

# The commonest 20,000 share a name, as 佐藤 and 鈴木 do; the rest of the names thins out.
_FAMILY = (
    "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 "
    "斎藤 清水 山崎 森 池田 橋本 阿部 石川 山下 中島 石井 小川 前田 岡田 長谷川 藤田 後藤 近藤 "
    "村上 遠藤 青木 坂本"
).split()
_FAMILY_KANA = (
    "サトウ スズキ タカハシ タナカ イトウ ワタナベ ヤマモト ナカムラ コバヤシ カトウ ヨシダ ヤマダ "
    "ササキ ヤマグチ マツモト イノウエ キムラ ハヤシ サイトウ シミズ ヤマザキ モリ イケダ ハシモト "
    "アベ イシカワ ヤマシタ ナカジマ イシイ オガワ マエダ オカダ ハセガワ フジタ ゴトウ コンドウ "
    "ムラカミ エンドウ アオキ サカモト"
).split()
_GIVEN_PARTS = "太 一 健 美 優 直 和 由 真 彩 翔 陽 結 恵 智 明 大 春 夏 愛".split()
_GIVEN_PARTS_KANA = (
    "タ イチ ケン ミ ユウ ナオ カズ ユ マ アヤ ショウ ハル ユイ ケイ トモ アキ ダイ シュン ナツ "
    "アイ"
).split()
_GIVEN_ENDS = "郎 子 人 香 介 奈 也 里 樹 菜 平 代 斗 実 吾 江".split()
_GIVEN_ENDS_KANA = "ロウ コ ト カ スケ ナ ヤ リ キ ナミ ヘイ ヨ トム ミ ゴ エ".split()
_PREFECTURES = "東京都 大阪府 神奈川県 愛知県 埼玉県 千葉県 兵庫県 北海道 福岡県 静岡県".split()
_SOURCES = "google yahoo instagram line newsletter direct".split()
_MEDIA = "cpc organic social social email none".split()
_CATEGORIES = "豆 粉 ドリップ 器具 ギフト 定期便".split()


@dataclass(frozen=True)
class Shop:
    """The file and what is in it."""

    orders: Path
    customers: int
    orders_count: int
    lines: int


def generate(folder: Path, *, customers: int, seed: int = 7) -> Shop:
    """Write ``orders.csv``; done once per folder."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "orders.csv"
    draft = folder / "orders.draft"
    chance = np.random.default_rng(seed)
    moments, who = purchases(chance, customers)
    with duckdb.connect() as connection:
        connection.execute("SET threads = 2; SET memory_limit = '3GB'")
        connection.register("drawn", pa.table({"customer": who, "moment": moments}))
        connection.register("person", _people(chance, customers))
        connection.register("product", _products(chance))
        connection.execute(f"CREATE TABLE orders AS {_ORDERS}")
        connection.execute(f"COPY ({_LINES}) TO '{draft}' (FORMAT csv, HEADER)")
        (orders, lines) = _one(connection, "SELECT count(*), sum(lines)::BIGINT FROM orders")
    draft.replace(target)
    return Shop(target, customers, int(orders), int(lines))


def purchases(chance: np.random.Generator, customers: int) -> tuple[Any, Any]:
    """Seconds since the first day and the customer of each order, in the order of time."""
    begins = np.sqrt(chance.uniform(0, 1, customers)) * (DAYS - 1)  # the shop grows
    age = DAYS - begins
    rate = chance.gamma(0.55, 1 / 40.0, customers)  # orders a day
    life = chance.exponential(1 / np.maximum(chance.beta(0.8, 2.5, customers) / 150, 1e-9))
    expected = rate * np.minimum(age, life)
    expected *= (ORDERS_EACH - 1) / expected.mean()
    count = 1 + chance.poisson(expected)
    who = np.repeat(np.arange(customers), count)
    active = np.minimum(age, life)[who]
    first = np.concatenate([[0], np.cumsum(count)[:-1]])
    at = begins[who] + chance.uniform(0, 1, who.size) * active
    at[first] = begins
    seconds = (np.minimum(at, DAYS - 1e-4) * 86_400).astype(np.int64)
    order = np.argsort(seconds, kind="stable")
    return seconds[order], who[order]


def _people(chance: np.random.Generator, customers: int) -> pa.Table:
    size = len(_FAMILY)
    weight = 1 / (np.arange(size) + 8.0)
    family = chance.choice(size, customers, p=weight / weight.sum())
    part = chance.integers(0, len(_GIVEN_PARTS), customers)
    end = chance.integers(0, len(_GIVEN_ENDS), customers)
    number = np.arange(customers)
    # One in fifty shares a telephone with another, as families do.
    telephone = np.where(chance.random(customers) < 0.02, chance.permutation(number), number)
    columns = {
        "customer": number,
        "family": family,
        "part": part,
        "ending": end,
        "telephone": telephone,
        "in_two": chance.random(customers) < 0.05,  # buys in both stores
        "mall": chance.random(customers) < 0.3,
        "place": chance.integers(0, len(_PREFECTURES), customers),
        "source": chance.integers(0, len(_SOURCES), customers),
    }
    return pa.table(columns)


def _products(chance: np.random.Generator) -> pa.Table:
    price = np.round(chance.lognormal(7.4, 0.5, PRODUCTS), -1).astype(np.int64)
    return pa.table(
        {
            "product": np.arange(PRODUCTS),
            "price": price,
            "cost": (price * chance.uniform(0.25, 0.6, PRODUCTS)).astype(np.int64),
        }
    )


def _listed(words: list[str]) -> str:
    return "[" + ", ".join(f"'{word}'" for word in words) + "]"


# hash() of a row's number is its chance: the same in every thread.
_ORDERS = """
SELECT number, customer, moment, 1 + (hash(number, 1) % 100 >= 33)::INT
       + (hash(number, 1) % 100 >= 60)::INT + (hash(number, 1) % 100 >= 78)::INT
       + (hash(number, 1) % 100 >= 92)::INT
       + (hash(number, 1) % 100 >= 97)::INT AS lines,
       CASE WHEN in_two THEN hash(number, 2) % 2 = 0 ELSE mall END AS in_mall,
       CASE WHEN hash(number, 3) % 1000 < 12 THEN 'cancelled' ELSE 'completed' END AS status,
       CASE WHEN hash(number, 4) % 3 = 0 THEN 0 ELSE 500 END AS shipping
FROM (SELECT row_number() OVER () AS number, * FROM drawn) JOIN person USING (customer)
ORDER BY number
"""
_LINES = f"""
SELECT CASE WHEN in_mall THEN '楽天市場店' ELSE '本店' END AS store,
       CASE WHEN in_mall THEN 'R' ELSE 'A' END || printf('%08d', number) AS order_number,
       strftime(TIMESTAMP '{FIRST}' + to_seconds(moment), '%Y-%m-%d %H:%M:%S') AS ordered_at,
       status,
       CASE WHEN in_mall THEN 'M' ELSE 'C' END || printf('%07d', customer) AS customer_number,
       CASE WHEN in_mall AND NOT in_two THEN '' ELSE 'c' || customer || '@example.com' END AS email,
       '090' || printf('%08d', (telephone * 37 + 11) % 100000000) AS phone,
       {_listed(_FAMILY)}[family + 1] || ' ' || {_listed(_GIVEN_PARTS)}[part + 1]
           || {_listed(_GIVEN_ENDS)}[ending + 1] AS name,
       {_listed(_FAMILY_KANA)}[family + 1] || ' ' || {_listed(_GIVEN_PARTS_KANA)}[part + 1]
           || {_listed(_GIVEN_ENDS_KANA)}[ending + 1] AS name_kana,
       {_listed(_PREFECTURES)}[place + 1] AS prefecture,
       {_listed(_SOURCES)}[source + 1] AS source, {_listed(_MEDIA)}[source + 1] AS medium,
       shipping, 'SKU' || printf('%04d', product) AS sku,
       'ブレンド珈琲 No.' || product AS product_name,
       {_listed(_CATEGORIES)}[product % {len(_CATEGORIES)} + 1] AS category,
       1 + (hash(number, line, 6) % 10 >= 7)::INT AS quantity, price AS unit_price,
       cost AS unit_cost
FROM (
    SELECT *, unnest(range(lines)) AS line FROM orders
) JOIN person USING (customer)
JOIN product ON product = hash(number, line, 5) % {PRODUCTS}
ORDER BY number, line
"""


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row

"""The words that journeys keep about people: which names there are, and what is kept of whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
from django.db import connection

from joren.act.journeys import models
from joren.act.journeys.contracts import Word
from joren.collect.customers import selectors as people
from joren.core.ids import CustomerId
from joren.core.people import moved
from joren.plumbing.bulk import columns_of, given
from joren.protect.consent.selectors import circle_of

_OF_PERSONS: Final = """
    WITH moved(customer_id, person_id) AS ({moved}), asked(customer_id) AS ({asked}),
    circle(customer_id, person_id) AS (
        SELECT a.customer_id, a.customer_id FROM asked AS a
        UNION ALL
        SELECT m.customer_id, m.person_id FROM moved AS m
        WHERE m.person_id IN (SELECT a.customer_id FROM asked AS a)
    )
    SELECT c.person_id, w.name, w.value FROM circle AS c
    JOIN journeys_attribute AS w ON w.customer_id = c.customer_id ORDER BY w.at, w.id
"""


def attribute_names() -> dict[str, list[int]]:
    """Every name under which a journey keeps or kept a word, with the numbers of those journeys."""
    found: dict[str, set[int]] = {}
    documents = [
        *models.Journey.objects.values_list("pk", "draft"),
        *models.Version.objects.values_list("journey_id", "document"),
    ]
    for journey, raw in documents:
        # One that is not understood any more keeps no page from what the others keep.
        for node in raw.get("nodes", ()) if isinstance(raw, dict) else ():
            keeps = isinstance(node, dict) and node.get("do") == "set"
            if keeps and isinstance(name := node.get("attribute"), str):
                found.setdefault(name, set()).add(journey)
    return {name: sorted(found[name]) for name in sorted(found)}


def words_of(
    persons: Sequence[int], names: Collection[str] | None = None
) -> dict[int, dict[str, str]]:
    """What is kept about each of these, also under numbers that they had before; the newest word
    of a name holds. Of whom nothing is kept is left out."""
    asked, value = given(persons)
    with connection.cursor() as cursor:
        cursor.execute(_OF_PERSONS.format(moved=moved(), asked=asked), [value])
        rows = cursor.fetchall()
    found: dict[int, dict[str, str]] = {}
    for person, name, word in rows:
        if names is None or name in names:
            found.setdefault(person, {})[name] = word
    return found


def for_templates(persons: Sequence[int]) -> Mapping[int, Mapping[str, str]]:
    """What a template may ask for as ``attributes.NAME``."""
    return words_of(persons)


def words_about(customer: CustomerId) -> list[Word]:
    """What is kept about one person, by which journey and since when, by name."""
    rows = models.Attribute.objects.filter(customer_id__in=circle_of(customer)).order_by("at", "pk")
    names = dict(models.Journey.objects.values_list("pk", "name"))
    newest = {
        row.name: Word(row.name, row.value, row.journey_id, names.get(row.journey_id, ""), row.at)
        for row in rows
    }
    return [newest[name] for name in sorted(newest)]


def every_word() -> pa.Table:
    """CUSTOMER_ATTRIBUTES as it is now: of each person and name the newest word."""
    columns = ["customer_id", "name", "value", "at"]
    parts = [*columns_of(models.Attribute, columns)]
    if not parts:
        kinds = [("customer_id", pa.int64()), ("name", pa.string()), ("value", pa.string())]
        return pa.schema(kinds).empty_table()
    rows = pa.concat_tables(parts).sort_by("at")
    who = people.as_now(rows["customer_id"].to_numpy().astype(np.int64))
    rows = rows.set_column(0, "customer_id", pa.array(who, pa.int64()))
    # In the order of the rows, which many threads would not keep.
    newest = rows.group_by(["customer_id", "name"], use_threads=False)
    return newest.aggregate([("value", "last")]).rename_columns(["customer_id", "name", "value"])

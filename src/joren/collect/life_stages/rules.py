"""Which stage a word means, and who is in which: pure, over columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joren.collect.life_stages.contracts import LONGEST, MOST, LifeStage, StagesContradict

_SAID = ["customer_id", "said", "since"]
_STANDING = pa.schema(
    {
        "customer_id": pa.int64(),
        "life_stage": pa.int64(),
        "life_stage_since": pa.date32(),
        "life_stage_changed_on": pa.date32(),
    }
)


def folded(word: str) -> str:
    """As words are compared: without case, width and the spaces around them."""
    return unicodedata.normalize("NFKC", word).strip().lower()[:LONGEST]


def meanings(stages: Sequence[LifeStage]) -> Mapping[str, int]:
    """The number of the stage that each folded word means; a number is a word too."""
    found: dict[str, int] = {}
    for one in stages:
        for word in (str(one.number), one.ja, one.en, *one.words):
            found[folded(word)] = one.number
    return found


def checked(stages: Sequence[LifeStage]) -> tuple[LifeStage, ...]:
    """The catalogue, tidied; refuses one in which a word could mean two stages."""
    if not 0 < len(stages) <= MOST:
        raise StagesContradict(f"{len(stages)} stages are given", hint=f"1 to {MOST}")
    tidy = tuple(_tidied(one) for one in stages)
    whose: dict[str, int] = {}
    for one in tidy:
        if one.number < 1 or not one.ja or not one.en:
            raise StagesContradict(f"stage {one.number} has no name", hint="one in each language")
        for word in {folded(word) for word in (str(one.number), one.ja, one.en, *one.words)}:
            if whose.setdefault(word, one.number) != one.number:
                raise StagesContradict(
                    f"{word!r} would mean stage {whose[word]} and stage {one.number}",
                    hint="give each word to one stage",
                )
    if len({one.number for one in tidy}) < len(tidy):
        raise StagesContradict("two stages have one number", hint="give each its own")
    return tidy


def _tidied(one: LifeStage) -> LifeStage:
    words = (word.strip()[:LONGEST] for word in one.words)
    kept = tuple(dict.fromkeys(word for word in words if word))
    return replace(one, ja=one.ja.strip()[:LONGEST], en=one.en.strip()[:LONGEST], words=kept)


def news(said: pa.Table, known: pa.Table, *, source: str, today: date) -> pa.Table:
    """Of ``said`` (customer_id, said, since) what nobody said before; ``known`` has ``id`` and
    ``source`` too.

    A day that is to come is none. With a day it is news where no row says the same; without, where
    it is neither what holds nor what that source said last: a file that is behind stays so.
    """
    ahead = pc.greater(said["since"], pa.scalar(today))
    since = pc.if_else(pc.fill_null(ahead, False), pa.scalar(None, pa.date32()), said["since"])
    told = said.select(["customer_id", "said"]).append_column("since", since)
    dated, undated = told.filter(pc.is_valid(since)), told.filter(pc.is_null(since))
    fresh = dated.join(known.select(_SAID), _SAID, join_type="left anti")
    return pa.concat_tables([fresh.select(_SAID), _other_words(undated, known, source)])


def _other_words(undated: pa.Table, known: pa.Table, source: str) -> pa.Table:
    own = known.filter(pc.equal(known["source"], source))
    both = undated
    for rows, by, suffix in ((known, ("since", "id"), "_now"), (own, ("id",), "_own")):
        last = _last_of_each(rows, by).select(["customer_id", "said"])
        last = last.rename_columns(["customer_id", f"said{suffix}"])
        both = both.join(last, "customer_id")
    other = [
        pc.fill_null(pc.not_equal(both["said"], both[name]), True)
        for name in ("said_now", "said_own")
    ]
    return both.filter(pc.and_(*other)).select(_SAID)


def _last_of_each(known: pa.Table, by: Sequence[str]) -> pa.Table:
    rows = known.sort_by([(name, "ascending") for name in ("customer_id", *by)])
    ids = rows["customer_id"].to_numpy()
    last = np.append(ids[1:] != ids[:-1], True) if ids.size else np.zeros(0, bool)
    return rows.filter(pa.array(last))


def standing(said: pa.Table, now: pa.Table, meaning: Mapping[str, int]) -> pa.Table:
    """Who is in which stage since when, and when that became another, of (customer_id, said,
    since, id); ``now`` (customer_id, now) says who each customer that was merged is now.

    A word that no stage has says nothing. ``changed_on`` is null of whoever was in one stage only:
    the first that is heard of somebody is no change.
    """
    ids, numbers, since = _understood(said, now, meaning)
    if not ids.size:
        return _STANDING.empty_table()
    same = np.append(False, ids[1:] == ids[:-1])
    changed = same & np.append(False, numbers[1:] != numbers[:-1])
    first = np.flatnonzero(~same)
    last = np.append(first[1:], ids.size) - 1
    # When the stage that holds began: where the last change was, or else at the first word.
    places = np.where(changed | ~same, np.arange(ids.size), 0)
    began = np.maximum.accumulate(places)[last]
    return pa.table(
        {
            "customer_id": ids[last],
            "life_stage": numbers[last],
            "life_stage_since": since[began],
            "life_stage_changed_on": pa.array(since[began], mask=~changed[began]),
        },
        schema=_STANDING,
    )


def _understood(
    said: pa.Table, now: pa.Table, meaning: Mapping[str, int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Customers as they are now, numbers of stages and days, in the order of time."""
    words = pc.dictionary_encode(said["said"].combine_chunks())
    numbers = np.array([meaning.get(word, 0) for word in words.dictionary.to_pylist()] or [0])
    known = numbers[words.indices.to_numpy(zero_copy_only=False)] if len(words) else numbers[:0]
    ids = said["customer_id"].to_numpy()
    merged = now["customer_id"].to_numpy()
    if merged.size:
        order = np.argsort(merged)
        places = np.minimum(np.searchsorted(merged[order], ids), merged.size - 1)
        found = order[places]
        ids = np.where(merged[found] == ids, now["now"].to_numpy()[found], ids)
    since = said["since"].to_numpy()
    order = np.lexsort((said["id"].to_numpy(), since, ids))
    order = order[known[order] > 0]
    return ids[order], known[order], since[order]

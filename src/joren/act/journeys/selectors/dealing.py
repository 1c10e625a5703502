"""Who fell into which arm of a split, for those who compare what the arms brought."""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from joren.act.journeys import models
from joren.act.journeys.contracts import Split
from joren.act.journeys.selectors.keeping import versions
from joren.plumbing.bulk import columns_of

_NAMES: Final = ("enrolment_id", "step", "customer_id", "arm", "at")


def splits(number: int) -> dict[str, Split]:
    """The splits of the version by which people enter now, by their name."""
    newest = versions(number)[:1]
    return {
        node.id: node for one in newest for node in one.document.nodes if isinstance(node, Split)
    }


def dealt(number: int, node: str) -> pa.Table:
    """(enrolment_id, step, customer_id, arm from 1 on, at) of everybody who passed the split and is
    not held out; of the versions in which it has the arms, shares and ways that it has now."""
    now = splits(number).get(node)
    places = [
        f"(version_id = {one.id:d} AND node = {place:d})"
        for one in versions(number)
        for place, each in enumerate(one.document.nodes)
        if each == now
    ]
    passed = _columns(
        models.Passage, ["enrolment_id", "step", "way", "at"],
        f"way >= 0 AND ({' OR '.join(places) or 'FALSE'})",
    )  # fmt: skip
    people = _columns(
        models.Enrolment, ["id", "customer_id"], f"journey_id = {number:d} AND lot IS NULL"
    )
    if passed is None or people is None:
        return _nobody()
    both = passed.join(people, "enrolment_id", "id", join_type="inner")
    arm = pc.add(both["way"].cast(pa.int64()), 1)  # a small number is read as text
    return both.append_column("arm", arm).select(list(_NAMES))


def _columns(
    model: type[models.Passage | models.Enrolment], names: list[str], where: str
) -> pa.Table | None:
    parts = [*columns_of(model, names, where=where)]
    return pa.concat_tables(parts) if parts else None


def _nobody() -> pa.Table:  # no value of the module: to make it loads pandas
    kinds = [*[pa.int64()] * 4, pa.timestamp("us", "UTC")]
    return pa.table([pa.array([], kind) for kind in kinds], names=list(_NAMES))

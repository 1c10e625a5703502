"""What all that was tried lifted, as rows and as a file."""

from __future__ import annotations

import io
from dataclasses import asdict
from typing import Final, Literal

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from joren.accounts import selectors as accounts
from joren.core.tested import TESTED, EffectLift, TriedBy
from joren.decide.holdouts import selectors as holdouts
from joren.measure.experiments.rules.lifting import lift_of
from joren.measure.experiments.selectors.concluding import p_values, results, unread

Form = Literal["csv", "parquet"]
_SCHEMA: Final = pa.schema(
    [
        ("kind", pa.string()), ("number", pa.int64()), ("holdout", pa.int64()),
        ("name", pa.string()), ("action", pa.string()), ("channel", pa.string()),
        ("action_number", pa.int64()), ("start", pa.date32()), ("end", pa.date32()),
        ("treated", pa.int64()), ("held_out", pa.int64()), ("metric", pa.string()),
        ("evidence", pa.string()), ("effect", pa.float64()), ("low", pa.float64()),
        ("high", pa.float64()), ("level", pa.float64()), ("spend", pa.float64()),
        ("currency", pa.string()), ("simulated", pa.bool_()),
    ]
)  # fmt: skip


def lifts() -> list[EffectLift]:
    """Of all that was tried by lot: holdouts, trials of practices, tests by area."""
    return [lift for room in TESTED.values() for lift in room.lifts()]


def _of_holdouts() -> list[EffectLift]:
    """Of every holdout, that with most money at stake first."""
    if not holdouts.holdouts():
        return []
    simulated = accounts.business().simulated
    return [lift_of(one, simulated=simulated) for one in results()]


TRIED: Final = TriedBy(p_values, _of_holdouts, unread)


def lift_file(form: Form) -> bytes:
    """The same as a file; a name that a spreadsheet would run is quoted."""
    rows = [asdict(one) for one in lifts()]
    out = io.BytesIO()
    if form == "parquet":
        pyarrow.parquet.write_table(pa.Table.from_pylist(rows, _SCHEMA), out)
        return out.getvalue()
    for row in rows:
        if row["name"].startswith(("=", "+", "-", "@", "\t", "\r")):
            row["name"] = f"'{row['name']}"
    out.write("\ufeff".encode())
    pyarrow.csv.write_csv(pa.Table.from_pylist(rows, _SCHEMA), out)
    return out.getvalue()

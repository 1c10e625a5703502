"""A file of consents, taken in as columns: a row a consent, its person by e-mail or store number.

The header names the columns: email, or store and customer_number; channel; state (granted,
withdrawn, relied); at; and where they are known purpose (else marketing), basis and proof. What is
wrong stays out and is told by row, column and value.

A consent needs its moment: one without would stand after a refusal that came later than it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from joren.core import clock
from joren.core.people import people
from joren.plumbing.bulk import insert_missing
from joren.protect.audit import services as audit
from joren.protect.consent import models, selectors
from joren.protect.consent.contracts import (
    BASES,
    CHANNELS,
    PURPOSES,
    BadConsents,
    BadRow,
    Imported,
)
from joren.protect.consent.rules import MAY_BE_AHEAD

SHOWN: Final = 100
_BLOCK: Final = 4 * 2**20
_STATES: Final = ("granted", "withdrawn", "relied")
_COLUMNS: Final = (
    "email", "store", "customer_number", "channel", "purpose", "state", "at", "basis", "proof",
)  # fmt: skip
_MOMENT: Final = r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?)?$"
_CONTACT: Final = r"@|^\+?[0-9][0-9 -]{8,12}[0-9]$"


def import_consents(
    file: Path, *, zone: str, by: str, store: str = "", as_of: date | None = None
) -> Imported:
    """Take the file in, in sets; what it says again is not recorded twice.

    ``store`` is that of rows that name none, ``as_of`` the day at whose beginning the rows without
    a moment were true; moments without a zone are of ``zone``.
    """
    read = refused = good_rows = 0
    bad: list[BadRow] = []
    before = models.Entry.objects.count()
    usual = _beginning(as_of, zone)
    for part in _parts(file):
        rows = _complete(part, store)
        faults = _faults(rows, zone, usual)
        wrong = pc.fill_null(pc.not_equal(faults["column"], ""), False)
        if len(bad) < SHOWN:
            bad.extend(_told(rows, faults, wrong, read)[: SHOWN - len(bad)])
        good = rows.append_column("customer_id", faults["customer_id"])
        good = good.append_column("moment", faults["moment"]).filter(pc.invert(wrong))
        insert_missing(models.Entry, _entries(good, by))
        read += len(rows)
        refused += pc.sum(wrong).as_py() or 0
        good_rows += len(good)
    recorded = models.Entry.objects.count() - before
    audit.record(
        "consent.imported", actor=by, subject_kind="consent",
        rows=read, recorded=recorded, refused=refused,
    )  # fmt: skip
    return Imported(read, recorded, good_rows - recorded, refused, tuple(bad))


def _parts(file: Path) -> Iterator[pa.Table]:
    """The file's rows as texts, some megabytes at a time."""
    try:
        raw = file.open("rb")
    except OSError as problem:
        raise BadConsents(f"{file.name} cannot be opened: {problem.strerror}") from None
    with raw:
        encoding = _encoding(raw)
        try:
            reader = pa.csv.open_csv(
                raw,
                read_options=pa.csv.ReadOptions(block_size=_BLOCK, encoding=encoding),
                parse_options=pa.csv.ParseOptions(newlines_in_values=True),
                convert_options=pa.csv.ConvertOptions(
                    column_types=dict.fromkeys(_COLUMNS, pa.string()), strings_can_be_null=False
                ),
            )
            for batch in reader:
                yield _with_known_columns(pa.Table.from_batches([batch]))
        except (pa.ArrowInvalid, UnicodeDecodeError) as problem:
            raise BadConsents(
                f"{file.name} is no table that can be read: {str(problem)[:200]}",
                hint="a CSV in UTF-8 or CP932, with a header",
            ) from None


def _encoding(raw: Any) -> str:
    head = raw.read(_BLOCK)
    raw.seek(0)
    try:
        io.TextIOWrapper(io.BytesIO(head), "utf-8").read(len(head) // 4)
    except UnicodeDecodeError:
        return "cp932"
    return "utf-8"


def _with_known_columns(table: pa.Table) -> pa.Table:
    names = {name.strip().lstrip("\ufeff").lower() for name in table.column_names}
    table = table.rename_columns(
        [name.strip().lstrip("\ufeff").lower() for name in table.column_names]
    )
    if not {"channel", "state"} <= names or not ({"email"} & names or {"customer_number"} & names):
        raise BadConsents(
            f"the columns are {', '.join(sorted(names))}",
            hint="it needs channel, state, and email or customer_number",
        )
    return table


def _complete(part: pa.Table, store: str) -> pa.Table:
    """Every column, trimmed; where nothing is said, what that means."""
    columns: dict[str, Any] = {}
    for name in _COLUMNS:
        if name in part.column_names:
            said = part[name].cast(pa.string())
            columns[name] = pc.utf8_trim_whitespace(pc.fill_null(said, ""))
        else:
            columns[name] = pa.array([""] * len(part), pa.string())
    for name, meant in (("purpose", "marketing"), ("store", store)):
        columns[name] = pc.if_else(pc.equal(columns[name], ""), meant, columns[name])
    for name in ("channel", "purpose", "state", "basis"):
        columns[name] = pc.utf8_lower(columns[name])
    columns["email"] = pc.utf8_lower(columns["email"])
    return pa.table(columns)


def _faults(rows: pa.Table, zone: str, usual: datetime | None) -> dict[str, Any]:
    """Whose each row is and when it was said, and its first wrong column with the reason."""
    customer = _customers(rows)
    said = _moments(rows["at"], zone)
    silent = pc.equal(rows["at"], "")
    # Who refuses without a day refuses now; who agrees without one may have refused since.
    now = pc.if_else(pc.equal(rows["state"], "withdrawn"), _scalar(clock.now()), _scalar(None))
    moment = pc.if_else(silent, now if usual is None else _scalar(usual), said)
    limit = _scalar(clock.now() + MAY_BE_AHEAD)
    relied = pc.equal(rows["state"], "relied")
    allowed = pa.array([*selectors.choices().relies_on], pa.string())
    who, asked_about = "nobody is known by it", PURPOSES[:-1]
    tests = (
        ("email", who, pc.and_(pc.is_null(customer), pc.not_equal(rows["email"], ""))),
        ("customer_number", who, pc.is_null(customer)),
        ("channel", f"none of {', '.join(CHANNELS)}", _none_of(rows["channel"], CHANNELS)),
        ("purpose", f"none of {', '.join(asked_about)}", _none_of(rows["purpose"], asked_about)),
        ("state", f"none of {', '.join(_STATES)}", _none_of(rows["state"], _STATES)),
        (
            "basis", f"none of {', '.join(BASES)}, or not relied on by this shop",
            pc.and_(relied, pc.invert(pc.is_in(rows["basis"], value_set=allowed))),
        ),
        ("at", "empty: say since when, here or with --as-of", pc.and_(silent, pc.is_null(moment))),
        ("at", "no moment such as 2026-04-01 12:30", pc.is_null(moment)),
        ("at", "yet to come", pc.fill_null(pc.greater(moment, limit), False)),
        ("proof", "an address or a phone", pc.match_substring_regex(rows["proof"], _CONTACT)),
        ("proof", "longer than 200", pc.greater(pc.utf8_length(rows["proof"]), 200)),
    )  # fmt: skip
    column = reason = pa.array([""] * len(rows), pa.string())
    for name, why, wrong in reversed(tests):
        column = pc.if_else(wrong, name, column)
        reason = pc.if_else(wrong, why, reason)
    return {"column": column, "reason": reason, "customer_id": customer, "moment": moment}


def _none_of(column: Any, known: tuple[str, ...]) -> Any:
    return pc.invert(pc.is_in(column, value_set=pa.array(known)))


def _customers(rows: pa.Table) -> Any:
    """By e-mail where one is given, else by the number in the store."""
    known = people()
    addresses = known.by_email(pc.unique(rows["email"]).to_pylist())
    found = _looked_up(rows["email"], addresses)
    for store in pc.unique(rows["store"]).to_pylist():
        here = pc.and_(pc.equal(rows["store"], store), pc.not_equal(rows["customer_number"], ""))
        numbers = pc.unique(rows["customer_number"].filter(here)).to_pylist()
        if numbers:
            by_number = _looked_up(rows["customer_number"], known.by_number(store, numbers))
            asked = pc.and_(here, pc.equal(rows["email"], ""))
            found = pc.if_else(asked, by_number, found)
    return found


def _looked_up(column: Any, known: Any) -> Any:
    if not known:
        return pa.nulls(len(column), pa.int64())
    keys = pa.array(list(known.keys()), pa.string())
    places = pc.index_in(column, value_set=keys)
    return pc.take(pa.array(list(known.values()), pa.int64()), places)


def _moments(texts: Any, zone: str) -> Any:
    """UTC of each; null where it is no moment."""
    slashes = pc.replace_substring(texts, "/", "-")
    good = pc.match_substring_regex(slashes, _MOMENT)
    said = pc.if_else(good, pc.replace_substring(slashes, " ", "T"), None)
    zoned = pc.fill_null(pc.match_substring_regex(said, r"(Z|[+-]\d\d:?\d\d)$"), False)
    kind = pa.timestamp("us", "UTC")
    with_zone = _cast(pc.if_else(zoned, said, None), kind)
    local = _cast(pc.if_else(zoned, None, said), pa.timestamp("us"))
    here = pc.assume_timezone(local, zone, ambiguous="earliest", nonexistent="earliest").cast(kind)
    return pc.coalesce(with_zone, here)


def _scalar(moment: datetime | None) -> Any:
    return pa.scalar(moment, pa.timestamp("us", "UTC"))


def _beginning(day: date | None, zone: str) -> datetime | None:
    if day is None:
        return None
    return datetime.combine(day, time(), clock.zone(zone)).astimezone(UTC)


def _cast(texts: Any, kind: Any) -> Any:
    try:
        return pc.cast(texts, kind)
    except pa.ArrowInvalid:  # one of them is a 31st of February: each by itself then
        return pa.array([_one(text) for text in texts.to_pylist()], kind)


def _one(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


def _told(rows: pa.Table, faults: dict[str, Any], wrong: Any, before: int) -> list[BadRow]:
    places = pc.indices_nonzero(wrong).to_pylist()[:SHOWN]
    found = []
    for place in places:
        column = faults["column"][place].as_py()
        value = str(rows[column][place].as_py())[:200]
        found.append(BadRow(before + place + 2, column, value, faults["reason"][place].as_py()))
    return found


def _entries(good: pa.Table, by: str) -> pa.Table:
    count = len(good)
    moment = pa.timestamp("us", "UTC")
    texts = {"source": "import", "by": by, "reason": ""}
    columns: dict[str, Any] = {
        "customer_id": good["customer_id"],
        "channel": good["channel"],
        "purpose": good["purpose"],
        "act": good["state"],
        "at": good["moment"],
        "recorded_at": pa.array([clock.now()] * count, moment),
        "basis": pc.if_else(pc.equal(good["state"], "relied"), good["basis"], ""),
        "proof": good["proof"],
        **{name: pa.array([value] * count, pa.string()) for name, value in texts.items()},
    }
    return pa.table(columns)

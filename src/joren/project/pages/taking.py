"""Customers taken away as a file: in the reader's words, under a name that says what it is."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

import ibis.expr.types as ir
from django.http import StreamingHttpResponse

from joren.decide.exports.contracts import Encoding
from joren.decide.exports.selectors import encoded
from joren.project import customer_file
from joren.project.pages import codes
from joren.project.pages.sections import word
from joren.understand.ranks.contracts import CPM_GROUPS, STAGES
from joren.warehouse import Snapshot


def as_file(
    snapshot: Snapshot,
    rows: ir.Table,
    name: str,
    *,
    personal: bool,
    simulated: bool,
    encoding: Encoding = "utf-8",
) -> StreamingHttpResponse:
    """The rows of ``selection`` as CSV; what CP932 has no sign for stands as 〓."""
    words = wording(personal=personal, simulated=simulated)
    parts = customer_file.parts(snapshot, rows, words, personal=personal, simulated=simulated)
    return sent((encoded(part, encoding) for part, _ in parts), name, encoding)


def sent(lines: Iterable[bytes], name: str, encoding: Encoding = "utf-8") -> StreamingHttpResponse:
    """A file of that name, as it is made."""
    answer = StreamingHttpResponse(lines, content_type=f"text/csv; charset={encoding}")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.csv"
    return answer


def wording(*, personal: bool, simulated: bool) -> customer_file.Wording:
    """The file in the reader's words."""
    names = customer_file.columns(personal=personal, simulated=simulated)
    return customer_file.Wording(
        heads={name: word(name) for name in names if word(name) != name},
        stages={str(code): codes.stage(code) for code in STAGES},
        cpm={code: codes.portfolio(code) for code in CPM_GROUPS},
    )

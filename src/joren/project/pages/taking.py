"""Customers taken away as a file: in the reader's words, under a name that says what it is."""

from __future__ import annotations

from typing import Literal
from urllib.parse import quote

import ibis.expr.types as ir
from django.http import StreamingHttpResponse

from joren.project import customer_file
from joren.project.pages import codes
from joren.project.pages.sections import word
from joren.understand.ranks.contracts import CPM_GROUPS, STAGES
from joren.warehouse import Snapshot

Encoding = Literal["utf-8", "cp932"]


def as_file(
    snapshot: Snapshot,
    rows: ir.Table,
    name: str,
    *,
    personal: bool,
    simulated: bool,
    encoding: Encoding = "utf-8",
) -> StreamingHttpResponse:
    """The rows of ``selection`` as CSV; what CP932 has no sign for becomes a question mark."""
    names = customer_file.columns(personal=personal, simulated=simulated)
    wording = customer_file.Wording(
        heads={name: word(name) for name in names if word(name) != name},
        stages={str(code): codes.stage(code) for code in STAGES},
        cpm={code: codes.portfolio(code) for code in CPM_GROUPS},
    )
    lines = customer_file.lines(snapshot, rows, wording, personal=personal, simulated=simulated)
    if encoding == "cp932":
        lines = (line.decode("utf-8-sig").encode("cp932", "replace") for line in lines)
    answer = StreamingHttpResponse(lines, content_type=f"text/csv; charset={encoding}")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.csv"
    return answer

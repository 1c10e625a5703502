"""Customers taken away as a file: in the reader's words, under a name that says what it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

import ibis.expr.types as ir
from django.http import StreamingHttpResponse
from django.utils.translation import gettext, gettext_noop

from joren.decide.exports.contracts import Encoding
from joren.decide.exports.selectors import encoded
from joren.project import customer_file, showing
from joren.project.pages import codes
from joren.project.pages.sections import word
from joren.understand.ltv.contracts import reasons
from joren.understand.ranks.contracts import CPM_GROUPS, STAGES
from joren.warehouse import Snapshot

_OF_INTERVALS: Final = {
    "level": gettext_noop("Level of the intervals"),
    "interval_why": gettext_noop("Why there is no interval"),
}


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
    heads = {name: word(name) for name in names if word(name) != name}
    for name, told in customer_file.BOUNDED.items():
        low, high, *_ = told
        heads[low] = gettext("%(figure)s, lower bound") % {"figure": word(name)}
        heads[high] = gettext("%(figure)s, upper bound") % {"figure": word(name)}
    return customer_file.Wording(
        heads=heads | {name: gettext(head) for name, head in _OF_INTERVALS.items()},
        stages={str(code): codes.stage(code) for code in STAGES},
        cpm={code: codes.portfolio(code) for code in CPM_GROUPS},
        reasons={why: showing.reason(why) for why in reasons.NO_INTERVAL},
    )

"""Figures of a page and whether an ⓘ that the keyboard reaches explains them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

RANKS = ("Stage", "RFM", "CPM", "Difference")
"""Heads of what is a figure too, though its column is written in words."""


@dataclass
class _Cell:
    text: str = ""
    number: bool = False
    told: bool = False


@dataclass
class _Table:
    caption: _Cell = field(default_factory=_Cell)
    rows: list[list[_Cell]] = field(default_factory=list)

    def untold(self) -> list[str]:
        """Heads of columns of numbers that nothing explains: caption, head or each number."""
        if self.caption.told or not self.rows:
            return []
        heads, *rows = self.rows
        found = []
        for place, head in enumerate(heads):
            numbers = [row[place] for row in rows if len(row) > place and row[place].number]
            counts = head.number or numbers or head.text in RANKS
            if counts and not head.told and not (numbers and all(one.told for one in numbers)):
                found.append(f"{self.caption.text}: {head.text}")
        return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: list[_Table] = []
        self.charts: list[_Cell] = []
        self.tiles: list[_Cell] = []
        self.lines: list[_Cell] = []
        self._open: list[tuple[str, _Cell | None]] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        said = dict(attrs)
        css = (said.get("class") or "").split()
        cell = self._cell(tag, css)
        if tag == "details" and "about" in css:
            for _, above in reversed(self._open):
                if above is not None:
                    above.told = True
                    break
        if tag not in (
            "input",
            "br",
            "meta",
            "link",
            "img",
            "hr",
            "path",
            "rect",
            "circle",
            "line",
        ):
            self._open.append((tag, cell))

    def _cell(self, tag: str, css: list[str]) -> _Cell | None:
        if tag == "table":
            self.tables.append(_Table())
        elif tag == "caption":
            return self.tables[-1].caption
        elif tag == "tr":
            self.tables[-1].rows.append([])
        elif tag in ("th", "td"):
            self.tables[-1].rows[-1].append(_Cell(number="number" in css))
            return self.tables[-1].rows[-1][-1]
        elif tag == "figcaption":
            self.charts.append(_Cell())
            return self.charts[-1]
        elif "tile" in css:
            self.tiles.append(_Cell())
            return self.tiles[-1]
        elif "todo-line" in css:
            self.lines.append(_Cell())
            return self.lines[-1]
        return None

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for _, above in reversed(self._open):
            if above is not None:
                above.text += data.strip() if not above.told else ""
                break


def untold(page: str) -> list[str]:
    """Columns, charts, big numbers and money of what is to do, of a page without an ⓘ."""
    reader = _Reader()
    reader.feed(page)
    found = [f"chart {one.text}" for one in reader.charts if not one.told]
    found += [f"tile {one.text}" for one in reader.tiles if not one.told]
    found += [
        f"line {one.text}" for one in reader.lines if not one.told and {"¥", "¤"} & {*one.text}
    ]
    return found + [f"table {one}" for table in reader.tables for one in table.untold()]

"""HTML that a mailbox gets: without anything that runs, and the same as plain text."""

from __future__ import annotations

import re
from functools import cache
from html import escape, unescape
from html.parser import HTMLParser
from typing import Final

import nh3

_STYLE: Final = re.compile(r"<style[^>]*>(.*?)</style\s*>", re.DOTALL | re.IGNORECASE)
_HEAD: Final = re.compile(r"<head[^>]*>.*?</head\s*>", re.DOTALL | re.IGNORECASE)
_BODY: Final = re.compile(r"<body([^>]*)>(.*?)(?:</body\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_COMMENT: Final = re.compile(r"<!--(.*?)-->", re.DOTALL)
# Of Outlook: what stands in such a comment is a table around a table.
_OF_OUTLOOK: Final = re.compile(r"\s*(\[if [^\]<>]*\]>|<!\[endif\])", re.IGNORECASE)
_RUNS: Final = re.compile(
    r"<\s*/?\s*(script|iframe|object|embed|form|link|meta|base|svg)|\son\w+\s*=|javascript:",
    re.IGNORECASE,
)
# A style that fetches another, and what only runs.
_FETCHES: Final = re.compile(r"@import[^;]*;?|expression\s*\([^)]*\)|</", re.IGNORECASE)

_TAGS: Final = frozenset(
    "a abbr address b blockquote br caption center cite code col colgroup dd del div dl dt em "
    "figcaption figure font h1 h2 h3 h4 h5 h6 hr i img ins li mark ol p pre s small span strike "
    "strong sub sup table tbody td tfoot th thead tr u ul".split()
)
_EVERYWHERE: Final = frozenset(
    "align aria-hidden aria-label aria-roledescription bgcolor border cellpadding cellspacing "
    "class color dir face height id lang role size style title valign width".split()
)
_ATTRIBUTES: Final = {
    "*": set(_EVERYWHERE),
    "a": {"href", "name", "target"},
    "img": {"alt", "src", "srcset"},
    "td": {"colspan", "rowspan", "background"},
    "th": {"colspan", "rowspan", "scope"},
    "table": {"background", "summary"},
}
_SCHEMES: Final = {"http", "https", "mailto", "tel", "cid"}
_OUTLOOK_HEAD: Final = (
    "<!--[if mso]><noscript><xml><o:OfficeDocumentSettings><o:AllowPNG/>"
    "<o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml></noscript><![endif]-->"
)


def clean(document: str, *, language: str, subject: str) -> str:
    """A whole document of what may stay: no script, no form, no frame, no handler, no font."""
    bare = _COMMENT.sub(lambda found: "" if _runs(found[1]) else found[0], document)
    styles = [
        _FETCHES.sub("", style).strip()
        # Not those of comments: a style for Outlook would be one for everybody.
        for style in _STYLE.findall(_COMMENT.sub("", bare))
    ]
    found = _BODY.search(bare)
    inside = found[2] if found else _HEAD.sub("", bare)
    body = _cleaner().clean(inside)
    dressed = "\n".join(f'<style type="text/css">{style}</style>' for style in styles if style)
    return (
        f'<!doctype html>\n<html lang="{language}" xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:o="urn:schemas-microsoft-com:office:office"><head>'
        '<meta http-equiv="Content-Type" content="text/html; charset=UTF-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(subject)}</title>{_OUTLOOK_HEAD}\n{dressed}</head>"
        f'<body style="{_style_of(found[1] if found else "")}">{body}</body></html>'
    )


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(_TAGS),
        clean_content_tags={"script", "style", "title", "iframe", "object", "noscript"},
        attributes=_ATTRIBUTES,
        strip_comments=False,
        link_rel=None,
        url_schemes=_SCHEMES,
    )


def _runs(comment: str) -> bool:
    """All comments go but Outlook's, and those too where something in them would run."""
    return _OF_OUTLOOK.match(comment) is None or _RUNS.search(comment) is not None


def _style_of(attributes: str) -> str:
    found = re.search(r"style\s*=\s*\"([^\"]*)\"|style\s*=\s*'([^']*)'", attributes, re.IGNORECASE)
    return escape(unescape((found[1] or found[2] or "") if found else ""), quote=True)


class _Reader(HTMLParser):
    """Reads a document aloud."""

    _BLOCKS = frozenset("p div h1 h2 h3 h4 h5 h6 table tr ul ol blockquote figure center".split())
    _SILENT = frozenset(("style", "script", "title", "head"))

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0
        self.links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag in self._SILENT:
            self.silent += 1
        elif tag == "br":
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag == "hr":
            self.parts.append("\n\n----\n\n")
        elif tag == "img" and known.get("alt"):
            self.parts.append(known["alt"])
        elif tag == "a":
            self.links.append((known.get("href", ""), len(self.parts)))
        elif tag in self._BLOCKS:
            self.parts.append("\n\n" if tag in ("p", "blockquote") or tag[0] == "h" else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag == "a" and self.links:
            address, since = self.links.pop()
            said = "".join(self.parts[since:]).strip()
            if address.startswith(("http", "mailto:", "tel:")) and said != address:
                self.parts.append(f"\n{address}\n" if said else address)
        elif tag in self._BLOCKS:
            self.parts.append("\n\n" if tag in ("p", "blockquote") or tag[0] == "h" else "\n")
        elif tag in ("td", "th"):
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(re.sub(r"[ \t\r\n]+", " ", data))


def as_text(document: str) -> str:
    """The document as plain text: what is written, with the addresses of its links."""
    reader = _Reader()
    reader.feed(document)
    reader.close()
    lines = [re.sub(r"[ \u00a0]+", " ", line).strip() for line in "".join(reader.parts).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def images(document: str) -> tuple[int, int]:
    """How many images there are, and how many have no words."""
    found = re.findall(r"<img\b[^>]*>", document, re.IGNORECASE)
    silent = [one for one in found if not re.search(r"\balt\s*=\s*[\"'][^\"']", one)]
    return len(found), len(silent)

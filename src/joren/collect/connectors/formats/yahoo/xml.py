"""The answers of Yahoo!ショッピング's orderInfo and orderList, one or many in a file, as rows.

The file is read as a stream and one order at a time is held. Document types and entities, which no
answer has, are refused before they are expanded.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, Locator

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import create_parser

from joren.collect.connectors.contracts import FileMalformed, FileTooLarge
from joren.collect.connectors.files.records import Reader, Row

_ORDER: Final = (
    "OrderId", "OrderTime", "LastUpdateTime", "OrderStatus", "PayStatus", "PayMethod",
    "PayMethodName", "ShipStatus", "CancelReason", "ParentOrderId", "SellerId",
    "BillLastName", "BillFirstName", "BillLastNameKana", "BillFirstNameKana", "BillZipCode",
    "BillPrefecture", "BillPhoneNumber", "BillMailAddress",
    "ShipCharge", "PayCharge", "GiftWrapCharge", "Discount", "Adjustments", "UsePoint",
    "TotalCouponDiscount", "TotalMallCouponDiscount", "GiftCardDiscount", "TotalPrice",
    "SettleAmount", "SubscriptionId", "SubscriptionContinueCount",
)  # fmt: skip
_ITEM: Final = (
    "LineId", "ItemId", "SubCode", "Title", "UnitPrice", "OriginalPrice", "CouponDiscount",
    "Quantity", "ItemTaxRatio",
)  # fmt: skip
_KEPT: Final = frozenset(_ORDER + _ITEM)
_BLOCK: Final = 1 << 16
_MOST_ITEMS: Final = 10_000
_LONGEST_CELL: Final = 1 << 20
_NAMED: Final = re.compile(r"""(<\?xml[^>]*?encoding=["'])([A-Za-z0-9._-]+)(["'])""")


class _Orders(ContentHandler):
    """Collects rows of finished orders in ``ready``."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name, self.ready = name, list[Row]()
        self._order: dict[str, str] | None = None
        self._items: list[Row] = []
        self._item: dict[str, str] | None = None
        self._line = self._item_line = 0
        self._text: list[str] = []
        self._size = 0
        self._place: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802 (SAX's own name)
        self._place = locator

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802, ARG002 (the names and arguments are of SAX)
        line = (self._place.getLineNumber() if self._place else None) or 0
        self._text, self._size = [], 0
        if name == "OrderInfo":
            self._order, self._items, self._line = {}, [], line
        elif name == "Item" and self._order is not None:
            self._item, self._item_line = {}, line

    def characters(self, content: str) -> None:
        self._size += len(content)
        if self._size > _LONGEST_CELL:
            raise FileTooLarge(
                f"{self.name} has a text of more than {_LONGEST_CELL:,} letters in one element",
                hint="ask the API again; nothing of it was imported",
            )
        self._text.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802 (the name is of SAX)
        if self._order is None:
            return
        if name == "OrderInfo":
            rows = self._items or [(self._line, {})]
            self.ready += [(line, {**self._order, **item}) for line, item in rows]
            self._order = None
        elif name == "Item" and self._item is not None:
            self._items.append((self._item_line, self._item))
            self._item = None
            self._refuse_endless()
        elif name in _KEPT:
            cells = self._order if self._item is None else self._item
            cells.setdefault(name, "".join(self._text).strip())
        self._text, self._size = [], 0

    def _refuse_endless(self) -> None:
        if len(self._items) > _MOST_ITEMS:
            raise FileTooLarge(
                f"{self.name} has an order of more than {_MOST_ITEMS:,} items",
                hint="ask the API again; nothing of it was imported",
            )


def knows(head: bytes) -> bool:
    text = _text_of(head)
    return text.lstrip().startswith("<") and ("<ResultSet" in text or "<OrderInfo" in text)


def _text_of(head: bytes) -> str:
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return head.decode("utf-16" if wide else "utf-8-sig", errors="replace")


def rows(path: Path, name: str) -> Iterator[Row]:
    """Each item of each order with the order's own cells; an order without items is one row."""
    orders = _Orders(name)
    parser: Any = create_parser(forbid_dtd=True)
    parser.setContentHandler(orders)
    orders.setDocumentLocator(parser)  # it is fed, so it does not say so itself
    try:
        for text in _texts(path):
            parser.feed(text)
            yield from orders.ready
            orders.ready = []
        parser.close()
    except SAXParseException as wrong:
        raise FileMalformed(
            f"{name} is no whole XML: line {wrong.getLineNumber()}: {wrong.getMessage()}",
            hint="ask the API again; nothing of it was imported",
        ) from None
    except DefusedXmlException:
        raise FileMalformed(
            f"{name} declares a document type or entities, which no answer of the API has",
            hint="do not trust the file; nothing of it was imported",
        ) from None
    except UnicodeDecodeError as wrong:
        raise FileMalformed(
            f"{name} is not in the encoding that it names: {wrong.reason}",
            hint="ask the API again; nothing of it was imported",
        ) from None


def _texts(path: Path) -> Iterator[str]:
    """The text in pieces; the parser itself knows few encodings, and Japan uses others."""
    with path.open("rb") as file:
        head = file.read(256)
    found = _NAMED.search(_text_of(head))
    encoding = found[2].lower() if found else "utf-8"
    encoding = {"shift_jis": "cp932", "utf-8": "utf-8-sig", "utf-16": "utf-16"}.get(
        encoding, encoding
    )
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    try:
        file_as_text = path.open(encoding=encoding, newline="")
    except LookupError:
        file_as_text = path.open(encoding="utf-8-sig", newline="")
    with file_as_text as text:
        first = text.read(_BLOCK)
        yield _NAMED.sub(r"\1utf-8\3", first, count=1)
        while block := text.read(_BLOCK):
            yield block


READER = Reader(knows, _ORDER + _ITEM, rows)

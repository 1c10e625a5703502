"""A shop that knows Hanako by everything that it may know somebody by, and Jiro beside her."""

from __future__ import annotations

import json
import time
from pathlib import Path

from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile

from joren.collect.connectors import services as imports
from joren.collect.customers import models
from joren.collect.customers import selectors as people
from joren.collect.customers.selectors.keyring import hashed_key
from joren.collect.inbox import services as inbox
from joren.collect.inbox.rules.reading import parsed, request_of
from joren.core import clock
from joren.plumbing.warehouse import warehouse
from joren.protect.consent import services as consents
from joren.protect.consent.contracts import Said

HANAKO = "hanako@example.com"
JIRO = "jiro@example.com"
WORDS = (HANAKO, "山田花子", "9012345678", "90-1234-5678", "device-hanako", "K-77")
"""None of them is anywhere in the installation once she is forgotten."""

_PEOPLE = """customer_number,name,email,phone,birthday,prefecture,registered_at
K-77,山田花子,hanako@example.com,090-1234-5678,1980-02-03,東京都,2024-01-02
K-78,田中次郎,jiro@example.com,080-8765-4321,1975-05-06,大阪府,2024-01-03
"""
_ORDERS = """order_number,ordered_at,customer_number,email,name,phone,total,sku,unit_price,quantity
A-1,2026-03-01,K-77,hanako@example.com,山田花子,090-1234-5678,1000,X,1000,1
A-2,2026-03-05,K-78,jiro@example.com,田中次郎,080-8765-4321,2000,Y,2000,1
A-3,2026-03-09,K-77,hanako@example.com,山田花子,090-1234-5678,3000,X,1000,3
A-4,not a day,K-77,hanako@example.com,山田花子,090-1234-5678,500,X,500,1
A-5,not a day,K-78,jiro@example.com,田中次郎,080-8765-4321,500,X,500,1
"""


def open_shop(folder: Path) -> tuple[int, int]:
    """Build it with the verbs that shops use; returns Hanako's number and Jiro's."""
    for kind, text in (("customers", _PEOPLE), ("orders", _ORDERS)):
        file = folder / f"{kind}.csv"
        file.write_text(text, encoding="utf-8")
        imports.import_file(file, kind=kind, store="own", actor="test")  # type: ignore[arg-type]
    key = inbox.add_source("server", kind="server", store="own", user_ids="customer_number")[1]
    _send(key, _event(1, "K-77", "device-hanako"), _event(2, "K-78", "device-jiro"))
    inbox.drain(warehouse())
    _send(key, _event(3, "K-77", "device-hanako"), _event(4, "K-78", "device-jiro"))
    _send(key, {"type": "nothing", "traits": {"email": HANAKO.upper()}})
    hanako, jiro = (people.search(words, limit=1)[0].id for words in (HANAKO, JIRO))
    for number in (hanako, jiro):
        consents.record(number, Said("email", "marketing", "granted", "form"), by="test")
        consents.handles_for([number])
    upload = SimpleUploadedFile("bad.csv", f"a,b\n1,{HANAKO}\n".encode())
    imports.receive(upload, kind="orders", actor="test")
    imports.carry_out_waiting()  # refused, and kept for another try
    models.Apart.objects.get_or_create(
        one_key=hashed_key(f"e:{HANAKO}"),
        other_key=hashed_key(f"e:{JIRO}"),
        by="test",
        at=clock.now(),
    )
    session = SessionStore()
    session["searches"] = {"token": "山田花子"}
    session.save()
    return int(hanako), int(jiro)


def come_back(folder: Path) -> int:
    """Hanako stands in a file of later; returns her number."""
    file = folder / "later.csv"
    file.write_text(_PEOPLE.splitlines()[0] + "\n" + _PEOPLE.splitlines()[1] + "\n")
    imports.import_file(file, kind="customers", store="own", actor="test")
    return int(people.search(HANAKO, limit=1)[0].id)


def _event(number: int, user: str, device: str) -> dict[str, object]:
    traits = {"phone": "090-1234-5678"} if user == "K-77" else {}
    return {
        "type": "track", "event": "Product Viewed", "messageId": f"m{number}", "userId": user,
        "anonymousId": device, "context": {"traits": traits},
    }  # fmt: skip


def _send(key: str, *messages: dict[str, object]) -> None:
    body = json.dumps({"batch": messages}).encode()
    now = time.time_ns() // 1000
    inbox.receive(request_of(parsed(body), kind="batch"), keys=[key], now=now)

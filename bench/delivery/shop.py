"""A shop whose messages wait to leave, in a home and a database of its own."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from joren.act.messages.contracts import Content

_WORDS = "お客さまのために、今年いちばん早い新豆を用意しました。焙煎したてをお届けします。\n" * 8


def surroundings(home: Path, url: str, port: int) -> dict[str, str]:
    """The environment of the shop and of its workers."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JOREN_")}
    said = {
        "JOREN_HOME": str(home),
        "JOREN_SMTP": f"smtp+plain://127.0.0.1:{port}",
        "JOREN_URL": "https://joren.shop.example",
        "DJANGO_SETTINGS_MODULE": "joren.project.settings",
    }
    return {**kept, **said, **({"JOREN_DATABASE_URL": url} if url else {})}


def _text() -> Content:
    from joren.act.messages.contracts import Content, Text

    body = f"{{{{ customer.name }}}}さま\n\n{_WORDS}\n{{{{ unsubscribe_url }}}}\n"
    texts = {"ja": Text("{{ customer.name }}さまへ 新豆のお知らせ", body)}
    return Content("新豆", "brand", "text", texts)


def _ready_made() -> Content:
    from joren.act.messages.selectors import READY_MADE

    return next(one for one in READY_MADE if one.en == "Welcome").content("ja")


def for_django() -> tuple[str, str, str]:
    """Subject, text and HTML (or "") of the one template, as Django's own templates are written."""
    from joren.act.messages import selectors, services
    from joren.act.messages.rules import example

    content = selectors.template(1).content
    if content.form == "text":
        text = content.texts["ja"]
        subject, body = (one.replace("customer.name", "name") for one in (text.subject, text.body))
        return subject, body, ""
    seen, _ = services.preview(content, language="ja", whom="example")
    name = example("ja")["customer"]["name"]
    assert name in seen.text
    return (
        seen.subject.replace(name, "{{ name }}"),
        seen.text.replace(name, "{{ name }}"),
        (seen.html or "").replace(name, "{{ name }}"),
    )


def stock(messages: int, *, mjml: bool = False) -> None:
    """Everybody agreed, and has one message waiting; call it when Django is set up."""
    import pyarrow as pa
    from django.core.management import call_command

    from joren.act.messages import models, services
    from joren.act.messages.contracts import Policy, Sender
    from joren.collect.customers.services.writing import add_customers
    from joren.core import clock
    from joren.protect.consent import models as consents

    call_command("migrate", verbosity=0)
    now = clock.now() - timedelta(minutes=1)
    numbers = range(1, messages + 1)
    texts = {
        "name": [f"客{number}" for number in numbers],
        "email": [f"c{number}@shop{number % 7}.example" for number in numbers],
        **dict.fromkeys(
            (
                "name_kana", "phone", "postal_code", "prefecture", "gender", "acquisition_source",
            ),
            [""] * messages,
        ),
    }  # fmt: skip
    columns = {name: pa.array(column, pa.string()) for name, column in texts.items()}
    add_customers(pa.table({"id": pa.array(numbers, pa.int64()), **columns}))
    consents.Entry.objects.bulk_create(
        [
            consents.Entry(
                customer_id=number, channel="email", purpose="marketing", act="granted",
                source="form", at=now, recorded_at=now, by="member:1",
            )
            for number in numbers
        ],
        batch_size=5_000,
    )  # fmt: skip
    services.set_sender(Sender("常連珈琲", "hello@shop.example"), by="command-line")
    services.set_policy(Policy(quiet=None), by="command-line")  # it runs at any hour
    made = services.create(_ready_made() if mjml else _text(), by="command-line")
    errand = models.Errand.objects.create(
        source="bench", source_id=1, step="", template_id=made.id, channel="email", kind="brand",
        made_at=now,
    )  # fmt: skip
    models.Send.objects.bulk_create(
        [
            models.Send(
                errand_id=errand.pk, customer_id=number, occurrence=1, state="waiting",
                asked_at=now, next_at=now, counted_at=now, version=1,
            )
            for number in numbers
        ],
        batch_size=5_000,
    )  # fmt: skip

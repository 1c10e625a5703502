"""Templates of these tests."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from joren.act.messages.contracts import Content, Text
from joren.collect.customers import models
from joren.collect.customers.selectors.keyring import hashed_key
from joren.collect.customers.services.writing import add_customers, closed

_UNKNOWN = (
    "name_kana", "phone", "postal_code", "prefecture", "gender", "acquisition_source"
)  # fmt: skip
MJML = """<mjml>
  <mj-body>
    <mj-section>
      <mj-column>
        <mj-text>{{ customer.name | default: "お客" }}さま、こんにちは。お待ちしています。</mj-text>
        <mj-button href="https://shop.example/new?a=1">新着を見る</mj-button>
        <mj-text><a href="{{ unsubscribe_url }}">配信停止</a></mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
"""


def a_template(
    body: str = MJML,
    *,
    name: str = "新着",
    subject: str = "{{ customer.name }}さまへ",
    form: str = "mjml",
    kind: str = "brand",
    language: str = "ja",
    utm: dict[str, str] | None = None,
) -> Content:
    return Content(name, kind, form, {language: Text(subject, body)}, utm or {})


def people(numbers: Sequence[int]) -> None:
    """客7 with c7@shop.example, sealed as every customer is; an identity has their number."""
    emails = {number: f"c{number}@shop.example" for number in numbers}
    add_customers(_rows(emails))
    models.Identity.objects.bulk_create(
        models.Identity(id=number, key=hashed_key(f"e:{email}"), customer_id=number)
        for number, email in emails.items()
    )


def has_now(number: int, email: str) -> None:
    """Their address is another one."""
    (row,) = closed(_rows({number: email})).to_pylist()
    models.Customer.objects.filter(pk=row.pop("id")).update(**row)


def _rows(emails: dict[int, str]) -> pa.Table:
    texts = {
        "name": [f"客{number}" for number in emails],
        "email": [*emails.values()],
        **dict.fromkeys(_UNKNOWN, [""] * len(emails)),
    }
    columns = {name: pa.array(column, pa.string()) for name, column in texts.items()}
    return pa.table({"id": pa.array([*emails], pa.int64()), **columns})

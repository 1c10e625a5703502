"""Templates of these tests."""

from __future__ import annotations

from joren.act.messages.contracts import Content, Text

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

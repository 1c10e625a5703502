"""What rules of segments may ask about pressure."""

from __future__ import annotations

from joren.act.pressure.contracts import CUSTOMER_PRESSURE, WINDOWS
from joren.decide.segments.selectors import FIELDS, Field


def enter_fields() -> None:
    """Enter them; whoever got no message has none, and that is known."""
    for days in WINDOWS:
        name = f"pressure_{days}d"
        FIELDS.enter(name, _field(f"送信圧（{days}日、許容の%）",
                                  f"Promotion pressure of {days} days (% of what is allowed)",
                                  name, ("%", "%")))  # fmt: skip
    FIELDS.enter("messages_30d", _field("30日間に届いた販促メッセージ",
                                        "Promotional messages of 30 days",
                                        "messages_30d", ("通", "")))  # fmt: skip


def _field(ja: str, en: str, column: str, unit: tuple[str, str]) -> Field:
    return Field(ja, en, "number", CUSTOMER_PRESSURE.name, column, unit=unit, zero_of_none=True)

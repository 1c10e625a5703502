"""The value report, put together from small sums."""

from joren.understand.ltv.services.reporting.report import value_report

__all__ = ["value_report"]

"""The reports of this room, put together from small sums."""

from joren.understand.ltv.services.reporting.models import model_report
from joren.understand.ltv.services.reporting.report import value_report

__all__ = ["model_report", "value_report"]

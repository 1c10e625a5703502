"""The models held against the shop's own past, and the one that is chosen by it."""

from joren.understand.ltv.services.judging.choosing import (
    SAMPLE,
    At,
    Judged,
    begin_judging,
    column_of,
    days_of,
    number_of,
)

__all__ = ["SAMPLE", "At", "Judged", "begin_judging", "column_of", "days_of", "number_of"]

"""Take lists of referrals in, take a code back."""

from joren.measure.referrals.services.taking import forget_code, take, take_file

__all__ = ["forget_code", "take", "take_file"]

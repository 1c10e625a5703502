"""The verb of this room: follow those who began together."""

from joren.understand.cohorts.services.following import follow_cohorts

__all__ = ["follow_cohorts"]

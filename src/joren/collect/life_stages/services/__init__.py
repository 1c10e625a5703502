"""What this room does."""

from joren.collect.life_stages.services.saying import (
    change_stages,
    forget_import,
    say_stage,
    take_said,
)

__all__ = ["change_stages", "forget_import", "say_stage", "take_said"]

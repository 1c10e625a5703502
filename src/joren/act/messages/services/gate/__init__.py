"""The one gate that every message passes, as one statement over many rows."""

from joren.act.messages.services.gate.asking import ask, ask_together, gate_again
from joren.act.messages.services.gate.ending import cancel, expire, set_aside
from joren.act.messages.services.gate.errands import errand, hold_back, let_go
from joren.act.messages.services.gate.pausing import take_up

__all__ = [
    "ask",
    "ask_together",
    "cancel",
    "errand",
    "expire",
    "gate_again",
    "hold_back",
    "let_go",
    "set_aside",
    "take_up",
]

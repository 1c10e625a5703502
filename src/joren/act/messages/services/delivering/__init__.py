"""From the ledger to the channel and back: each message at most once, or exactly once."""

from joren.act.messages.services.delivering.carrying import deliver_due, deliver_some
from joren.act.messages.services.delivering.limiting import set_pace
from joren.act.messages.services.delivering.settling import it_arrived, send_again, take_back

__all__ = ["deliver_due", "deliver_some", "it_arrived", "send_again", "set_pace", "take_back"]

"""What is done with messages: templates are kept, rendered and tried out."""

from joren.act.messages.services.asking_dns import look_up_records
from joren.act.messages.services.delivering import (
    deliver_due,
    deliver_some,
    it_arrived,
    send_again,
    set_pace,
)
from joren.act.messages.services.gate import (
    ask,
    ask_together,
    cancel,
    errand,
    expire,
    gate_again,
    hold_back,
    let_go,
    set_aside,
    take_up,
)
from joren.act.messages.services.hearing import (
    keep_heard,
    read_heard,
    read_returned,
    read_strangers,
    settle_returned,
    sweep_heard,
    sweep_returned,
    take_returned,
)
from joren.act.messages.services.keeping import archive, create, restore, revise, take_back
from joren.act.messages.services.policies import set_policy, set_zone, try_policy
from joren.act.messages.services.previewing import Whom, check, preview
from joren.act.messages.services.printing import print_letters, sweep_letters
from joren.act.messages.services.rendering import Scribe
from joren.act.messages.services.sending import channel_now, send_test, set_sender
from joren.act.messages.services.suppressing import release
from joren.act.messages.services.telling import tell_facts
from joren.act.messages.services.tracking import note_followed, set_tracking

__all__ = [
    "Scribe",
    "Whom",
    "archive",
    "ask",
    "ask_together",
    "cancel",
    "channel_now",
    "check",
    "create",
    "deliver_due",
    "deliver_some",
    "errand",
    "expire",
    "gate_again",
    "hold_back",
    "it_arrived",
    "keep_heard",
    "let_go",
    "look_up_records",
    "note_followed",
    "preview",
    "print_letters",
    "read_heard",
    "read_returned",
    "read_strangers",
    "release",
    "restore",
    "revise",
    "send_again",
    "send_test",
    "set_aside",
    "set_pace",
    "set_policy",
    "set_sender",
    "set_tracking",
    "set_zone",
    "settle_returned",
    "sweep_heard",
    "sweep_letters",
    "sweep_returned",
    "take_back",
    "take_returned",
    "take_up",
    "tell_facts",
    "try_policy",
]

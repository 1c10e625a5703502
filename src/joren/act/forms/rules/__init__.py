"""What forms say, whom they show what, and what becomes of an answer: pure rules."""

from joren.act.forms.rules.answers import answered, confirmed_message, fingerprint, messages
from joren.act.forms.rules.contents import differs, plain, read, slug_of
from joren.act.forms.rules.dealing import blocks_of, is_machine, variant_for
from joren.act.forms.rules.ready_made import READY_MADE, ReadyForm
from joren.act.forms.rules.telling import plainly

__all__ = [
    "READY_MADE",
    "ReadyForm",
    "answered",
    "blocks_of",
    "confirmed_message",
    "differs",
    "fingerprint",
    "is_machine",
    "messages",
    "plain",
    "plainly",
    "read",
    "slug_of",
    "variant_for",
]

"""What is done to consents."""

from joren.protect.consent.services.asking import ask, asked, confirm, lapse, links_to_confirm
from joren.protect.consent.services.choosing import choose, word
from joren.protect.consent.services.hearing import hand_on_refusals, hear, unsay
from joren.protect.consent.services.importing import import_consents
from joren.protect.consent.services.linking import handles_for, links_for, links_of
from joren.protect.consent.services.recording import (
    choose_on_page,
    record,
    record_many,
    refuse_again,
    refuse_everything,
    rely_on,
    set_by_hand,
    take_back,
    unsubscribe,
)

__all__ = [
    "ask",
    "asked",
    "choose",
    "choose_on_page",
    "confirm",
    "hand_on_refusals",
    "handles_for",
    "hear",
    "import_consents",
    "lapse",
    "links_for",
    "links_of",
    "links_to_confirm",
    "record",
    "record_many",
    "refuse_again",
    "refuse_everything",
    "rely_on",
    "set_by_hand",
    "take_back",
    "unsay",
    "unsubscribe",
    "word",
]

"""What is done for people who ask, and with what is old."""

from joren.protect.erasure.services.asking import ask, withdraw
from joren.protect.erasure.services.erasing import carry_out_waiting, erase_person, forget_many
from joren.protect.erasure.services.giving import export_person, written
from joren.protect.erasure.services.keeping import keep_for, purge
from joren.protect.erasure.services.logging import take_over, unseen
from joren.protect.erasure.services.returning import refuse_the_returned, refuse_who_arrive

__all__ = [
    "ask",
    "carry_out_waiting",
    "erase_person",
    "export_person",
    "forget_many",
    "keep_for",
    "purge",
    "refuse_the_returned",
    "refuse_who_arrive",
    "take_over",
    "unseen",
    "withdraw",
    "written",
]

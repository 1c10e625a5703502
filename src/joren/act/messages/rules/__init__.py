"""Rules of messages. What reads templates themselves is imported by the child process alone."""

from joren.act.messages.rules.hints import hints
from joren.act.messages.rules.ready_made import READY_MADE, ReadyMade, mail_body
from joren.act.messages.rules.senders import check_sender
from joren.act.messages.rules.variables import VARIABLES, Variable, example, nobody

__all__ = [
    "READY_MADE",
    "VARIABLES",
    "ReadyMade",
    "Variable",
    "check_sender",
    "example",
    "hints",
    "mail_body",
    "nobody",
]

"""Words about the gate and the ledger: what was asked, what was answered, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, get_args

from joren.core.registry import Registry
from joren.core.words import gettext_noop

SendState = Literal[
    "deferred", "waiting", "sending", "sent", "refused", "unknown", "suppressed", "held_out",
    "expired",
]  # fmt: skip
STATES: Final[tuple[SendState, ...]] = get_args(SendState)
LEFT: Final[tuple[SendState, ...]] = ("sending", "sent", "unknown")  # it cost what it cost
OPEN: Final = ("deferred", "waiting")
"""What nobody has begun to send, and may still be taken back."""

SUPPRESSIONS: Final = ("hard_bounce", "soft_bounce", "complaint", "by_hand")

STATE_NAMES: Final[Mapping[str, str]] = {
    "deferred": gettext_noop("put off"),
    "waiting": gettext_noop("about to leave"),
    "sending": gettext_noop("leaving"),
    "sent": gettext_noop("sent"),
    "refused": gettext_noop("has not left"),
    "unknown": gettext_noop("may have left"),
    "suppressed": gettext_noop("not allowed"),
    "held_out": gettext_noop("left out by lot"),
    "expired": gettext_noop("too late"),
}
REASON_NAMES: Final[Mapping[str, str]] = {
    "": "",
    "gone": gettext_noop("nobody is there any more"),
    "same_person": gettext_noop("another number of the same person gets it"),
    "no_consent:refused": gettext_noop("they refused"),
    "no_consent:pending": gettext_noop("they have not confirmed yet"),
    "no_consent:unasked": gettext_noop("they have not agreed"),
    "suppressed:hard_bounce": gettext_noop("the address does not exist"),
    "suppressed:soft_bounce": gettext_noop("the mailbox took nothing lately"),
    "suppressed:complaint": gettext_noop("they reported a message as spam"),
    "suppressed:by_hand": gettext_noop("somebody of the shop stopped it"),
    "no_address": gettext_noop("no way is known to reach them there"),
    "no_https_address": gettext_noop("JOREN_URL has no https, which links of refusal need"),
    "worker_died": gettext_noop("the worker died in the middle of it"),
    "broken_template": gettext_noop("the template cannot be sent"),
    "not_yet": gettext_noop("its time has not come"),
    "cap": gettext_noop("they had enough messages"),
    "quiet_hours": gettext_noop("it is night where they are"),
    "budget": gettext_noop("the budget is used up"),
    "own_budget": gettext_noop("the campaign's own budget is used up"),
    "late": gettext_noop("it was asked for too late"),
    "queue": gettext_noop("it waited too long to leave"),
    "held": gettext_noop("it was held back"),
    "paused": gettext_noop("its journey is paused"),
    "not_needed": gettext_noop("it was answered before it left"),
    "would_go": gettext_noop("it would have left"),
    "cancelled:paused": gettext_noop("it was stopped"),
    "cancelled:left": gettext_noop("they left the journey"),
    "cancelled:archived": gettext_noop("what sent it was put away"),
}
"""Why a row is in its state. A channel's own words stand behind ``refused`` and ``unknown``."""


@dataclass(frozen=True)
class Asked:
    """SQL of our own, of both databases: who is to get what is sent, never text of a user.

    It gives customer_id, occurrence (the same number again is the same message), wanted_at,
    expires_at (null: never), worth (minor units, who goes first) and lot (null: treated, else the
    holdout that leaves them out). No (customer_id, occurrence) twice.
    """

    query: str
    values: Sequence[Any] = ()


@dataclass(frozen=True)
class Said:
    """What one message of an occasion is about: in which language, and what its template may ask
    for beside the shop. ``holds`` must stand in it, else it is not sent."""

    language: str
    variables: Mapping[str, str]
    holds: str = ""


OCCASIONS: Final[Registry[Callable[[Sequence[int]], Mapping[int, Said]]]] = Registry("occasion")
"""Errands whose rows are each about something of their own, by the errand's source.

Of some occurrences it says what each is about; one that is left out is not needed any more. Such a
message says nothing of the person: whoever typed the address need not be its owner.
"""


STOPPERS: Final[Registry[Callable[[str, int], bool]]] = Registry("who stops what is sent")
"""Is all that this campaign or journey sends stopped, also what it has not sent yet?"""


KNOWERS: Final[Registry[Callable[[Sequence[int]], Mapping[int, Mapping[str, Any]]]]] = Registry(
    "what templates may ask for"
)
"""What upper rooms know of some customers, by the name under which a template asks for it; whom
nothing is known of may be left out."""


SENDERS_OF: Final[Registry[Callable[[int], Sequence[str]]]] = Registry("who sends a template")
"""What goes on and sends a template of that number, by the name that people know it by."""


@dataclass(frozen=True)
class Passed:
    """How many rows of a chunk came into which state, and why; ``ghosts`` of them are held out.
    Those that passed cost ``cost`` (minor units), as far as costs are known."""

    states: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[tuple[str, str], int] = field(default_factory=dict)
    ghosts: int = 0
    cost: int = 0

    @property
    def rows(self) -> int:
        return sum(self.states.values())


@dataclass(frozen=True)
class Sent:
    """One row of the ledger, with what its errand says."""

    id: int
    errand: int
    source: str
    source_id: int
    step: str
    template: int
    template_name: str
    channel: str
    kind: str
    customer: int
    occurrence: int
    state: str
    reason: str
    lot: int | None
    worth: int
    asked_at: datetime
    next_at: datetime | None
    expires_at: datetime | None
    counted_at: datetime | None
    version: int | None
    cost: int | None
    sent_at: datetime | None

"""Words of messages that leave this room, and its errors. No Django."""

from __future__ import annotations

from collections.abc import Sequence

from joren.act.messages.contracts.arriving import (
    TURNED_AWAY,
    WATCHED,
    DomainRecords,
    MailboxShare,
    Suppressed,
    WeekOfMail,
)
from joren.act.messages.contracts.hearing import LINE, Heard, Rates
from joren.act.messages.contracts.ledger import (
    LedgerAsked,
    LedgerCount,
    LeftToPeople,
    MessageShares,
    OutcomeOf,
    Reached,
)
from joren.act.messages.contracts.message import (
    Batching,
    Carried,
    Channel,
    DkimKey,
    Finding,
    JobMessage,
    KeptBack,
    Lacking,
    Message,
    Mode,
    Outcome,
    PrintedLetter,
    Remembering,
    Sender,
    Standing,
    Streaming,
    Unclear,
)
from joren.act.messages.contracts.policy import (
    LONGEST_WAIT,
    LONGEST_WINDOW,
    THANKS,
    Cap,
    MonthSpent,
    Pace,
    Policy,
    PolicyChange,
    PolicyPreview,
    Quiet,
    Replayed,
)
from joren.act.messages.contracts.returning import (
    LARGEST_NOTICE,
    RETURNED,
    BadNotice,
    NoSuchNotice,
    ReturnedNotice,
    Taken,
)
from joren.act.messages.contracts.sending import (
    KNOWERS,
    LEFT,
    OCCASIONS,
    OPEN,
    REASON_NAMES,
    SENDERS_OF,
    STATE_NAMES,
    STATES,
    STOPPERS,
    SUPPRESSIONS,
    Asked,
    Passed,
    Said,
    SendState,
    Sent,
)
from joren.act.messages.contracts.shapes import (
    ONE_SMS,
    SHAPES,
    Shape,
    is_flex,
    letters,
    shape_of,
)
from joren.act.messages.contracts.template import (
    FAULT_WORDS,
    FORM_NAMES,
    FORMS,
    HINT_WORDS,
    KIND_NAMES,
    KINDS,
    LANGUAGES,
    TRANSACTIONAL,
    UTM,
    Content,
    Fault,
    Hint,
    Link,
    Rendered,
    Template,
    Text,
    Version,
)
from joren.act.messages.contracts.tracking import OWN, Followed, Tracking
from joren.core.errors import BadInput, NotFound, Refused, Unavailable


class BrokenTemplate(BadInput):
    """The template cannot be sent as it is; ``faults`` say where and why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(
            "; ".join(fault.words for fault in faults if fault.grave),
            hint="put it right, or keep it as a draft",
        )
        self.faults = tuple(faults)


class BadTemplate(BadInput):
    """The template has no name, or is of a kind, form or channel that there is not."""


class NoSuchTemplate(NotFound):
    """No template has that number."""


class NoSuchVersion(NotFound):
    """The template has no such version."""


class NotKept(NotFound):
    """No message with that number was kept in the house."""


class TemplateNameTaken(Refused):
    """Another template has that name."""


class NothingToSend(Refused):
    """The template has drafts alone."""


class BadSender(BadInput):
    """Nobody can write back to such a sender."""


class NoMemberAddress(Refused):
    """A test goes to the address of who asks for it, and a program has none."""


class NotSent(Unavailable):
    """The channel did not take the message."""


class BadPace(BadInput):
    """Messages cannot leave at such a pace."""


class NotUnknown(Refused):
    """Of that message it is known whether it left."""


class TemplateInUse(Refused):
    """Something sends the template, and would send nothing any more; ``senders`` are its names."""

    senders: tuple[str, ...] = ()


class MessageTooLate(Refused):
    """The time of that message is over, and it is not sent any more."""


class NoChannel(BadInput):
    """There is no such channel, or what calls itself one is none."""


class NotRendered(Unavailable):
    """The process that writes messages did not start."""


class NoSuchErrand(NotFound):
    """Nothing of that number is sent."""


class NoSuchSuppression(NotFound):
    """Nothing is stopped under that number."""


class BadRelease(Refused):
    """What keeps messages from somebody cannot be lifted so."""


class NoLookUp(Refused):
    """DNS is not asked: nothing leaves the house yet, or no domain is known."""


class BadPolicy(BadInput):
    """Such a cap, quiet time or budget cannot be kept."""


__all__ = [
    "FAULT_WORDS",
    "FORMS",
    "FORM_NAMES",
    "HINT_WORDS",
    "KINDS",
    "KIND_NAMES",
    "KNOWERS",
    "LANGUAGES",
    "LARGEST_NOTICE",
    "LEFT",
    "LINE",
    "LONGEST_WAIT",
    "LONGEST_WINDOW",
    "OCCASIONS",
    "ONE_SMS",
    "OPEN",
    "OWN",
    "REASON_NAMES",
    "RETURNED",
    "SENDERS_OF",
    "SHAPES",
    "STATES",
    "STATE_NAMES",
    "STOPPERS",
    "SUPPRESSIONS",
    "THANKS",
    "TRANSACTIONAL",
    "TURNED_AWAY",
    "UTM",
    "WATCHED",
    "Asked",
    "BadNotice",
    "BadPace",
    "BadPolicy",
    "BadRelease",
    "BadSender",
    "BadTemplate",
    "Batching",
    "BrokenTemplate",
    "Cap",
    "Carried",
    "Channel",
    "Content",
    "DkimKey",
    "DomainRecords",
    "Fault",
    "Finding",
    "Followed",
    "Heard",
    "Hint",
    "JobMessage",
    "KeptBack",
    "Lacking",
    "LedgerAsked",
    "LedgerCount",
    "LeftToPeople",
    "Link",
    "MailboxShare",
    "Message",
    "MessageShares",
    "MessageTooLate",
    "Mode",
    "MonthSpent",
    "NoChannel",
    "NoLookUp",
    "NoMemberAddress",
    "NoSuchErrand",
    "NoSuchNotice",
    "NoSuchSuppression",
    "NoSuchTemplate",
    "NoSuchVersion",
    "NotKept",
    "NotRendered",
    "NotSent",
    "NotUnknown",
    "NothingToSend",
    "Outcome",
    "OutcomeOf",
    "Pace",
    "Passed",
    "Policy",
    "PolicyChange",
    "PolicyPreview",
    "PrintedLetter",
    "Quiet",
    "Rates",
    "Reached",
    "Remembering",
    "Rendered",
    "Replayed",
    "ReturnedNotice",
    "Said",
    "SendState",
    "Sender",
    "Sent",
    "Shape",
    "Standing",
    "Streaming",
    "Suppressed",
    "Taken",
    "Template",
    "TemplateInUse",
    "TemplateNameTaken",
    "Text",
    "Tracking",
    "Unclear",
    "Version",
    "WeekOfMail",
    "is_flex",
    "letters",
    "shape_of",
]

"""Practices as other rooms and the faces see them. No Django.

Much of what raises LTV is no software: free returns, packaging, a promise of the delivery day,
training. A practice is written down like any action: who answers for it, what belongs to it, what
it costs, since when, and what it brought beside those who did without.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal, get_args

from joren.core.errors import BadInput, NotFound, Refused
from joren.core.figures import Figure
from joren.core.words import gettext_noop

FIFTEEN: Final[Mapping[str, tuple[str, str]]] = {
    "personalisation": ("パーソナライゼーション", "Personalisation"),
    "free_returns": ("返品時の送料無料化", "Free returns"),
    "fitting": ("フィッティングツール", "Fitting tools"),
    "delivery_time": ("正確な配送日時の提供", "Exact delivery times"),
    "return_channels": ("複数の販売チャネルへの返品", "Returns through several channels"),
    "beyond": ("顧客の期待以上の対応", "More than the customer expects"),
    "gratitude": ("ロイヤルティに対するお礼", "Thanks for loyalty"),
    "service": ("優れたカスタマーサービス", "Excellent customer service"),
    "packaging": ("素敵なパッケージング", "Beautiful packaging"),
    "sign_up": ("登録への説得力", "Convincing sign-up"),
    "mail_support": ("メールによるカスタマーサービスの改善", "Better support by e-mail"),
    "apps": ("アプリやユーティリティの提供", "Apps and utilities"),
    "thank_you": ("購入後のお礼メール", "Thank-you mail after the purchase"),
    "best_customers": ("優良顧客への対応", "Care for the best customers"),
    "followers": ("ソーシャルフォロワーへの特別提供", "Offers for social followers"),
}
"""Fifteen ways of raising LTV (ja, en), in the order of the list that they come from."""

OWN: Final = "own-"
"""How the key of one of the shop's own begins."""

MOST_SCORE: Final = 3
SCORES: Final[Mapping[int, str]] = {
    0: gettext_noop("Not done"),
    1: gettext_noop("Begun"),
    2: gettext_noop("Done, not measured"),
    3: gettext_noop("Done and measured"),
}

MOST_BYTES: Final = 10 * 2**20
EVIDENCE_TYPES: Final = (
    ".pdf", ".png", ".jpg", ".jpeg", ".webp", ".xlsx", ".docx", ".pptx", ".csv", ".txt",
)  # fmt: skip
MOST_PIECES: Final = 50
"""Files and links of one practice."""

Unit = Literal["customer", "order", "week", "store"]
UNITS: Final[tuple[Unit, ...]] = get_args(Unit)
UNIT_NAMES: Final[Mapping[Unit, str]] = {
    "customer": gettext_noop("by customer"),
    "order": gettext_noop("by order"),
    "week": gettext_noop("by week"),
    "store": gettext_noop("by store"),
}
"""By what those who get it and those who do without are told apart."""


@dataclass(frozen=True)
class Step:
    """One line of a checklist."""

    what: str
    done: bool = False


@dataclass(frozen=True)
class PracticeText:
    """What a shop writes down of a practice. ``owner`` is a member's number, ``cost`` what one unit
    costs in minor units (None: not known), ``holdout`` the number of the one that measures it,
    ``decision`` what was decided by what it brought, and why."""

    owner: int | None = None
    steps: tuple[Step, ...] = ()
    evidence: str = ""
    unit: Unit = "customer"
    cost: int | None = None
    started_on: date | None = None
    stopped_on: date | None = None
    holdout: int | None = None
    decision: str = ""


@dataclass(frozen=True)
class Practice:
    """One of the fifteen, which is there from the beginning, or one of the shop's own.

    ``key`` names it: the code of one of the fifteen, or ``own-7``, which then has a ``name``.
    """

    key: str
    name: str
    text: PracticeText
    owner_name: str
    score: int | None
    changed_at: datetime | None
    changed_by: str

    @property
    def own(self) -> bool:
        """Is it none of the fifteen?"""
        return self.key not in FIFTEEN

    @property
    def runs(self) -> bool:
        """Was it begun and not ended?"""
        return self.text.started_on is not None and self.text.stopped_on is None


@dataclass(frozen=True)
class Scored:
    """How far one of the fifteen is, and what shows it."""

    score: int
    evidence: str = ""


@dataclass(frozen=True)
class SelfAudit:
    """All fifteen in one quarter, such as 2026-Q4."""

    quarter: str
    scores: Mapping[str, Scored]
    held_at: datetime
    held_by: str

    @property
    def total(self) -> int:
        """Of fifteen times the best score."""
        return sum(one.score for one in self.scores.values())


@dataclass(frozen=True)
class AuditStanding:
    """Was this quarter's audit held, and how do the quarters compare?"""

    quarter: str
    held: bool
    total: int | None
    before: int | None
    most: int = len(FIFTEEN) * MOST_SCORE


@dataclass(frozen=True)
class Measured:
    """What a practice brought, by its holdout."""

    evidence: str
    realised: Figure
    holdout: int
    name: str = ""
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class PracticeDecision:
    """What was decided by what a practice brought, and why, as it was said then."""

    practice: str
    text: str
    decided_at: datetime
    decided_by: str


EvidenceKind = Literal["file", "link"]


@dataclass(frozen=True)
class Evidence:
    """Something that shows a practice: a file that is kept here (``size`` in bytes, ``sha256``), or
    a link to where it lies."""

    id: int
    practice: str
    kind: EvidenceKind
    name: str
    note: str
    added_at: datetime
    added_by: str
    url: str = ""
    size: int = 0
    media_type: str = ""
    sha256: str = ""


class NoSuchEvidence(NotFound):
    """Nothing of that number shows a practice, or its file is gone."""


class BadEvidence(BadInput):
    """The file or link cannot be kept; the message says why."""


class PracticeInUse(Refused):
    """One of the fifteen, one that was begun, or one that was tried stays."""


class NoSuchPractice(NotFound):
    """There is no practice of that key."""


class BadPractice(BadInput):
    """What is written of it cannot be; the message says what."""


class PracticeNameTaken(Refused):
    """Another practice has the name."""

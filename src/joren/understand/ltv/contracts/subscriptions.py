"""The report on contracts (定期): how they go on, what still runs, and what it may bring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from joren.collect.quality.contracts import Verdict
from joren.core.figures import Figure
from joren.understand.ltv.contracts.models import CandidateMarks, Parameter

CONTRACT_STATUSES: Final[Mapping[str, tuple[str, str]]] = {
    "active": ("継続中", "Active"),
    "late": ("お届けが遅れている", "Late"),
    "paused": ("停止中", "Paused"),
    "ended": ("終了", "Ended"),
}


@dataclass(frozen=True)
class RenewalPoint:
    """The renewal after delivery ``number`` (定期回数): of ``due`` contracts, who made it.

    ``model`` is the chosen model's rate; ``survival`` the share of new contracts that, by it, get
    to the delivery after this one.
    """

    number: int
    due: int
    observed: Figure
    model: Figure
    survival: Figure


@dataclass(frozen=True)
class ContractMonth:
    """Contracts that started and that ended in a month, and how many ran at its end."""

    month: date
    started: int
    ended: int
    running: int


@dataclass(frozen=True)
class TenureOutlook:
    """Running contracts of one running number, the mean of what is expected of each."""

    number: int
    contracts: int
    p_cancel: Figure
    renewals_365d: Figure
    renewals_5y: Figure
    lifetime_days: Figure
    revenue_365d: Figure


@dataclass(frozen=True)
class RenewalCutoff:
    """Renewals that the chosen model foretold from ``cutoff`` on, and what came by ``last``."""

    cutoff: str
    last: str
    due: int
    foretold: float
    made: int
    error: Figure


@dataclass(frozen=True)
class WayCutoff:
    """Customers whose contract ran at a cut-off: what came, and what both ways had told.

    ``apart`` is contract and other orders together, ``of_contracts`` the contracts' part of it.
    Revenue is in minor units.
    """

    cutoff: str
    customers: int
    orders: int
    orders_one_model: float
    orders_apart: float
    orders_of_contracts: float
    revenue: int
    revenue_one_model: float | None
    revenue_apart: float


@dataclass(frozen=True)
class Composition:
    """Of what the prediction of customers is made whose contract runs.

    ``way`` is "one model", "contracts apart" or "contracts apart, total kept"; the parts are known
    in the latter two only. ``scale`` is what the predictions of all others are multiplied by.
    """

    way: str
    why: str
    scale: float
    parts: tuple[Figure, ...]
    candidates: tuple[CandidateMarks, ...]
    history: tuple[WayCutoff, ...]  # newest first


@dataclass(frozen=True)
class SubscriptionReport:
    """All of it, as one document of a snapshot; ``why`` says why nothing is predicted."""

    snapshot_id: int
    as_of: str
    currency: str
    model: str  # "" where none could be fitted
    why: str
    usual_days: int  # the middle interval between deliveries
    figures: Mapping[str, Figure]
    curve: tuple[RenewalPoint, ...]
    months: tuple[ContractMonth, ...]
    tenures: tuple[TenureOutlook, ...]
    candidates: tuple[CandidateMarks, ...]
    history: tuple[RenewalCutoff, ...]  # newest first
    parameters: tuple[Parameter, ...]
    composition: Composition
    verdicts: tuple[Verdict, ...] = ()  # what the facts are enough for, as of reading


DEFINITIONS: Final[dict[str, tuple[str, str, str, str]]] = {
    "contracts_running": (
        "継続中の定期契約",
        "Contracts that run",
        "次回のお届けが予定されている契約。お届けが遅れている契約を含み、停止中と終了を除く。",
        "Contracts with a delivery ahead of them: also those that are late, not those that are "
        "paused or have ended.",
    ),
    "contracts_late": (
        "お届けが遅れている契約",
        "Late contracts",
        "契約自身のふだんの間隔の1.5倍を過ぎてもお届けがなく、2.5倍には達していない契約"
        "(スキップ・休止を含む)。",
        "No delivery for more than 1.5 of the contract's own usual interval, and not yet for 2.5: "
        "skipped, paused, or about to end.",
    ),
    "contracts_paused": (
        "停止中の契約",
        "Paused contracts",
        "取込元が停止中と伝えた契約。終了にも継続中にも数えない。",
        "Contracts that their source calls paused; counted neither as running nor as ended.",
    ),
    "contracts_ended": (
        "終了した契約",
        "Contracts that ended",
        "取込元が解約と伝えた契約、または契約自身のふだんの間隔の2.5倍を過ぎてもお届けがない契約。",
        "Contracts that their source calls ended, or without a delivery for more than 2.5 of their "
        "own usual interval.",
    ),
    "contracts_at_risk": (
        "次回までに解約しそうな契約",
        "Contracts about to be cancelled",
        "継続中の契約のうち、次回のお届けまでに解約する確率が30%以上のもの。",
        "Contracts that run and are cancelled before the next delivery with a probability of 30 % "
        "or more.",
    ),
    "renewal_rate": (
        "継続率(定期回数別)",
        "Continuation rate (by running number)",
        "その回のお届けを受けた契約のうち、次回を2.5間隔以内に受けた割合。"
        "結果がまだ分からない契約は数えない。",
        "Of the contracts that got this delivery, the share that got the next within 2.5 "
        "intervals; contracts of which it is not known yet are not counted.",
    ),
    "contract_survival": (
        "新しい契約の残存率",
        "Survival of new contracts",
        "新しい契約のうち、この回の次のお届けまで続く割合(モデルによる)。",
        "Of new contracts, the share that gets as far as the delivery after this one, by the "
        "model.",
    ),
    "contract_p_cancel": (
        "次回までの解約確率",
        "Probability to cancel before the next delivery",
        "定期回数から見た継続率と、前回のお届けからの日数による。",
        "By the continuation rate at this running number and the days since the last delivery.",
    ),
    "contract_renewals_365d": (
        "今後12か月の予測お届け回数(定期)",
        "Deliveries predicted for 12 months (contracts)",
        "いま継続中の契約から今後365日に見込まれるお届けの回数。新しい契約は含まない。",
        "Deliveries expected within 365 days from the contracts that run now; contracts yet to be "
        "made are not in it.",
    ),
    "contract_renewals_5y": (
        "今後5年の予測お届け回数(定期)",
        "Deliveries predicted for 5 years (contracts)",
        "今後5年で区切った見込み。期限のない平均は無限になることがある。",
        "Cut off at 5 years: without an end the mean may be infinite.",
    ),
    "contract_lifetime": (
        "残りの契約期間(5年まで)",
        "Lifetime to come (within 5 years)",
        "いまから最後のお届けまでの平均日数。5年で区切る。",
        "Mean days from now to the last delivery, cut off at 5 years.",
    ),
    "contract_revenue_365d": (
        "今後12か月の予測売上(定期)",
        "Revenue predicted for 12 months (contracts)",
        "予測お届け回数 × 契約自身の2回目以降の平均売上(店舗の平均に寄せたもの)。",
        "Deliveries predicted × the contract's own mean revenue of renewals, drawn to the shop's.",
    ),
    "other_orders_365d": (
        "今後12か月の予測購入回数(定期以外)",
        "Orders predicted for 12 months (beside contracts)",
        "定期が継続中の顧客の、定期以外の注文があると見込まれる日数。",
        "Days with an order outside of a contract, expected of customers whose contract runs.",
    ),
    "other_revenue_365d": (
        "今後12か月の予測売上(定期以外)",
        "Revenue predicted for 12 months (beside contracts)",
        "定期が継続中の顧客の、定期以外の注文の予測売上。",
        "Of the orders outside of a contract that are expected of customers whose contract runs.",
    ),
    "contract_profit_365d": (
        "今後12か月の予測利益(定期)",
        "Profit predicted for 12 months (contracts)",
        "予測売上 × 顧客の利益率。",
        "Revenue predicted × the customer's margin.",
    ),
}

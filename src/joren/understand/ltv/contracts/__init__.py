"""What a customer was worth and may be worth. No Django."""

from joren.understand.ltv.contracts import subscriptions
from joren.understand.ltv.contracts.definitions import DEFINITIONS as _OF_VALUE
from joren.understand.ltv.contracts.errors import NoSnapshot, NothingToConclude, NoValue
from joren.understand.ltv.contracts.models import (
    Belief,
    CandidateMarks,
    CustomerPath,
    CutoffMarks,
    MapCell,
    ModelReport,
    Parameter,
    PathDay,
    Tracked,
)
from joren.understand.ltv.contracts.report import (
    Backtest,
    CalibrationClass,
    Change,
    Conversion,
    CostTerm,
    Distribution,
    FormulaPeriod,
    FormulaValue,
    GroupValue,
    LeftOut,
    ModelFit,
    Movement,
    Prediction,
    StandingRate,
    ValueReport,
)
from joren.understand.ltv.contracts.subscriptions import (
    CONTRACT_STATUSES,
    Composition,
    ContractMonth,
    RenewalCutoff,
    RenewalPoint,
    SubscriptionReport,
    TenureOutlook,
    WayCutoff,
)
from joren.understand.ltv.contracts.tables import (
    CUSTOMER_SUBSCRIPTIONS,
    CUSTOMER_VALUES,
    PURCHASES,
    SUBSCRIPTIONS,
)

DEFINITIONS = _OF_VALUE | subscriptions.DEFINITIONS

__all__ = [
    "CONTRACT_STATUSES",
    "CUSTOMER_SUBSCRIPTIONS",
    "CUSTOMER_VALUES",
    "DEFINITIONS",
    "PURCHASES",
    "SUBSCRIPTIONS",
    "Backtest",
    "Belief",
    "CalibrationClass",
    "CandidateMarks",
    "Change",
    "Composition",
    "ContractMonth",
    "Conversion",
    "CostTerm",
    "CustomerPath",
    "CutoffMarks",
    "Distribution",
    "FormulaPeriod",
    "FormulaValue",
    "GroupValue",
    "LeftOut",
    "MapCell",
    "ModelFit",
    "ModelReport",
    "Movement",
    "NoSnapshot",
    "NoValue",
    "NothingToConclude",
    "Parameter",
    "PathDay",
    "Prediction",
    "RenewalCutoff",
    "RenewalPoint",
    "StandingRate",
    "SubscriptionReport",
    "TenureOutlook",
    "Tracked",
    "ValueReport",
    "WayCutoff",
]

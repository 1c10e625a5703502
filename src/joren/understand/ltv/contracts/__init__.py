"""What a customer was worth and may be worth. No Django."""

from joren.understand.ltv.contracts.definitions import DEFINITIONS
from joren.understand.ltv.contracts.errors import NoSnapshot, NothingToConclude, NoValue
from joren.understand.ltv.contracts.models import (
    CandidateMarks,
    CutoffMarks,
    MapCell,
    ModelReport,
    Parameter,
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
from joren.understand.ltv.contracts.tables import CUSTOMER_VALUES, PURCHASES

__all__ = [
    "CUSTOMER_VALUES",
    "DEFINITIONS",
    "PURCHASES",
    "Backtest",
    "CalibrationClass",
    "CandidateMarks",
    "Change",
    "Conversion",
    "CostTerm",
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
    "Prediction",
    "StandingRate",
    "Tracked",
    "ValueReport",
]

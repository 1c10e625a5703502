"""Customer lifetime value: what a customer's past says of their purchases and spend to come.

A model is one module with the same three words: `fit(data)`, `given(parameters)`, and the frozen
`Fitted` that both return.
"""

from joren.science.clv import (
    beta_discrete_weibull,
    bg_bb,
    bg_nbd,
    calendar,
    covariates,
    gamma_gamma,
    log_normal_spend,
    mbg_cnbd_k,
    mbg_nbd,
    nbd,
    pareto_nbd,
    shifted_beta_geometric,
    spend_covariates,
)
from joren.science.clv.forecasts import NextOrder
from joren.science.clv.renewals import Contracts
from joren.science.clv.summary import Summary
from joren.science.clv.transactions import Summarised, summarised

__all__ = [
    "Contracts",
    "NextOrder",
    "Summarised",
    "Summary",
    "beta_discrete_weibull",
    "bg_bb",
    "bg_nbd",
    "calendar",
    "covariates",
    "gamma_gamma",
    "log_normal_spend",
    "mbg_cnbd_k",
    "mbg_nbd",
    "nbd",
    "pareto_nbd",
    "shifted_beta_geometric",
    "spend_covariates",
    "summarised",
]

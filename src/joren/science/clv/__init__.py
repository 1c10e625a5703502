"""Customer lifetime value: what a customer's past says of their purchases and spend to come.

A model is one module with the same three words: `fit(data)`, `given(parameters)`, and the frozen
`Fitted` that both return.
"""

from joren.science.clv import bg_nbd, gamma_gamma, mbg_nbd, nbd
from joren.science.clv.forecasts import NextOrder
from joren.science.clv.summary import Summary

__all__ = ["NextOrder", "Summary", "bg_nbd", "gamma_gamma", "mbg_nbd", "nbd"]

"""Customers who began together."""

from __future__ import annotations

from joren.plumbing.glossary.term import Term

TERMS = (
    Term(
        "cohort",
        "コホート",
        "Cohort",
        "最初の注文の月などが同じ顧客の組。",
        "Customers whose first order has the month, store, product or source in common.",
    ),
    Term(
        "retention",
        "継続率",
        "Retention",
        "コホートのうち、その月に注文した人の割合。",
        "The share of a cohort that ordered in that month.",
    ),
    Term(
        "cumulative_revenue",
        "累計売上（1人あたり）",
        "Cumulative revenue per customer",
        "コホートの売上の累計を、コホートの人数で割ったもの。",
        "A cohort's revenue so far, per customer who began it.",
    ),
    Term(
        "cumulative_profit",
        "累計利益（1人あたり）",
        "Cumulative profit per customer",
        "コホートの利益の累計を、コホートの人数で割ったもの。",
        "A cohort's profit so far, per customer who began it.",
    ),
)

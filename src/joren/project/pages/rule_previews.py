"""Whom a rule fits, what they are worth and where else they belong, as pages show it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext

from joren.collect.customers import selectors as people
from joren.core.money import decimals
from joren.decide.segments import selectors
from joren.decide.segments.contracts import Caution, Preview, Rule
from joren.project import showing
from joren.project.pages.codes import partner
from joren.project.pages.sections import currency_of


def shown_preview(found: Preview, *, personal: bool) -> dict[str, Any]:
    """The preview in the reader's language, with the names of its examples."""
    who = people.customers_among(found.examples) if personal else {}
    return {
        "customers": found.customers,
        "of": found.of,
        "share": found.customers / found.of if found.of else None,
        "said": partner(found.ja, found.en),
        "steps": [
            {
                "said": partner(step.ja, step.en), "alone": step.alone, "left": step.left,
                "share": f"{step.left / max(found.of, 1):.4f}",
                "cautions": [caution(one) for one in step.cautions],
            }
            for step in found.steps
        ],
        "examples": [
            {"id": number, "name": (who[number].name if number in who else "") or f"#{number}"}
            for number in found.examples
        ],
    }  # fmt: skip


def caution(one: Caution) -> str:
    """What the facts are short of, and why."""
    return f"{gettext(showing.USES[one.use])}: {showing.reason(one.why)}"


def cautions_of(numbers: Iterable[int]) -> list[str]:
    """The same of segments by their numbers, each caution once."""
    wanted = set(numbers)
    kept = [one for one in selectors.segments() if one.id in wanted]
    found = [caution(each) for one in kept for each in selectors.cautions_of(one.rule)]
    return list(dict.fromkeys(found))


def beside(rule: Rule, *, without: int | None = None) -> dict[str, Any]:
    """What its customers are worth beside all others, and what it shares with other segments."""
    return {
        "means": selectors.against_rest(rule),
        "verdicts": selectors.worth_rests_on(),
        "overlaps": [one for one in selectors.overlaps(rule, without=without) if one.both],
    }


def unit() -> int:
    """Minor units of the money that people type."""
    return int(10 ** decimals(currency_of(None)))

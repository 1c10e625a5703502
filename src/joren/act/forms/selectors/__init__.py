"""Questions about forms."""

from joren.act.forms.rules import READY_MADE, plain, read
from joren.act.forms.selectors.asking import (
    ASKED,
    address_of,
    by_number,
    consent_shown,
    counted,
    form,
    forms,
    live_content,
    snippet_of,
    usual_words,
    version,
    versions,
    wording_scope,
    words,
)
from joren.act.forms.selectors.measuring import results

__all__ = [
    "ASKED",
    "READY_MADE",
    "address_of",
    "by_number",
    "consent_shown",
    "counted",
    "form",
    "forms",
    "live_content",
    "plain",
    "read",
    "results",
    "snippet_of",
    "usual_words",
    "version",
    "versions",
    "wording_scope",
    "words",
]

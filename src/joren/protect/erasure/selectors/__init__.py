"""Questions about requests, proofs and retention."""

from joren.protect.erasure.selectors.keeping import retention
from joren.protect.erasure.selectors.requests import (
    due_soon,
    forgotten,
    preview,
    request,
    requests,
    steps_of,
    was_erased,
)

__all__ = [
    "due_soon",
    "forgotten",
    "preview",
    "request",
    "requests",
    "retention",
    "steps_of",
    "was_erased",
]

"""Read one of many: where its numbers refuse, no other one waits for it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from django.db import Error

from joren.core.errors import Unavailable

T = TypeVar("T")
_log = logging.getLogger(__name__)


def alone(read: Callable[[], T], what: str) -> T | None:
    """What is read of it, None where anything of its own went wrong; the log says what.

    A database or a warehouse that is not there is wrong with all of them, and is raised.
    """
    try:
        return read()
    except (Error, Unavailable):
        raise
    except Exception:  # of whatever kind: the engine has its own, and data bring any
        _log.exception("%s cannot be read", what)
        return None

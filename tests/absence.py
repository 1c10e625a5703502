"""What a test needs and a machine may lack: a visible skip at home, a failure in CI."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

IN_CI = os.environ.get("CI", "").lower() in ("true", "1", "yes")


def absent(what: str, *, hint: str) -> NoReturn:
    """Skip with the reason; where CI=true nothing may be missing, so fail."""
    reason = f"{what} is absent: {hint}"
    if IN_CI:
        pytest.fail(f"{reason} (CI=true, where nothing may be missing)", pytrace=False)
    pytest.skip(reason)

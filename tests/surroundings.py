"""The surroundings of the tests: a home that is thrown away, and only the settings named here.

A variable of the caller must not reach the tests, or they would write into a real shop's warehouse.
"""

from __future__ import annotations

import gc
import os
import tempfile
from pathlib import Path

_OURS = ("JOREN_DATA", "JOREN_TEST_DATABASE_URL")


def prepare() -> tempfile.TemporaryDirectory[str]:
    """Point every JOREN_ variable at a fresh folder; the folder goes with the returned object."""
    gc.set_threshold(50_000, 20, 50)  # as joren's settings do, which pure tests never read
    for name in [name for name in os.environ if name.startswith("JOREN_") and name not in _OURS]:
        del os.environ[name]
    folder = tempfile.TemporaryDirectory(prefix="joren-tests-", ignore_cleanup_errors=True)
    os.environ["JOREN_HOME"] = str(Path(folder.name) / "home")
    if database := os.environ.get("JOREN_TEST_DATABASE_URL"):
        os.environ["JOREN_DATABASE_URL"] = database
    # Each test has a home of its own, and all of them one database.
    os.environ["JOREN_PERSONAL_KEYS"] = f"tests:{'A' * 43}="
    os.environ["DJANGO_SETTINGS_MODULE"] = "joren.project.settings"
    # The matrices here are small: a second thread waits for the first, and takes a core for that.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    return folder


def on_postgresql() -> bool:
    return os.environ.get("JOREN_TEST_DATABASE_URL", "").startswith("postgres")

"""What a command loads before it knows what it is to do."""

from __future__ import annotations

import subprocess
import sys

_LATE = ("joren.measure.experiments.selectors", "joren.act.messages.channels")


def test_what_few_commands_need_is_loaded_when_somebody_asks_for_it() -> None:
    ready = (
        "import os, sys, django\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'joren.project.settings'\n"
        "django.setup()\n"
        f"print(*sys.modules.keys() & {set(_LATE)})\n"
    )

    done = subprocess.run([sys.executable, "-c", ready], capture_output=True, text=True, check=True)

    assert done.stdout == "\n"

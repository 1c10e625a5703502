"""What a worker needs, imported once by the process that workers are forked from."""

from __future__ import annotations

import django

django.setup()

import joren.act.messages.services  # noqa: E402, F401 (it needs Django's apps)

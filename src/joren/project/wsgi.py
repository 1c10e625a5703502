"""The door for the web server."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "joren.project.settings")


def _unpack() -> None:
    from joren.project.static_files import unpack_vega

    # Before WhiteNoise lists the files that it will serve.
    unpack_vega(settings.JOREN_HOME / "static")


_unpack()
application = get_wsgi_application()

"""A page as PDF, made without a browser. What it needs of the machine is said where it lacks."""

from __future__ import annotations

import shutil
import subprocess
from typing import Any, NoReturn

from joren.core.errors import Unavailable


class PdfUnavailable(Unavailable):
    """The machine lacks what a PDF is drawn with."""


def pdf_of(page: str) -> bytes:
    """The whole page, which brings its styles along: nothing is fetched from anywhere."""
    try:
        # It loads for seconds, and pango may be missing.
        from weasyprint import HTML
    except (ImportError, OSError) as fault:
        raise PdfUnavailable(
            f"no PDF can be drawn: {str(fault).splitlines()[0]}",
            hint="apt install libpango-1.0-0 libpangoft2-1.0-0, or print the page (Ctrl-P)",
        ) from None
    if not _japanese_fonts():
        raise PdfUnavailable(
            "no font on this machine has Japanese letters",
            hint="apt install fonts-noto-cjk, or print the page (Ctrl-P)",
        )
    drawn: bytes = HTML(string=page, url_fetcher=_nothing).write_pdf()
    return drawn


def _nothing(url: str, *_more: Any, **_named: Any) -> NoReturn:
    raise ValueError(f"a printed page fetches nothing: {url}")


def _japanese_fonts() -> bool:
    """Is there one? Where fontconfig's own command lacks it cannot be asked, and is believed."""
    command = shutil.which("fc-list")
    if command is None:
        return True
    found = subprocess.run(  # noqa: S603 (a fixed command)
        [command, ":lang=ja", "family"], capture_output=True, timeout=20, check=False
    )
    return bool(found.stdout.strip())

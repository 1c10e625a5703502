"""No file names a registry or a machine: a clone must work wherever it lies."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

# A letter in brackets, so that this file passes its own check.
_REGISTRIES = (r"[p]ypi\.org", r"[p]ythonhosted\.org", r"[r]egistry\.npmjs\.org")
_OPTIONS = ("--[i]ndex-url", "--[e]xtra-index-url", "--[f]ind-links")
_FOLDERS = ("/[w]ork/", "/[t]mp/", "/[r]oot/", "/opt/(?:[p]ypi|[w]heels)", "/[U]sers/")
_FOUND = re.compile("|".join((*_REGISTRIES, *_OPTIONS, rf"(?<![\w.*])(?:{'|'.join(_FOLDERS)})")))


def named(root: Path) -> list[str]:
    """Lines of text files that name a registry, or a folder of one machine."""
    return [
        f"{path.relative_to(root)}:{number}: {found[0]}"
        for path in _kept(root)
        for number, line in enumerate(_lines(path), start=1)
        if (found := _FOUND.search(line))
    ]


def _kept(root: Path) -> list[Path]:
    """Files that git keeps or would keep; outside of git, all of them."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        return sorted(path for path in root.rglob("*") if path.is_file())
    paths = (root / name for name in listed.stdout.split("\0") if name)
    return sorted({path for path in paths if path.is_file()})


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return []  # a picture, or a sample in another encoding

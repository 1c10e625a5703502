"""Japanese for every room: the rooms' .po files become one .mo under the home folder.

Git keeps no compiled file and an installed package may lie where nobody can write.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from joren.core.errors import BadInput

_PACKAGE = Path(__file__).parent.parent


def sources(language: str = "ja") -> tuple[Path, ...]:
    """The .po files of all rooms."""
    return tuple(sorted(_PACKAGE.glob(f"**/locale/{language}/LC_MESSAGES/django.po")))


def catalogue(language: str = "ja") -> Catalog:
    """All rooms' words in one; the same words translated differently are an error."""
    whole = Catalog(locale=language, domain="django")
    for file in sources(language):
        with file.open("rb") as lines:
            room = read_po(lines, locale=language, abort_invalid=True)
        for message in room:
            if not message.id or not message.string or message.fuzzy:
                continue
            known = whole.get(message.id, message.context)
            if known is not None and known.string != message.string:
                raise BadInput(
                    f"{message.id!r} is {known.string!r} in one room, {message.string!r} in {file}",
                    hint="translate it once, or give it a context",
                )
            whole.add(message.id, message.string, context=message.context)
    return whole


def compile_into(folder: Path, language: str = "ja") -> bool:
    """Write the .mo unless the one that is there comes from these very sources; say which."""
    target = folder / language / "LC_MESSAGES" / "django.mo"
    stamp = target.with_suffix(".stamp")
    digest = hashlib.sha256("\n".join(_marks(language)).encode()).hexdigest()
    if target.exists() and stamp.exists() and stamp.read_text() == digest:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f"{target.name}.{os.getpid()}")
    with draft.open("wb") as out:
        write_mo(out, catalogue(language))
    draft.replace(target)  # two processes may compile at once; readers see one whole file
    stamp.write_text(digest)
    return True


def _marks(language: str) -> Iterator[str]:
    for file in sources(language):
        state = file.stat()
        yield f"{file}:{state.st_mtime_ns}:{state.st_size}"

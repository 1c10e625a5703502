"""Files that requests carry: under the home while they are read, and gone afterwards."""

from __future__ import annotations

import os
from pathlib import Path

from django.core.files.base import ContentFile

from joren.plumbing.sent import laid_down


def test_a_file_lies_under_the_home_while_it_is_read(home: Path) -> None:
    sent = ContentFile(b"email\na@example.com\n", name="consents.csv")

    with laid_down(sent, suffix=".csv") as path:
        assert path.read_bytes() == b"email\na@example.com\n"
        assert home in path.parents
        assert path.suffix == ".csv"

    assert not path.exists()


def test_what_a_kill_left_goes_with_the_next_one(home: Path) -> None:
    old, new = home / "scratch/sent-old.csv", home / "scratch/sent-new.csv"
    old.parent.mkdir(exist_ok=True)
    for left in (old, new):
        left.write_text("a@example.com")
    os.utime(old, (0, 0))

    with laid_down(ContentFile(b"")):
        assert not old.exists()
        assert new.exists()  # of a request that is still under way

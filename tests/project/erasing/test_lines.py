"""A line of a file that nobody could read is given out and forgotten with whom it names."""

from __future__ import annotations

from pathlib import Path

import pytest

from joren.collect.inbox import models
from joren.collect.inbox.services import add_source, import_events
from joren.protect.erasure import services
from tests.project.erasing.shop import HANAKO, open_shop

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_line_that_was_cut_short_is_given_out_and_goes(home: Path, tmp_path: Path) -> None:
    hanako, _ = open_shop(tmp_path)
    before = models.UnreadMessage.objects.count()
    source, _ = add_source("files", kind="server", store="own")
    file = tmp_path / "cut.jsonl"
    line = '{"type":"track","event":"X","context":{"traits":{"email":"%s"}}'
    file.write_text(line % HANAKO.upper() + "\n" + line % "saburo@example.com" + "\n")
    import_events(file, source_id=source.id)
    assert models.UnreadMessage.objects.count() == before + 2

    given = services.written(services.export_person(hanako, by="t"))
    services.erase_person(services.ask(hanako, "erasure", by="t"), by="t")

    assert HANAKO.upper() in given
    assert "saburo@example.com" not in given
    assert models.UnreadMessage.objects.filter(reason__startswith="line 1").count() == 0
    assert models.UnreadMessage.objects.filter(reason__startswith="line 2").count() == 1

"""The bench looks at every page, or says why it does not."""

from __future__ import annotations

from bench import looking
from tests.project.test_role_matrix import PAGES, pages


def _plain() -> set[str]:
    """Pages that need no number of something and no name."""
    addresses = pages()
    return {name for name in PAGES if "/1/" not in addresses[name] and "/x/" not in addresses[name]
            and not addresses[name].endswith(("1.csv", "1.toml", "/x/"))}  # fmt: skip


def test_every_page_that_needs_nothing_else_is_timed_or_a_reason_stands() -> None:
    assert _plain() == {*looking.TIMED, *looking.UNTIMED}
    assert not {*looking.TIMED} & {*looking.UNTIMED}


def test_what_is_looked_at_with_something_chosen_is_looked_at_as_it_is() -> None:
    assert set(looking.BESIDE) <= set(looking.TIMED)

"""The table of who may do what."""

from __future__ import annotations

import pytest

from joren.accounts import rules
from joren.accounts.contracts import Action, NoSuchRole, Role
from joren.core.errors import BadInput


@pytest.mark.parametrize(
    ("role", "actions"),
    [
        ("viewer", {"view_figures"}),
        ("support", {"view_figures", "view_personal", "edit_people", "record_consents"}),
        (
            "marketer",
            {
                "view_figures",
                "view_personal",
                "export",
                "export_personal",
                "treat",
                "record_consents",
            },
        ),
        (
            "analyst",
            {
                "view_figures",
                "view_personal",
                "edit_people",
                "import",
                "export",
                "treat",
                "record_consents",
            },
        ),
        ("admin", set(rules.ACTIONS)),
    ],
)
def test_a_role_may_do_what_the_table_says(role: Role, actions: set[Action]) -> None:
    assert rules.actions_of(role) == actions
    assert all(rules.may(role, action) == (action in actions) for action in rules.ACTIONS)


def test_an_unknown_role_is_refused_with_the_known_ones() -> None:
    with pytest.raises(NoSuchRole) as refused:
        rules.role_named("owner")

    assert "analyst" in refused.value.hint


def test_scopes_come_in_the_order_of_the_table() -> None:
    assert rules.scopes_named(("export", "view_figures", "export")) == ("view_figures", "export")


@pytest.mark.parametrize("scopes", [(), ("everything",)])
def test_a_key_needs_known_scopes(scopes: tuple[str, ...]) -> None:
    with pytest.raises(BadInput):
        rules.scopes_named(scopes)

"""Who may do what: one table, read by every face."""

from __future__ import annotations

from typing import get_args

from joren.accounts.contracts import Action, NoSuchRole, Role
from joren.core.errors import BadInput

ROLES: tuple[Role, ...] = get_args(Role)
ACTIONS: tuple[Action, ...] = get_args(Action)

_MAY: dict[Role, frozenset[Action]] = {
    "viewer": frozenset({"view_figures"}),
    "marketer": frozenset(
        {
            "view_figures",
            "view_personal",
            "export",
            "export_personal",
            "treat",
            "record_consents",
        }
    ),
    # Support has people on the telephone, who say that they want no more.
    "support": frozenset({"view_figures", "view_personal", "edit_people", "record_consents"}),
    # Whoever imports a file sees the people in it, above all in the rows that need repair.
    "analyst": frozenset(
        {
            "view_figures",
            "view_personal",
            "edit_people",
            "import",
            "export",
            "treat",
            "record_consents",
        }
    ),
    "admin": frozenset(ACTIONS),
}


def may(role: Role, action: Action) -> bool:
    """Whether a member of that role may do it."""
    return action in _MAY[role]


def actions_of(role: Role) -> frozenset[Action]:
    return _MAY[role]


def role_named(text: str) -> Role:
    for role in ROLES:
        if role == text:
            return role
    raise NoSuchRole(f"no role {text!r}", hint=f"known: {', '.join(ROLES)}")


def scopes_named(texts: tuple[str, ...]) -> tuple[Action, ...]:
    """The actions of those names, each once, in the order of the table."""
    if unknown := sorted(set(texts) - set(ACTIONS)):
        raise BadInput(f"no scope {unknown[0]!r}", hint=f"known: {', '.join(ACTIONS)}")
    if not texts:
        raise BadInput("a key without a scope opens nothing", hint=f"known: {', '.join(ACTIONS)}")
    return tuple(action for action in ACTIONS if action in texts)

"""All words of a command are understood before anything is done for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from typer.core import TyperGroup


class Understood(TyperGroup):
    """The program's own group. What is wrong with an option or an argument is told before the home
    gets its tables and what was promised is finished."""

    def invoke(self, ctx: Any) -> Any:
        """Read all of the words once; then carry them out."""
        _read(self, ctx, [*ctx._protected_args, *ctx.args])
        return super().invoke(ctx)


def _read(command: Any, context: Any, words: Sequence[str]) -> None:
    """Follow the words to the command that they end at, which refuses what it does not take."""
    while isinstance(command, TyperGroup) and words:
        name, command, rest = command.resolve_command(context, list(words))
        context = command.make_context(name, list(rest), parent=context)
        words = [*context._protected_args, *context.args]

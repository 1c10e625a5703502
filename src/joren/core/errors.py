"""The four kinds of error. A room derives its own; each face maps a kind once.

The class name is the code that a program reads, the message says what was asked and what is so,
the hint says what to do.
"""

from __future__ import annotations


class JorenError(Exception):
    """Anything that joren says no to, with a way out."""

    status = 500

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    @property
    def code(self) -> str:
        """The name that a program can rely on."""
        return type(self).__name__


class BadInput(JorenError):
    """What was given cannot be understood."""

    status = 422


class NotFound(JorenError):
    """There is no such thing."""

    status = 404


class Refused(JorenError):
    """Understood, but the present state does not allow it."""

    status = 409


class Unavailable(JorenError):
    """Not now: a job tries again."""

    status = 503

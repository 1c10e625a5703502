"""What is said of templates, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language, gettext, gettext_noop

from joren.act.messages.contracts import (
    FAULT_WORDS,
    HINT_WORDS,
    KIND_NAMES,
    LANGUAGES,
    Cap,
    Fault,
    Hint,
    Pace,
    Template,
)
from joren.protect.consent.contracts import CHANNEL_NAMES

WHERE = {"subject": gettext_noop("Subject"), "body": gettext_noop("Body")}
LANGUAGE_NAMES = {"ja": gettext_noop("Japanese"), "en": gettext_noop("English")}


@dataclass(frozen=True)
class Said:
    """A fault in words, and its place."""

    words: str
    place: str
    grave: bool


def spoken(language: str) -> str:
    """What a customer's language is called; its code where it is none of ours."""
    return gettext(LANGUAGE_NAMES[language]) if language in LANGUAGE_NAMES else language


def reader() -> str:
    """The reader's language, of those that templates know."""
    language = get_language() or "ja"
    return language if language in LANGUAGES else "en"


def of_faults(faults: Iterable[Fault]) -> list[Said]:
    """The worst first."""
    return [_said(one) for one in sorted(faults, key=lambda fault: not fault.grave)]


def of_hints(hints: Iterable[Hint]) -> list[str]:
    return [gettext(HINT_WORDS[one.say]).format(one.what) for one in hints]


def state(template: Template) -> tuple[str, str]:
    """Can it be sent? In words, and as a badge."""
    if template.sendable is None:
        return gettext("Draft"), "is-warn"
    if template.sendable != template.version:
        return gettext("Ready; a newer draft waits"), "is-warn"
    return gettext("Ready"), "is-good"


def _said(fault: Fault) -> Said:
    parts = [gettext(WHERE[fault.where])]
    if fault.language:
        parts.append(gettext(LANGUAGE_NAMES[fault.language]))
    if fault.line:
        parts.append(
            gettext("line %(line)s, column %(column)s")
            % {"line": fault.line, "column": fault.column}
        )
    return Said(gettext(FAULT_WORDS[fault.say]).format(fault.what), " · ".join(parts), fault.grave)


def of_channel(name: str) -> str:
    """What a channel is called; a guest's by its own name."""
    return gettext(CHANNEL_NAMES.get(name, name))


def of_cap(cap: Cap) -> str:
    """Which messages it counts."""
    named = [
        of_channel(cap.channel) if cap.channel else "",
        gettext(KIND_NAMES[cap.kind]) if cap.kind else "",
    ]
    return " · ".join(filter(None, named)) or gettext("over everything")


def of_pace(scope: str, pace: Pace) -> str:
    """Whom it holds back, and how much."""
    channel, _, domain = scope.partition(":")
    who = gettext("Every channel") if channel == "*" else of_channel(channel)
    said = [f"{who} ({domain})" if domain else who]
    if pace.per_minute is not None:
        said.append(gettext("%(n)s a minute") % {"n": f"{pace.per_minute:,}"})
    if pace.warm_since is not None and pace.warm_first is not None:
        said.append(
            gettext("warming up since %(day)s, %(n)s on the first day")
            % {"day": pace.warm_since, "n": f"{pace.warm_first:,}"}
        )
    return " · ".join(said)

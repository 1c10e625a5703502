"""What a ready-made journey is made of. Its document names templates and segments by words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from joren.act.journeys.contracts import END, Document, Stage
from joren.act.journeys.rules.reading import read

DAY: Final = 24
"""Hours: the unit in which steps follow each other."""

DEAR_JA: Final = '{{ customer.name | default: "お客" }}さま'
DEAR_EN: Final = 'Dear {{ customer.name | default: "customer" }},'
LAST_JA: Final = '{{ orders.last.items[0].name | default: "お選びいただいた商品" }}'
LAST_EN: Final = '{{ orders.last.items[0].name | default: "what you chose" }}'
OFFER_JA: Final = (
    "{% if suggestion.name %}<br/><br/>{{ suggestion.because }}をお求めの方に、"
    "一緒におすすめしている品：{{ suggestion.name }}{% endif %}"
)
OFFER_EN: Final = (
    "{% if suggestion.name %}<br/><br/>To go with {{ suggestion.because }}: "
    "{{ suggestion.name }}.{% endif %}"
)
"""One product at most, with the reason; nothing where the shop has said of none."""

ORDERED: Final = {"kind": "event", "event": "Order Completed"}


@dataclass(frozen=True)
class Slot:
    """A link that the shop fills in; as long as it is empty, no button shows."""

    name: str
    button: str


@dataclass(frozen=True)
class Words:
    """A mail in one language."""

    subject: str
    title: str
    paragraphs: tuple[str, ...]
    slots: tuple[Slot, ...] = ()


@dataclass(frozen=True)
class ReadyMail:
    """A mail of a journey, under the name that its template gets in each language."""

    key: str
    ja: str
    en: str
    kind: str
    words: Mapping[str, Words]

    def called(self, language: str) -> str:
        return self.ja if language == "ja" else self.en


@dataclass(frozen=True)
class ReadyJourney:
    """A journey, why a shop has it, and the figure by which it is judged, in both languages.

    ``parts`` is the document but for its words. In it ``template`` is the key of a mail, and
    ``segment`` the Japanese name of a ready-made segment. Nobody is held out where it is said why
    (``ja_no_holdout``).
    """

    key: str
    ja: str
    en: str
    ja_why: str
    en_why: str
    ja_kpi: str
    en_kpi: str
    stage: Stage
    parts: Mapping[str, Any]
    mails: tuple[ReadyMail, ...]
    ja_no_holdout: str = ""
    en_no_holdout: str = ""

    def called(self, language: str) -> str:
        return self.ja if language == "ja" else self.en

    @property
    def segments(self) -> tuple[str, ...]:
        """The ready-made segments that it needs, by their Japanese names."""
        return tuple(dict.fromkeys(_said(self.parts, "segment")))

    def document(
        self,
        language: str,
        *,
        templates: Mapping[str, int],
        segments: Mapping[str, int],
        owner: str = "",
    ) -> Document:
        """The document in that language, with the numbers that a shop has for its parts."""
        ours = language == "ja"
        said: dict[str, Any] = {
            "name": self.called(language), "stage": self.stage, "owner": owner,
            "kpi": self.ja_kpi if ours else self.en_kpi,
            "why": self.ja_why if ours else self.en_why,
        }  # fmt: skip
        if self.ja_no_holdout:
            why = self.ja_no_holdout if ours else self.en_no_holdout
            said |= {"holdout": 0, "no_holdout_why": why}
        filled = _filled(self.parts, {"template": templates, "segment": segments})
        return read({**filled, **said})


def _said(value: Any, word: str) -> Iterator[str]:
    """What stands under that word anywhere."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            if name == word:
                yield one
            else:
                yield from _said(one, word)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _said(one, word)


def _filled(value: Any, numbers: Mapping[str, Mapping[str, int]]) -> Any:
    if isinstance(value, Mapping):
        return {
            name: numbers[name][one] if name in numbers else _filled(one, numbers)
            for name, one in value.items()
        }
    if isinstance(value, list | tuple):
        return [_filled(one, numbers) for one in value]
    return value


def enters(segment: str) -> dict[str, str]:
    return {"kind": "segment", "segment": segment}


def leaves(segment: str) -> dict[str, str]:
    return {"kind": "segment", "segment": segment, "move": "leaves"}


def waits(name: str, hours: int, then: str) -> dict[str, Any]:
    return {"id": name, "do": "wait", "minutes": hours * 60, "then": then}


def sends(mail: str, then: str, *, expires_hours: int = 72) -> dict[str, Any]:
    return {
        "id": mail, "do": "send", "template": mail, "then": then, "expires_hours": expires_hours,
    }  # fmt: skip


def line(*steps: tuple[int, str], stay: int = 0, expires_hours: int = 72) -> dict[str, Any]:
    """Start and nodes of mails that follow each other, each so many hours after the one before.

    ``stay``: how many hours they stay after the last, so that whoever reaches the goal by then is
    counted to it.
    """
    found: list[dict[str, Any]] = []
    for place, (hours, mail) in enumerate(steps, 1):
        if hours:
            found.append(waits(f"wait_{place}", hours, mail))
        found.append(sends(mail, END, expires_hours=expires_hours))
    if stay:
        found.append(waits("stay", stay, END))
    return parts_of(found)


def parts_of(nodes: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Start and nodes, in which whatever leads to the end leads to the next one, but the last."""
    following = [str(one["id"]) for one in nodes[1:]]
    led = [
        {**one, "then": after} if one.get("then") == END else one
        for one, after in zip(nodes, [*following, END], strict=True)
    ]
    return {"start": led[0]["id"], "nodes": led}

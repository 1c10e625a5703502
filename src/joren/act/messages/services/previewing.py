"""How a template looks for somebody, for nobody, and whether it may be sent at all."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal

from django.conf import settings
from django.urls import reverse

from joren.accounts.selectors import business
from joren.act.messages import selectors
from joren.act.messages.contracts import (
    LANGUAGES,
    TRANSACTIONAL,
    Content,
    Fault,
    Hint,
    Rendered,
    Said,
    shape_of,
)
from joren.act.messages.rules import example, hints, nobody
from joren.act.messages.rules.fitting import fitted, worth_a_look
from joren.act.messages.rules.reasons import shows_reason
from joren.act.messages.rules.variables import names_asked
from joren.act.messages.services.rendering import Job, Scribe, written
from joren.collect.customers import selectors as people
from joren.collect.customers.contracts import Customer
from joren.protect.consent import services as consent
from joren.protect.consent.contracts import Links, Matter

Whom = Literal["example", "nobody"]
_OF_NOBODY: Final = "preview"
"""In place of a token: whoever tries out a link of a preview unsubscribes nobody."""


def check(content: Content) -> tuple[Fault, ...]:
    """What is wrong with it for the best and the worst case, in each of its languages."""
    if not content.texts:
        return (Fault("no_text"),)
    shop = selectors.shop_as_known()
    jobs = [
        _job(content, language, person, shop, links=_links_of_nobody(content))
        for language in LANGUAGES
        if language in content.texts
        for person in (example(language), nobody())
    ]
    made = (fitted(one, content.channel) for one in written(jobs))
    found = [fault for one in made for fault in one.faults]
    return tuple(dict.fromkeys(found))


def preview(content: Content, *, language: str, whom: int | Whom) -> tuple[Rendered, list[Hint]]:
    """As that customer, an example, or somebody unknown would get it; its links are of nobody.

    Without a language it is in the one in which they would get it.
    """
    who = [] if isinstance(whom, str) else list(people.customers_among([whom]).values())
    own = who[0].language if who else ""
    said, _ = content.text_in(language or own, business().language)
    links = _links_of_nobody(content)
    if whom == "example":
        person = example(said)
    elif whom == "nobody":
        person = nobody()
    else:
        person = selectors.known_of(who, language=said).get(whom, nobody())
    shop = selectors.shop_as_known()
    (made,) = written([_job(content, said, person, shop, links=links)])
    found = fitted(made, content.channel)
    told = [*worth_a_look(found, content.channel)]
    if found.whole and shape_of(content.channel).mail:
        told += hints(
            found, kind=content.kind, unsubscribe=links["unsubscribe_url"],
            postal_address=shop["shop"]["postal_address"], ours=settings.JOREN_URL,
        )  # fmt: skip
    if content.kind == "incentive" and not shows_reason(content.texts[said].body):
        told.append(Hint("no_reason", "{{ reason }}"))
    if content.kind != TRANSACTIONAL and not settings.JOREN_URL.startswith("https://"):
        told.append(Hint("links_of_nobody"))
    return found, told


def render_for(
    content: Content, customers: Sequence[Customer], *, scribe: Scribe
) -> Iterator[tuple[Rendered, Mapping[str, str]]]:
    """Of each in the order given the message, and the headers that it carries. It is in the
    customer's language, and its links are their own.

    A few statements for all of a language, and while one is used the child process writes the next.
    """
    headers: deque[Mapping[str, str]] = deque()

    def jobs() -> Iterator[Job]:
        shops = business().language
        reads = {int(one.id): content.text_in(one.language, shops)[0] for one in customers}
        asked = {
            language: names_asked(content.texts[language].subject, content.texts[language].body)
            for language in sorted({*reads.values()})
        }
        known: dict[int, dict[str, Any]] = {}
        for language, names in asked.items():
            who = [one for one in customers if reads[int(one.id)] == language]
            known |= selectors.known_of(who, language=language, asked=names)
        links = _links_of(content, list(known))
        shop = selectors.shop_as_known()
        for one in customers:
            number = int(one.id)
            own, said = links.get(number), reads[number]
            headers.append(own.headers if own else {})
            person = {name: it for name, it in known[number].items() if name in asked[said]}
            yield _job(content, said, person, shop, links=_named(own))

    for message in scribe.written(jobs()):
        yield message, headers.popleft()


def render_said(content: Content, said: Iterable[Said], *, scribe: Scribe) -> Iterator[Rendered]:
    """Messages of occasions, in the order of what they are about."""
    shop, links = selectors.shop_as_known(), _named(None)
    return scribe.written(
        _job(
            content, content.text_in(one.language)[0], {**nobody(), **one.variables}, shop,
            links=links,
        )
        for one in said
    )  # fmt: skip


def _job(
    content: Content,
    language: str,
    person: Mapping[str, Any],
    known: Mapping[str, Any],
    *,
    links: Mapping[str, str],
) -> Job:
    whole = {**person, **_shop_of(person, known), **links}
    text = content.texts[language]
    titled = shape_of(content.channel).needs_subject
    return Job(language, content.form, text, whole, content.utm, settings.JOREN_URL, titled)


def _shop_of(person: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """The shop itself; where it has said nothing yet, an example shows the example's."""
    invented = person.get("shop", {})
    shop = {name: value or invented.get(name, "") for name, value in known["shop"].items()}
    return {**known, "shop": shop}


def _links_of(content: Content, customers: Sequence[int]) -> dict[int, Links]:
    """Nobody refuses word of their own order, so that such a message carries no link for it."""
    if content.kind == TRANSACTIONAL:
        return {}
    matter = Matter(content.channel, content.purpose)
    handles, leaves = consent.handles_for(customers), selectors.mode(content.channel).live
    return {
        number: consent.links_of(handle, matter, leaves=leaves)
        for number, handle in handles.items()
    }


def _named(links: Links | None) -> dict[str, str]:
    if links is None:
        return {"unsubscribe_url": "", "preferences_url": ""}
    return {"unsubscribe_url": links.unsubscribe, "preferences_url": links.preferences}


def _links_of_nobody(content: Content) -> dict[str, str]:
    if content.kind == TRANSACTIONAL:
        return _named(None)
    names = {"unsubscribe_url": "consent_unsubscribe", "preferences_url": "consent_preferences"}
    return {
        variable: f"{settings.JOREN_URL}{reverse(page, args=[_OF_NOBODY])}"
        for variable, page in names.items()
    }


def test_headers(content: Content) -> dict[str, str]:
    """The headers of a test: in their form like those of a customer, and of nobody."""
    address = _links_of_nobody(content)["unsubscribe_url"]
    if not address:
        return {}
    return {
        "List-Unsubscribe": f"<{address}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }

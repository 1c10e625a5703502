"""Ready-made journeys read and send whole mails; what a stage lacks is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.act.forms.contracts import CONFIRMED
from joren.act.journeys.contracts import STAGES, STATES, Document, Gap, Journey, Send
from joren.act.journeys.rules import READY_MADE, Known, ReadyJourney, ReadyMail, faults, gaps
from joren.act.journeys.services.beginning import content_of
from joren.act.messages.contracts import KINDS, Text
from joren.act.messages.rules import example, nobody
from joren.act.messages.rules.child import answer
from joren.act.messages.services.rendering import Job
from joren.decide.segments.rules import READY_MADE as SEGMENTS

SHOP = {"shop": {"name": "店", "postal_address": "京都市"}, "today": "2026-11-28"}
LINKS = {"unsubscribe_url": "https://joren.shop.example/u/x", "preferences_url": ""}
MAILS = [(ready, mail) for ready in READY_MADE for mail in ready.mails]
NOON = datetime(2026, 11, 2, 3, tzinfo=UTC)


def numbered(ready: ReadyJourney, language: str = "ja") -> tuple[Document, Known]:
    """The document with numbers of its own, and what must be there for it."""
    templates = {mail.key: place for place, mail in enumerate(ready.mails, 1)}
    segments = {name: place for place, name in enumerate(ready.segments, 101)}
    document = ready.document(language, templates=templates, segments=segments, owner="alice")
    known = Known(dict.fromkeys(templates.values(), True), frozenset(segments.values()))
    return document, known


@pytest.mark.parametrize("ready", READY_MADE, ids=lambda ready: ready.key)
def test_a_ready_made_journey_can_be_published_as_it_stands(ready: ReadyJourney) -> None:
    for language in ("ja", "en"):
        document, known = numbered(ready, language)

        assert faults(document, known) == ()
        assert document.name == ready.called(language)
        assert document.kpi.strip()
        assert document.why.strip()
        assert document.owner == "alice"
        assert {node.template for node in document.nodes if isinstance(node, Send)} == {
            *known.templates
        }
    assert {*ready.segments} <= {one.ja for one in SEGMENTS}


def test_the_welcome_begins_with_what_a_form_tells_of_whoever_confirmed() -> None:
    (welcome,) = (ready for ready in READY_MADE if ready.key == "welcome")

    begins = [one.get("event") for one in welcome.parts["triggers"]]

    assert begins == [CONFIRMED, None]
    assert welcome.segments == ("購入がなく、メールに同意している会員", "購入のない会員")


def test_names_of_journeys_and_mails_are_their_own_in_both_languages() -> None:
    for named in (READY_MADE, [mail for _, mail in MAILS]):
        names = [name for one in named for name in {one.ja, one.en}]

        assert len({*names}) == len(names)
        assert all(len(name) <= 100 for name in names)


@pytest.mark.parametrize(("ready", "mail"), MAILS, ids=lambda one: one.key)
def test_a_mail_is_whole_for_the_best_and_the_worst_case(
    ready: ReadyJourney, mail: ReadyMail
) -> None:
    content = content_of(ready, mail, "ja")
    assert content.kind in KINDS
    for language, text in content.texts.items():
        for person in (example(language), nobody()):
            found = rendered(language, text, person)

            assert found["faults"] == []
            assert found["subject"].strip(" 、,さまへ")
            assert "{" not in found["subject"] + found["text"]
            assert [address for address, _ in found["links"] if address] == [
                LINKS["unsubscribe_url"]
            ]
        # With its links filled in, each button shows and leads there.
        filled = replace(text, body=text.body.replace(' = ""', ' = "https://shop.example/a?b=1"'))
        found = rendered(language, filled, nobody())
        assert found["faults"] == []
        for slot in mail.words[language].slots:
            assert f"{slot.button}\nhttps://shop.example/a?b=1" in found["text"]


def rendered(language: str, text: Text, person: dict[str, Any]) -> dict[str, Any]:
    known = {**person, **SHOP, **LINKS}
    return answer(Job(language, "mjml", text, known, {}, "").plain())


def a_journey(number: int, document: Document, state: str = "running") -> tuple[Journey, Document]:
    kept = Journey(number, document.name, state, document, 1, None, NOON, None)
    return kept, document


def test_with_all_ready_made_ones_running_no_stage_lacks_anything() -> None:
    running = [a_journey(place, numbered(one)[0]) for place, one in enumerate(READY_MADE, 1)]

    assert gaps(running) == ()
    assert gaps([]) == tuple(
        Gap(
            stage, ("message", "owner", "kpi"), "begin", (),
            tuple(place for place, one in enumerate(READY_MADE) if one.stage == stage),
        )
        for stage in STAGES
    )  # fmt: skip


A_DOCUMENT = numbered(READY_MADE[0])[0]
SENDING = {node for node in A_DOCUMENT.nodes if isinstance(node, Send)}
SAID = st.tuples(
    st.sampled_from([*STAGES[:2], None]), st.sampled_from(STATES[:3]), st.booleans(),
    st.sampled_from(["", " ", "佐藤"]), st.sampled_from(["", "f2"]),
)  # fmt: skip


@given(st.lists(SAID, max_size=6))
def test_what_stages_lack_is_what_a_plain_count_finds(said: Sequence[Any]) -> None:
    kept = [
        a_journey(
            number,
            replace(
                A_DOCUMENT, name=str(number), stage=stage, owner=owner, kpi=kpi,
                nodes=tuple(one for one in A_DOCUMENT.nodes if writes or one not in SENDING),
            ),
            state,
        )
        for number, (stage, state, writes, owner, kpi) in enumerate(said, 1)
    ]  # fmt: skip

    found = gaps(kept)

    flagged = {(gap.stage, lack) for gap in found for lack in gap.lacks}
    for stage in STAGES:
        runs = [one for one in said if one[0] == stage and one[1] == "running"]
        assert ((stage, "message") in flagged) == (sum(one[2] for one in runs) == 0)
        assert ((stage, "owner") in flagged) == (
            not runs or sum(one[3] == "佐藤" for one in runs) < len(runs)
        )
        assert ((stage, "kpi") in flagged) == (
            not runs or sum(one[4] == "f2" for one in runs) < len(runs)
        )
    assert ((None, "stage") in flagged) == any(one[0] is None for one in said)
    for gap in found:
        assert {said[number - 1][0] for number in gap.journeys} <= {gap.stage}
        assert bool(gap.journeys) == (gap.remedy != "begin")

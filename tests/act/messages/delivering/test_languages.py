"""Each is written to in their own language, as far as the template has it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from joren.accounts.services import change_business
from joren.act.messages import models, selectors, services
from joren.act.messages.contracts import Text
from joren.collect.customers.models import Customer
from joren.core import clock
from tests.act.messages.cast import a_template
from tests.act.messages.delivering.ledger import waiting, willing
from tests.act.messages.delivering.wire import Wire

pytestmark = pytest.mark.django_db


def both() -> int:
    content = a_template("こんにちは {{ customer.name }} {{ unsubscribe_url }}", form="text")
    english = Text("Hello", "Hello {{ customer.name }} {{ unsubscribe_url }}")
    texts = {**content.texts, "en": english}
    return services.create(replace(content, texts=texts), by="tests").id


def errand_of(template: int) -> models.Errand:
    return models.Errand.objects.create(
        source="campaign", source_id=1, step="", template_id=template, channel="email",
        kind="brand", made_at=clock.now(),
    )  # fmt: skip


def first_words(mail: Wire) -> dict[int | None, str]:
    return {one.about: one.text.split()[0] for _, one in mail.asked}


def test_a_batch_holds_every_language(mail: Wire) -> None:
    willing([1, 2, 3, 4])
    Customer.objects.filter(pk__in=[2, 4]).update(language="en")
    Customer.objects.filter(pk=3).update(language="fr")
    waiting(errand_of(both()), [1, 2, 3, 4])

    services.deliver_some("email")

    assert first_words(mail) == {1: "こんにちは", 2: "Hello", 3: "こんにちは", 4: "Hello"}


def test_whose_language_nobody_said_reads_the_shops(mail: Wire) -> None:
    willing([1, 2])
    Customer.objects.filter(pk=2).update(language="ja")
    change_business(language="en")
    waiting(errand_of(both()), [1, 2])

    services.deliver_some("email")

    assert first_words(mail) == {1: "Hello", 2: "こんにちは"}


def test_a_preview_is_in_the_language_in_which_they_would_get_it(home: object, mail: Wire) -> None:
    willing([1])
    Customer.objects.filter(pk=1).update(language="en")
    content = selectors.template(both()).content

    own, _ = services.preview(content, language="", whom=1)
    chosen, _ = services.preview(content, language="ja", whom=1)

    assert (own.language, chosen.language) == ("en", "ja")
    assert own.text.startswith("Hello 客1")

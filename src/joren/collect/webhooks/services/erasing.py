"""Bodies that wait with a person in them, and what shops asked about that person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson
from django.db import router, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from joren.collect.customers.contracts.phones import phone_of
from joren.collect.customers.selectors import stores
from joren.collect.webhooks import models
from joren.collect.webhooks.opening import contacts_of, sample_of
from joren.collect.webhooks.services.sealing import body_of
from joren.core import clock
from joren.core.erasing import Eraser, Traces
from joren.core.words import gettext_noop

_DEEPEST: Final = 20


def _deliveries(traces: Traces) -> Iterator[models.Delivery]:
    """Each text and number of a body is looked at by itself."""
    words = [word.lower().encode() for word in (*traces.emails, *_tails(traces))]
    words += [number.encode() for _, number in traces.numbers]
    here = _numbers_here(traces)
    rows = models.Delivery.objects.exclude(body=b"").order_by("pk")
    for row in rows.iterator(chunk_size=200):
        body = body_of(row)
        small = body.lower()
        if any(word in small for word in words):
            of_customers = row.topic.startswith("customers/")
            numbers = here.get(row.endpoint_id, set())
            if _speaks_of(body, traces, numbers, of_customers=of_customers):
                yield row


def _speaks_of(
    body: bytes, traces: Traces, numbers: set[str], *, of_customers: bool = False
) -> bool:
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        return any(one.encode() in body.lower() for one in traces.emails)
    texts = [text.strip() for text in _texts(said, _DEEPEST)]
    return any(
        text.lower() in traces.emails or phone_of(text) in traces.phones for text in texts
    ) or bool(numbers & _ids(said, of_customers=of_customers))


def _ids(said: Any, *, of_customers: bool) -> set[str]:
    """What a body calls its customer by number: ``customer.id``, ``customer_number``, its ``id``
    where it is of a customer, and ``customer`` in the object of which Stripe speaks.
    """
    if not isinstance(said, dict):
        return set()
    data = said.get("data")
    about = data.get("object") if isinstance(data, dict) else None
    found = [said.get("customer_number"), said.get("id") if of_customers else None]
    for one in (said, about if isinstance(about, dict) else {}):
        customer = one.get("customer")
        found.append(customer.get("id") if isinstance(customer, dict) else customer)
    return {str(one) for one in found if isinstance(one, str | int)}


def _texts(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth and isinstance(value, dict):
        for one in value.values():
            yield from _texts(one, depth - 1)
    elif depth and isinstance(value, list):
        for one in value:
            yield from _texts(one, depth - 1)


def _tails(traces: Traces) -> set[str]:
    return {phone[-4:] for phone in traces.phones}


def _numbers(traces: Traces) -> set[tuple[str, str]]:
    names = {int(one.id): one.name for one in stores()}
    return {(names.get(store, ""), number) for store, number in traces.numbers}


def _numbers_here(traces: Traces) -> dict[int, set[str]]:
    """By endpoint, the numbers that its store has for them."""
    numbers = _numbers(traces)
    return {
        endpoint: {number for name, number in numbers if name == store}
        for endpoint, store in models.Endpoint.objects.values_list("pk", "store")
    }


def _known(traces: Traces) -> QuerySet[models.Known]:
    """The newest word on them, which holds their number."""
    theirs = Q(pk__in=[])
    for endpoint, numbers in _numbers_here(traces).items():
        subjects = [f"customer:{number}" for number in numbers]
        theirs |= Q(endpoint_id=endpoint, subject__in=subjects)
    return models.Known.objects.filter(theirs)


def _asked(traces: Traces) -> list[models.PrivacyRequest]:
    numbers = _numbers(traces)
    named = Q(customer_number__in=[number for _, number in numbers])
    told = named | ~Q(email="") | ~Q(phone="") | ~Q(sealed="")
    rows = list(models.PrivacyRequest.objects.filter(told))
    return [
        row
        for row, (email, phone) in zip(rows, contacts_of(rows), strict=True)
        if (row.store, row.customer_number) in numbers
        or email.lower() in traces.emails
        or phone_of(phone) in traces.phones
    ]


def _samples(traces: Traces) -> list[models.Endpoint]:
    here = _numbers_here(traces)
    return [
        row
        for row in models.Endpoint.objects.exclude(sample="", sealed="")
        if _speaks_of(
            sample_of(row).encode(), traces, here[row.pk], of_customers=row.kind == "customers"
        )
    ]


def _goes(traces: Traces) -> dict[str, int]:
    return {
        gettext_noop("webhooks that wait"): sum(1 for _ in _deliveries(traces)),
        gettext_noop("requests that a shop passed on"): len(_asked(traces)),
        gettext_noop("samples of webhooks"): len(_samples(traces)),
        gettext_noop("customer numbers that webhooks named"): _known(traces).count(),
    }


def _erase(traces: Traces) -> dict[str, int]:
    """What a body said goes; its key stays, so that it counts as one that came."""
    with transaction.atomic(using=router.db_for_write(models.Delivery)):
        rows = [row.pk for row in _deliveries(traces)]
        for start in range(0, len(rows), 500):
            some = models.Delivery.objects.filter(pk__in=rows[start : start + 500])
            some.update(state="dropped", sealed="", body=b"", reason="")
    asked = [row for row in _asked(traces)
             if row.email or row.phone or row.sealed or row.customer_number]  # fmt: skip
    for row in asked:
        row.email = row.phone = row.sealed = row.customer_number = ""
        row.orders = []
        row.closed_at = row.closed_at or clock.now()
        row.save()
    samples = _samples(traces)
    models.Endpoint.objects.filter(pk__in=[row.pk for row in samples]).update(sample="", sealed="")
    known, _ = _known(traces).delete()
    return {
        "webhooks that wait": len(rows),
        "requests that a shop passed on": len(asked),
        "samples of webhooks": len(samples),
        "customer numbers that webhooks named": known,
    }


def _export(traces: Traces) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = []
    for row in _deliveries(traces):
        try:
            rows.append(
                {gettext("Webhook"): row.topic, gettext("Body"): orjson.loads(body_of(row))}
            )
        except orjson.JSONDecodeError:
            continue
    return rows


ERASER: Final = Eraser(
    gettext_noop("Webhooks"),
    ("webhooks.delivery", "webhooks.known", "webhooks.privacyrequest", "webhooks.endpoint"),
    goes=_goes,
    erase=_erase,
    export=_export,
)

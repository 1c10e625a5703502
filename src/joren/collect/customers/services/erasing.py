"""People forgotten: who they are goes, and what they did stays with a number that is nobody's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from joren.collect.customers import models, selectors
from joren.collect.customers.contracts import Customer
from joren.collect.customers.selectors.keyring import hashed_key, keys_in
from joren.core.erasing import Eraser, Traces
from joren.core.ids import CustomerId
from joren.core.words import gettext_noop

_AT_ONCE: Final = 500
_COUNTED: Final = (
    "records of people", "identities", "postal addresses", "devices", "merges",
    "contacts taken for placeholders",
)  # fmt: skip


def traces_of(customers: Sequence[int]) -> Traces | None:
    """All by which these may be found, and those who turned out to be them; None if none is there.

    A device is theirs if nobody else was known on it.
    """
    everyone = _with_merged(customers)
    people = [one for some in _some(everyone) for one in _people(some)]
    if not people:
        return None
    identities = [
        row
        for some in _some(everyone)
        for row in models.Identity.objects.filter(customer_id__in=some).order_by("pk")
    ]
    ids = [row.pk for row in identities]
    devices = _devices_of(ids)
    known = set(keys_in(identities))
    keys = known | {key.split("|")[0] for key in known}
    emails = {key[2:] for key in keys if key.startswith("e:")} | {one.email for one in people}
    phones = {key[2:].split("|")[0] for key in keys if key.startswith("p:")}
    phones |= {one.phone for one in people}
    # What names nobody stands in rows of everybody: nothing is theirs because of it.
    nobody = selectors.those_who_name_nobody(
        {*(f"e:{one}" for one in emails), *(f"p:{one}" for one in phones)}
    )
    emails = {one for one in emails if f"e:{one}" not in nobody}
    phones = {one for one in phones if f"p:{one}" not in nobody}
    keys -= nobody
    return Traces(
        customers=tuple(everyone),
        identities=tuple(ids),
        devices=tuple(devices),
        emails=frozenset(emails - {""}),
        phones=frozenset(phones - {""}),
        numbers=frozenset(_number(key) for key in keys if key[0] in "nu"),
        line_ids=frozenset(key[2:] for key in keys if key.startswith("l:")),
        anonymous_ids=frozenset(devices.values()),
        names=frozenset({one.name for one in people} - {""}),
        keys=frozenset(keys | {f"e:{one}" for one in emails - {""}}),
    )


def _with_merged(customers: Sequence[int]) -> list[int]:
    found: dict[int, None] = dict.fromkeys(customers)
    new = list(customers)
    while new:
        losers = models.Merge.objects.filter(winner_id__in=new, undone_at=None)
        merged = losers.filter(loser__merged_into__isnull=False)
        new = [pk for pk in merged.values_list("loser_id", flat=True) if pk not in found]
        found |= dict.fromkeys(new)
    return list(found)


def _people(customers: Sequence[int]) -> Iterator[Customer]:
    yield from selectors.customers_among(customers).values()


def _devices_of(identities: Sequence[int]) -> dict[int, str]:
    """Those on which nobody else was known."""
    ours = set(identities)
    found: dict[int, str] = {}
    for some in _some(identities):
        linked = models.DeviceLink.objects.filter(identity_id__in=some)
        devices = set(linked.values_list("device_id", flat=True))
        links = models.DeviceLink.objects.filter(device_id__in=devices)
        others = {
            device
            for device, identity in links.values_list("device_id", "identity_id")
            if identity not in ours
        }
        rows = models.Device.objects.filter(pk__in=devices - others)
        found |= dict(rows.values_list("pk", "anonymous_id"))
    return found


def _number(key: str) -> tuple[int, str]:
    _, store, number = key.split(":", 2)
    return int(store), number


def _goes(traces: Traces) -> dict[str, int]:
    return {
        gettext_noop("records of people"): len(traces.customers),
        gettext_noop("identities"): len(traces.identities),
        gettext_noop("postal addresses"): sum(
            models.Address.objects.filter(identity_id__in=some).count()
            for some in _some(traces.identities)
        ),
        gettext_noop("devices"): len(traces.devices),
        gettext_noop("merges"): models.Merge.objects.filter(_merges(traces)).count(),
        gettext_noop("contacts taken for placeholders"): len(_taken_for_nobodys(traces)),
    }


def _taken_for_nobodys(traces: Traces) -> set[int]:
    """A real placeholder others have too, and it stays."""
    theirs = {key.split("|")[0] for key in traces.keys}
    for some in _some(traces.customers):
        for one in _people(some):
            theirs |= {f"e:{one.email}" if one.email else "", f"p:{one.phone}" if one.phone else ""}
    contacts = [key for key in theirs if key.startswith(("e:", "p:"))]
    return selectors.placeholders_of(contacts, but=traces.customers)


def _merges(traces: Traces) -> Q:
    return Q(winner_id__in=traces.customers) | Q(loser_id__in=traces.customers)


@transaction.atomic
def _erase(traces: Traces) -> dict[str, int]:
    counted = dict.fromkeys(_COUNTED, 0)
    listed = models.Placeholder.objects.filter(pk__in=_taken_for_nobodys(traces))
    counted["contacts taken for placeholders"] = listed.delete()[0]
    for some in _some(traces.customers):
        merges = Q(winner_id__in=some) | Q(loser_id__in=some)
        counted["merges"] += models.Merge.objects.filter(merges).delete()[0]
        models.Double.objects.filter(Q(one_id__in=some) | Q(other_id__in=some)).delete()
        theirs = models.Identity.objects.filter(customer_id__in=some)
        ids = list(theirs.values_list("pk", flat=True))
        for part in _some(ids):
            models.DeviceLink.objects.filter(identity_id__in=part).delete()
            models.Heard.objects.filter(pk__in=part).delete()
        counted["identities"] += len(ids)
        for part in _some(ids):
            counted["postal addresses"] += models.Address.objects.filter(
                identity_id__in=part
            ).delete()[0]
        theirs.delete()
    for key in map(hashed_key, traces.keys):
        models.Apart.objects.filter(Q(one_key=key) | Q(other_key=key)).delete()
    for some in _some(traces.devices):
        counted["devices"] += models.Device.objects.filter(pk__in=some).delete()[0]
        models.Heard.objects.filter(pk__in=some).delete()
    models.Customer.objects.filter(pk__in=traces.customers).update(merged_into=None)
    for some in _some(traces.customers):
        counted["records of people"] += models.Customer.objects.filter(pk__in=some).delete()[0]
    return counted


def _export(traces: Traces) -> list[Mapping[str, Any]]:
    return [_described(row) for some in _some(traces.customers) for row in _people(some)] + [
        *_addresses(traces),
        *_known_as(traces),
    ]


def _described(row: Customer) -> dict[str, Any]:
    said = {
        gettext("Customer number"): row.id,
        gettext("Name"): row.name,
        gettext("Kana"): row.name_kana,
        gettext("E-mail"): row.email,
        gettext("Phone"): row.phone,
        gettext("Postal code"): row.postal_code,
        gettext("Prefecture"): row.prefecture,
        gettext("Birthday"): row.birthday,
        gettext("Gender"): row.gender,
        gettext("First source"): row.acquisition_source,
        gettext("Language"): row.language,
        gettext("Time zone"): row.time_zone,
        gettext("Registered at"): row.registered_at,
    }
    return {label: value for label, value in said.items() if value not in ("", None)}


def _addresses(traces: Traces) -> list[Mapping[str, Any]]:
    every = [one for pk in traces.customers for one in selectors.addresses_of(CustomerId(pk))]
    return [
        {
            gettext("Postal code"): one.postal_code,
            gettext("Prefecture"): one.prefecture,
            gettext("City"): one.city,
            gettext("Street"): one.street,
            gettext("Building"): one.building,
            gettext("First given on"): one.first_on,
            gettext("Last given on"): one.last_on,
        }
        for one in every
    ]


def _known_as(traces: Traces) -> list[Mapping[str, Any]]:
    kinds = {
        "number": gettext("Customer number of a store"),
        "user": gettext("User id of a website"),
        "line": "LINE",
        "email": gettext("E-mail"),
        "phone": gettext("Phone"),
    }
    known = [one for pk in traces.customers for one in selectors.identities_of(CustomerId(pk))]
    rows: list[Mapping[str, Any]] = [
        {gettext("Known as"): kinds[one.kind], gettext("Value"): one.value,
         gettext("Store"): one.store}
        for one in known
    ]  # fmt: skip
    return rows + [
        {gettext("Known as"): gettext("Browser or app"), gettext("Value"): one}
        for one in sorted(traces.anonymous_ids)
    ]


def _some(values: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]


ERASER: Final = Eraser(
    gettext_noop("Who they are"),
    (
        "customers.customer", "customers.identity", "customers.address", "customers.device",
        "customers.devicelink", "customers.heard", "customers.merge", "customers.double",
        "customers.apart", "customers.placeholder",
    ),
    goes=_goes,
    erase=_erase,
    export=_export,
    last=True,
)  # fmt: skip

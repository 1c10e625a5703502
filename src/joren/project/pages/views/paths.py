"""One customer, found by words: how the chance that they still are one rose and fell."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from joren.collect.customers import selectors as people
from joren.collect.customers.contracts import NoSuchCustomer
from joren.core.ids import CustomerId
from joren.plumbing.access import caller, needs
from joren.project import showing
from joren.project.pages import searches
from joren.project.pages.charts import Chart, over_days
from joren.project.pages.sections import Section, word
from joren.project.pages.tables import Column, Row, Table
from joren.project.pages.typed import whole
from joren.protect.audit import services as audit
from joren.understand.ltv.contracts import CustomerPath, NoValue
from joren.understand.ltv.services import path_of
from joren.warehouse import Snapshot

CUSTOMER = "customer"
MATCHES = 10


@dataclass(frozen=True)
class Match:
    """Somebody whom the words find."""

    number: int
    name: str


@dataclass(frozen=True)
class Asked:
    """What the page shows of the search; ``one`` is whose path is drawn, None if nobody's."""

    personal: bool
    words: str
    matches: tuple[Match, ...]
    one: Match | None
    nobody: str


@needs("view_personal")
@require_POST
def model_search(request: HttpRequest) -> HttpResponse:
    """Keep the words and lead to an address that does not say them."""
    token = searches.begin(request)
    query = f"?{searches.ASKED}={token}" if token else ""
    return HttpResponseRedirect(f"{reverse('models')}{query}#path")


def asked(request: HttpRequest, snapshot: Snapshot) -> tuple[Asked, Section]:
    """The search, and the section that shows it with the chosen customer's path."""
    personal = caller(request).may("view_personal")
    words = searches.words_of(request) or ""
    found = searches.found(words, limit=MATCHES) if words else []
    known = people.customers_among(found)
    matches = tuple(Match(one, known[one].name) for one in found if one in known)
    searches.note_seen(request, (one.number for one in matches))
    number = _number(request) or (matches[0].number if len(matches) == 1 else None)
    nobody = gettext("Nobody was found.") if words and not matches else ""
    try:
        path = None if number is None else _looked_at(request, number, snapshot)
    except (NoSuchCustomer, NoValue):
        path, nobody = None, gettext("This customer had no purchase by the day of the figures.")
    if path is None:
        return Asked(personal, words, matches, None, nobody), _section()
    name = people.customer(CustomerId(path.customer_id)).name if personal else ""
    chosen = Match(path.customer_id, name)
    return Asked(personal, words, matches, chosen, nobody), _section(_drawn(path), path.why)


def _number(request: HttpRequest) -> int | None:
    return whole(request.GET.get(CUSTOMER, ""))


def _looked_at(request: HttpRequest, number: int, snapshot: Snapshot) -> CustomerPath:
    """Every look at one person is written down."""
    person = people.customer(CustomerId(number))
    path = path_of(person.id, snapshot, identities=people.identity_ids_of(person.id))
    audit.customer_seen(person.id, actor=caller(request).name)
    return path


def _section(chart: Chart | None = None, why: str = "") -> Section:
    return Section(
        gettext("Follow one customer"),
        gettext(
            "How the chance that somebody is still your customer rose with each order and fell "
            "with each day of silence."
        ),
        cautions=[showing.reason(why)] if why else [],
        charts=[chart] if chart else [],
        form="pages/_path.html",
        name="path",
    )


def _drawn(path: CustomerPath) -> Chart | None:
    if not path.days:
        return None
    said = gettext(
        "Each dashed line is a day with a purchase. It lifts the chance; silence lets it fall, and "
        "the faster the more often somebody used to buy. As it would have been said on each day by "
        "the model of %(as_of)s."
    ) % {"as_of": path.as_of}
    if len(path.bought) == 1 and path.days[-1].p_alive == 1:
        said = gettext("the model takes everybody for a customer until their second purchase")
    columns = [Column(gettext("Day")), Column(word("p_alive"), "share")]
    rows = [Row([one.day, round(one.p_alive, 4)]) for one in path.days]
    return Chart(
        "path",
        word("p_alive"),
        said,
        over_days(
            [{"day": one.day, "chance": round(one.p_alive, 4)} for one in path.days],
            [{"day": day} for day in path.bought],
            y="chance", y_format=".0%",
        ),
        Table("path", word("p_alive"), columns, rows, term="p_alive", model=path.model),
        term="p_alive",
        model=path.model,
    )  # fmt: skip

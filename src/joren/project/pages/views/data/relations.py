"""What products are to each other: search, add, take away, and bring a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from joren.collect.products import selectors, services
from joren.collect.products.contracts import KIND_NAMES, KINDS, SOURCE_NAMES, BadRelation, Pair
from joren.plumbing.access import caller, needs, refuse_too_large
from joren.project.pages.deeds import carry_out
from joren.project.pages.typed import whole

_PAGE = 100


@needs("view_figures")
def relations(request: HttpRequest) -> HttpResponseBase:
    search, after = request.GET.get("search", "")[:100], whole(request.GET.get("after", "")) or 0
    found = selectors.relations(search=search, after=after, limit=_PAGE + 1)
    here = found[:_PAGE]
    shown = {
        "relations": [
            (one, gettext(KIND_NAMES[one.pair.kind]), gettext(SOURCE_NAMES[one.source]))
            for one in here
        ],
        "kinds": [(kind, gettext(KIND_NAMES[kind])) for kind in KINDS],
        "search": search,
        "next": here[-1].id if len(found) > _PAGE else 0,
        "count": selectors.count(),
        "changes": caller(request).may("treat"),
    }
    return render(request, "pages/data/relations.html", shown)


@needs("treat")
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Keep one, take one away, or take a file in."""
    sent, by = request.POST, caller(request).name
    if request.FILES:
        refuse_too_large(request)

    def deed() -> str:
        if file := request.FILES.get("file"):
            taken = services.take_file(file.read(), by=by)
            return gettext("%(new)s new, %(changed)s changed, %(unchanged)s as before.") % {
                "new": f"{taken.new:,}", "changed": f"{taken.changed:,}",
                "unchanged": f"{taken.unchanged:,}",
            }  # fmt: skip
        if gone := sent.get("unrelate", ""):
            services.unrelate(_number(gone), by=by)
            return gettext("The relation is gone.")
        kind = next((one for one in KINDS if one == sent.get("kind")), None)
        if kind is None:
            raise BadRelation(f"{sent.get('kind', '')!r} is no relation", hint=", ".join(KINDS))
        place = _number(sent.get("place", "") or "100")
        services.relate(Pair(sent.get("sku", ""), kind, sent.get("other", ""), place), by=by)
        return gettext("The relation is kept.")

    return carry_out(request, deed, then="data_relations")


def _number(text: str) -> int:
    if (number := whole(text)) is None:
        raise BadRelation(f"{text[:60]!r} is no number", hint="a whole number, such as 10")
    return number

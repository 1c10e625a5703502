"""Registered products: pages for owners, their serial numbers, and who said so."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

import qrcode
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST
from qrcode.image.svg import SvgPathImage

from joren.collect.customers import selectors as people
from joren.collect.registrations import selectors, services
from joren.collect.registrations.contracts import Programme
from joren.plumbing.access import caller, needs, refuse_too_large
from joren.project.pages.deeds import carry_out


@dataclass(frozen=True)
class Shown:
    """A programme, its address, and that as a picture for print."""

    programme: Programme
    address: str
    code: str


@needs("view_figures")
def registered(request: HttpRequest) -> HttpResponse:
    shown = {
        "programmes": [_shown(one) for one in selectors.programmes()],
        "stores": [store.name for store in people.stores()],
        "may_change": caller(request).may("change_settings"),
        "may_import": caller(request).may("import"),
    }
    return render(request, "pages/data/registered.html", shown)


def _shown(one: Programme) -> Shown:
    address = selectors.address_of(one.slug)
    picture = qrcode.make(address, image_factory=SvgPathImage, border=2).to_string()
    code = base64.b64encode(picture).decode()
    return Shown(one, address, f"data:image/svg+xml;base64,{code}")


@needs("change_settings")
@require_POST
def open_programme(request: HttpRequest) -> HttpResponse:
    sent = request.POST

    def deed() -> str:
        services.open_programme(
            sent.get("name", ""),
            slug=sent.get("slug", ""),
            store=sent.get("store", ""),
            sku=sent.get("sku", ""),
            product_name=sent.get("product_name", ""),
            takes=sent.get("takes", "serials"),
            by=caller(request).name,
        )
        return gettext("The page is open.")

    return carry_out(request, deed, then="data_registered")


@needs("change_settings")
@require_POST
def close_programme(request: HttpRequest, slug: str) -> HttpResponse:
    def deed() -> str:
        services.close_programme(slug, by=caller(request).name)
        return gettext("The page takes no more registrations.")

    return carry_out(request, deed, then="data_registered")


@needs("import")
@require_POST
def add_serials(request: HttpRequest, slug: str) -> HttpResponse:
    refuse_too_large(request)

    def deed() -> str:
        added = [
            services.add_serials(slug, one.chunks(), by=caller(request).name)
            for one in request.FILES.getlist("files")
        ]
        return gettext("%(added)s new, %(known)s known before, %(bad)s are no serial numbers.") % {
            "added": f"{sum(one.added for one in added):,}",
            "known": f"{sum(one.known for one in added):,}",
            "bad": f"{sum(one.bad for one in added):,}",
        }

    return carry_out(request, deed, then="data_registered")


@needs("import")
def serial_links(_request: HttpRequest, slug: str) -> HttpResponseBase:
    """Each serial number with its signed link, for whoever prints the codes."""
    name = selectors.programme(slug).slug
    answer = StreamingHttpResponse(_lines(name), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="links-{name}.csv"'
    return answer


def _lines(slug: str) -> Iterator[str]:
    yield "\ufeffserial,sku,link\r\n"
    for row in selectors.links(slug):
        with io.StringIO() as line:
            csv.writer(line).writerow(row)
            yield line.getvalue()

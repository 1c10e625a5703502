"""Relations of products for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import File, Router, Schema, Status, UploadedFile

from joren.collect.products import selectors, services
from joren.collect.products.contracts import Kind, Pair, Relation, RelationsTaken, Source
from joren.plumbing.access import Scope, caller, refuse_too_large
from joren.plumbing.cursor import encode, number_in
from joren.plumbing.http import Listing

router = Router()
MOST = 1000


class ProductRelationIn(Schema):
    """``other`` is ``kind`` to ``sku``; of several the one of the lowest ``place`` goes first."""

    sku: str
    kind: Kind
    other: str
    place: int = 100


class ProductRelationOut(Schema):
    id: int
    sku: str
    name: str
    kind: Kind
    other: str
    other_name: str
    place: int
    source: Source
    made_by: str
    made_at: datetime


@router.get("/relations", response=Listing[ProductRelationOut])
def relations(request: HttpRequest, search: str = "", after: str = "", limit: int = 100) -> Any:
    """What products are to each other, in the order in which it was kept."""
    limit = max(1, min(limit, MOST))
    found = selectors.relations(search=search, after=number_in(after), limit=limit)
    items = [_out(one) for one in found]
    return {"items": items, "next": encode(found[-1].id) if len(found) == limit else ""}


@router.post("/relations", response={201: ProductRelationOut}, auth=Scope("treat"))
def relate(request: HttpRequest, body: ProductRelationIn) -> Any:
    """Keep one; what was said of the two before is replaced."""
    pair = Pair(body.sku, body.kind, body.other, body.place)
    return Status(201, _out(services.relate(pair, by=caller(request).name)))


@router.post("/relations/file", response=RelationsTaken, auth=Scope("treat"))
def take_file(request: HttpRequest, file: Annotated[UploadedFile, File()]) -> Any:
    """Keep what a CSV file says (sku, relation, other, place): all of it, or nothing."""
    refuse_too_large(request)
    return services.take_file(file.read(), by=caller(request).name)


@router.delete("/relations/{number}", response={204: None}, auth=Scope("treat"))
def unrelate(request: HttpRequest, number: int) -> Any:
    """Take one away."""
    services.unrelate(number, by=caller(request).name)
    return Status(204, None)


def _out(one: Relation) -> dict[str, Any]:
    return {
        "id": one.id, "sku": one.pair.sku, "name": one.name, "kind": one.pair.kind,
        "other": one.pair.other, "other_name": one.other_name, "place": one.pair.place,
        "source": one.source, "made_by": one.made_by, "made_at": one.made_at,
    }  # fmt: skip

"""Relations by page, by program, by command and from a file; and the one that a mail carries."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from typer.testing import CliRunner

from joren.act.messages import selectors as messages
from joren.collect.customers import selectors as customers
from joren.collect.orders.contracts import ORDER_LINES, ORDERS, PRODUCTS
from joren.collect.products import models, selectors, services
from joren.collect.products.commands import products_app
from joren.collect.products.contracts import BadRelation, Pair, RelationsTaken
from joren.core import clock
from joren.core.tables import TableSpec
from joren.plumbing.warehouse import warehouse
from joren.warehouse.rows import write_rows
from tests.act.journeys.cast import NOON
from tests.act.messages.cast import people

pytestmark = pytest.mark.django_db
FILE = "sku,relation,other,place\nBEANS,complement,MILL,1\nBEANS,replenish,FILTERS,2\n"


def kept() -> list[tuple[str, str, str, str]]:
    return [
        (one.pair.sku, one.pair.kind, one.pair.other, one.source) for one in selectors.relations()
    ]


def test_a_file_is_taken_whole_or_not_and_says_what_was_new(home: Path) -> None:
    assert services.take_file(FILE.encode("cp932"), by="alice") == RelationsTaken(2, 0, 0)
    services.relate(Pair("BEANS", "upgrade", "MILL"), by="bob")
    assert services.take_file(FILE.encode(), by="alice") == RelationsTaken(0, 1, 1)
    with pytest.raises(BadRelation):
        services.take_file(f"{FILE}A,friend,B,1\n".encode(), by="alice")

    assert kept() == [
        ("BEANS", "complement", "MILL", "import"), ("BEANS", "replenish", "FILTERS", "import"),
    ]  # fmt: skip
    assert [one.pair.other for one in selectors.relations(search="mil")] == ["MILL"]


def test_page_program_and_command_do_the_same(
    home: Path, tmp_path: Path, alice_the_admin: Client, bob_the_viewer: Client
) -> None:
    alice, run, file = alice_the_admin, CliRunner(), tmp_path / "relations.csv"
    file.write_text(FILE, "utf-8")
    assert "empty" in bob_the_viewer.get("/data/relations/").content.decode()

    alice.post("/data/relations/change/", {"sku": "A", "kind": "upgrade", "other": "B"})
    upload = {"file": SimpleUploadedFile("r.csv", FILE.encode())}
    told = alice.post("/data/relations/change/", upload, follow=True).content.decode()
    assert "2" in told
    assert "FILTERS" in bob_the_viewer.get("/data/relations/?search=filt").content.decode()
    assert "BEANS" not in bob_the_viewer.get("/data/relations/?search=zzz").content.decode()
    refused = {"sku": "A", "kind": "x", "other": "B"}
    assert alice.post("/data/relations/change/", refused, follow=True).status_code == 200
    assert bob_the_viewer.post("/data/relations/change/", refused).status_code == 403
    alice.post("/data/relations/change/", {"unrelate": str(selectors.relations()[0].id)})
    assert [one[0] for one in kept()] == ["BEANS", "BEANS"]

    body = {"sku": "A", "kind": "substitute", "other": "C"}
    made = alice.post("/api/products/relations", body, "application/json").json()
    listed = alice.get("/api/products/relations?limit=2").json()
    rest = alice.get(f"/api/products/relations?limit=2&after={listed['next']}").json()
    assert [one["other"] for one in listed["items"] + rest["items"]] == ["MILL", "FILTERS", "C"]
    assert alice.delete(f"/api/products/relations/{made['id']}").status_code == 204
    sent = {"file": SimpleUploadedFile("r.csv", FILE.encode())}
    assert alice.post("/api/products/relations/file", sent).json()["unchanged"] == 2

    assert "0 new, 0 changed, 2 as before" in run.invoke(products_app, ["import", str(file)]).output
    assert run.invoke(products_app, ["relate", "A", "upgrade", "B", "--place", "3"]).exit_code == 0
    assert "upgrade" in run.invoke(products_app, ["relations", "--search", "A"]).output
    number = str(models.Relation.objects.get(sku="A").pk)
    assert run.invoke(products_app, ["unrelate", number]).exit_code == 0
    assert run.invoke(products_app, ["unrelate", number]).exit_code != 0


def append(spec: TableSpec, *rows: dict[str, Any]) -> None:
    house = warehouse()
    folder = house.scratch / spec.name
    folder.mkdir(parents=True)
    filled = [dict.fromkeys(spec.columns) | {"import_id": 1} | row for row in rows]
    house.lake.append(spec, write_rows(filled, folder, spec), key="made")


def test_a_mail_carries_one_that_goes_with_the_last_order_and_why(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    people([1, 2, 3])
    baskets = [(1, 9, "MILL"), (1, 1, "BEANS"), (2, 1, "BEANS"), (3, 1, "TEA")]
    moments: list[datetime] = [NOON - timedelta(days=days) for _, days, _ in baskets]
    append(ORDERS, *(
        {"order_id": n, "identity_id": customer, "store_id": 1, "order_number": f"N{n}",
         "ordered_at": moments[n], "ordered_on": moments[n].date(), "status": "paid"}
        for n, (customer, _, _) in enumerate(baskets)
    ))  # fmt: skip
    append(ORDER_LINES, *(
        {"order_id": n, "line": 1, "sku": sku, "product_name": f"the {sku.lower()}", "quantity": 1}
        for n, (_, _, sku) in enumerate(baskets)
    ))  # fmt: skip
    append(PRODUCTS, {"sku": "MILL", "name": "A mill"}, {"sku": "FILTERS", "name": "Filters"})
    services.take_file(FILE.encode(), by="alice")
    services.relate(Pair("TEA", "complement", "NAMELESS"), by="alice")

    known = messages.known_of(customers.customers_among([1, 2, 3]).values(), language="en")

    assert known[1]["suggestion"]["sku"] == "FILTERS"  # the mill is theirs already
    assert known[2]["suggestion"] == {
        "name": "A mill", "sku": "MILL", "relation": "complement", "because": "the beans",
    }  # fmt: skip
    assert known[3]["suggestion"] == {}  # what nobody has named is offered to nobody

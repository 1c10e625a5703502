"""What an SDK sends, through the site, into the inbox."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from joren.collect.customers.selectors import stores
from joren.collect.inbox import models, selectors, services
from joren.collect.inbox.contracts import BadSource, NoScript
from joren.collect.inbox.selectors.bodies import opened
from joren.collect.inbox.services import receiving

pytestmark = pytest.mark.django_db

EVENT = {"type": "track", "event": "Product Viewed", "messageId": "m1", "anonymousId": "a"}
BODY = {"batch": [EVENT, EVENT], "sentAt": "2026-11-22T03:00:01Z"}


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    receiving.KEYS.forget()
    yield
    receiving.KEYS.forget()


@pytest.fixture
def key() -> str:
    return services.add_source("shop server", kind="server", store="own")[1]


@pytest.fixture
def browser_key() -> str:
    return services.add_source("pages", kind="browser", store="own")[1]


def basic(key: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}


def send(client: Client, body: Any, path: str = "/v1/batch", **headers: str) -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    kind = headers.pop("Content-Type", "application/json")
    return client.post(path, data, content_type=kind, headers=headers)


def kept() -> list[Any]:
    rows = models.Batch.objects.order_by("pk")
    return [message for _, body in opened(rows) for message in json.loads(body)]


@pytest.mark.parametrize("path", ["/v1/batch", "/inbox/v1/batch", "/v1/b", "/v1/batch/"])
def test_a_batch_is_acknowledged_with_exactly_200(client: Client, key: str, path: str) -> None:
    answer = send(client, BODY, path, **basic(key))

    assert answer.status_code == 200
    assert answer.content == b'{"success":true}'
    assert kept() == [EVENT, EVENT]


@pytest.mark.parametrize("kind", ["identify", "track", "page", "screen", "group", "alias"])
def test_each_kind_has_its_endpoint_and_its_letter(client: Client, key: str, kind: str) -> None:
    for path in (f"/v1/{kind}", f"/inbox/v1/{kind[0]}"):
        assert send(client, {"userId": "u"}, path, **basic(key)).status_code == 200

    assert kept() == [{"userId": "u", "type": kind}] * 2


def test_every_way_to_name_the_key_opens(client: Client, key: str) -> None:
    ways: list[tuple[Any, dict[str, str]]] = [
        (BODY, basic(key)),
        ({**BODY, "writeKey": key}, {}),
        ({**BODY, "writeKey": key}, {"Authorization": "Bearer something"}),
        ({"batch": [{**EVENT, "writeKey": key}]}, {}),
    ]

    assert [send(client, body, **headers).status_code for body, headers in ways] == [200] * 4


def test_the_content_counts_and_not_its_declared_type(client: Client, key: str) -> None:
    packed = gzip.compress(json.dumps(BODY).encode())
    form = "application/x-www-form-urlencoded"

    sent = [
        send(client, BODY, **{"Content-Type": "text/plain"}, **basic(key)),
        send(client, packed, **{"Content-Type": form}, **basic(key)),
        send(client, packed, **{"Content-Encoding": "gzip"}, **basic(key)),
    ]

    assert [answer.status_code for answer in sent] == [200] * 3
    assert len(kept()) == 6


def test_an_unknown_key_is_told_so_and_counted_apart(client: Client) -> None:
    answer = send(client, BODY, **basic("wrong"))

    assert answer.status_code == 401
    assert answer.json() == {
        "code": "invalid_write_key",
        "message": "no source has this write key",
    }
    assert not kept()
    assert selectors.traffic()[selectors.UNKNOWN_KEYS].refused == 1


def test_a_revoked_key_is_unknown(client: Client, key: str) -> None:
    (source,) = selectors.sources()
    services.revoke_source(source.id)

    assert send(client, BODY, **basic(key)).status_code == 401


@pytest.mark.parametrize("body", [b"no json", b"{}", b" " * 600_000])
def test_a_bad_request_is_told_why_and_counted_for_its_source(
    client: Client, key: str, body: bytes
) -> None:
    answer = send(client, body, **basic(key))

    (source,) = selectors.sources()
    assert answer.status_code == 400
    assert set(answer.json()) == {"code", "message"}
    assert selectors.traffic()[source.id].last_refusal == answer.json()["message"]


def test_who_sends_too_much_is_told_when_to_try_again(client: Client) -> None:
    _, key = services.add_source("quick", kind="server", store="own", limit=1)
    many = {"batch": [EVENT] * 10}

    first, second = (send(client, many, **basic(key)) for _ in range(2))

    assert (first.status_code, second.status_code) == (200, 429)
    assert 1 <= int(second["Retry-After"]) <= 10
    assert len(kept()) == 10


def test_what_came_is_counted(client: Client, key: str) -> None:
    send(client, BODY, **basic(key))
    send(client, BODY, **basic(key))

    (source,) = selectors.sources()
    traffic = selectors.traffic()[source.id]
    assert traffic.received == 4
    assert traffic.last_seen is not None


def test_a_browser_asks_for_settings_with_its_own_kind_of_key(
    client: Client, key: str, browser_key: str
) -> None:
    answer = client.get(f"/v1/projects/{browser_key}/settings")

    assert answer.json() == {"integrations": {"Segment.io": {"apiKey": browser_key}}}
    assert client.get(f"/v1/projects/{key}/settings").status_code == 404
    assert client.post(f"/v1/projects/{browser_key}/settings").status_code == 405


def test_rudderstacks_browser_sdk_finds_a_source_that_is_on(
    client: Client, key: str, browser_key: str
) -> None:
    asked = {"p": "cdn", "v": "3.31.2", "build": "modern", "writeKey": browser_key}
    by_query = client.get("/sourceConfig/", asked, headers=basic(browser_key))
    by_header = client.get("/inbox/sourceConfig", headers=basic(browser_key))

    source = by_query.json()["source"]
    assert (source["writeKey"], source["enabled"], source["destinations"]) == (
        browser_key, True, [],
    )  # fmt: skip
    assert source["id"]
    assert isinstance(source["config"], dict)
    assert by_query["Access-Control-Allow-Origin"] == "*"
    assert by_header.json() == by_query.json()
    assert client.get("/sourceConfig/", {"writeKey": key}).status_code == 404
    assert client.get("/sourceConfig/").status_code == 404
    assert client.post("/sourceConfig/").status_code == 405


def test_any_origin_may_send(client: Client, browser_key: str) -> None:
    asked = client.options(
        "/v1/t",
        headers={
            "Origin": "https://shop.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        },
    )
    answer = send(client, {**EVENT, "writeKey": browser_key}, "/v1/t")

    assert asked.status_code == 204
    assert asked["Access-Control-Allow-Headers"] == "authorization,content-type"
    for one in (asked, answer, send(client, b"")):
        assert one["Access-Control-Allow-Origin"] == "*"
        assert not one.cookies


def test_other_methods_and_addresses_are_no_part_of_it(client: Client) -> None:
    assert client.get("/v1/batch").status_code == 405
    assert client.get("/v1/other").status_code == 404
    assert client.post("/inbox/v2/batch").status_code != 200


def test_only_a_hash_of_a_server_key_is_kept(key: str, browser_key: str) -> None:
    by_kind = {row.kind: row for row in models.WriteKey.objects.all()}

    assert key not in str(vars(by_kind["server"]))
    assert by_kind["browser"].public_key == browser_key


@pytest.mark.parametrize(
    "wrong", [{"kind": "mail"}, {"name": " "}, {"user_ids": "x"}, {"limit": 0}, {"store": ""}]
)
def test_a_source_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Exception, match=r"source|ids|limit"):
        services.add_source(**{"name": "n", "kind": "server", "store": "own", **wrong})


def test_an_admin_makes_and_revokes_keys_through_the_api(
    home: object, alice_the_admin: Client, bob_the_viewer: Client
) -> None:
    said = {"name": "server", "kind": "server", "store": "own"}
    alice_the_admin.handler.enforce_csrf_checks = False

    made = alice_the_admin.post("/api/sources", said, content_type="application/json")
    refused = bob_the_viewer.post("/api/sources", said, content_type="application/json")

    assert made.status_code == 201
    assert made.json()["key"].startswith("jwk_")
    assert refused.status_code == 403
    (listed,) = bob_the_viewer.get("/api/sources").json()["items"]
    assert listed["key"] == ""
    assert alice_the_admin.delete(f"/api/sources/{listed['id']}").status_code == 204
    assert selectors.source(listed["id"]).revoked_at
    assert [selectors.source(listed["id"]).store] == [one.id for one in stores()]


def test_the_key_that_an_sdk_has_stays_its_key(client: Client) -> None:
    known = "Qx7kLm2pR9sT4vWz8bNc1dFg"
    made, key = services.add_source("moved", kind="server", store="own", key=f" {known}\n")

    assert (key, made.key) == (known, "")
    assert send(client, BODY, **basic(known)).status_code == 200
    for taken in (known, "short", "with blanks between letters"):
        with pytest.raises(BadSource):
            services.add_source("again", kind="server", store="own", key=taken)


def test_a_table_by_the_api_names_its_columns(
    home: object, tmp_path: Path, alice_the_admin: Client
) -> None:
    alice_the_admin.handler.enforce_csrf_checks = False
    source, _ = services.add_source("past", kind="server", store="own")
    file = tmp_path / "log.csv"
    file.write_text("操作,日時,会員番号\nOpen,2026-11-22,42\n")
    address = f"/api/sources/{source.id}/events"

    def sent(columns: str) -> Any:
        with file.open("rb") as opened:
            return alice_the_admin.post(address, {"file": opened, "columns": columns})

    assert sent("").status_code == 422
    assert sent("[1]").status_code == 422
    assert sent('{"event": "操作"}').json() == {"events": 1, "unreadable": 0}


def test_properties_and_unread_messages_have_their_operations(
    home: object, alice_the_admin: Client
) -> None:
    alice_the_admin.handler.enforce_csrf_checks = False
    kind = "application/json"

    said = alice_the_admin.post("/api/sources/properties", {"name": "skin"}, content_type=kind)
    refused = alice_the_admin.post("/api/sources/properties", {"name": "ip"}, content_type=kind)

    assert "skin" in said.json()["items"]
    assert refused.status_code == 422
    assert alice_the_admin.delete("/api/sources/properties/skin").status_code == 204
    assert "skin" not in alice_the_admin.get("/api/sources/properties").json()["items"]
    assert alice_the_admin.get("/api/sources/unread").json()["items"] == []
    for deed in ("retry", "drop"):
        assert alice_the_admin.post(f"/api/sources/unread/{deed}").json() == {"messages": 0}


@pytest.mark.django_db(transaction=True)
def test_who_begins_twice_at_once_is_not_told_of_a_limit(key: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    def once(_: int) -> int:
        try:
            return int(send(Client(), BODY, **basic(key)).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(once, range(8)))

    assert answers == [200] * 8


def test_the_script_is_served_to_any_page_and_kept_for_a_year(client: Client) -> None:
    plain = client.get("/v1/joren-1.js")
    packed = client.get("/inbox/v1/joren-1.js", headers={"Accept-Encoding": "gzip"})
    again = client.get("/v1/joren-1.js", headers={"If-None-Match": plain["ETag"]})

    assert gzip.decompress(packed.content) == plain.content
    assert plain["Content-Type"] == "text/javascript; charset=utf-8"
    assert plain["Cache-Control"] == "public, max-age=31536000, immutable"
    assert plain["Access-Control-Allow-Origin"] == "*"
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/v1/joren-9999.js").status_code == 404


def test_only_a_page_that_may_send_is_told_its_script(client: Client) -> None:
    server, _ = services.add_source("server", kind="server", store="own")
    browser, key = services.add_source("<pages>", kind="browser", store="own")

    found = selectors.script_for(browser.id, host="https://joren.example/")

    assert f'data-key="{key}"' in found.snippet
    assert f'integrity="{found.integrity}"' in found.snippet
    assert found.address == "https://joren.example/v1/joren-1.js"
    services.revoke_source(browser.id)
    for source in (server.id, browser.id):
        with pytest.raises(NoScript):
            selectors.script_for(source, host="https://joren.example")

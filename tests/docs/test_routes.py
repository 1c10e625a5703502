"""Every operation of the API is documented by its method and path, and says what it does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from joren.project.api import api
from tests.docs.pages import DOCS, text_of


def test_every_route_is_documented() -> None:
    text = text_of(DOCS / "api")

    missing = [
        f"{method} {path}" for method, path, _ in _operations() if _absent(method, path, text)
    ]

    assert not missing


def test_every_documented_route_exists() -> None:
    known = {(method, path.removeprefix("/api")) for method, path, _ in _operations()}
    shown = re.findall(r"`(GET|POST|PUT|PATCH|DELETE) (?:/api)?(/[^\s`?]*)", text_of(DOCS / "api"))

    assert not sorted(set(shown) - known)


def test_every_operation_has_a_summary() -> None:
    assert not [path for _, path, operation in _operations() if not operation.get("summary")]


def _operations() -> Iterator[tuple[str, str, dict[str, object]]]:
    for path, methods in api.get_openapi_schema(path_prefix="/api/")["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def _absent(method: str, path: str, text: str) -> bool:
    short = re.escape(path.removeprefix("/api"))
    return not re.search(rf"{method} (?:/api)?{short}(?![\w/{{])", text)

"""The contract for programs changes only on purpose."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from joren.project.api import api

SNAPSHOT = Path(__file__).parents[2] / "docs" / "api" / "openapi.json"


def contract() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(
        json.dumps(api.get_openapi_schema(path_prefix="/api/"), default=str)
    )
    schema["info"]["version"] = "of this release"
    return schema


def test_the_contract_is_the_committed_one() -> None:
    written = json.dumps(contract(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    if os.environ.get("WRITE_CONTRACT"):
        SNAPSHOT.write_text(written)

    assert SNAPSHOT.read_text() == written, "on purpose? WRITE_CONTRACT=1 pytest writes it"


def test_it_is_openapi_3_1_and_every_answer_may_be_a_problem() -> None:
    schema = contract()

    assert schema["openapi"].startswith("3.1")
    for path in schema["paths"].values():
        for operation in path.values():
            assert "application/problem+json" in operation["responses"]["default"]["content"]


def test_every_operation_asks_for_a_key() -> None:
    open_doors = [
        f"{verb} {path}"
        for path, operations in contract()["paths"].items()
        for verb, operation in operations.items()
        if not operation.get("security")
    ]

    assert open_doors == []


def test_no_operation_answers_with_a_bare_list() -> None:
    bare = [
        f"{verb} {path}"
        for path, operations in contract()["paths"].items()
        for verb, operation in operations.items()
        for answer in operation["responses"].values()
        for kind in answer.get("content", {}).values()
        if kind.get("schema", {}).get("type") == "array"
    ]

    assert bare == []

"""Imports, mappings and the quarantine for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, File, Form, Header, Router, Schema, Status, UploadedFile

from joren.collect.connectors import contracts, selectors, services
from joren.collect.connectors import mapping as mappings
from joren.collect.connectors.contracts import Kind, NothingUploaded
from joren.collect.connectors.mapping import Mapping
from joren.core.errors import BadInput
from joren.plumbing.access import Scope, caller, refuse_too_large
from joren.plumbing.cursor import Slice
from joren.plumbing.http import Listing

router = Router()

_MOST = 500


class ImportOut(Schema):
    id: int
    kind: Kind
    file_name: str
    store: str
    format: str
    size: int
    status: contracts.Status
    phase: str
    share: float
    read: int
    accepted: int
    unchanged: int
    updated: int
    quarantined: int
    notices: list[str]
    code: str
    message: str
    hint: str
    actor: str
    received_at: datetime
    begun_at: datetime | None
    finished_at: datetime | None
    seconds: float
    cancelling: bool
    kept: bool


class ImportIn(Schema):
    kind: Kind
    store: str = ""
    format: str = "auto"
    mapping: str = ""  # TOML, as --mapping reads it
    currency: str = ""
    hold: bool = False


class BeginIn(Schema):
    mapping: dict[str, Any] | None = None
    format: str | None = None
    store: str | None = None
    currency: str | None = None


class FieldOut(Schema):
    name: str
    required: bool
    column: str
    because: Literal["chosen", "header", "values", ""]


class WrongOut(Schema):
    row: int
    column: str
    expected: str


class PreviewOut(Schema):
    columns: list[str]
    rows: list[list[str]]
    format: str
    choices: list[FieldOut]
    becomes: list[dict[str, Any]]
    wrong: list[WrongOut]
    missing: str
    hint: str
    currency: str
    money: list[str]
    sheets: list[str]


class MappingOut(Schema):
    id: int
    kind: Kind
    store: str
    columns: list[str]
    mapping: dict[str, Any]
    file_name: str
    saved_at: datetime
    saved_by: str
    used_at: datetime | None
    used: int


@router.post("/imports", response={202: Listing[ImportOut]}, auth=Scope("import"))
def upload(
    request: HttpRequest,
    said: Form[ImportIn],
    files: Annotated[list[UploadedFile] | None, File(None)] = None,
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key")] = "",
) -> Any:
    refuse_too_large(request)
    if not files:
        raise NothingUploaded("no file came", hint="multipart/form-data with the field files")
    chosen = mappings.parse_mapping(said.mapping) if said.mapping else None
    ids = [
        services.receive(
            sent,
            kind=said.kind,
            actor=caller(request).name,
            store=said.store,
            format=said.format,
            mapping=chosen,
            currency=said.currency or None,
            hold=said.hold,
            request=f"{idempotency_key}#{place}" if idempotency_key else "",
        )
        for place, sent in enumerate(files)
    ]
    return Status(202, [selectors.import_state(number) for number in ids])


@router.get("/imports", response=Listing[ImportOut])
def imports(request: HttpRequest, after: str = "", limit: int = 50, status: str = "") -> Any:
    return selectors.imports(after=after, limit=_few(limit), status=status)


@router.get("/imports/{import_id}", response=ImportOut)
def one_import(request: HttpRequest, import_id: int) -> Any:
    return selectors.import_state(import_id)


@router.post("/imports/{import_id}/cancel", response=ImportOut, auth=Scope("import"))
def cancel(request: HttpRequest, import_id: int) -> Any:
    services.cancel(import_id, actor=caller(request).name)
    return selectors.import_state(import_id)


@router.post("/imports/{import_id}/undo", response=ImportOut, auth=Scope("import"))
def undo(request: HttpRequest, import_id: int) -> Any:
    services.undo_import(import_id, actor=caller(request).name)
    return selectors.import_state(import_id)


@router.post("/imports/{import_id}/begin", response={202: ImportOut}, auth=Scope("import"))
def begin(request: HttpRequest, import_id: int, body: BeginIn) -> Any:
    chosen = None if body.mapping is None else mappings.mapping_of(body.mapping)
    said = body.dict(exclude={"mapping"})
    services.begin(import_id, actor=caller(request).name, mapping=chosen, **said)
    return Status(202, selectors.import_state(import_id))


@router.post("/imports/{import_id}/preview", response=PreviewOut, auth=Scope("import"))
def preview(request: HttpRequest, import_id: int, body: BeginIn) -> Any:
    chosen: Mapping | None = None if body.mapping is None else mappings.mapping_of(body.mapping)
    found = services.preview(import_id, chosen=chosen, format=body.format)
    wrong = [
        WrongOut(row=row, column=column, expected=expected)
        for (row, column), expected in found.wrong.items()
    ]
    return {**vars(found), "wrong": wrong}


@router.get("/mappings", response=Listing[MappingOut])
def remembered(request: HttpRequest) -> Any:
    return list(selectors.mappings())


@router.get(
    "/mappings/{mapping_id}/toml",
    openapi_extra={"responses": {200: {"content": {"application/toml": {}}}}},
)
def as_toml(request: HttpRequest, mapping_id: int) -> HttpResponse:
    found = mappings.mapping_of(selectors.mapping_remembered(mapping_id).mapping)
    return HttpResponse(mappings.as_toml(found), content_type="application/toml; charset=utf-8")


@router.delete("/mappings/{mapping_id}", response={204: None}, auth=Scope("import"))
def forget(request: HttpRequest, mapping_id: int) -> Any:
    services.forget_mapping(mapping_id, actor=caller(request).name)
    return Status(204, None)


class WaitingOut(Schema):
    id: int
    import_id: int
    file_name: str
    kind: str
    row: int
    line: int | None
    column: str
    value: str
    expected: str
    reason: str
    raw: dict[str, Any]
    state: contracts.RowState
    group: str


class FaultOut(Schema):
    column: str
    expected: str
    rows: int


class RowsIn(Schema):
    ids: list[int] | None = None
    import_id: int | None = None
    column: str | None = None
    expected: str | None = None


class RetryIn(RowsIn):
    repairs: dict[int, dict[str, str]] = Field(default_factory=dict)


class ReplaceIn(Schema):
    column: str
    value: str
    replacement: str
    import_id: int | None = None


class ReportOut(Schema):
    import_id: int
    read: int
    accepted: int
    unchanged: int
    updated: int
    quarantined: int


class CountOut(Schema):
    rows: int


@router.get("/quarantine", response=Listing[WaitingOut])
def quarantine(
    request: HttpRequest,
    import_id: int | None = None,
    column: str | None = None,
    expected: str | None = None,
    state: contracts.RowState = "waiting",
    after: str = "",
    limit: int = 100,
) -> Any:
    found = selectors.quarantine(
        import_id=import_id,
        column=column,
        expected=expected,
        state=state,
        after=after,
        limit=_few(limit),
    )
    who = caller(request)
    if who.may("view_personal"):
        services.tell_of_look(len(found.items), import_id=import_id, actor=who.name)
        return found
    return Slice(tuple(row.masked() for row in found.items), found.next)


@router.get("/quarantine/faults", response=Listing[FaultOut])
def faults(request: HttpRequest, import_id: int | None = None) -> Any:
    return list(selectors.faults(import_id=import_id))


@router.post("/quarantine/retry", response=Listing[ReportOut], auth=Scope("import"))
def retry(request: HttpRequest, body: RetryIn) -> Any:
    return services.retry_quarantine(
        _named(body, set(body.repairs)), repairs=body.repairs, actor=caller(request).name
    )


@router.post("/quarantine/replace", response=Listing[ReportOut], auth=Scope("import"))
def replace(request: HttpRequest, body: ReplaceIn) -> Any:
    return services.replace_value(
        body.column,
        body.value,
        body.replacement,
        import_id=body.import_id,
        actor=caller(request).name,
    )


@router.post("/quarantine/drop", response=CountOut, auth=Scope("import"))
def drop(request: HttpRequest, body: RowsIn) -> Any:
    return {"rows": services.drop_quarantine(_named(body), actor=caller(request).name)}


@router.post("/quarantine/restore", response=CountOut, auth=Scope("import"))
def restore(request: HttpRequest, body: RowsIn) -> Any:
    ids = _named(body, state="dropped")
    return {"rows": services.restore_quarantine(ids, actor=caller(request).name)}


def _named(
    body: RowsIn, more: set[int] | None = None, *, state: contracts.RowState = "waiting"
) -> list[int]:
    """The rows by number, or all that wait for one reason or of one import."""
    if body.ids is not None or more:
        return sorted({*(body.ids or ()), *(more or ())})
    if body.import_id is None and body.column is None:
        raise BadInput("no row is named", hint="give ids, import_id or column")
    return list(
        selectors.quarantine_ids(
            import_id=body.import_id, column=body.column, expected=body.expected, state=state
        )
    )


def _few(limit: int) -> int:
    return max(1, min(limit, _MOST))

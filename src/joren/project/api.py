"""The API: one contract for programs. Rooms bring routers; here they meet."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from joren import __version__
from joren.accounts.api import router as accounts_router
from joren.act.campaigns.api import router as campaigns_router
from joren.act.confirmations.api import router as confirmations_router
from joren.act.deliveries.api import router as deliveries_router
from joren.act.forms.api import router as forms_router
from joren.act.journeys.api import router as journeys_router
from joren.act.journeys.api.duties import router as tasks_router
from joren.act.messages.api import router as messages_router
from joren.act.pressure.api import router as pressure_router
from joren.collect.connectors.api import router as connectors_router
from joren.collect.customers.api import router as people_router
from joren.collect.inbox.api import router as inbox_router
from joren.collect.life_stages.api import router as life_stages_router
from joren.collect.products.api import router as products_router
from joren.collect.quality.api import router as quality_router
from joren.collect.registrations.api import router as registrations_router
from joren.collect.webhooks.api import router as webhooks_router
from joren.core.errors import JorenError
from joren.decide.exports.api import router as exports_router
from joren.decide.holdouts.api import router as holdouts_router
from joren.decide.segments.api import router as segments_router
from joren.decide.strategies.api import router as strategies_router
from joren.measure.channels.api import router as channels_router
from joren.measure.experiments.api import router as effects_router
from joren.measure.indicators.api import router as indicators_router
from joren.measure.initiatives.api import router as initiatives_router
from joren.measure.practices.api import router as practices_router
from joren.measure.referrals.api import router as referrals_router
from joren.measure.reviews.api import router as reviews_router
from joren.measure.team.api import router as team_router
from joren.measure.touches.api import router as touches_router
from joren.measure.trials.api import router as trials_router
from joren.plumbing.access import Scope, caller
from joren.project.api_parser import KeepableParser
from joren.project.first_party_api import router as first_party_router
from joren.project.mail_calendar_api import router as mail_calendar_router
from joren.project.pages.api import router as pages_router
from joren.project.printing_api import router as printing_router
from joren.project.refresh_api import router as refresh_router
from joren.project.segment_files_api import router as segment_files_router
from joren.protect.audit import services as audit
from joren.protect.audit.api import router as audit_router
from joren.protect.consent.api import router as consent_router
from joren.protect.consent.selectors import person_now
from joren.protect.erasure.api import router as erasure_router
from joren.understand.cohorts.api import router as cohorts_router
from joren.understand.economics.api import router as economics_router
from joren.understand.ltv.api import contracts_router, models_router
from joren.understand.ltv.api import router as value_router
from joren.understand.paths.api import router as paths_router
from joren.understand.ranks.api import router as ranks_router
from joren.understand.shifts.api import router as shifts_router

_PROBLEM = {
    "title": "Problem",
    "description": "What was asked, what is so, and the way out (RFC 9457).",
    "type": "object",
    "required": ["status", "code", "detail"],
    "properties": {
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "A name that a program can rely on."},
        "detail": {"type": "string"},
        "hint": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"where": {"type": "string"}, "what": {"type": "string"}},
            },
        },
    },
}


class Api(NinjaAPI):
    """Every operation may answer with a problem; the contract says so once for all.

    Each read of one customer is a look at a person, and is written down as one.
    """

    def create_response(self, request: HttpRequest, data: Any, **named: Any) -> HttpResponse:
        answer = super().create_response(request, data, **named)
        asked = request.resolver_match.kwargs if request.resolver_match else {}
        if request.method == "GET" and answer.status_code == 200 and "customer_id" in asked:
            person = person_now(int(asked["customer_id"]))
            audit.customer_seen(person, actor=caller(request).name)
        return answer

    def get_openapi_schema(self, **named: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**named)
        schema.setdefault("components", {}).setdefault("schemas", {})["Problem"] = _PROBLEM
        answer = {
            "description": "A problem",
            "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            },
        }
        for path in schema["paths"].values():
            for operation in path.values():
                operation["responses"]["default"] = answer
        return schema


api = Api(
    title="joren",
    version=__version__,
    description="Orders in, customer value out. Money is an integer in the minor unit.",
    auth=Scope("view_figures"),
    urls_namespace="api",
    parser=KeepableParser(),
)
api.add_router("", accounts_router, tags=["accounts"])
api.add_router("/audit", audit_router, tags=["audit"])
api.add_router("", consent_router, tags=["consents"])
api.add_router("", erasure_router, tags=["privacy"])
api.add_router("", connectors_router, tags=["data"])
api.add_router("/sources", inbox_router, tags=["live"])
api.add_router("/webhooks", webhooks_router, tags=["live"])
api.add_router("/deliveries", deliveries_router, tags=["live"])
api.add_router("/products", products_router, tags=["data"])
api.add_router("/forms", forms_router, tags=["forms"])
api.add_router("/confirmations", confirmations_router, tags=["consent"])
api.add_router("/registrations", registrations_router, tags=["live"])
api.add_router("/quality", quality_router, tags=["data"])
api.add_router("/first-party", first_party_router, tags=["live"])
api.add_router("/refreshes", refresh_router, tags=["data"])
api.add_router("/value", value_router, tags=["value"])
api.add_router("/models", models_router, tags=["value"])
api.add_router("/contracts", contracts_router, tags=["value"])
api.add_router("", ranks_router, tags=["ranks"])
api.add_router("", cohorts_router, tags=["cohorts"])
api.add_router("", economics_router, tags=["economics"])
api.add_router("", shifts_router, tags=["ranks"])
api.add_router("", paths_router, tags=["cohorts"])
api.add_router("", segments_router, tags=["segments"])
api.add_router("", holdouts_router, tags=["holdouts"])
api.add_router("", exports_router, tags=["segments"])
api.add_router("", strategies_router, tags=["segments"])
api.add_router("", indicators_router, tags=["indicators"])
api.add_router("", printing_router, tags=["reviews"])
api.add_router("", segment_files_router, tags=["exports"])
api.add_router("", reviews_router, tags=["reviews"])
api.add_router("", practices_router, tags=["practices"])
api.add_router("", initiatives_router, tags=["initiatives"])
api.add_router("", channels_router, tags=["channels"])
api.add_router("", trials_router, tags=["practices"])
api.add_router("", referrals_router, tags=["referrals"])
api.add_router("", touches_router, tags=["touches"])
api.add_router("", team_router, tags=["team"])
api.add_router("", effects_router, tags=["holdouts"])
api.add_router("", messages_router, tags=["messages"])
api.add_router("/campaigns", campaigns_router, tags=["messages"])
api.add_router("/calendar", mail_calendar_router, tags=["messages"])
api.add_router("/pressure", pressure_router, tags=["messages"])
api.add_router("/journeys", journeys_router, tags=["messages"])
api.add_router("/tasks", tasks_router, tags=["messages"])
api.add_router("", people_router, tags=["customers"])
api.add_router("", life_stages_router, tags=["customers"])
api.add_router("", pages_router, tags=["customers"])


def problem(status: int, code: str, detail: str, **more: Any) -> HttpResponse:
    """One problem document."""
    body = {"status": status, "code": code, "detail": detail, **more}
    return JsonResponse(body, status=status, content_type="application/problem+json")


@api.exception_handler(JorenError)
def _refused(_request: HttpRequest, error: JorenError) -> HttpResponse:
    more = {"hint": error.hint} if error.hint else {}
    return problem(error.status, error.code, error.message, **more)


@api.exception_handler(ValidationError)
def _not_understood(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [
        {"where": ".".join(str(part) for part in one["loc"]), "what": one["msg"]}
        for one in error.errors
    ]
    return problem(
        422,
        "BadInput",
        "; ".join(f"{one['where']}: {one['what']}" for one in errors),
        hint="/api/docs",
        errors=errors,
    )


@api.exception_handler(AuthenticationError)
def _who(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    answer = problem(
        401,
        "NotSignedIn",
        "the request has no valid API key",
        hint="send Authorization: Bearer <key>; an admin issues keys with joren user key",
    )
    answer["WWW-Authenticate"] = 'Bearer realm="joren"'
    return answer


@api.exception_handler(Http404)
def _nowhere(request: HttpRequest, _error: Http404) -> HttpResponse:
    return problem(404, "NotFound", f"nothing is at {request.path}", hint="/api/docs")


@api.exception_handler(PermissionDenied)
def _not_yours(_request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return problem(403, "NotAllowed", f"this needs the scope {error}")


@api.exception_handler(HttpError)
def _other(_request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, type(error).__name__, str(error))

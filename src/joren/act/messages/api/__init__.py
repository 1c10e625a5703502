"""Messages for programs."""

from ninja import Router

from joren.act.messages.api import ledger, policies, templates

router = Router()
router.add_router("", templates.router)
router.add_router("", policies.router)
router.add_router("", ledger.router)

__all__ = ["router"]

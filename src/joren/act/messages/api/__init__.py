"""Messages for programs."""

from ninja import Router

from joren.act.messages.api import arriving, ledger, policies, templates

router = Router()
router.add_router("", templates.router)
router.add_router("", policies.router)
router.add_router("", ledger.router)
router.add_router("", arriving.router)

__all__ = ["router"]

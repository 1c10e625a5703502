"""Messages for programs."""

from ninja import Router

from joren.act.messages.api import arriving, ledger, policies, returned, templates

router = Router()
router.add_router("", templates.router)
router.add_router("", policies.router)
router.add_router("", ledger.router)
router.add_router("", arriving.router)
router.add_router("", returned.router)

__all__ = ["router"]

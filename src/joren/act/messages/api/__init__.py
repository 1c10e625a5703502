"""Messages for programs."""

from ninja import Router

from joren.act.messages.api import policies, templates

router = Router()
router.add_router("", templates.router)
router.add_router("", policies.router)

__all__ = ["router"]

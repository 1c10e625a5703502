"""What is done with forms: they are kept and published, visitors see them and sign up."""

from joren.act.forms.services.keeping import (
    archive,
    begin_ready_made,
    create,
    pause,
    publish,
    revise,
)
from joren.act.forms.services.settling import note_confirmed, settle, sweep
from joren.act.forms.services.signing_up import sign_up
from joren.act.forms.services.visiting import show

__all__ = [
    "archive",
    "begin_ready_made",
    "create",
    "note_confirmed",
    "pause",
    "publish",
    "revise",
    "settle",
    "show",
    "sign_up",
    "sweep",
]

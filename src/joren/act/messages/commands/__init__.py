"""``joren messages``: templates, what leaves, and how much."""

from joren.act.messages.commands.arriving import (
    look_up,
    mailboxes,
    release,
    suppressions,
    weeks,
)
from joren.act.messages.commands.ledger import ledger, shares
from joren.act.messages.commands.policies import policy_app, tracking, zone
from joren.act.messages.commands.returned import returned, settle_returned, take_returned
from joren.act.messages.commands.templates import messages_app

messages_app.add_typer(policy_app, name="policy")
messages_app.command("zone")(zone)
messages_app.command("tracking")(tracking)
messages_app.command("ledger")(ledger)
messages_app.command("shares")(shares)
messages_app.command("weeks")(weeks)
messages_app.command("mailboxes")(mailboxes)
messages_app.command("look-up")(look_up)
messages_app.command("suppressions")(suppressions)
messages_app.command("release")(release)
messages_app.command("returned")(returned)
messages_app.command("take-returned")(take_returned)
messages_app.command("settle-returned")(settle_returned)

__all__ = ["messages_app"]

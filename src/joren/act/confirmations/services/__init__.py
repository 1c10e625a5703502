"""What is done about requests that somebody is to confirm."""

from joren.act.confirmations.services.lapsing import lapse
from joren.act.confirmations.services.mailing import mail_asked, send, send_to

__all__ = ["lapse", "mail_asked", "send", "send_to"]

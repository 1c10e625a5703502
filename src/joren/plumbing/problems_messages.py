"""What refusals about messages are called on a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_noop

PROBLEMS_MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    "BrokenTemplate": (
        gettext_noop("The template cannot be sent as it is."),
        gettext_noop("Put right what is listed, or keep it as a draft."),
    ),
    "BadTemplate": (
        gettext_noop("The template lacks something."),
        gettext_noop("It needs a name, a content, and a way in which it is written."),
    ),
    "NoSuchTemplate": (
        gettext_noop("There is no such template."),
        gettext_noop("It may be archived; the list shows those too."),
    ),
    "NoSuchVersion": (
        gettext_noop("The template has no such version."),
        gettext_noop("Its page lists all of them."),
    ),
    "NotKept": (
        gettext_noop("That message was not kept."),
        gettext_noop("Only the newest 200 are kept."),
    ),
    "TemplateNameTaken": (
        gettext_noop("There is a template of that name already."),
        gettext_noop("Choose another name."),
    ),
    "NothingToSend": (
        gettext_noop("The template has drafts alone."),
        gettext_noop("Put a draft right and save it."),
    ),
    "BadSender": (
        gettext_noop("Messages cannot be from there."),
        gettext_noop("Give a name, and an address that an answer reaches."),
    ),
    "NoMemberAddress": (
        gettext_noop("A test goes to the address of whoever asks for it."),
        gettext_noop("Sign in, and send it from the template's page."),
    ),
    "NotSent": (
        gettext_noop("The message was not taken."),
        gettext_noop("Ask whoever looks after the machine to look at JOREN_SMTP."),
    ),
    "NotUnknown": (
        gettext_noop("Of that message it is known whether it left."),
        gettext_noop("The list shows those of which nobody knows."),
    ),
    "TemplateInUse": (
        gettext_noop("A campaign or journey that goes on sends the template."),
        gettext_noop("Let it send another one, or end it, first."),
    ),
    "MessageTooLate": (
        gettext_noop("The time of that message is over, and it is not sent any more."),
        gettext_noop("Leave it as it is, or say that it arrived."),
    ),
    "NoSuchSuppression": (
        gettext_noop("Nothing is stopped there."),
        gettext_noop("Somebody may have lifted it already."),
    ),
    "BadRelease": (
        gettext_noop("This cannot be lifted so."),
        gettext_noop("Give a reason. Whoever reported spam must agree again themselves."),
    ),
    "BadPace": (
        gettext_noop("Messages cannot leave at such a pace."),
        gettext_noop("Give a channel or a domain, and a number from 1 to 1,000,000."),
    ),
    "NoChannel": (
        gettext_noop("There is no such channel."),
        gettext_noop("Ask whoever looks after the machine what is installed."),
    ),
    "BadNotice": (
        gettext_noop("What came is no mail that can be read."),
        gettext_noop("Give the mail as it came, headers and all, and no larger than 10 MB."),
    ),
    "NoSuchNotice": (
        gettext_noop("There is no such notice to look at."),
        gettext_noop("Messages → Do mails arrive? shows those that there are."),
    ),
    "NotRendered": (
        gettext_noop("The message could not be written just now."),
        gettext_noop("Try again in a moment."),
    ),
    "NoSuchCampaign": (
        gettext_noop("There is no such campaign."),
        gettext_noop("The list shows all of them: Messages → Campaigns."),
    ),
    "BadCampaign": (
        gettext_noop("The plan cannot be carried out."),
        gettext_noop("Look at what is named and complete it."),
    ),
    "CampaignNameTaken": (
        gettext_noop("Another campaign has this name."),
        gettext_noop("Choose another name."),
    ),
    "CampaignUnderWay": (
        gettext_noop("The campaign has begun or has ended."),
        gettext_noop("Plan a new one."),
    ),
    "NoSuchErrand": (
        gettext_noop("Nothing of that number is sent."),
        gettext_noop("The list of what is sent shows what there is."),
    ),
    "NoVariants": (
        gettext_noop("This campaign has nothing to compare yet."),
        gettext_noop("Plan two messages, and wait until it has begun."),
    ),
    "NoOwnHour": (
        gettext_noop("This campaign has no hours to compare."),
        gettext_noop("Send it at the hour of each, and wait until it has begun."),
    ),
    "NoWinner": (
        gettext_noop("No message is proven to bring more."),
        gettext_noop("Wait for the day of the comparison, or send all of them to the rest."),
    ),
    "NotYetTargeted": (
        gettext_noop("What the lot divided does not tell yet who should get it."),
        gettext_noop("Wait until both arms have had their 90 days, or leave more people out."),
    ),
    "CostNotSaid": (
        gettext_noop("Whom it pays to treat hangs on what treating one costs."),
        gettext_noop("Say what it costs per customer; 0 is a cost too."),
    ),
    "NoLookUp": (
        gettext_noop("DNS is not asked yet."),
        gettext_noop("Say whom messages are from, and let mails leave; or paste the records."),
    ),
    "BadLimits": (
        gettext_noop("Such a limit or weight cannot be kept."),
        gettext_noop("Shares above 0 and up to 50 percent, from 50 messages on; weights 0 to 10."),
    ),
    "NoSuchAlarm": (
        gettext_noop("That alarm is not open."),
        gettext_noop("Somebody may have settled it already; load the page again."),
    ),
    "BadPolicy": (
        gettext_noop("Such a limit cannot be kept."),
        gettext_noop("Limits are whole numbers above zero, of 31 days at most."),
    ),
}

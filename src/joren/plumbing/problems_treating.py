"""What errors of deciding and treating say to a reader, and the way out, in words to translate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_noop

PROBLEMS_TREATING: Final[Mapping[str, tuple[str, str]]] = {
    "NoSuchSegment": (
        gettext_noop("There is no such segment."),
        gettext_noop("It may have been archived; the list shows those in use."),
    ),
    "SegmentNameTaken": (
        gettext_noop("Another segment has this name."),
        gettext_noop("Choose another name."),
    ),
    "SegmentInUse": (
        gettext_noop("Another segment, or its frozen members, hold on to it."),
        gettext_noop("Change or thaw that one first."),
    ),
    "NoSuchHoldout": (
        gettext_noop("There is no such holdout."),
        gettext_noop("The list shows all of them: Segments → Holdouts."),
    ),
    "HoldoutNameTaken": (
        gettext_noop("Another holdout has this name."),
        gettext_noop("Say in the name what is done, such as the month and the mail."),
    ),
    "NoSuchCost": (
        gettext_noop("That is no cost of an action."),
        gettext_noop("Say what messages, coupons, points or goods cost in all: 0 or more."),
    ),
    "PlanTooLate": (
        gettext_noop("The effect can be seen already."),
        gettext_noop("A plan is made before; without one it is read on any day."),
    ),
    "BadPlan": (
        gettext_noop("That is no plan that can be carried out."),
        gettext_noop("Days from 7 to 730, a lift up to 100 percent, up to 12 looks."),
    ),
    "HoldoutClosed": (
        gettext_noop("This holdout was ended."),
        gettext_noop("Draw a new one from its segment."),
    ),
    "AlreadyReached": (
        gettext_noop("The day on which they were reached stays as it was said."),
        gettext_noop("There are figures of that day: its effect could be seen."),
    ),
    "HoldoutOfAnother": (
        gettext_noop("This holdout begins and ends with what it was drawn for."),
        gettext_noop(
            "One of all customers ends by itself or with the share 0, one of a journey with the "
            "journey, one of a practice with its trial."
        ),
    ),
    "ShareNotDrawable": (
        gettext_noop("That share cannot be left out."),
        gettext_noop("Give whole percents from 1 to 50."),
    ),
    "ReasonMissing": (
        gettext_noop("Nobody said why nobody is to be left out any more."),
        gettext_noop("Say it in a sentence; it is kept."),
    ),
    "AudienceTooSmall": (
        gettext_noop("Too few customers belong to leave some out."),
        gettext_noop("Widen the segment's rule, or choose another segment."),
    ),
    "RuleMeaningless": (
        gettext_noop("The rule means nothing as it stands."),
        gettext_noop("Look at the condition that is named and complete it."),
    ),
    "RuleFails": (
        gettext_noop("The rule of this segment cannot be asked."),
        gettext_noop("Change its conditions; until then it keeps the members it had."),
    ),
    "ReviewNotAhead": (
        gettext_noop("The next review would be in the past."),
        gettext_noop("Choose a day from today on."),
    ),
    "NoTouchesYet": (
        gettext_noop("No refresh has counted touches yet."),
        gettext_noop("They come with the next refresh."),
    ),
    "BadLastTouch": (
        gettext_noop("The window of last touch is none."),
        gettext_noop("Choose from 1 to 90 days."),
    ),
    "NoSuchInitiative": (
        gettext_noop("There is no such initiative, or no such cost of it."),
        gettext_noop("The list shows all of them: Effects, Initiatives."),
    ),
    "BadInitiative": (
        gettext_noop("What is written of the initiative cannot be."),
        gettext_noop("Look at what is named, and say it again."),
    ),
    "InitiativeNameTaken": (
        gettext_noop("Another initiative has this name."),
        gettext_noop("Choose another name."),
    ),
    "NoBaselineYet": (
        gettext_noop("There are too few full weeks for a baseline."),
        gettext_noop("It needs eight: wait for them, or import older orders."),
    ),
    "BadSpend": (
        gettext_noop("What is said of the spend cannot be."),
        gettext_noop("Give a channel, a first and a last day, and an amount of 1 or more."),
    ),
    "NoSuchSpend": (
        gettext_noop("There is no such spend, or it came with an import."),
        gettext_noop("What was said is listed under Effects, Channels; an import is undone."),
    ),
    "BadAreaTest": (
        gettext_noop("What is written of the area test cannot be."),
        gettext_noop("Look at what is named, and say it again."),
    ),
    "NoSuchAreaTest": (
        gettext_noop("There is no such area test."),
        gettext_noop("The list shows all of them: Effects, Channels."),
    ),
    "AreaTestNameTaken": (
        gettext_noop("Another area test has this name."),
        gettext_noop("Choose another name."),
    ),
    "AreaTestOverlaps": (
        gettext_noop("Another area test of the channel has some of these days."),
        gettext_noop("Choose days after it."),
    ),
    "TooFewAreas": (
        gettext_noop("Too few areas sell something to tell a result from chance."),
        gettext_noop("By prefecture there are more; or tell what was done as an initiative."),
    ),
    "AreaTestBegan": (
        gettext_noop("The area test has begun."),
        gettext_noop("It can only be read: to drop what does not please would be no test."),
    ),
    "BadReferrals": (
        gettext_noop("The list of referrals cannot be read."),
        gettext_noop("A CSV with code and referrer_email, or referred_email and referrer_email."),
    ),
    "NoSuchCode": (
        gettext_noop("Nobody has this referral code."),
        gettext_noop("Those who brought somebody are listed with their codes: Word of mouth."),
    ),
    "BadTrial": (
        gettext_noop("The trial cannot be so."),
        gettext_noop("Look at what is named: days from tomorrow on, and six pairs of stretches."),
    ),
    "NoSuchTrial": (
        gettext_noop("There is no such trial, or no such store."),
        gettext_noop("A practice lists its trials."),
    ),
    "TrialOverlaps": (
        gettext_noop("Another trial of the practice has some of these days."),
        gettext_noop("Choose days after it."),
    ),
    "TrialBegan": (
        gettext_noop("The trial has begun."),
        gettext_noop("It can only be read: to drop what does not please would be no trial."),
    ),
    "BadExposures": (
        gettext_noop("The list of who got it cannot be read."),
        gettext_noop("A CSV with store and order_number, or email, or customer_number."),
    ),
    "NoSuchPractice": (
        gettext_noop("There is no such practice."),
        gettext_noop("The list of practices shows all of them."),
    ),
    "BadPractice": (
        gettext_noop("What is written of the practice cannot be."),
        gettext_noop("Look at what is named; the best score needs something that shows it."),
    ),
    "PracticeInUse": (
        gettext_noop("The practice stays."),
        gettext_noop("Only the shop's own can be removed, before it was begun or tried."),
    ),
    "NoSuchEvidence": (
        gettext_noop("There is no such file or link, or it was removed."),
        gettext_noop("The page of a practice lists what shows it."),
    ),
    "BadEvidence": (
        gettext_noop("The file or link cannot be kept."),
        gettext_noop("PDF, picture, Excel, Word, PowerPoint, CSV or text up to 10 MB, or a link."),
    ),
    "PracticeNameTaken": (
        gettext_noop("Another practice has this name."),
        gettext_noop("Choose another name."),
    ),
    "NoSuchAction": (
        gettext_noop("There is no such action."),
        gettext_noop("The list shows all of them: Team."),
    ),
    "NoSuchTraining": (
        gettext_noop("There is no such entry of the training record."),
        gettext_noop("The list shows all of them: Team → Training."),
    ),
    "NoSuchMeeting": (
        gettext_noop("There is no such meeting."),
        gettext_noop("The list shows all of them: Team."),
    ),
    "NoSuchPraise": (
        gettext_noop("Nobody was thanked under that number."),
        gettext_noop("The list shows all of them: Team."),
    ),
    "BadTeamEntry": (
        gettext_noop("What was written about the team cannot be kept."),
        gettext_noop("One person answers and one decides; a text says something."),
    ),
    "NoSuchReview": (
        gettext_noop("There is no such review."),
        gettext_noop("The list shows all of them: Monthly review."),
    ),
    "ReviewIncomplete": (
        gettext_noop("Something that a review needs is missing."),
        gettext_noop("It needs somebody who decides, a criterion, and a decision or a note."),
    ),
    "ReviewNotOpen": (
        gettext_noop("That belongs to another state of the review."),
        gettext_noop("First the criterion, then the data, then decisions; closed, it stands."),
    ),
    "ReviewDayTaken": (
        gettext_noop("Another review is held on that day."),
        gettext_noop("Choose another day."),
    ),
    "NotADecision": (
        gettext_noop("A review ends with a decision."),
        gettext_noop("Keep the strategy, change it, or stop it."),
    ),
    "NotReady": (
        gettext_noop("The figures were built before there were segments."),
        gettext_noop("Refresh the figures once: Data → Refresh now."),
    ),
    "NoSuchDuty": (
        gettext_noop("There is no such task."),
        gettext_noop("The list of tasks shows all of them."),
    ),
    "NoSuchJourney": (
        gettext_noop("There is no such journey."),
        gettext_noop("The list of journeys shows all of them."),
    ),
    "JourneyNameTaken": (
        gettext_noop("Another journey has this name."),
        gettext_noop("Choose another name."),
    ),
    "JourneyMeaningless": (
        gettext_noop("The document of the journey cannot be read."),
        gettext_noop("Look at the node that is named."),
    ),
    "JourneyNotPublishable": (
        gettext_noop("The journey cannot be published as it is."),
        gettext_noop("Its page lists what is missing, node by node."),
    ),
    "JourneyNotSo": (
        gettext_noop("The journey's state does not allow it."),
        gettext_noop("Reload the page and look again."),
    ),
    "NoSuchIndicator": (
        gettext_noop("There is no such indicator."),
        gettext_noop("The KPI tree shows all of them."),
    ),
    "BadIndicatorPlan": (
        gettext_noop("What is said of the indicators cannot be."),
        gettext_noop("Look at what is named: codes, events, days from 7 to 365."),
    ),
    "BadTarget": (
        gettext_noop("That is no target that could be met or missed."),
        gettext_noop("A value above 0, shares up to 100 percent, for 2026-12, 2026-Q4 or 2026."),
    ),
    "ResultIsNoKpi": (
        gettext_noop("A result indicator cannot be a KPI."),
        gettext_noop("Mark an achievement rate: whether customers got what they came for."),
    ),
    "NoIndicatorsYet": (
        gettext_noop("The snapshot says nothing of the funnel."),
        gettext_noop("The next refresh counts it."),
    ),
    "PdfUnavailable": (
        gettext_noop("This machine cannot draw a PDF."),
        gettext_noop("Install Pango and a Japanese font, or print the page from the browser."),
    ),
    "NoStaffMail": (
        gettext_noop("The review cannot be mailed."),
        gettext_noop("It needs a sender, a mail server, and somebody whom it names."),
    ),
    "StaffMailFailed": (
        gettext_noop("The mail server did not take it."),
        gettext_noop("Try again later."),
    ),
    "NoSuchWorld": (
        gettext_noop("There is no simulated world of that name."),
        gettext_noop("Choose one of the names that it lists."),
    ),
}

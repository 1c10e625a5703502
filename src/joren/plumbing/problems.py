"""What each refusal is called on a page: one sentence and one way out, by the error's code.

The words of an error itself are English, with the two numbers; a page in another language shows its
sentence from here first and those words below it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import get_language, gettext, gettext_noop

from joren.core.errors import JorenError
from joren.plumbing.problems_forms import PROBLEMS_FORMS
from joren.plumbing.problems_live import PROBLEMS_LIVE
from joren.plumbing.problems_messages import PROBLEMS_MESSAGES
from joren.plumbing.problems_people import PROBLEMS_PEOPLE
from joren.plumbing.problems_privacy import PROBLEMS_PRIVACY
from joren.plumbing.problems_running import PROBLEMS_RUNNING
from joren.plumbing.problems_treating import PROBLEMS_TREATING

PROBLEMS: Final[Mapping[str, tuple[str, str]]] = {
    **PROBLEMS_FORMS,
    **PROBLEMS_LIVE,
    **PROBLEMS_RUNNING,
    **PROBLEMS_MESSAGES,
    **PROBLEMS_PEOPLE,
    **PROBLEMS_PRIVACY,
    **PROBLEMS_TREATING,
    "BadInput": (
        gettext_noop("What was given cannot be understood."),
        gettext_noop("Check what was typed and try again."),
    ),
    "NotFound": (
        gettext_noop("There is no such thing."),
        gettext_noop("It may have been removed; look for it in its list."),
    ),
    "Refused": (
        gettext_noop("The present state does not allow it."),
        gettext_noop("Reload the page and look again."),
    ),
    "Unavailable": (
        gettext_noop("It does not work just now."),
        gettext_noop("Try again in a moment."),
    ),
    "NotAllowed": (
        gettext_noop("Your role does not allow it."),
        gettext_noop("Ask an admin for another role."),
    ),
    "UploadTooLarge": (
        gettext_noop("The upload is too large."),
        gettext_noop("Split the file, or import it with the command joren import."),
    ),
    "NoSuchRole": (
        gettext_noop("There is no such role."),
        gettext_noop("Choose one of the five roles."),
    ),
    "NoSuchMember": (
        gettext_noop("There is no such member."),
        gettext_noop("The list of members shows who may sign in."),
    ),
    "NoSuchKey": (
        gettext_noop("There is no such API key."),
        gettext_noop("It may have been revoked; the settings list all keys."),
    ),
    "MemberExists": (
        gettext_noop("Somebody signs in with that e-mail already."),
        gettext_noop("Change the role of that member instead."),
    ),
    "LastAdmin": (
        gettext_noop("This is the last admin, without whom nobody could let anyone in."),
        gettext_noop("Make another member an admin first."),
    ),
    "WeakPassword": (
        gettext_noop("The password is too easy to guess."),
        gettext_noop("Take a sentence that only you know."),
    ),
    "PersonalDetail": (
        gettext_noop("The record may hold no personal data."),
        gettext_noop("Name the person by their number."),
    ),
    "NoSuchCustomer": (
        gettext_noop("There is no such customer."),
        gettext_noop("Search for the person; they may have been taken back with their file."),
    ),
    "NoSuchStore": (
        gettext_noop("There is no such store."),
        gettext_noop("Stores appear when something is imported from them."),
    ),
    "BadKeys": (
        gettext_noop("The keys of personal data are none."),
        gettext_noop("Make one with joren keys new, or ask whoever looks after the machine."),
    ),
    "WrongKey": (
        gettext_noop("Personal data cannot be opened: the key is another one."),
        gettext_noop("Put the key back; joren check says where it belongs. Nothing was changed."),
    ),
    "NoNewKey": (
        gettext_noop("There is no newer key to seal personal data under."),
        gettext_noop("Make one with joren keys new and put it before the others."),
    ),
    "NoSuchDouble": (
        gettext_noop("No such pair waits for a decision."),
        gettext_noop("Somebody may have decided meanwhile; reload the list."),
    ),
    "SameCustomer": (
        gettext_noop("The two are one customer already."),
        gettext_noop("Look at the customer's page: it lists what was joined."),
    ),
    "NoSuchMerge": (
        gettext_noop("There is no such merge."),
        gettext_noop("The page of the customer lists them."),
    ),
    "AlreadyUndone": (
        gettext_noop("This merge was undone before."),
        gettext_noop("There is nothing left to do."),
    ),
    "NumbersCollide": (
        gettext_noop("Two order numbers cannot be told apart."),
        gettext_noop("Give one of them another number in the file."),
    ),
    "RatesIntoNothing": (
        gettext_noop("Nobody said which currency the rates are in."),
        gettext_noop(
            "Add a column in_currency, or choose the currency of the business in the settings."
        ),
    ),
    "VersionsGone": (
        gettext_noop(
            "The versions that this import replaced were removed when the warehouse was compacted."
        ),
        gettext_noop("Import the file again that the orders were in before."),
    ),
    "ReplacedSince": (
        gettext_noop("A later import replaced orders of this one."),
        gettext_noop("Take the later one back first."),
    ),
    "ImportedSince": (
        gettext_noop("A later import is in and may stand on this one."),
        gettext_noop("Take the later one back first."),
    ),
    "NothingToUndo": (
        gettext_noop("Nothing of this import is in."),
        gettext_noop("Only what is done can be taken back."),
    ),
    "ColumnsUnknown": (
        gettext_noop("The header does not say which column is which."),
        gettext_noop("Say which column is which."),
    ),
    "ColumnsRepeat": (
        gettext_noop("Two columns have the same name."),
        gettext_noop("Give one of them another name."),
    ),
    "RowsUnreadable": (
        gettext_noop("Most rows cannot be read, so that nothing was taken in."),
        gettext_noop("Say which column is which."),
    ),
    "PricesTooFine": (
        gettext_noop("Most prices have more decimals than their currency."),
        gettext_noop("Name their currency."),
    ),
    "FileMissing": (
        gettext_noop("There is no such file."),
        gettext_noop("Check its name and its folder."),
    ),
    "NotAFile": (
        gettext_noop("This is a folder or a device and no file."),
        gettext_noop("Name the file itself."),
    ),
    "FileEmpty": (
        gettext_noop("The file is empty."),
        gettext_noop("Fetch it again from where it came."),
    ),
    "FileBinary": (
        gettext_noop("The file is no table: CSV, Excel, Parquet and XML are read."),
        gettext_noop("Save it as CSV or Excel."),
    ),
    "FileTruncated": (
        gettext_noop("The compressed file ends too early."),
        gettext_noop("Fetch it again from where it came."),
    ),
    "FileMalformed": (
        gettext_noop("The XML of the file is broken, or of a kind that must not be read."),
        gettext_noop("Fetch it again from where it came."),
    ),
    "FileTooLarge": (
        gettext_noop("The file unpacks without end."),
        gettext_noop("Save it without compression."),
    ),
    "FileUndecodable": (
        gettext_noop("The file is neither UTF-8 nor CP932 (Shift JIS)."),
        gettext_noop("Save it as UTF-8."),
    ),
    "LineTooLong": (
        gettext_noop("A line is far too long: a quote is not closed, or it is no table."),
        gettext_noop("Look for a quote that is not closed."),
    ),
    "NoSuchFormat": (
        gettext_noop("No format has that name."),
        gettext_noop("Let it be recognised by its header."),
    ),
    "NoConnector": (
        gettext_noop("An installed package offers a connector that is none."),
        gettext_noop("Uninstall it, or ask whoever looks after the machine."),
    ),
    "NoSuchRow": (
        gettext_noop("This row does not wait."),
        gettext_noop("It may have been repaired or dropped already."),
    ),
    "NoCells": (
        gettext_noop("This line was no row of its table."),
        gettext_noop("Repair the line in the file and import it again, or drop it."),
    ),
    "NoSuchImport": (
        gettext_noop("There is no such import."),
        gettext_noop("The page Data lists all of them."),
    ),
    "NoSuchMapping": (
        gettext_noop("Nothing is remembered under that number."),
        gettext_noop("The list shows what is remembered."),
    ),
    "NothingUploaded": (gettext_noop("No file came."), gettext_noop("Choose one file or several.")),
    "ImportCancelled": (
        gettext_noop("It was called off; nothing of it was taken in."),
        gettext_noop("Try again whenever you like."),
    ),
    "TooLateToCancel": (
        gettext_noop("It is being applied or is over, and cannot be called off."),
        gettext_noop("Wait for its end; the newest import can be taken back."),
    ),
    "FileGone": (gettext_noop("The file is no longer kept."), gettext_noop("Upload it again.")),
    "KeyUsedOtherwise": (
        gettext_noop("The same key came with another file."),
        gettext_noop("Give each upload a key of its own."),
    ),
    "Interrupted": (
        gettext_noop("It was interrupted."),
        gettext_noop("Try again: nothing counts twice."),
    ),
    "WarehouseBusy": (
        gettext_noop("Something else was writing for too long."),
        gettext_noop("Try again in a moment."),
    ),
    "NoSuchSource": (
        gettext_noop("There is no such source."),
        gettext_noop("The page Live data lists all of them."),
    ),
    "BadSource": (
        gettext_noop("No source can be made of that."),
        gettext_noop(
            "It needs a name, a kind, a store and a limit of at least one event a second."
        ),
    ),
    "BadEvents": (
        gettext_noop("The file of events cannot be read."),
        gettext_noop("It has one JSON object a line; load it again once it is repaired."),
    ),
    "PropertyRefused": (
        gettext_noop("That property may not enter the warehouse."),
        gettext_noop("Personal data is sent as traits; a name has letters, digits and _ only."),
    ),
    "AsOfAhead": (
        gettext_noop("That day is still to come."),
        gettext_noop("Choose today or a day before it."),
    ),
    "NothingToConclude": (
        gettext_noop("There is no order of a known customer yet."),
        gettext_noop("Take orders in first."),
    ),
    "NoSnapshot": (
        gettext_noop("There are no such figures."),
        gettext_noop("Build the figures on the page Data."),
    ),
    "NoValue": (
        gettext_noop("This customer had no purchase by then."),
        gettext_noop("Choose a later day."),
    ),
    "NoSuchTable": (
        gettext_noop("The report has no such table."),
        gettext_noop("The page lists the tables that there are."),
    ),
    "NoCohortsYet": (
        gettext_noop("There are no cohorts yet."),
        gettext_noop("Build the figures on the page Data."),
    ),
    "NoSuchMatrix": (
        gettext_noop("There is no such view of the cohorts."),
        gettext_noop("Choose one of those on the page."),
    ),
    "NoEconomicsYet": (
        gettext_noop("There are no economics yet."),
        gettext_noop("Build the figures on the page Data."),
    ),
    "NoRanksYet": (
        gettext_noop("There are no ranks yet."),
        gettext_noop("Build the figures on the page Data."),
    ),
    "NoSuchGroup": (
        gettext_noop("There is no such group."),
        gettext_noop("Choose one of those on the page."),
    ),
    "RulesContradict": (
        gettext_noop("These bounds or targets contradict each other."),
        gettext_noop("Change one of them so that all can hold."),
    ),
    "NoSuchRefresh": (
        gettext_noop("There is no such refresh."),
        gettext_noop("The page Data shows the last one."),
    ),
    "RefreshUnderWay": (
        gettext_noop("The figures are being built already."),
        gettext_noop("Wait for its end."),
    ),
    "DidNotConverge": (
        gettext_noop("The model found no best fit to these orders."),
        gettext_noop("Import more orders, or ask for help with this data."),
    ),
    "NotEnoughRepeats": (
        gettext_noop("Too few customers came back for a prediction."),
        gettext_noop("Predictions come with more repeat orders."),
    ),
    "NoFiniteMean": (
        gettext_noop("A few orders are so large that no mean can be predicted."),
        gettext_noop("Look at the largest orders on the page on quality."),
    ),
    "OneOutcomeOnly": (
        gettext_noop("All were renewed, or none was, so that no rate can be told."),
        gettext_noop("Wait for the next renewals."),
    ),
}


@dataclass(frozen=True)
class Told:
    """A refusal in the reader's language; ``words`` are its own, where those are another's."""

    code: str
    sentence: str
    hint: str
    words: str = ""


def told(error: JorenError) -> Told:
    """What the page says of it."""
    return told_of(error.code, error.message, error.hint)


def in_one_line(error: JorenError) -> str:
    """The sentence and the way out, one after the other."""
    said = told(error)
    end = "" if said.sentence.endswith(("。", ".")) else "."
    return f"{said.sentence}{end} {said.hint}".strip()


def told_of(code: str, message: str, hint: str) -> Told:
    """The same of an error that was written down."""
    if (get_language() or "en").startswith("en") or code not in PROBLEMS:
        return Told(code, message, hint)
    sentence, way_out = PROBLEMS[code]
    return Told(
        code, gettext(sentence), gettext(way_out), words="; ".join(filter(None, (message, hint)))
    )

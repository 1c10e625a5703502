"""Templates and their versions, whom messages are from, and the ledger of what was sent."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from joren.act.messages.contracts import FORMS, KINDS, STATES, SUPPRESSIONS
from joren.plumbing.bulk import RowId


class Template(models.Model):
    """A template as it is now; a name is free again when its template is put away."""

    name = models.CharField(max_length=100)
    channel = models.CharField(max_length=20)
    version = models.PositiveIntegerField(default=0)
    sendable = models.PositiveIntegerField(null=True)
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(archived_at__isnull=True), name="template_name_once"
            ),
        ]


class TemplateVersion(models.Model):
    """What a template said from a moment on. A row is added, never changed."""

    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20)
    form = models.CharField(max_length=10)
    texts = models.JSONField()
    utm = models.JSONField()
    sendable = models.BooleanField()
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=100)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["template", "number"], name="template_version_once"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="template_kind_is_known"),
            models.CheckConstraint(condition=Q(form__in=FORMS), name="template_form_is_known"),
        ]


class Sender(models.Model):
    """Whom messages are from; the one row appears when the shop says it."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=100)
    email = models.CharField(max_length=254)
    reply_to = models.CharField(max_length=254, blank=True)
    postal_address = models.CharField(max_length=300, blank=True)


class Letter(models.Model):
    """A letter to be printed. It holds personal data, sealed, and goes with the person."""

    key = models.CharField(max_length=60)
    at = models.DateTimeField()
    customer_id = models.BigIntegerField(null=True)
    sealed = models.TextField(db_default="")
    # Of rows of before, until they are sealed; then empty.
    recipient = models.CharField(max_length=200, db_default="")
    subject = models.TextField(db_default="")
    text = models.TextField(db_default="")
    printed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["key"], name="letter_key_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["customer_id"], name="letter_by_customer"),
        ]


class Feedback(models.Model):
    """What a mail service or LINE told, kept before anything is made of it. A repeat is one row.

    ``number`` is what the channel called the message; of LINE it is the friend, sealed, and goes
    once it is done. Of a ``stranger`` it is the key by which they will be known as a customer.
    """

    provider = models.CharField(max_length=30)
    key = models.CharField(max_length=150)
    kind = models.CharField(max_length=20)
    number = models.TextField()
    reason = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=500, blank=True)
    agent = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="new")
    send_id = models.BigIntegerField(null=True)
    told = models.BooleanField(db_default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["provider", "key"], name="feedback_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["id"], condition=Q(state="new"), name="feedback_to_read"),
            models.Index(fields=["send_id", "kind"], name="feedback_by_message"),
            models.Index(fields=["at"], name="feedback_by_moment"),
            models.Index(
                fields=["id"], condition=Q(state="done", told=False), name="feedback_to_tell"
            ),
            models.Index(
                fields=["received_at"], condition=Q(state="stranger"), name="feedback_of_strangers"
            ),
        ]


class Returned(models.Model):
    """A notice that came back by mail and names no message that the ledger knows. A repeat is one
    row. ``recipient`` is the hash of the address that it names; what it says is sealed."""

    key = models.CharField(max_length=64)
    kind = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=20, blank=True)
    numbers = models.JSONField(default=list)
    send_id = models.BigIntegerField(null=True)
    recipient = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="new")
    sealed = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["key"], name="returned_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "id"], name="returned_by_state"),
        ]


class TrackedLink(models.Model):
    """Where a link of ours leads. It stands in a template so, and is the same for everybody."""

    address = models.TextField()
    digest = models.CharField(max_length=64, unique=True)


class Tracking(models.Model):
    """On which channels links and pictures are ours; the one row appears when the shop says it."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    clicks = models.JSONField()
    opens = models.JSONField()


class Pace(models.Model):
    """How fast messages may leave: over everything (``*``), a channel, or ``email:gmail.com``."""

    scope = models.CharField(max_length=120, primary_key=True)
    per_minute = models.PositiveIntegerField(null=True)
    warm_since = models.DateField(null=True)
    warm_first = models.PositiveIntegerField(null=True)
    tokens = models.FloatField(db_default=0)
    filled_at = models.DateTimeField(null=True)
    used_on = models.DateField(null=True)
    used = models.PositiveIntegerField(db_default=0)


class KeptBack(models.Model):
    """A message that would have left. It holds personal data, sealed, and goes with the person.

    ``recipient`` is the hash of the address, by which it is found again.
    """

    key = models.CharField(max_length=100)
    at = models.DateTimeField()
    customer_id = models.BigIntegerField(null=True)
    recipient = models.CharField(max_length=254)
    sender = models.CharField(max_length=360)
    sealed = models.TextField(db_default="")
    # Of rows of before, until they are sealed; then empty.
    subject = models.TextField(db_default="")
    text = models.TextField(db_default="")
    html = models.TextField(null=True)  # noqa: DJ001 (null: the message is plain text)
    headers = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["key"], name="kept_back_key_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["customer_id"], name="kept_back_by_customer"),
        ]


class Errand(models.Model):
    """What is sent to many: one step of a journey, one campaign. Its template says what it says.

    ``most`` and ``most_cost`` (minor units) are the budget of all that its source sends, over its
    whole life. Since ``held_at`` nothing of it leaves, until somebody lets it go again.
    """

    source = models.CharField(max_length=20)
    source_id = models.BigIntegerField()
    step = models.CharField(max_length=60, blank=True)
    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="errands")
    channel = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    most = models.BigIntegerField(null=True)
    most_cost = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["source", "source_id", "step"], name="errand_of_a_step_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="errand_kind_is_known"),
        ]


class Send(models.Model):
    """The ledger: what became of one message to one customer, also where nothing was sent.

    The keys of the errand and the customer are plain numbers: rows arrive by the million, and the
    statement that adds them has just read both. ``address`` is the token of the e-mail address
    that it left for, "" of what is no mail and of rows of before that was noted.
    """

    errand_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    occurrence = models.BigIntegerField()
    state = models.CharField(max_length=12)
    reason = models.CharField(max_length=60, blank=True, db_default="")
    lot = models.BigIntegerField(null=True)
    worth = models.BigIntegerField(db_default=0)
    asked_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    counted_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(null=True)
    cost = models.BigIntegerField(null=True)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(db_default=0)
    sent_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=200, blank=True, db_default="")
    mailbox = models.CharField(max_length=20, blank=True, db_default="")
    address = models.CharField(max_length=24, blank=True, db_default="")
    told = models.BooleanField(db_default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["errand_id", "customer_id", "occurrence"], name="send_once"
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="send_state_is_known"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["state", "next_at"],
                condition=Q(next_at__isnull=False),
                name="send_by_what_comes_next",
            ),
            models.Index(fields=["customer_id", "counted_at"], name="send_by_customer"),
            models.Index(fields=["id"], condition=Q(state="sent", told=False), name="send_to_tell"),
            # All that counting asks for: no row is read for it.
            models.Index(
                fields=["errand_id", "state", "reason", "asked_at", "id"], name="send_by_errand"
            ),
            models.Index(
                fields=["provider_id"], condition=~Q(provider_id=""), name="send_by_provider"
            ),
        ]


class Suppression(models.Model):
    """Where messages to a customer do not arrive, or must not be tried.

    ``mailbox`` is the token of the address that it is about: it holds while they have that one.
    Empty, it is about the person, whatever their address.
    """

    customer_id = models.BigIntegerField()
    channel = models.CharField(max_length=20)
    reason = models.CharField(max_length=20)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    source = models.CharField(max_length=60, blank=True, db_default="")
    mailbox = models.CharField(max_length=64, blank=True, db_default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["customer_id", "channel", "reason", "mailbox"],
                name="suppression_reason_once",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=SUPPRESSIONS), name="suppression_reason_is_known"
            ),
        ]


class PolicyVersion(models.Model):
    """How much the shop writes to anybody, and when. A row is added; the newest holds."""

    number = models.PositiveIntegerField(primary_key=True)
    said = models.JSONField()
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=100)


class Budget(models.Model):
    """What was let through of a month (``2026-11``), an errand (``errand:7``), or ever (empty).

    The last is held while the gate is asked, so that one chunk is decided after the other.
    """

    scope = models.CharField(max_length=40, primary_key=True)
    used = models.BigIntegerField(db_default=0)
    used_cost = models.BigIntegerField(db_default=0)


class LocalZone(models.Model):
    """Where a customer's clock is, if it is not the shop's."""

    customer_id = RowId(primary_key=True)
    zone = models.CharField(max_length=50)

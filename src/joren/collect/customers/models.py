"""Stores, customers, and the identities by which they are known."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from joren.plumbing.bulk import RowId


class Store(models.Model):
    """One shop of the business: own shop, 楽天, a street store."""

    name = models.CharField(max_length=200)
    currency = models.CharField(max_length=3, blank=True)
    default_tax_rate = models.IntegerField(null=True)  # basis points

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["name"], name="store_name_once"),
        ]


class Customer(models.Model):
    """One person. Name, kana, e-mail, phone and postal code lie in ``sealed``, see rules.secrets.

    They are found by keyed hashes: ``search_grams`` of the pairs of characters of name and kana,
    ``email_token`` of the e-mail, ``tail_token`` of the last four digits of the phone.

    The database keeps an index of ``search_grams`` itself (migration 0001); on SQLite by triggers,
    which a migration that makes this table anew has to make again, but for rows that are added:
    they come through ``add_customers``, which indexes them all at once.
    """

    id = RowId(primary_key=True)
    sealed = models.TextField(blank=True, default="", db_default="")
    prefecture = models.TextField(blank=True)
    birthday = models.DateField(null=True)
    gender = models.TextField(blank=True)
    acquisition_source = models.TextField(blank=True)
    language = models.TextField(blank=True, default="", db_default="")
    time_zone = models.TextField(blank=True, default="", db_default="")
    registered_at = models.DateTimeField(null=True)
    search_grams = models.TextField(blank=True, default="")
    email_token = models.TextField(null=True, db_index=True)  # noqa: DJ001 (null is in no index)
    tail_token = models.TextField(null=True, db_index=True)  # noqa: DJ001 (null is in no index)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, db_index=False)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["time_zone"], name="customer_by_zone", condition=models.Q(time_zone__gt="")
            ),
            models.Index(
                fields=["merged_into"],
                name="customer_merged",
                condition=models.Q(merged_into__isnull=False),
            ),
        ]


class Identity(models.Model):
    """One way by which a customer is known. ``key`` says the kind, the store and the value.

    But for a store's customer number the value is a keyed hash, and what was said lies ``sealed``.
    ``import_id`` says what brought it: an import, or below zero live events.
    """

    id = RowId(primary_key=True)
    key = models.TextField()
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="identities")
    store = models.ForeignKey(Store, null=True, on_delete=models.PROTECT, db_index=False)
    sealed = models.TextField(blank=True, default="", db_default="")
    import_id = models.BigIntegerField(null=True)
    first_seen_on = models.DateField(null=True)
    last_seen_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["key"], name="identity_key_once"),
        ]


class Address(models.Model):
    """An address with a street that came with an identity; its customer is the identity's.

    So it moves with a merge and comes back when that is undone. The newest is where somebody lives,
    the others are where they lived. ``token`` hashes the identity and the address as addresses are
    compared; all but the prefecture, which segments ask for, lies ``sealed``.
    """

    id = RowId(primary_key=True)
    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="addresses")
    token = models.TextField()
    sealed = models.TextField()
    prefecture = models.TextField(blank=True)
    import_id = models.BigIntegerField(null=True)
    first_on = models.DateField()
    last_on = models.DateField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["token"], name="address_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["import_id"], name="address_by_import"),
        ]


class Device(models.Model):
    """A browser or an app that sent something; its id is one of those that facts carry."""

    id = RowId(primary_key=True)
    anonymous_id = models.TextField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["anonymous_id"], name="device_once"),
        ]


class DeviceLink(models.Model):
    """Somebody was known as that identity on that device.

    A device whose links are all of one customer is that customer's; one that several use is
    nobody's. That is asked at each read, so that no order of arrival and no merge can change it.
    """

    device_id = models.BigIntegerField()
    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="devices")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["device_id", "identity"], name="device_link_once"),
        ]


class Heard(models.Model):
    """An identity that live events carry: it stays when the file that brought it is taken back."""

    identity_id = RowId(primary_key=True)


class Merge(models.Model):
    """Two customers found to be one, by whom and why; with this it is undone exactly.

    ``identities`` were the loser's, ``filled`` are the fields that the winner had from the loser.
    ``by`` is a member, a key, the command line, an import or live events.
    """

    winner = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="won")
    loser = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="lost")
    identities = models.JSONField()
    filled = models.JSONField(default=list)
    import_id = models.BigIntegerField(null=True)
    by = models.TextField(blank=True, default="")
    why = models.TextField(blank=True, default="")
    evidence = models.JSONField(default=list)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["import_id", "loser"], name="merge_once_per_import"),
        ]


class Double(models.Model):
    """Two customers who may be one: weak evidence, and a person decides. ``one`` is the older."""

    one = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    evidence = models.BigIntegerField()  # bits, see rules
    score = models.BigIntegerField()
    found_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["one", "other"], name="double_once"),
            models.CheckConstraint(
                condition=models.Q(one__lt=models.F("other")), name="double_older_first"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-score", "id"], name="double_by_score"),
        ]


class Apart(models.Model):
    """Somebody said that these two are not one person: remembered for ever.

    The two are named by a key of each, so that it holds whatever they are merged with, and also
    when the file that brought them is taken back and comes again.
    """

    one_key = models.TextField()
    other_key = models.TextField()
    by = models.TextField()
    why = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["one_key", "other_key"], name="apart_once"),
        ]


class Placeholder(models.Model):
    """An e-mail or a phone that names nobody, such as what a shop types where it has none.

    Known by its key, hashed as an identity's; what was said lies ``sealed``, bound to that.
    ``numbers`` is with how many customer numbers an import came upon it, null where a person said
    so; ``real`` is what a person says against it.
    """

    key = models.TextField()
    sealed = models.TextField()
    numbers = models.BigIntegerField(null=True)
    real = models.BooleanField(default=False)
    by = models.TextField()
    why = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["key"], name="placeholder_once"),
        ]


class Arrival(models.Model):
    """The ids that one import made: a block each, so that it can be taken back."""

    import_id = models.BigIntegerField(primary_key=True)
    first_customer = models.BigIntegerField(null=True)
    last_customer = models.BigIntegerField(null=True)
    first_identity = models.BigIntegerField(null=True)
    last_identity = models.BigIntegerField(null=True)


class Keyring(models.Model):
    """One row: the key of the hashes, sealed under the installation's current key."""

    sealed = models.TextField()


class NextId(models.Model):
    """The next free id of a kind: blocks are taken, so that work can be prepared first."""

    kind = models.CharField(max_length=20, primary_key=True)
    next = models.BigIntegerField()

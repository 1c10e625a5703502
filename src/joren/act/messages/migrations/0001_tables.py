import django.db.models.deletion
from django.db import migrations, models

import joren.plumbing.bulk


def _number() -> models.Field[int, int]:
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("act_messages", "0001_templates"),
        ("act_messages", "0002_letters"),
        ("act_messages", "0003_ledger"),
        ("act_messages", "0004_pace"),
        ("act_messages", "0005_feedback"),
        ("act_messages", "0006_policy_versions"),
        ("act_messages", "0007_ledger_by_errand"),
        ("act_messages", "0008_followed_links"),
        ("act_messages", "0009_told"),
        ("act_messages", "0010_errands_held_back"),
        ("act_messages", "0011_mailboxes"),
        ("act_messages", "0012_sealed_messages"),
        ("act_messages", "0013_mailbox_of_suppression"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Budget",
            fields=[
                ("scope", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("used", models.BigIntegerField(db_default=0)),
                ("used_cost", models.BigIntegerField(db_default=0)),
            ],
        ),
        migrations.CreateModel(
            name="LocalZone",
            fields=[
                ("customer_id", joren.plumbing.bulk.RowId(primary_key=True, serialize=False)),
                ("zone", models.CharField(max_length=50)),
            ],
        ),
        migrations.CreateModel(
            name="Pace",
            fields=[
                ("scope", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("per_minute", models.PositiveIntegerField(null=True)),
                ("warm_since", models.DateField(null=True)),
                ("warm_first", models.PositiveIntegerField(null=True)),
                ("tokens", models.FloatField(db_default=0)),
                ("filled_at", models.DateTimeField(null=True)),
                ("used_on", models.DateField(null=True)),
                ("used", models.PositiveIntegerField(db_default=0)),
            ],
        ),
        migrations.CreateModel(
            name="PolicyVersion",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("said", models.JSONField()),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            name="Sender",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                ("email", models.CharField(max_length=254)),
                ("reply_to", models.CharField(blank=True, max_length=254)),
                ("postal_address", models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name="TrackedLink",
            fields=[
                ("id", _number()),
                ("address", models.TextField()),
                ("digest", models.CharField(max_length=64, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Tracking",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("clicks", models.JSONField()),
                ("opens", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="Feedback",
            fields=[
                ("id", _number()),
                ("provider", models.CharField(max_length=30)),
                ("key", models.CharField(max_length=150)),
                ("kind", models.CharField(max_length=20)),
                ("number", models.TextField()),
                ("reason", models.CharField(blank=True, max_length=20)),
                ("address", models.CharField(blank=True, max_length=500)),
                ("agent", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("state", models.CharField(default="new", max_length=10)),
                ("send_id", models.BigIntegerField(null=True)),
                ("told", models.BooleanField(db_default=False)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "new")), fields=["id"], name="feedback_to_read"
                    ),
                    models.Index(fields=["send_id", "kind"], name="feedback_by_message"),
                    models.Index(fields=["at"], name="feedback_by_moment"),
                    models.Index(
                        condition=models.Q(("state", "done"), ("told", False)),
                        fields=["id"],
                        name="feedback_to_tell",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "key"), name="feedback_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="KeptBack",
            fields=[
                ("id", _number()),
                ("key", models.CharField(max_length=100)),
                ("at", models.DateTimeField()),
                ("customer_id", models.BigIntegerField(null=True)),
                ("recipient", models.CharField(max_length=254)),
                ("sender", models.CharField(max_length=360)),
                ("sealed", models.TextField(db_default="")),
                ("subject", models.TextField(db_default="")),
                ("text", models.TextField(db_default="")),
                ("html", models.TextField(null=True)),
                ("headers", models.JSONField(default=dict)),
            ],
            options={
                "indexes": [models.Index(fields=["customer_id"], name="kept_back_by_customer")],
                "constraints": [
                    models.UniqueConstraint(fields=("key",), name="kept_back_key_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", _number()),
                ("key", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("customer_id", models.BigIntegerField(null=True)),
                ("sealed", models.TextField(db_default="")),
                ("recipient", models.CharField(db_default="", max_length=200)),
                ("subject", models.TextField(db_default="")),
                ("text", models.TextField(db_default="")),
                ("printed_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["customer_id"], name="letter_by_customer")],
                "constraints": [models.UniqueConstraint(fields=("key",), name="letter_key_once")],
            },
        ),
        migrations.CreateModel(
            name="Send",
            fields=[
                ("id", _number()),
                ("errand_id", models.BigIntegerField()),
                ("customer_id", models.BigIntegerField()),
                ("occurrence", models.BigIntegerField()),
                ("state", models.CharField(max_length=12)),
                ("reason", models.CharField(blank=True, db_default="", max_length=60)),
                ("lot", models.BigIntegerField(null=True)),
                ("worth", models.BigIntegerField(db_default=0)),
                ("asked_at", models.DateTimeField()),
                ("next_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("counted_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(null=True)),
                ("cost", models.BigIntegerField(null=True)),
                ("claimed_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(db_default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("provider_id", models.CharField(blank=True, db_default="", max_length=200)),
                ("mailbox", models.CharField(blank=True, db_default="", max_length=20)),
                ("told", models.BooleanField(db_default=False)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_at__isnull", False)),
                        fields=["state", "next_at"],
                        name="send_by_what_comes_next",
                    ),
                    models.Index(fields=["customer_id", "counted_at"], name="send_by_customer"),
                    models.Index(
                        condition=models.Q(("state", "sent"), ("told", False)),
                        fields=["id"],
                        name="send_to_tell",
                    ),
                    models.Index(
                        fields=["errand_id", "state", "reason", "asked_at", "id"],
                        name="send_by_errand",
                    ),
                    models.Index(
                        condition=models.Q(("provider_id", ""), _negated=True),
                        fields=["provider_id"],
                        name="send_by_provider",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("errand_id", "customer_id", "occurrence"), name="send_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                (
                                    "deferred",
                                    "waiting",
                                    "sending",
                                    "sent",
                                    "refused",
                                    "unknown",
                                    "suppressed",
                                    "held_out",
                                    "expired",
                                ),
                            )
                        ),
                        name="send_state_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Suppression",
            fields=[
                ("id", _number()),
                ("customer_id", models.BigIntegerField()),
                ("channel", models.CharField(max_length=20)),
                ("reason", models.CharField(max_length=20)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("source", models.CharField(blank=True, db_default="", max_length=60)),
                ("mailbox", models.CharField(blank=True, db_default="", max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("customer_id", "channel", "reason"), name="suppression_reason_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reason__in", ("hard_bounce", "soft_bounce", "complaint", "by_hand"))
                        ),
                        name="suppression_reason_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Template",
            fields=[
                ("id", _number()),
                ("name", models.CharField(max_length=100)),
                ("channel", models.CharField(max_length=20)),
                ("version", models.PositiveIntegerField(default=0)),
                ("sendable", models.PositiveIntegerField(null=True)),
                ("changed_at", models.DateTimeField()),
                ("archived_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("archived_at__isnull", True)),
                        fields=("name",),
                        name="template_name_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Errand",
            fields=[
                ("id", _number()),
                ("source", models.CharField(max_length=20)),
                ("source_id", models.BigIntegerField()),
                ("step", models.CharField(blank=True, max_length=60)),
                ("channel", models.CharField(max_length=20)),
                ("kind", models.CharField(max_length=20)),
                ("most", models.BigIntegerField(null=True)),
                ("most_cost", models.BigIntegerField(null=True)),
                ("made_at", models.DateTimeField()),
                ("held_at", models.DateTimeField(null=True)),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="errands",
                        to="act_messages.template",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "source_id", "step"), name="errand_of_a_step_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ("incentive", "brand", "goal_support", "transactional", "thanks"),
                            )
                        ),
                        name="errand_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TemplateVersion",
            fields=[
                ("id", _number()),
                ("number", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=100)),
                ("kind", models.CharField(max_length=20)),
                ("form", models.CharField(max_length=10)),
                ("texts", models.JSONField()),
                ("utm", models.JSONField()),
                ("sendable", models.BooleanField()),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(max_length=100)),
                ("why", models.CharField(blank=True, max_length=200)),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="act_messages.template",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("template", "number"), name="template_version_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ("incentive", "brand", "goal_support", "transactional", "thanks"),
                            )
                        ),
                        name="template_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("form__in", ("mjml", "html", "text"))),
                        name="template_form_is_known",
                    ),
                ],
            },
        ),
    ]

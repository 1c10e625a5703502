import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("deliveries", "0001_receivers_and_deliveries"),
        ("deliveries", "0002_chat_rooms"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=60)),
                ("type", models.CharField(max_length=100)),
                ("body", models.TextField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("key",), name="delivery_message_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Receiver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("url", models.CharField(max_length=2000)),
                ("announcements", models.JSONField()),
                ("secret", models.TextField()),
                ("old_secret", models.TextField(blank=True)),
                ("old_until", models.DateTimeField(null=True)),
                ("made_at", models.DateTimeField()),
                ("disabled_at", models.DateTimeField(null=True)),
                ("disabled_because", models.CharField(blank=True, max_length=200)),
                ("failing_since", models.DateTimeField(null=True)),
                ("shape", models.CharField(default="signed", max_length=10)),
                ("language", models.CharField(default="ja", max_length=2)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("shape__in", ("signed", "slack", "teams", "lineworks", "chatwork"))
                        ),
                        name="receiver_shape_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("attempts", models.IntegerField(default=0)),
                ("next_at", models.DateTimeField()),
                ("held_until", models.DateTimeField(null=True)),
                ("code", models.IntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=200)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="deliveries.message"
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="deliveries.receiver"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["state", "next_at"], name="delivery_by_due")],
                "constraints": [
                    models.UniqueConstraint(fields=("message", "receiver"), name="delivery_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("waiting", "done", "failed"))),
                        name="delivery_state_is_known",
                    ),
                ],
            },
        ),
    ]

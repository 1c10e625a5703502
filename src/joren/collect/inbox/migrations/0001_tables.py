from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("inbox", "0001_sources_and_batches"),
        ("inbox", "0002_micro_batches"),
        ("inbox", "0003_sealed_bodies"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AllowedProperty",
            fields=[
                ("name", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key_id", models.BigIntegerField()),
                ("received_at", models.BigIntegerField()),
                ("sent_at", models.CharField(blank=True, max_length=40)),
                ("messages", models.IntegerField()),
                ("sealed", models.TextField(db_default="")),
                ("body", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Drain",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("messages", models.BigIntegerField()),
                ("events", models.BigIntegerField()),
                ("seconds", models.FloatField()),
            ],
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("key_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("free_at", models.BigIntegerField(default=0)),
                ("received", models.BigIntegerField(default=0)),
                ("kept", models.BigIntegerField(default=0)),
                ("repeated", models.BigIntegerField(default=0)),
                ("unreadable", models.BigIntegerField(default=0)),
                ("refused", models.BigIntegerField(default=0)),
                ("last_seen_at", models.BigIntegerField(default=0)),
                ("last_refusal", models.CharField(blank=True, max_length=200)),
                ("last_refused_at", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="UnreadMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key_id", models.BigIntegerField()),
                ("received_at", models.BigIntegerField()),
                ("sent_at", models.CharField(blank=True, max_length=40)),
                ("reason", models.CharField(max_length=200)),
                ("sealed", models.TextField(db_default="")),
                ("message", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="WriteKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=10)),
                ("store_id", models.BigIntegerField()),
                ("user_ids", models.CharField(max_length=20)),
                ("prefix", models.CharField(max_length=20)),
                ("secret_hash", models.CharField(max_length=64)),
                ("public_key", models.CharField(blank=True, max_length=64)),
                ("limit", models.IntegerField(default=2000)),
                ("made_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("secret_hash",), name="write_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("server", "browser"))),
                        name="write_key_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("user_ids__in", ("own", "customer_number"))),
                        name="write_key_user_ids_are_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "browser"), ("public_key", ""), _connector="OR"
                        ),
                        name="write_key_of_a_server_is_secret",
                    ),
                ],
            },
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("webhooks", "0001_endpoints_and_deliveries"),
        ("webhooks", "0002_stripe_says_customer_numbers"),
        ("webhooks", "0003_sealed_bodies"),
        ("webhooks", "0004_sealed_requests"),
        ("webhooks", "0005_sealed_samples"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("endpoint_id", models.BigIntegerField()),
                ("key", models.CharField(max_length=100)),
                ("topic", models.CharField(blank=True, max_length=100)),
                ("received_at", models.DateTimeField()),
                ("state", models.CharField(default="new", max_length=10)),
                ("batch", models.BigIntegerField(null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("of_order", models.CharField(blank=True, max_length=100)),
                ("sealed", models.TextField(db_default="")),
                ("body", models.BinaryField()),
            ],
            options={
                "indexes": [models.Index(fields=["state", "id"], name="webhook_delivery_by_state")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("endpoint_id", "key"), name="webhook_delivery_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ("new", "claimed", "done", "ignored", "waiting", "dropped"),
                            )
                        ),
                        name="webhook_delivery_state_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Endpoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("provider", models.CharField(max_length=10)),
                ("store", models.CharField(max_length=200)),
                ("kind", models.CharField(default="orders", max_length=20)),
                ("token", models.CharField(max_length=40)),
                ("bearer", models.BooleanField(default=False)),
                ("header", models.CharField(blank=True, max_length=60)),
                ("secret", models.TextField()),
                ("old_secret", models.TextField(blank=True)),
                ("mapping", models.JSONField(default=dict)),
                ("sample", models.TextField(blank=True)),
                ("sealed", models.TextField(db_default="")),
                ("source_id", models.BigIntegerField(null=True)),
                ("refused", models.BigIntegerField(default=0)),
                ("last_refusal", models.CharField(blank=True, max_length=200)),
                ("made_at", models.DateTimeField()),
                ("disabled_at", models.DateTimeField(null=True)),
                ("uninstalled_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("token",), name="webhook_address_once"),
                    models.CheckConstraint(
                        condition=models.Q(("provider__in", ("shopify", "stripe", "generic"))),
                        name="webhook_provider_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("orders", "refunds", "customers"))),
                        name="webhook_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Known",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("endpoint_id", models.BigIntegerField()),
                ("subject", models.CharField(max_length=100)),
                ("number", models.CharField(blank=True, max_length=100)),
                ("version", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("endpoint_id", "subject"), name="webhook_known_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PrivacyRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("endpoint_id", models.BigIntegerField()),
                ("key", models.CharField(max_length=100)),
                ("kind", models.CharField(max_length=20)),
                ("store", models.CharField(max_length=200)),
                ("customer_number", models.CharField(blank=True, max_length=100)),
                ("email", models.CharField(blank=True, max_length=320)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("sealed", models.TextField(db_default="")),
                ("orders", models.JSONField(default=list)),
                ("asked_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("endpoint_id", "key"), name="privacy_request_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ("access", "erase_customer", "erase_shop"))
                        ),
                        name="privacy_request_kind_is_known",
                    ),
                ],
            },
        ),
    ]

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("accounts", "0001_members_keys_business"),
        ("accounts", "0002_business_nightly_at"),
        ("accounts", "0003_business_language"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Member",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", models.CharField(blank=True, max_length=200)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("viewer", "viewer"),
                            ("marketer", "marketer"),
                            ("support", "support"),
                            ("analyst", "analyst"),
                            ("admin", "admin"),
                        ],
                        max_length=20,
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("joined_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("email", django.db.models.functions.text.Lower("email"))
                        ),
                        name="member_email_is_lower_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("role__in", ("viewer", "marketer", "support", "analyst", "admin"))
                        ),
                        name="member_role_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Business",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("time_zone", models.CharField(max_length=64)),
                ("currency", models.CharField(max_length=3, null=True)),
                ("simulated", models.BooleanField(default=False)),
                ("profile", models.CharField(max_length=20, null=True)),
                ("nightly_at", models.CharField(blank=True, default="03:30", max_length=5)),
                ("language", models.CharField(default="ja", max_length=2)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="business_is_one"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("profile__isnull", True),
                            ("profile__in", ("one_off", "repeat", "subscription", "mixed")),
                            _connector="OR",
                        ),
                        name="business_profile_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("prefix", models.CharField(max_length=20)),
                ("secret_hash", models.CharField(max_length=64)),
                ("scopes", models.JSONField()),
                ("issued_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="api_keys",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("prefix",), name="api_key_prefix_once")
                ],
            },
        ),
    ]

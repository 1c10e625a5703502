import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("segments", "0001_segments"),
        ("segments", "0002_live"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Look",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("claim", models.CharField(blank=True, max_length=32)),
                ("read", models.JSONField(default=dict)),
                ("at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Move",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("segment_id", models.BigIntegerField()),
                ("customer_id", models.BigIntegerField()),
                ("occurrence", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("baseline", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("segment_id", "customer_id", "occurrence"), name="segment_move_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Segment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("rule", models.JSONField()),
                ("membership", models.CharField(default="live", max_length=10)),
                ("owner", models.CharField(max_length=100)),
                ("note", models.TextField(blank=True)),
                ("review_on", models.DateField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField()),
                ("frozen_on", models.DateField(null=True)),
                ("archived_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("archived_at__isnull", True)),
                        fields=("name",),
                        name="segment_name_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("frozen_on__isnull", True), ("membership", "live")),
                            models.Q(("frozen_on__isnull", False), ("membership", "frozen")),
                            _connector="OR",
                        ),
                        name="segment_frozen_has_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Followed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("room", models.CharField(max_length=50)),
                ("since", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=0)),
                ("snapshot", models.BigIntegerField(default=0)),
                (
                    "segment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed",
                        to="segments.segment",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("segment", "room"), name="segment_followed_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SegmentVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=100)),
                ("rule", models.JSONField()),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(max_length=100)),
                ("why", models.TextField(blank=True)),
                (
                    "segment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="segments.segment",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("segment", "number"), name="segment_version_once"
                    )
                ],
            },
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Chore",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("night", models.DateTimeField(null=True)),
                ("attempts", models.IntegerField(default=0)),
                ("begun_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("well", models.BooleanField(default=True)),
                ("said", models.TextField(blank=True)),
                ("hint", models.TextField(blank=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("worker", models.CharField(blank=True, max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Worker",
            fields=[
                ("id", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("begun_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["seen_at"], name="worker_by_seen")],
            },
        ),
    ]

"""Stripe's contracts and its invoices are of the same customers: both carry the same number."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def say_so(apps: Any, _: object) -> None:
    endpoints = apps.get_model("webhooks", "Endpoint").objects.filter(provider="stripe")
    sources = list(endpoints.exclude(source_id=None).values_list("source_id", flat=True))
    keys = apps.get_model("inbox", "WriteKey").objects.filter(pk__in=sources)
    keys.update(user_ids="customer_number")


class Migration(migrations.Migration):
    dependencies = [
        ("webhooks", "0001_endpoints_and_deliveries"),
        ("inbox", "0002_micro_batches"),
    ]
    operations = [migrations.RunPython(say_so, migrations.RunPython.noop)]

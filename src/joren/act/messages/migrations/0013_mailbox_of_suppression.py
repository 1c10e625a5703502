"""What did not arrive at an address is about that address, and no other of the same person."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("act_messages", "0012_sealed_messages"),
        ("customers", "0010_addresses"),
    ]

    operations: ClassVar[list[migrations.operations.base.Operation]] = [
        migrations.AddField(
            "suppression", "mailbox", models.CharField(max_length=64, blank=True, db_default="")
        ),
        migrations.RunSQL(
            "UPDATE act_messages_suppression SET mailbox = coalesce((SELECT c.email_token "
            "FROM customers_customer AS c WHERE c.id = act_messages_suppression.customer_id), '') "
            "WHERE reason = 'hard_bounce' AND channel = 'email'",
            migrations.RunSQL.noop,
        ),
    ]

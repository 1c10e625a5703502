"""Which suppressions hold: one that is about an address ends when the person has another."""

from __future__ import annotations

from django.db import connection

from joren.core.people import moved, people

HARD_BOUNCE = "hard_bounce"


def mailboxes_sql() -> str:
    """SQL to stand behind FROM in brackets: (customer_id, token) of the addresses of now."""
    return people().mailboxes


def about_now(suppression: str, mailbox: str) -> str:
    """The condition that such a row of suppressions is about the person, or the address of now."""
    return f"({suppression}.mailbox = '' OR {suppression}.mailbox = {mailbox}.token)"


def of_this_mailbox_sql() -> str:
    """SQL of the numbers of suppressions that are about the address that the person has now."""
    return f"""
        SELECT x.id FROM act_messages_suppression AS x
        LEFT JOIN ({moved()}) AS m ON m.customer_id = x.customer_id
        JOIN ({mailboxes_sql()}) AS a ON a.customer_id = coalesce(m.person_id, x.customer_id)
        WHERE x.mailbox = a.token
    """


def mailbox_token(customer: int) -> str:
    """The token of the address that somebody has now, under whom they are; "" of nobody."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT a.token FROM ({mailboxes_sql()}) AS a WHERE a.customer_id = coalesce("
            f"(SELECT m.person_id FROM ({moved()}) AS m WHERE m.customer_id = %s), %s)",
            [customer, customer],
        )
        found = cursor.fetchone()
    return str(found[0] or "") if found else ""

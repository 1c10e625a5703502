"""What the page calls kinds, states, steps and fields."""

from __future__ import annotations

from django.utils.translation import gettext_noop

KINDS = {
    "orders": gettext_noop("Orders"),
    "products": gettext_noop("Products"),
    "customers": gettext_noop("Customers"),
    "ad_spend": gettext_noop("Ad spend"),
    "refunds": gettext_noop("Refunds"),
    "rates": gettext_noop("Exchange rates"),
}
STATUSES = {
    "held": gettext_noop("Waiting for you to check the columns"),
    "waiting": gettext_noop("Waiting for its turn"),
    "reading": gettext_noop("Reading"),
    "applying": gettext_noop("Taking in"),
    "running": gettext_noop("Calculating"),
    "done": gettext_noop("Done"),
    "refused": gettext_noop("Not taken in"),
    "failed": gettext_noop("Failed"),
    "cancelled": gettext_noop("Called off"),
    "undone": gettext_noop("Taken back"),
}
LOOKS = {
    "held": "is-warn",
    "done": "is-good",
    "refused": "is-bad",
    "failed": "is-bad",
}
PHASES = {
    "reading": gettext_noop("reading the file"),
    "typing": gettext_noop("checking dates and amounts"),
    "applying": gettext_noop("comparing with what is known"),
    "recover": gettext_noop("finishing earlier work"),
    "gather": gettext_noop("gathering purchases"),
    "values": gettext_noop("calculating value"),
    "ranks": gettext_noop("ranking customers"),
    "cohorts": gettext_noop("following cohorts"),
    "economics": gettext_noop("weighing ad spend"),
    "quality": gettext_noop("judging the data"),
    "finish": gettext_noop("publishing the figures"),
}
FORMATS = {
    "auto": gettext_noop("Recognise it by its header"),
    "generic": gettext_noop("Any table"),
    "rakuten": gettext_noop("Rakuten RMS"),
    "shopify": "Shopify",
    "yahoo": gettext_noop("Yahoo! Shopping"),
    "amazon": "Amazon",
    "ecforce": "ecforce",
    "makeshop": "MakeShop",
    "eccube": "EC-CUBE",
}
FIELDS = {
    "order_number": gettext_noop("Order number"),
    "ordered_at": gettext_noop("Date of the order"),
    "updated_at": gettext_noop("Last change"),
    "status": gettext_noop("State of the order"),
    "currency": gettext_noop("Currency"),
    "tax_included": gettext_noop("Prices contain the tax"),
    "order_discount": gettext_noop("Discount on the order"),
    "mall_discount": gettext_noop("Discount paid by the mall"),
    "points_used": gettext_noop("Points used"),
    "shipping_charged": gettext_noop("Shipping charged"),
    "fees_charged": gettext_noop("Fees charged"),
    "tax": gettext_noop("Tax"),
    "total": gettext_noop("Total"),
    "amount": gettext_noop("Amount"),
    "refunded": gettext_noop("Amount refunded"),
    "shipping_borne": gettext_noop("Shipping paid by the shop"),
    "payment_fee": gettext_noop("Payment fee"),
    "coupon_code": gettext_noop("Coupon code"),
    "channel": gettext_noop("Channel"),
    "source": gettext_noop("Source"),
    "medium": gettext_noop("Medium"),
    "campaign": gettext_noop("Campaign"),
    "subscription_id": gettext_noop("Subscription"),
    "subscription_number": gettext_noop("Running number of the subscription"),
    "sku": gettext_noop("Product code"),
    "product_name": gettext_noop("Product name"),
    "category": gettext_noop("Category"),
    "quantity": gettext_noop("Quantity"),
    "unit_price": gettext_noop("Unit price"),
    "line_discount": gettext_noop("Discount on the line"),
    "line_tax": gettext_noop("Tax of the line"),
    "tax_rate": gettext_noop("Tax rate"),
    "unit_cost": gettext_noop("Cost of goods"),
    "customer_number": gettext_noop("Customer number"),
    "email": gettext_noop("E-mail"),
    "phone": gettext_noop("Phone"),
    "name": gettext_noop("Name"),
    "name_kana": gettext_noop("Kana"),
    "postal_code": gettext_noop("Postal code"),
    "prefecture": gettext_noop("Prefecture"),
    "city": gettext_noop("City"),
    "street": gettext_noop("Street"),
    "building": gettext_noop("Building"),
    "store": gettext_noop("Store"),
    "accepts_email": gettext_noop("Accepts news by mail"),
    "accepts_sms": gettext_noop("Accepts news by SMS"),
    "birthday": gettext_noop("Birthday"),
    "gender": gettext_noop("Gender"),
    "acquisition_source": gettext_noop("Acquired by"),
    "language": gettext_noop("Language"),
    "time_zone": gettext_noop("Time zone"),
    "registered_at": gettext_noop("Registered"),
    "life_stage": gettext_noop("Life stage"),
    "life_stage_since": gettext_noop("Life stage since"),
    "price": gettext_noop("Price"),
    "cost": gettext_noop("Cost of goods"),
    "day": gettext_noop("Day"),
    "purpose": gettext_noop("Purpose"),
    "clicks": gettext_noop("Clicks"),
    "refunded_at": gettext_noop("Date of the refund"),
    "reason": gettext_noop("Reason"),
    "in_currency": gettext_noop("What the rate is in"),
    "rate": gettext_noop("Exchange rate"),
}

FIRST_FIELDS = frozenset(
    "order_number customer_number email phone name sku product_name quantity unit_price amount "
    "total day source price cost currency rate".split()
)
"""Shown without being asked for, whether or not a column was found."""

EXPECTED = (
    gettext_noop("a text"),
    gettext_noop("an amount such as 1980 or ¥1,980, with no more decimals than the currency has"),
    gettext_noop("a price such as 1980 or ¥1,980"),
    gettext_noop("a whole number below a million"),
    gettext_noop("a rate such as 8, 10% or 0.08"),
    gettext_noop("a date between 1970 and tomorrow, such as 2026-11-22 12:00"),
    gettext_noop("a date such as 2026-11-22"),
    gettext_noop("true or false"),
    gettext_noop("open, paid, shipped, completed, cancelled or returned"),
    gettext_noop("a currency code such as JPY"),
    gettext_noop("an exchange rate above zero such as 149.25"),
)
"""What the importer expects of a cell; a test holds it to the importer's own words."""

NOTICES = (
    gettext_noop("no currency is named, and amounts have decimals: they are kept in XXX"),
    gettext_noop("{} rows repeat an earlier row exactly and count once"),
    gettext_noop("{} orders have parts that differ from the stated total"),
    gettext_noop("{} refunds are of orders that are not here: import those too"),
    gettext_noop("Amazon names no buyer: its customers cannot be followed across orders"),
    gettext_noop("ecforce states amounts by order: they stand on the first product of each"),
    gettext_noop(
        "{} prices are finer than their currency: "
        "their lines are rounded so that together they add up"
    ),
    gettext_noop("楽天 masks e-mail addresses: customers are found by name and phone"),
    gettext_noop("the columns are read by mapping {}, remembered for this source"),
)
"""What an import says of itself, a number left open."""

NO_ROWS = (
    gettext_noop("missing columns"),
    gettext_noop("too many columns"),
    gettext_noop("unquoted value"),
    gettext_noop("the header has {}"),
)
"""Why a line is no row of its table."""

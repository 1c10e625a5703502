"""Who brought whom goes with either of them; of the other it is then not known by whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext, gettext_noop

from joren.core.erasing import Eraser, Traces
from joren.measure.referrals import models


def _goes(traces: Traces) -> dict[str, int]:
    gone = traces.customers
    codes = models.Code.objects.filter(customer_id__in=gone).count()
    pairs = models.Pair.objects.filter(referred_id__in=gone).count()
    brought = models.Pair.objects.filter(referrer_id__in=gone).count()
    return {gettext_noop("referrals"): codes + pairs + brought}


def _erase(traces: Traces) -> dict[str, int]:
    gone = traces.customers
    codes, _ = models.Code.objects.filter(customer_id__in=gone).delete()
    pairs, _ = models.Pair.objects.filter(referred_id__in=gone).delete()
    brought = models.Pair.objects.filter(referrer_id__in=gone).update(referrer_id=None)
    return {"referrals": codes + pairs + brought}


def _export(traces: Traces) -> list[Mapping[str, Any]]:
    codes = models.Code.objects.filter(customer_id__in=traces.customers).order_by("code")
    pairs = models.Pair.objects.filter(referred_id__in=traces.customers).order_by("pk")
    return [
        *({gettext("Referral code"): one.code, gettext("When"): one.said_at} for one in codes),
        *({gettext("Was referred on"): one.on, gettext("When"): one.said_at} for one in pairs),
    ]


ERASER: Final = Eraser(
    gettext_noop("Referrals"),
    ("referrals.code", "referrals.pair"),
    goes=_goes,
    erase=_erase,
    export=_export,
)

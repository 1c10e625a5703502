"""Results as programs and files get them."""

from __future__ import annotations

from typing import Any

from joren.act.forms.contracts import Arm, Results


def plainly(found: Results) -> dict[str, Any]:
    """Plain values alone; what is not yet known is null."""
    return {
        **{
            name: getattr(found, name)
            for name in (
                "round",
                "since",
                "orders_until",
                "broken",
                "p",
                "unfollowed",
                "by_program",
            )
        },
        "arms": [_arm(one) for one in found.arms],
    }


def _arm(one: Arm) -> dict[str, Any]:
    parts = [
        ("signed_up", one.signed_up, one.visitors, one.signed_share, one.signed_effect),
        ("confirmed", one.confirmed, one.visitors, one.confirmed_share, one.confirmed_effect),
        *(
            (f"first_order_{each.days}d", each.buyers, each.followed, each.share, each.effect)
            for each in one.ordered
        ),
    ]
    return {
        "variant": one.variant.key,
        "name": one.variant.name,
        "control": one.is_control,
        "visitors": one.visitors,
        "thin": one.thin,
        "figures": [
            {
                "figure": figure,
                "of": {
                    "hits": hits,
                    "n": n,
                    "share": float(share.estimate) if share else None,
                    "low": float(share.low) if share else None,
                    "high": float(share.high) if share else None,
                },
                "beside_control": None if effect is None else _effect(effect),
            }
            for figure, hits, n, share, effect in parts
        ],
    }


def _effect(effect: Any) -> dict[str, Any]:
    known = not effect.too_small
    return {
        "estimate": float(effect.estimate) if known else None,
        "low": float(effect.low) if known else None,
        "high": float(effect.high) if known else None,
        "level": effect.level,
        "verdict": str(effect.verdict),
    }

"""Which category a memo has, from the brands and cues found in it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from nlp.memos.knowledge import PURPOSE, SHOP, Combination
from nlp.memos.records import CueHit, Mention

WEAK_BRANDS = frozenset({"prepaid", "transfer_own"})
_INSURANCE_NOT_SAID = "insurance_general"


class Verdict(msgspec.Struct, frozen=True):
    """The category, what decided it and how sure that is."""

    category: str
    decided_by: str
    confidence: float
    party: str
    cue: CueHit | None = None


def is_weak(mention: Mention) -> bool:
    """Return whether a brand only carried the money (a bank, a wallet, a payment gateway)."""
    return mention.category in WEAK_BRANDS or (mention.category == "online_shopping" and mention.kind == "institution")


def main_brand(mentions: Sequence[Mention]) -> Mention | None:
    """Return the brand a memo is about: the first one that did not merely carry the money, else the first."""
    strong = [m for m in mentions if not is_weak(m)]
    return next((m for m in strong if not m.is_product), strong[0] if strong else mentions[0] if mentions else None)


def categorise(
    mentions: Sequence[Mention],
    cues: Sequence[CueHit],
    combinations: Sequence[Combination],
    text: str = "",
) -> Verdict | None:
    """Return the verdict of rules, None when nothing was found."""
    brand = main_brand(mentions)
    purpose = max((c for c in cues if c.strength >= PURPOSE), key=lambda c: (c.strength, c.end), default=None)
    found = {c.category for c in cues} | {m.category for m in mentions}
    brands = {m.category for m in mentions}
    for rule in combinations:
        if rule.all <= found and rule.fits(brands, text):
            cue = next((c for c in cues if c.category == rule.category), purpose)
            name = "rule:" + "+".join(sorted(rule.all | rule.brands))
            return Verdict(rule.category, name, 0.88, cue.party if cue else "none", cue)
    if purpose and not (purpose.category == _INSURANCE_NOT_SAID and brand and brand.category.startswith("insurance_")):
        return Verdict(purpose.category, f"cue:{purpose.word}", 0.92 if brand else 0.88, purpose.party, purpose)
    if brand and not is_weak(brand):
        return Verdict(brand.category, _decided(brand), 0.7 if brand.is_truncated else 0.95, brand.kind, purpose)
    return _from_kind(brand, cues)


def _from_kind(brand: Mention | None, cues: Sequence[CueHit]) -> Verdict | None:
    shop = max((c for c in cues if SHOP <= c.strength < PURPOSE), key=lambda c: (c.end, c.strength), default=None)
    if shop:
        return Verdict(shop.category, f"cue:{shop.word}", 0.78, shop.party, shop)
    if brand:
        return Verdict(brand.category, _decided(brand), 0.7, brand.kind)
    hint = max(cues, key=lambda c: c.strength, default=None)
    return Verdict(hint.category, f"cue:{hint.word}", 0.5, hint.party, hint) if hint else None


def _decided(brand: Mention) -> str:
    return f"{'cut' if brand.is_truncated else 'brand'}:{brand.source}:{brand.name}"

"""Known words in a memo: brands, institutions and cues, and the branch behind them."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from nlp.memos.categories import WEAK_BRANDS
from nlp.memos.cleaning import CleanMemo
from nlp.memos.knowledge import PURPOSE, SHOP, Brand, Cue, Knowledge, load_knowledge
from nlp.memos.matching import Squashed, is_hangul, longest_first
from nlp.memos.records import CueHit, MemoNotes, Mention

SURELY_A_NAME = 0.9
BrandHit = tuple[str, Brand, int, int]
CueWordHit = tuple[str, Cue, int, int]


class KnownHits(NamedTuple):
    """All known words of a memo in squashed places, overlaps included, and where its branch begins."""

    brands: list[BrandHit]
    cues: list[CueWordHit]
    branch: int

    def covered(self, size: int) -> bytearray:
        """Return for each squashed place 1 where a known word or the branch stands."""
        out = bytearray(size)
        for _, _, start, end in (*self.brands, *self.cues):
            out[start:end] = b"\1" * (end - start)
        out[self.branch :] = b"\1" * (size - min(self.branch, size))
        return out


def find_known(memo: Squashed, knowledge: Knowledge, starts: frozenset[int] = frozenset()) -> KnownHits:
    """Return the known words of a memo; ``starts`` are further places where a word begins."""
    branch = _branch_start(memo, knowledge)
    memo.tail = len(memo.text) - 3 if memo.text[-3:] in knowledge.city_codes else -1
    cues = [
        hit for hit in knowledge.cues.find(memo, starts) if hit[2] < branch and not _in_a_name(hit, memo, knowledge)
    ]
    brands = [hit for hit in knowledge.brands.find(memo, starts) if _stands_alone(hit, cues, memo, branch)]
    if any(_is_inside(hit, memo) for hit in brands):
        begins = starts.union(hit[3] for hit in (*cues, *brands))
        brands = [hit for hit in brands if not _is_inside(hit, memo) or hit[2] in begins]
    if any(hit[1].is_ending for hit in cues):
        begins = starts.union(hit[3] for hit in (*cues, *brands))
        cues = [
            hit
            for hit in cues
            if not hit[1].is_ending or hit[3] - hit[2] > 2 or memo.breaks[hit[2]] or hit[2] in begins
        ]
    return KnownHits(brands, cues, branch)


class KnownWords(NamedTuple):
    """What the gazetteers and cue words see in a memo: everything, and what is kept of it."""

    memo: Squashed
    hits: KnownHits
    mentions: list[Mention]
    cues: list[CueHit]


def known_words(memo: Squashed, hits: KnownHits) -> KnownWords:
    """Return the known words of a memo with the choice among them."""
    return KnownWords(memo, hits, *choose(hits, memo))


def behind_card(memo: CleanMemo, known: KnownWords) -> CleanMemo | None:
    """Return the memo without the card that paid, where a shop stands behind it: KB카드 365열린의원."""
    card = known.mentions[0] if known.mentions else None
    if card is None or card.start or card.category != "card_payment" or any(c.strength >= PURPOSE for c in known.cues):
        return None
    shops = [m for m in known.mentions[1:] if m.category not in WEAK_BRANDS]
    if not shops and not any(c.strength >= SHOP and c.start >= card.end for c in known.cues):
        return None
    rest = memo.text[card.end :].lstrip(" -_*:/")
    return msgspec.structs.replace(memo, text=rest, channel=memo.channel or "card") if rest else None


def known_in(notes: MemoNotes) -> KnownWords:
    """Return the known words of a memo; they are looked for again when its document has travelled."""
    if notes.known is None:
        memo = Squashed(notes.memo.text)
        notes.known = known_words(memo, find_known(memo, load_knowledge(), notes.starts))
    return notes.known


def choose(hits: KnownHits, memo: Squashed) -> tuple[list[Mention], list[CueHit]]:
    """Keep the longest brands and the cues beside them.

    A cue that covers a brand whole stands instead of a bank (국민 in 국민건강보험료), and beside any other brand (국민연금지급).
    """
    free = (
        brand
        for brand in hits.brands
        if brand[1].category not in WEAK_BRANDS or not any(_covers(cue, brand) for cue in hits.cues)
    )
    kept = longest_first(free)
    beside = [cue for cue in hits.cues if all(cue[3] <= b[2] or b[3] <= cue[2] or _covers(cue, b) for b in kept)]
    return [mention_of(hit, memo) for hit in kept], [cue_of(hit, memo) for hit in longest_first(beside)]


def mention_of(hit: BrandHit, memo: Squashed, *, is_truncated: bool = False) -> Mention:
    """Return a brand's hit in places of the memo."""
    _, brand, start, end = hit
    return Mention(
        brand.name, brand.category, brand.kind, brand.source, *memo.span(start, end), is_truncated, brand.is_product
    )


def cue_of(hit: CueWordHit, memo: Squashed) -> CueHit:
    """Return a cue's hit in places of the memo."""
    word, cue, start, end = hit
    return CueHit(word, cue.category, cue.strength, cue.party, *memo.span(start, end))


def _covers(cue: CueWordHit, brand: BrandHit) -> bool:
    return cue[2] <= brand[2] and brand[3] <= cue[3] and cue[3] - cue[2] > brand[3] - brand[2]


def _in_a_name(cue: CueWordHit, memo: Squashed, knowledge: Knowledge) -> bool:
    """Return whether a kind of shop of two syllables is part of a person's name of three: 한우|혁, 김|도서."""
    start, end = cue[2], cue[3]
    if end - start != 2 or cue[1].strength >= PURPOSE or not is_hangul(memo.text[start]):
        return False
    first = start if memo.breaks[start] else start - 1
    name = memo.text[first : first + 3]
    if len(name) < 3 or first + 3 < end or not (memo.breaks[first] and memo.breaks[first + 3]):
        return False
    return knowledge.names.plausibility(name) >= SURELY_A_NAME


def _is_inside(brand: BrandHit, memo: Squashed) -> bool:
    """Return whether a name of three syllables begins within a word: 블루|웨이브."""
    return brand[3] - brand[2] == 3 and is_hangul(memo.text[brand[2]]) and not memo.breaks[brand[2]]


def _stands_alone(brand: BrandHit, cues: list[CueWordHit], memo: Squashed, branch: int) -> bool:
    """Return whether a brand of two syllables is one: not when more of a name is jammed to it (미소|도배장판)."""
    _, value, start, end = brand
    if end - start > 2 or not is_hangul(memo.text[start]) or memo.breaks[end] or end == branch:
        return True
    after = [cue[1] for cue in cues if cue[2] == end]
    return any(cue.strength >= PURPOSE or cue.category == value.category for cue in after) or not after


def _branch_start(memo: Squashed, knowledge: Knowledge) -> int:
    """Return where a jammed branch begins (달빛카페|역삼점), the end of the memo if there is none."""
    match = knowledge.branch_end.search(memo.text)
    if match is None or match.start() == 0 or match["rest"] in knowledge.not_branches:
        return len(memo.text)
    memo.breaks[match.start()] = True
    return match.start()

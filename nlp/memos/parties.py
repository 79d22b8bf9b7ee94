"""Who is on the other side of a memo: the name that is left when purpose, period and numbers are taken away."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from nlp.memos.branches import BranchReader
from nlp.memos.categories import Verdict, is_weak, main_brand
from nlp.memos.knowledge import PURPOSE, SHOP, Knowledge
from nlp.memos.matching import is_hangul
from nlp.memos.model import NameSpan
from nlp.memos.name_words import (
    EDGES,
    MONEY_WORD,
    NUMBERS,
    PRICE_WORD,
    PURE,
    is_doubtful,
    kept_of,
    whole_words,
    without,
)
from nlp.memos.people import PeopleReader, is_latin_name
from nlp.memos.periods import PERIOD
from nlp.memos.records import CueHit, Mention

_OFFICE = re.compile(
    r"(?:시청|구청|군청|도청|교육청|세무서|주민센터|행정복지센터|공단|관리사무소|법원|경찰서|우체국|보건소|대학교|고등학교|중학교|초등학교)$"
)
_CONNECTING = frozenset({"OF", "THE", "AND"})
_FIRM = re.compile(
    r"(?:\b(?:APTS?|APARTMENTS?|LETS|LETTINGS|PROPERTIES|PROPERTY|MGMT|MANAGEMENT|REALTY|HOMES|HOUSING)|부동산|공인중개사|개발|산업|상사|건설|빌딩)$",
    re.IGNORECASE,
)
CLEAR = 16.0
"""The sum of margins from which the span finder is heard."""


class Party(msgspec.Struct, frozen=True):
    """The counterparty of a memo; ``persons`` are all names of people seen, for masking."""

    name: str | None
    kind: str
    brand: str | None = None
    branch: str | None = None
    persons: tuple[str, ...] = ()


class PartyReader:
    """Reads the counterparty of one memo after another."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._people = PeopleReader(knowledge)
        self._branches = BranchReader(knowledge)
        self._common = knowledge.common
        self._not_names = knowledge.not_names
        self._fillers = knowledge.fillers
        self._shared_notes = knowledge.shared_notes
        self._not_prices = knowledge.not_prices
        self._tails = knowledge.organisation_tails

    def read(
        self,
        text: str,
        verdict: Verdict | None,
        mentions: Sequence[Mention],
        cues: Sequence[CueHit],
        common_nouns: frozenset[str],
        *,
        is_organisation: bool,
        by_transfer: bool,
        by_card: bool = False,
        by_peer: bool = False,
    ) -> Party:
        """Return who paid or was paid; nobody pays a person by card, and by a peer's wallet (Zelle) only persons are."""
        brand = main_brand(mentions)
        text, place = self._branches.cut_tail(text, brand, cues)
        rest = self._rest(text, verdict, mentions, [cue for cue in cues if cue.end <= len(text)])
        nobody = by_card or (is_organisation and not by_transfer)
        party = verdict.party if verdict else "unknown"
        note = self._shared_note(rest, verdict, by_transfer=by_transfer)
        asked = rest.replace(note, "", 1).strip(EDGES) if note else rest
        is_likely = by_transfer or party == "person"
        persons = () if nobody else self._people.persons(asked, common_nouns, by_transfer=is_likely, by_peer=by_peer)
        if persons and ((note and persons[0] == asked) or self._is_between_people(verdict, party, brand)):
            return Party(persons[0], "person", persons=persons)
        if brand is not None and self._names_nobody(brand, verdict, text):
            return Party(None, "unknown", persons=persons)
        if brand is not None:
            return self._brand_party(text, brand, verdict, cues, persons, place)
        named = self._named_party(
            text, rest, cues, common_nouns, verdict, party, persons, is_organisation=is_organisation, by_card=by_card
        )
        return msgspec.structs.replace(named, branch=place) if place and not named.branch else named

    def _names_nobody(self, brand: Mention, verdict: Verdict | None, text: str) -> bool:
        """Return whether a brand says what is paid for (an institution's alone still names it), or where the cash machine stands."""
        is_cash = verdict is not None and verdict.category == "atm_cash" and brand.kind == "merchant"
        is_all = brand.kind == "institution" and brand.end - brand.start == len(text)
        return is_cash or (brand.is_product and not is_all) or brand.name in self._not_names

    def _is_part_of_word(self, text: str, cue: CueHit) -> bool:
        """Return whether a word for people or a club is part of a name: 엄마|손반찬, 한국심리|학회."""
        joined_before = cue.start > 0 and is_hangul(text[cue.start - 1])
        joined_after = cue.end < len(text) and is_hangul(text[cue.end])
        if cue.strength < SHOP:
            return joined_after and self._common.is_generic(cue.word)
        return joined_before and not joined_after and text[cue.start : cue.end].endswith("회")

    def _shared_note(self, rest: str, verdict: Verdict | None, *, by_transfer: bool) -> str:
        """Return the word for what was shared that stands beside a name: 박지현 커피; Latin ones between accounts only."""
        cue = verdict.cue if verdict else None
        words = rest.split(" ")
        if cue is None or cue.strength >= PURPOSE or len(words) < 2 or cue.word not in self._shared_notes:
            return ""
        note = next((word for word in (words[-1], words[0]) if word.upper() == cue.word), "")
        others = [word for word in words if word != note]
        return note if by_transfer or not note.isascii() or is_latin_name(others, is_likely=False) else ""

    def with_span(
        self, party: Party, text: str, mentions: Sequence[Mention], cues: Sequence[CueHit], span: NameSpan
    ) -> Party:
        """Return the party by the name that the span finder saw, where that is clear and the rules' name is doubtful."""
        text, _ = self._branches.cut_tail(text, None)
        if span.start >= len(text):
            return party
        edges = {cue.end for cue in cues} | {mention.end for mention in mentions}
        edges |= {match.end() for match in PERIOD.finditer(text)} | {place for cue in cues for place in (cue.start,)}
        end = min(
            [
                span.end,
                len(text),
                *(c.start for c in cues if c.strength >= PURPOSE and span.start < c.start < span.end < c.end),
            ]
        )
        name = whole_words(text, span._replace(end=end), edges).strip(EDGES)
        if party.kind == "person" or span.margin < CLEAR or len(name) < 2 or name == party.name:
            return party
        if self._common.make_up(name, of_shop=party.kind == "merchant"):
            return party
        if any(map(is_hangul, name)) and " " in name and all(map(self._common.make_up, name.split())):
            return party
        if not is_doubtful(party.name, text, mentions, cues) or any(name.upper() == cue.word for cue in cues):
            return party
        rest = re.sub(r"[^0-9A-Za-z가-힣]", "", text[span.end :])
        branch = rest if rest.endswith("점") and 2 <= len(rest) <= 14 else party.branch
        kind = "merchant" if party.kind == "unknown" and branch else party.kind
        return Party(name, kind, name if party.brand else None, branch, party.persons)

    def _is_between_people(self, verdict: Verdict | None, party: str, brand: Mention | None) -> bool:
        """Return whether a name found in a memo is the counterparty: no shop is named, and no brand but a bank's."""
        if brand is not None:
            return is_weak(brand) or (party == "person" and brand.kind != "merchant")
        cue = verdict.cue if verdict else None
        return party != "merchant" or cue is None or bool(MONEY_WORD.search(cue.word))

    def _brand_party(
        self,
        text: str,
        brand: Mention,
        verdict: Verdict | None,
        cues: Sequence[CueHit],
        persons: tuple[str, ...],
        place: str | None,
    ) -> Party:
        kind = "employer" if verdict and verdict.party == "employer" else brand.kind
        branch = place or self._branches.after(text, brand, cues) if brand.kind == "merchant" else None
        return Party(brand.name, kind, brand.name if brand.kind == "merchant" else None, branch, persons)

    def _named_party(
        self,
        text: str,
        rest: str,
        cues: Sequence[CueHit],
        common_nouns: frozenset[str],
        verdict: Verdict | None,
        party: str,
        persons: tuple[str, ...],
        *,
        is_organisation: bool,
        by_card: bool,
    ) -> Party:
        if not rest or party == "none":
            return Party(None, "unknown", persons=persons)
        if self._common.make_up(rest, of_shop=party == "merchant"):
            return Party(None, "unknown", persons=persons)
        named = self._named_words(text, rest, cues)
        is_apart = named != rest or not any(cue.word in rest.upper().replace(" ", "") for cue in cues)
        is_shop = party in ("merchant", "institution") and not is_organisation
        if is_shop and is_apart and self._common.made_of(named, common_nouns):
            named = ""
        rest = named
        if not rest:
            return Party(None, "unknown", persons=persons)
        name, branch = self._branches.split(rest)
        for tail in self._tails if party != "employer" else ():
            if name.upper().endswith(tail) and len(name) > len(tail) + 2:
                name = name[: -len(tail)].strip(EDGES)
        kind = party
        if party in ("person", "unknown"):
            kind = "merchant" if is_organisation or branch or by_card else "unknown"
        if kind != "employer" and _OFFICE.search(name):
            kind = "institution"
        elif kind == "unknown" and _FIRM.search(name):
            kind = "merchant"
        brand = name if kind == "merchant" and verdict and verdict.cue and verdict.cue.strength < PURPOSE else None
        return Party(name or None, kind if name else "unknown", brand, branch, persons)

    def _named_words(self, text: str, rest: str, cues: Sequence[CueHit]) -> str:
        """Return a Korean name without words of its own beside it that say what was done: 누수수리 성실설비, 한빛치과 스케일링."""
        words = rest.split(" ")
        if len(words) < 2 or not any(map(is_hangul, rest)):
            return rest
        if all(map(self._common.make_up, words)):
            return ""
        while len(words) > 1 and self._common.make_up(words[0], of_shop=True):
            words = words[1:]
        kinds = {cue.end for cue in cues if cue.strength >= SHOP and cue.party in ("merchant", "institution")}
        while len(words) > 1 and self._common.make_up(words[-1]) and text.find(words[-2]) + len(words[-2]) in kinds:
            words = words[:-1]
        return " ".join(words)

    def _rest(self, text: str, verdict: Verdict | None, mentions: Sequence[Mention], cues: Sequence[CueHit]) -> str:
        """Return the text without purposes, weak brands, periods and numbers."""
        gone = [(m.start, m.end) for m in mentions]
        gone += [(c.start + kept_of(text, c, self._common.make_up), c.end) for c in cues if self._is_purpose(text, c)]
        kept = without(text, gone)
        kept = NUMBERS.sub(" ", PERIOD.sub(" ", kept))
        rest = " ".join(self._without_fillers(kept.split())).strip(EDGES)
        return rest if sum(map(str.isalnum, rest)) >= 2 else ""

    def _without_fillers(self, words: Sequence[str]) -> list[str]:
        """Return the words that may be a name's; small ones within it stay: CITY OF AUSTIN."""
        is_name = [word.upper() not in self._fillers for word in words]
        kept = [i for i, is_part in enumerate(is_name) if is_part]
        return [
            word
            for i, word in enumerate(words)
            if is_name[i]
            or (word.upper() in _CONNECTING and kept and kept[0] < i < kept[-1])
            or (i == 0 and word.upper() == "THE" and kept and kept[0] == 1)
        ]

    def _is_purpose(self, text: str, cue: CueHit) -> bool:
        """Return whether a cue only says what for; otherwise it belongs to the name (한솔포장이사, 달빛카페)."""
        if cue.party == "person" and self._is_part_of_word(text, cue):
            return False
        if cue.party in ("employer", "person", "none"):
            return True
        pattern = MONEY_WORD if cue.strength >= PURPOSE else PRICE_WORD
        if cue.word not in self._not_prices and pattern.search(cue.word):
            return True
        if cue.strength >= PURPOSE and cue.party in ("institution", "merchant"):
            before = cue.start > 0 and text[cue.start - 1].isalnum()
            after = cue.end < len(text) and text[cue.end].isalnum()
            is_word_of_a_name = cue.word.isascii() and cue.category not in PURE
            return (not before and not after and not is_word_of_a_name) or cue.category in PURE
        return False

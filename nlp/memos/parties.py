"""Who is on the other side of a memo: the name that is left when purpose, period and numbers are taken away."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

import msgspec

from nlp.memos.categories import Verdict, is_weak, main_brand
from nlp.memos.knowledge import PURPOSE, Knowledge
from nlp.memos.matching import is_hangul
from nlp.memos.model import NameSpan
from nlp.memos.people import is_latin_name
from nlp.memos.periods import INSTALMENT, PERIOD
from nlp.memos.records import CueHit, Mention
from nlp.person_names import NameBook

_NUMBERS = re.compile(
    r"[#*]?(?<!\d)\d[\d,./:*-]*+(?:만원|원|만|천원|회차|회권|회분|회|차|개월|개입|개|년|일권|일|호|동|기|분|주|박|명|인|매|장|건|시간|권)*+(?![가-힣A-Za-z])"
    r"|\([^)]*$|[()\[\]{}<>]"
)
_OFFICE = re.compile(
    r"(?:시청|구청|군청|도청|교육청|세무서|주민센터|행정복지센터|공단|관리사무소|법원|경찰서|우체국|보건소|대학교|고등학교|중학교|초등학교)$"
)
_PRICE_WORD = re.compile(r"(?:비|값|료|대금)$")
_PLACE_ENDS = (
    "점",
    "역",
    "동",
    "구",
    "로",
    "길",
    "읍",
    "면",
    "리",
    "층",
    "호",
    "관",
    "휴게소",
    "터미널",
    "공항",
    "캠퍼스",
)
_EDGES = " -_*:,./|#&+~!?·'\"\\=^%@"
MONEY_WORD = re.compile(
    r"(?:금|비|료|세|값|돈|이자|대금|여|액|PAYMENT|BILL|FEES?|PREM|PMT|TITHE|OFFERING|DONATION|TUITION|DUES|RENT|WAGES?|SALARY"
    r"|PAYROLL|BONUS|BENEFIT|PENSION|CONTRIB|CONTRIBUTION|LEVY|DEPOSIT|INVOICE|REFUND|SUBS?|UTIL|DIVIDEND|INTEREST)$",
    re.IGNORECASE,
)
_BRANCH_END = re.compile(r"^(?P<name>.{2,}?)[\s\-_]+(?P<branch>[가-힣0-9A-Z]{1,12}(?:점|지점|호점|영업점|휴게소))$")
_LATIN_TAIL = re.compile(
    r"^[\s#*\-./]*(?:[A-Z]?[-#]?\d+[\s\-]*)*(?P<branch>[A-Z][A-Z .'-]{1,24}?)\s*\d*$", re.IGNORECASE
)
LINK = re.compile(
    r"(?:HTTPS?:?/*|WWW\.)\S*|\S+\.(?:COM|NET|CO\.KR|KR|CO\.UK|UK|ORG|IO|APP|SHOP|STORE|BIZ|ME)\b\S*|\.(?:COM|NET|CO\.KR|KR|ORG|IO)\b\S*",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"(?<=[가-힣A-Za-z0-9])\s?\((?P<branch>[가-힣]{2,6})\)$")
CLEAR = 16.0
"""The sum of margins from which the span finder is heard."""
_MASKED = re.compile(
    "[김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕]"
    "(?:[*○Oo0Xx]{1,2}[가-힣]?|[가-힣][*○])"
)
"""A name that the bank itself masked: 홍*동, 박OO."""
_TITLED = re.compile(r"\b(?:MRS?|MS|MISS|DR)\.? (?P<name>(?:[A-Z]\.? )?[A-Z][A-Z'-]+)$", re.IGNORECASE)
_PEER = re.compile(r"[A-Z][A-Z'-]*\.?(?: [A-Z][A-Z'-]*\.?){1,2}", re.IGNORECASE)
_PARTICLE = re.compile(r"(?:에게|한테|께서|께|이가|로부터|으로부터|님께|님)$")


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
        self._names: NameBook = knowledge.names
        self._common = knowledge.common
        self._not_names = knowledge.not_names
        self._regions = knowledge.regions
        self._fillers = knowledge.fillers
        self._shared_notes = knowledge.shared_notes
        self._not_prices = knowledge.not_prices
        self._not_branches = tuple(knowledge.not_branches)
        self._tails = knowledge.organisation_tails
        self._us_tail = knowledge.us_tail
        regions = "|".join(sorted(knowledge.regions, key=len, reverse=True))
        self._region_branches = frozenset(f"{region}점" for region in knowledge.regions)
        self._region = re.compile(rf"^(?P<name>.{{2,}})\s(?P<branch>{regions})$")
        self._jammed = re.compile(rf"^(?P<name>.{{2,}}?)\s?(?P<branch>(?:{regions})[가-힣0-9A-Z]{{0,6}}점)$")

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
        text, place = self._cut_tail(text, brand, cues)
        rest = self._rest(text, verdict, mentions, [cue for cue in cues if cue.end <= len(text)])
        nobody = by_card or (is_organisation and not by_transfer)
        note = self._shared_note(rest, verdict, by_transfer=by_transfer)
        asked = rest.replace(note, "", 1).strip(_EDGES) if note else rest
        persons = () if nobody else self._persons(asked, common_nouns, by_transfer=by_transfer, by_peer=by_peer)
        party = verdict.party if verdict else "unknown"
        if persons and ((note and persons[0] == asked) or self._is_between_people(verdict, party, brand)):
            return Party(persons[0], "person", persons=persons)
        if brand is not None and brand.name in self._not_names:
            return Party(None, "unknown", persons=persons)
        if brand is not None:
            return self._brand_party(text, brand, verdict, cues, persons, place)
        named = self._named_party(text, rest, verdict, party, persons, is_organisation=is_organisation, by_card=by_card)
        return msgspec.structs.replace(named, branch=place) if place and not named.branch else named

    def _shared_note(self, rest: str, verdict: Verdict | None, *, by_transfer: bool) -> str:
        """Return the word for what was shared that stands beside a name: 박지현 커피; Latin ones between accounts only."""
        cue = verdict.cue if verdict else None
        words = rest.split(" ")
        if cue is None or cue.strength >= PURPOSE or len(words) < 2 or cue.word not in self._shared_notes:
            return ""
        note = next((word for word in (words[-1], words[0]) if word.upper() == cue.word), "")
        others = [word for word in words if word != note]
        return note if by_transfer or not note.isascii() or is_latin_name(others, is_likely=False) else ""

    def _cut_tail(self, text: str, brand: Mention | None, cues: Sequence[CueHit] = ()) -> tuple[str, str | None]:
        """Return the text without a place at its end that no name ends in: BELLEVUE WA, (미금역).

        Where nothing but purposes stands before brackets, they hold the name: 생계급여(의정부시청).
        """
        match = self._us_tail.search(text)
        if match is not None:
            return self._without_us_tail(text, match, brand, cues)
        match = _BRACKETED.search(text)
        if match is None or (brand is not None and brand.end > match.start()):
            return text, None
        if brand is None and not self._is_place(match["branch"]):
            before = _without(text[: match.start()], [(cue.start, cue.end) for cue in cues if cue.strength >= PURPOSE])
            if self._common.make_up(before) or not any(map(str.isalpha, before)):
                return text, None
        if self._common.make_up(match["branch"]) or any(
            c.start >= match.start() and c.strength >= PURPOSE for c in cues
        ):
            return text, None
        return text[: match.start()], match["branch"]

    def _without_us_tail(
        self, text: str, match: re.Match[str], brand: Mention | None, cues: Sequence[CueHit]
    ) -> tuple[str, str | None]:
        """Return the text without city and state, or without the state alone where a known word stands for the city."""
        if brand is not None and brand.end > match.start():
            return text, None
        known = max((cue.end for cue in cues if cue.end > match.start("branch")), default=0)
        if known == len(text) or (not known and match["branch"].upper().endswith(" CO") and brand is None):
            return text, None  # a company: COCA COLA CO
        return (text[:known], text[known:].strip() or None) if known else (text[: match.start()], match["branch"])

    def _is_place(self, word: str) -> bool:
        return word in self._regions or word.endswith(_PLACE_ENDS)

    def with_span(
        self, party: Party, text: str, mentions: Sequence[Mention], cues: Sequence[CueHit], span: NameSpan
    ) -> Party:
        """Return the party by the name that the span finder saw, where that is clear and the rules' name is doubtful."""
        text, _ = self._cut_tail(text, None)
        if span.start >= len(text):
            return party
        edges = {cue.end for cue in cues} | {mention.end for mention in mentions}
        edges |= {match.end() for match in PERIOD.finditer(text)} | {place for cue in cues for place in (cue.start,)}
        name = _whole_words(text, span._replace(end=min(span.end, len(text))), edges).strip(_EDGES)
        if party.kind == "person" or span.margin < CLEAR or len(name) < 2 or name == party.name:
            return party
        if self._common.make_up(name, of_shop=party.kind == "merchant"):
            return party
        if not _is_doubtful(party.name, text, mentions, cues) or any(name.upper() == cue.word for cue in cues):
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
        branch = place or self._branch_after(text, brand, cues) if brand.kind == "merchant" else None
        return Party(brand.name, kind, brand.name if brand.kind == "merchant" else None, branch, persons)

    def _named_party(
        self,
        text: str,
        rest: str,
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
        rest = self._named_words(text, rest, verdict)
        if not rest:
            return Party(None, "unknown", persons=persons)
        name, branch = self.split_branch(rest)
        for tail in self._tails if party != "employer" else ():
            if name.upper().endswith(tail) and len(name) > len(tail) + 2:
                name = name[: -len(tail)].strip(_EDGES)
        kind = party
        if party in ("person", "unknown"):
            kind = "merchant" if is_organisation or branch or by_card else "unknown"
        if kind != "employer" and _OFFICE.search(name):
            kind = "institution"
        brand = name if kind == "merchant" and verdict and verdict.cue and verdict.cue.strength < PURPOSE else None
        return Party(name or None, kind if name else "unknown", brand, branch, persons)

    def _named_words(self, text: str, rest: str, verdict: Verdict | None) -> str:
        """Return a Korean name without words of its own beside it that say what was done: 누수수리 성실설비, 한빛치과 스케일링."""
        words = rest.split(" ")
        if len(words) < 2 or not any(map(is_hangul, rest)):
            return rest
        if all(map(self._common.make_up, words)):
            return ""
        while len(words) > 1 and self._common.make_up(words[0], of_shop=True):
            words = words[1:]
        kind = verdict.cue if verdict else None
        ends = [place + len(word) for word in words[:-1] if (place := text.find(word)) >= 0]
        if kind and kind.end in ends:
            while len(words) > 1 and self._common.make_up(words[-1]):
                words = words[:-1]
        return " ".join(words)

    def _rest(self, text: str, verdict: Verdict | None, mentions: Sequence[Mention], cues: Sequence[CueHit]) -> str:
        """Return the text without purposes, weak brands, periods and numbers."""
        gone = [(m.start, m.end) for m in mentions]
        gone += [(c.start + _kept_of(text, c), c.end) for c in cues if self._is_purpose(text, c)]
        kept = _without(text, gone)
        kept = _NUMBERS.sub(" ", PERIOD.sub(" ", kept))
        words = [word for word in kept.split() if word.upper() not in self._fillers]
        rest = " ".join(words).strip(_EDGES)
        return rest if sum(map(str.isalnum, rest)) >= 2 else ""

    def _is_purpose(self, text: str, cue: CueHit) -> bool:
        """Return whether a cue only says what for; otherwise it belongs to the name (한솔포장이사, 달빛카페)."""
        if cue.party in ("employer", "person", "none"):
            return True
        pattern = MONEY_WORD if cue.strength >= PURPOSE else _PRICE_WORD
        if cue.word not in self._not_prices and pattern.search(cue.word):
            return True
        if cue.strength >= PURPOSE and cue.party in ("institution", "merchant"):
            before = cue.start > 0 and text[cue.start - 1].isalnum()
            after = cue.end < len(text) and text[cue.end].isalnum()
            is_word_of_a_name = cue.word.isascii() and cue.category not in PURE
            return (not before and not after and not is_word_of_a_name) or cue.category in PURE
        return False

    def _persons(self, rest: str, common_nouns: frozenset[str], *, by_transfer: bool, by_peer: bool) -> tuple[str, ...]:
        words = rest.split(" ")
        korean = [name for word in words if (name := self._korean_name(word, common_nouns, is_alone=len(words) == 1))]
        if korean:
            return tuple(korean)
        if (titled := _TITLED.search(rest)) or (by_peer and _PEER.fullmatch(rest)):
            return (titled["name"] if titled else rest,)
        return tuple(self._english_names(rest, by_transfer=by_transfer))

    def _korean_name(self, word: str, common_nouns: frozenset[str], *, is_alone: bool) -> str | None:
        bare = _PARTICLE.sub("", word)
        if bare in self._regions or self._common.is_generic(bare) or self._common.is_generic(word):
            return None
        has_title = bare != word
        if _MASKED.fullmatch(bare):
            return bare
        score = self._names.plausibility(bare)
        if score >= 0.6 and (has_title or bare not in common_nouns):
            return bare
        if score >= 0.45 and has_title:
            return bare
        return bare if score >= 0.45 and is_alone and len(bare) == 2 and bare not in common_nouns else None

    def _english_names(self, rest: str, *, by_transfer: bool) -> Iterable[str]:
        words = rest.split()
        if is_latin_name(words, is_likely=by_transfer):
            yield rest
            return
        if (
            len(words) == 2
            and all(map(str.isalpha, words))
            and words[1].lower() in self._names.romanised_surnames
            and len(words[0]) >= 4
        ):
            yield rest
            return
        for match in re.finditer(r"\b([A-Za-z]{2,})\s+(?:[A-Za-z]\.?\s+)?([A-Za-z]{2,})\b", rest):
            if match[1].lower() in self._names.english_given and (by_transfer or match.end() == len(rest)):
                yield match[0]
                return

    def _branch_after(self, text: str, brand: Mention, cues: Sequence[CueHit]) -> str | None:
        end = next((c.start for c in cues if c.start >= brand.end), len(text))
        tail = INSTALMENT.sub(" ", PERIOD.sub(" ", LINK.sub(" ", text[brand.end : end])))
        tail = " ".join(word for word in tail.split() if not self._says_no_place(word))
        tail = re.sub(r"^(?:코리아|커피|주식회사|한국|STORES?\b|STR\b)", "", tail.strip(_EDGES)).strip(_EDGES)
        if not tail:
            return None
        if re.search(r"[가-힣]", tail):
            branch = re.sub(r"[^0-9A-Za-z가-힣]", "", tail)
            return branch if 2 <= len(branch) <= 14 else None
        match = _LATIN_TAIL.match(tail)
        return match["branch"].strip() if match else None

    def _says_no_place(self, word: str) -> bool:
        """Return whether a word behind a brand says how, or what was bought: 취소, 할부, (주), 일반구매."""
        bare = word.strip(_EDGES + "()[]").upper()
        return bare in self._fillers or (
            any(map(is_hangul, bare)) and bare not in self._regions and self._common.make_up(bare)
        )

    def split_branch(self, name: str) -> tuple[str, str | None]:
        """Return (name, branch): ``달빛카페 역삼점`` and ``카페마마스시청점`` have one, ``영풍서점`` has none."""
        match = _BRANCH_END.match(name) or self._jammed.match(name) or self._region.match(name)
        if match and not match["branch"].endswith(self._not_branches):
            return match["name"].strip(_EDGES), match["branch"]
        if match and match["branch"] in self._region_branches:
            return match["name"].strip(_EDGES), match["branch"]
        return name, None


PURE = frozenset(
    {
        "electricity",
        "gas",
        "water",
        "telecom",
        "loan_interest",
        "loan_repayment",
        "loan_disbursement",
        "card_payment",
        "tax",
        "savings",
    }
    | {
        "interest_income",
        "insurance_payout",
        "refund",
        "benefit",
        "pension_income",
        "bank_fee",
        "maintenance_fee",
        "insurance_health",
    }
    | {
        "insurance_car",
        "insurance_property",
        "insurance_life",
        "insurance_social",
        "insurance_general",
        "retirement_saving",
    }
)


def _whole_words(text: str, span: NameSpan, edges: Collection[int]) -> str:
    """Return the span's text: a Korean name from the edge of a known word on, Latin words at its ends whole or not at all."""
    start, end = span.start, span.end
    while start > 0 and is_hangul(text[start]) and is_hangul(text[start - 1]) and start not in edges:
        start -= 1
    while start > 0 and text[start].isascii() and text[start].isalpha() and text[start - 1].isalpha():
        start -= 1
    if end < len(text) and text[end - 1].isascii() and text[end - 1].isalpha() and text[end].isalpha():
        begin = max(text.rfind(" ", 0, end) + 1, start)
        after = re.search(r"[^A-Za-z]|$", text[end:])
        whole = end + (after.start() if after else 0)
        end = whole if (end - begin) * 2 >= whole - begin or begin == start else begin
    return text[start:end]


def _is_doubtful(name: str | None, text: str, mentions: Sequence[Mention], cues: Sequence[CueHit]) -> bool:
    """Return whether the rules' name is none, one of the memo's own cue words, or has a purpose or a gap in it."""
    if any(mention.name == name for mention in mentions):
        return False
    start = text.find(name) if name else -1
    if not name or start < 0:
        return True
    end = start + len(name)
    if any(is_hangul(char) for char in name):
        return (
            " " in name
            or any(c.strength >= PURPOSE and start <= c.start and c.end < end for c in cues)
            or any(c.strength >= PURPOSE and c.end == end and MONEY_WORD.search(c.word) for c in cues)
        )
    before = text[:start].endswith(" ") and not any(cue.end == start - 1 for cue in cues if cue.strength >= PURPOSE)
    return any(cue.start <= start and end <= cue.end for cue in cues) or (before and text[start - 2].isalpha())


def _kept_of(text: str, cue: CueHit) -> int:
    """Return how much of a purpose belongs to the name before it: 행복카드|대금."""
    is_joined = cue.start > 0 and text[cue.start - 1].isalnum()
    return 2 if is_joined and cue.category == "card_payment" and cue.word.startswith("카드") else 0


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    kept = list(text)
    for start, end in spans:
        kept[start:end] = " " * (end - start)
    return "".join(kept)

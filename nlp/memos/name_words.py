"""Which words of a memo are a name: what purposes, numbers and known words around it leave."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence

from nlp.memos.knowledge import PURPOSE
from nlp.memos.matching import is_hangul
from nlp.memos.model import NameSpan
from nlp.memos.records import CueHit, Mention

NUMBERS = re.compile(
    r"[#*]?(?<!\d)\d[\d,./:*-]*+(?:만원|원|만|천원|회차|회권|회분|회|차|개월|개입|개|년|일권|일|호|동|기|분|주|박|명|인|매|장|건|시간|권)*+(?![가-힣A-Za-z])"
    r"|\([^)]*$|[()\[\]{}<>]"
)
EDGES = " -_*:,./|#&+~!?·'\"\\=^%@"
MONEY_WORD = re.compile(
    r"(?:금|비|료|세|값|돈|이자|대금|여|액|PAYMENT|BILL|FEES?|PREM|PMT|TITHE|OFFERING|DONATION|TUITION|DUES|RENT|WAGES?|SALARY"
    r"|PAYROLL|BONUS|BENEFIT|PENSION|CONTRIB|CONTRIBUTION|LEVY|DEPOSIT|INVOICE|REFUND|COPAY|SUBS?|UTIL|DIVIDEND|INTEREST)$",
    re.IGNORECASE,
)
PRICE_WORD = re.compile(r"(?:비|값|료|대금)$")
_PREMISES_OF_PURPOSE = re.compile(
    "(?:어학원|학원|교습소|어린이집|유치원|산후조리원|조리원|요양원|병원|의원|한의원|치과|약국|대학교|대학|고등학교|중학교|초등학교|교회|성당"
    "|웨딩홀|예식장|부동산|헬스장|수영장|골프장|주차장|미용실|세탁소|독서실|스터디카페|카센터|이사)(?=[가-힣])"
)
PURE = frozenset(
    [
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
        "interest_income",
        "insurance_payout",
        "refund",
        "benefit",
        "pension_income",
        "bank_fee",
        "maintenance_fee",
        "insurance_health",
        "insurance_car",
        "insurance_property",
        "insurance_life",
        "insurance_social",
        "insurance_general",
        "retirement_saving",
    ]
)
"""Categories whose purposes are never part of a name."""


def whole_words(text: str, span: NameSpan, edges: Collection[int]) -> str:
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


def is_doubtful(name: str | None, text: str, mentions: Sequence[Mention], cues: Sequence[CueHit]) -> bool:
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


def kept_of(text: str, cue: CueHit, is_word: Callable[[str], bool]) -> int:
    """Return how much of a purpose belongs to the name before it: 행복카드|대금, 정상학원|비, 푸른솔아파트| 관리비."""
    if cue.start == 0 or not text[cue.start - 1].isalnum():
        return 0
    written = text[cue.start : cue.end]
    if " " in written:
        head, tail = written.split(" ", 1)
        return len(head) if len(tail) > 1 and is_word(head) else 0
    if cue.category == "card_payment" and cue.word.startswith("카드"):
        return 2
    place = _PREMISES_OF_PURPOSE.match(written) if cue.party in ("merchant", "institution") else None
    return place.end() if place and place.end() < len(written) else 0


def without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return the text with blanks where the spans are."""
    kept = list(text)
    for start, end in spans:
        kept[start:end] = " " * (end - start)
    return "".join(kept)

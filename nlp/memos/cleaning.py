"""Bring a memo into one form: Unicode, legal forms, channel prefixes, card numbers of terminals."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import msgspec

MAX_CHARS = 200
"""Banks cut memos at 10-20 characters; what is longer than this is no memo, and its tail is not read."""

_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffd]+")
_SPACES = re.compile(r"\s+")
_ISSUER_MARK = re.compile(r"^(?![주유재사학의합]\))[가-힣]{1,2}\)\s*(?=[가-힣A-Za-z]{2})")
"""Which card it was, before the shop: 신)명가갈비."""
_COMPANY_SIGNS = str.maketrans({"㈜": "(주)", "㈕": "(유)", "㈐": "(사)", "㈎": "(가)", "㍿": "주식회사", "№": "No"})
_TERMINAL = re.compile(r"^[#*]?\d{3,8}(?:\b|(?=[A-Za-z]))[\s:-]*|^(?:\d{1,2}[/.-]\d{1,2})(?=\s+\D)\s*")
_DAY = re.compile(r"^(?:0?[1-9]|1[0-2])[/.-](?:0?[1-9]|[12]\d|3[01])(?=\s*[가-힣A-Za-z])(?!\s*(?:회|차|개월|일|월))\s*")
# Latin look-alikes that hide a word from a filter: Cyrillic and Greek letters inside Latin words.
_HOMOGLYPHS = str.maketrans("АВЕКМНОРСТУХЅЈІаеорсухіѕјΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEKMHOPCTYXSJIaeopcyxisjABEZHIKMNOPTYXo")


MIN_JOINED = 4
"""Channel words of so many syllables may touch what follows: 국내승인황소식당."""
_OWN_MONEY = "INST XFER|INSTANT|TRANSFER|ECHECK|XFER"
"""Behind a payment service: it is the counterparty itself (PAYPAL INST XFER)."""
_NOT_AFTER_CHANNEL = "대금|값|대|비|이용|결제|요금|연회비|수수료|료|출금|납부|매출|금|이자|할부|한도|충전"


class CleanMemo(msgspec.Struct, frozen=True):
    """A memo ready to be read; ``plain`` is the raw text in NFKC, with its prefixes and legal forms."""

    plain: str
    text: str
    channel: str | None
    is_organisation: bool
    carried: str | None = None
    """The category of most shops that this payment service carries money for."""


def plain(text: str) -> str:
    """Return the text in NFKC without invisible and control characters, spaces collapsed, at most 200 characters."""
    head = text[: MAX_CHARS * 4].translate(_COMPANY_SIGNS)
    if not head.isascii():
        head = _INVISIBLE.sub("", unicodedata.normalize("NFKC", _INVISIBLE.sub("", head)))
        if re.search(r"[A-Za-z]", head):
            head = head.translate(_HOMOGLYPHS)
    return _SPACES.sub(" ", _CONTROL.sub(" ", head)).strip()[:MAX_CHARS]


class Cleaner:
    """Strips what says nothing about the purpose: how the money moved, the terminal, the legal form."""

    def __init__(self, rules: dict[str, Any]) -> None:
        forms = sorted(rules["legal_forms"], key=len, reverse=True)
        latin = "|".join(re.escape(form) for form in sorted(rules["latin_legal_forms"], key=len, reverse=True))
        self._legal = re.compile("|".join(re.escape(form) for form in forms))
        self._latin_legal = re.compile(rf"[\s,]+(?:{latin})(?:\b|$)\.?", re.IGNORECASE)
        self._carries = {word: category for category, words in rules["intermediaries"].items() for word in words}
        go_betweens = sorted(self._carries, key=len, reverse=True)
        self._go_between = re.compile(
            rf"(?:{'|'.join(re.escape(word) for word in go_betweens)})(?!\s*(?:{_OWN_MONEY}))", re.IGNORECASE
        )
        self._channels = _channel_pattern(rules["channels"])
        statuses = sorted(rules["statuses"], key=len, reverse=True)
        self._status = re.compile("|".join(re.escape(word) for word in statuses))
        wallets = sorted(rules["wallets"], key=len, reverse=True)
        after = "|".join(map(re.escape, rules["wallet_words"]))
        self._wallet = re.compile(
            rf"(?:{'|'.join(map(re.escape, wallets))})(?:송금|결제)?[\s\-_*:/]*(?!\s*(?:{after}|점|\(?주\)|주식회사))(?=\S{{2}})",
            re.IGNORECASE,
        )
        self._channel_of = {word.upper(): channel for channel, words in rules["channels"].items() for word in words}

    def clean(self, raw: str) -> CleanMemo:
        """Return the memo without prefixes and legal forms; text that would vanish whole stays as it is."""
        whole = text = plain(raw)
        text = _SPACES.sub(" ", self._status.sub(" ", text)).strip() or text
        text = _ISSUER_MARK.sub("", text)
        text, channel = self._strip_channel(text)
        text = text[match.end() :] if (match := _DAY.match(text)) else text
        match = self._wallet.match(text)
        if match:
            text, channel = text[match.end() :], channel or "wallet"
        match = self._go_between.match(text)
        carried = self._carries.get(match[0].upper()) if match else None
        text = (text[match.end() :].lstrip() or text) if match else text
        without = self._legal.sub(" ", text)
        is_organisation = without != text
        shorter = self._latin_legal.sub("", without)
        is_organisation = is_organisation or shorter != without
        text = _SPACES.sub(" ", shorter).strip(" -_*:,/|") or text
        return CleanMemo(whole, text, channel, is_organisation, None if carried == "unknown" else carried)

    def _strip_channel(self, text: str) -> tuple[str, str | None]:
        channel = None
        for _ in range(4):
            match = self._channels.match(text)
            rest = text[match.end() :] if match else text
            if match and rest:
                channel = channel or self._channel_of.get(match[1].upper(), "card")
            stripped = _TERMINAL.sub("", rest, count=1) if channel else rest
            if not stripped or stripped == text:
                break
            text = stripped
        return text, channel


def _channel_pattern(channels: dict[str, list[str]]) -> re.Pattern[str]:
    words = sorted({word for words in channels.values() for word in words}, key=len, reverse=True)
    parts = []
    for word in words:
        escaped = re.escape(word)
        if re.search(r"[A-Za-z]$", word):
            escaped += r"(?![A-Za-z])(?!카드)"
        elif re.search(r"[가-힣]$", word):
            escaped += r"(?=[\s\-_*:)\]/])" if len(word) < MIN_JOINED else rf"(?!{_NOT_AFTER_CHANNEL})"
        parts.append(escaped)
    return re.compile(rf"[\[(]?({'|'.join(parts)})[\])]?[\s\-_*:/.]*", re.IGNORECASE)

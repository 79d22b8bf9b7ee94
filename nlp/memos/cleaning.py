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
_COMPANY_SIGNS = str.maketrans({"㈜": "(주)", "㈕": "(유)", "㈐": "(사)", "㈎": "(가)", "㍿": "주식회사", "№": "No"})
_TERMINAL = re.compile(r"^[#*]?\d{3,8}\b[\s:-]*|^(?:\d{1,2}[/.-]\d{1,2})(?=\s+\D)\s*")
# Latin look-alikes that hide a word from a filter: Cyrillic and Greek letters inside Latin words.
_HOMOGLYPHS = str.maketrans("АВЕКМНОРСТУХаеорсухіΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEKMHOPCTYXaeopcyxiABEZHIKMNOPTYXo")


class CleanMemo(msgspec.Struct, frozen=True):
    """A memo ready to be read."""

    text: str
    channel: str | None
    is_organisation: bool


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
        go_betweens = sorted(rules["intermediaries"], key=len, reverse=True)
        self._go_between = re.compile("|".join(re.escape(word) for word in go_betweens), re.IGNORECASE)
        self._channels = _channel_pattern(rules["channels"])
        self._channel_of = {word.upper(): channel for channel, words in rules["channels"].items() for word in words}

    def clean(self, raw: str) -> CleanMemo:
        """Return the memo without prefixes and legal forms; text that would vanish whole stays as it is."""
        text = plain(raw)
        text, channel = self._strip_channel(text)
        match = self._go_between.match(text)
        text = (text[match.end() :].lstrip() or text) if match else text
        without = self._legal.sub(" ", text)
        is_organisation = without != text
        shorter = self._latin_legal.sub("", without)
        is_organisation = is_organisation or shorter != without
        text = _SPACES.sub(" ", shorter).strip(" -_*:,/|") or text
        return CleanMemo(text, channel, is_organisation)

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
            escaped += r"(?![A-Za-z])"
        elif re.search(r"[가-힣]$", word):
            escaped += r"(?=[\s\-_*:)\]/])"
        parts.append(escaped)
    return re.compile(rf"[\[(]?({'|'.join(parts)})[\])]?[\s\-_*:/.]*", re.IGNORECASE)

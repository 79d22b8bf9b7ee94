"""Keyed stand-ins for personal data in text, beside the masks: the same value is the same stand-in, under one key.

``[PHONE:1:9f3a62c1d0]`` names kind, key and digest. Where the form of a number matters (test data, screens, validators of
length), digits stay digits: a stand-in with the same length and signs, which is never a valid number of its kind - a card
fails Luhn's check, a resident number has no month, a phone begins with 000. Unlike the token it is not unique: join on tokens.
Source: NIST SP 800-107 for truncated HMAC; Personal Information Protection Act (개인정보 보호법), article 28-2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from hub.records import Finding
from nlp.personal_data.spoken import normalise

Digest = Callable[[str, str], bytes]
"""(kind, canonical value) -> 32 bytes, such as ``hub.ids.Pseudonymizer.digest``."""
TOKEN_HEX = 10
NUMBERS = frozenset({"RRN", "FRN", "PHONE", "CARD", "ACCOUNT", "DRIVER_LICENSE"})


def pseudonymise(
    text: str, findings: Iterable[Finding], digest: Digest, key_id: str, *, keep_format: bool = False
) -> str:
    """Return the text with a keyed stand-in for each finding."""
    for finding in sorted(findings, key=lambda f: -f.start):
        value = text[finding.start : finding.end]
        shaped = with_format(finding.kind, value, digest) if keep_format and finding.kind in NUMBERS else ""
        text = f"{text[: finding.start]}{shaped or token(finding.kind, value, digest, key_id)}{text[finding.end :]}"
    return text


def token(kind: str, value: str, digest: Digest, key_id: str) -> str:
    """Return ``[KIND:key:hex]``; spelling does not matter: 공일공 … and 010-… are one."""
    return f"[{kind}:{key_id}:{digest(kind, plain(value)).hex()[:TOKEN_HEX]}]"


def plain(value: str) -> str:
    """Return letters and digits of a value as written, in lower case, spoken digits as digits."""
    return "".join(char for char in normalise(value).text.lower() if char.isalnum())


def with_format(kind: str, value: str, digest: Digest) -> str:
    """Return digits of the same number in the same places; empty where the value is spoken and has no form to keep."""
    if sum(map(str.isdecimal, value)) < 8 or not value.isascii():
        return ""
    stream = _digits(digest(f"{kind}/format", plain(value)), sum(map(str.isdecimal, value)))
    made = _never_valid(kind, stream)
    taken = iter(made)
    return "".join(str(next(taken)) if char.isdecimal() else char for char in value)


def _digits(seed: bytes, count: int) -> list[int]:
    number = int.from_bytes(seed, "big")
    return [number // 10**place % 10 for place in range(count)]


def _never_valid(kind: str, digits: list[int]) -> list[int]:
    """Return the digits, changed where they could be a number that somebody has."""
    match kind:
        case "RRN" | "FRN":
            digits[2] = 2 + digits[2] % 8  # no month begins with 2 or more
        case "PHONE":
            digits[:3] = [0, 0, 0]
        case "CARD":
            total = sum(sum(divmod(d * 2, 10)) if i % 2 == 0 else d for i, d in enumerate(reversed(digits[:-1])))
            digits[-1] = (-total + 5) % 10  # five away from Luhn's check digit
        case "DRIVER_LICENSE":
            digits[0] = 3 + digits[0] % 7  # regions are 11 to 28
        case _:
            digits[0] = 0
    return digits

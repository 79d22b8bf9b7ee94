"""The rules in order, for each language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from hashlib import blake2b
from importlib import resources

from stt.normalisation import english, fillers, korean, korean_digits, spacing
from stt.normalisation.draft import Draft, Edit

Rule = Callable[[str], Iterator[Edit]]

_KOREAN: tuple[Rule, ...] = (
    spacing.plain_characters,
    spacing.spaces,
    partial(fillers.fillers, language="ko"),
    spacing.spaces,
    korean_digits.digits,
    korean.rates,
    korean.dates,
    korean.times,
    korean.ages_and_counts,
    korean.counted,
    spacing.thousands,
    spacing.spaces,
)
_ENGLISH: tuple[Rule, ...] = (
    spacing.plain_characters,
    spacing.spaces,
    partial(fillers.fillers, language="en"),
    spacing.spaces,
    english.amounts,
    english.digits,
    english.rates,
    english.dates,
    english.clock_times,
    english.cardinals,
    english.cents,
    spacing.thousands,
    spacing.spaces,
)
_ALIKE: dict[str, tuple[Rule, ...]] = {
    "ko": (korean.small_counts,),
    "en": (english.small_numbers, english.days_without_suffix),
}
_MAX_PASSES = 6


def draft_of(text: str, language: str, *, alike: bool = False) -> Draft:
    """Return the normal form of a text with the origin of its characters; other languages are left as they are.

    Args:
        alike: also write what readers prefer in words (three, 세 번째) in digits, so that two spellings count as equal.
    """
    family = family_of(language)
    draft = Draft.of(text)
    if family is None:
        return draft
    steps = (_KOREAN if family == "ko" else _ENGLISH) + (_ALIKE[family] if alike else ())
    for _ in range(_MAX_PASSES):
        before = draft.text
        for rule in steps:
            draft = draft.edited(rule(draft.text))
        if draft.text == before:
            break
    return draft


def family_of(language: str) -> str | None:
    """Return ``ko`` or ``en`` of ko, ko-KR, en-US ..., None for a language without rules."""
    code = language.lower()[:2]
    return code if code in _ALIKE else None


@cache
def version() -> str:
    """Return a name that changes with any rule or list."""
    digest = blake2b(digest_size=4)
    folder = resources.files("stt.normalisation")
    for file in sorted(folder.iterdir(), key=lambda item: item.name):
        if file.name.endswith((".py", ".yaml")):
            digest.update(file.read_bytes())
    return f"norm-{digest.hexdigest()}"

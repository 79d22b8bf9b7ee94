"""Words that carry nothing (음, um), removed where it is safe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from stt.normalisation.draft import Edit
from stt.normalisation.rule_data import load_rules

_WORD = r"(?<![\w'-])(?:{words})(?![\w'-])"
_TRAILING = re.compile(r"(?:\.{2,}|…|[,.](?=\s|$))?\s*")
_HUMMED = re.compile(r"\b(?:mm|uh|a)[ -]$", re.IGNORECASE)
_CUT_OFF = re.compile(r"\s*(?:,|\.{2,}|…)\s*")


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str], frozenset[str]]:
    data = load_rules(language)

    def words(name: str) -> re.Pattern[str]:
        listed = sorted(data[name], key=len, reverse=True)
        return re.compile(_WORD.format(words="|".join(map(re.escape, listed))), re.IGNORECASE)

    return words("fillers"), words("fillers_when_cut_off"), frozenset(data.get("filler_answers", ()))


def fillers(text: str, language: str) -> Iterator[Edit]:
    """Yield deletions; of a text that is nothing but fillers everything stays."""
    always, cut_off, answers = _patterns(language)
    found = [edit for match in always.finditer(text) if (edit := _deletion(text, match, answers))]
    for match in cut_off.finditer(text):
        repeated = re.compile(rf"\s+{re.escape(match[0])}(?![\w'-])", re.IGNORECASE).match(text, match.end())
        if repeated:
            found.append(Edit(match.start(), repeated.end() - len(match[0]), ""))
        elif pause := _CUT_OFF.match(text, match.end()):
            found.append(Edit(match.start(), pause.end(), ""))
    kept = set(range(len(text)))
    for edit in found:
        kept.difference_update(range(edit.start, edit.end))
    if any(text[place].isalnum() for place in kept):
        yield from found


def _deletion(text: str, match: re.Match[str], answers: frozenset[str]) -> Edit | None:
    rest = text[match.end() :].lstrip(" -").lower()
    if any(re.match(rf"{answer}\b", rest) for answer in answers):
        return None
    if match[0].lower() in answers and _HUMMED.search(text, 0, match.start()):
        return None
    trailing = _TRAILING.match(text, match.end())
    return Edit(match.start(), trailing.end() if trailing else match.end(), "")

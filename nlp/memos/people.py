"""Which words of a memo are people's names, Korean ones by their syllables, Latin ones by the lists that personal data is found with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from nlp.memos.knowledge import Knowledge
from nlp.personal_data.latin_names import Kind, load_latin_names

_NAME_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*\.?")
MOST_WORDS = 4
_MASKED = re.compile(
    "[김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕]"
    "(?:[*○Oo0Xx]{1,2}[가-힣]?|[가-힣][*○])"
)
"""A name that the bank itself masked: 홍*동, 박OO."""
_TITLED = re.compile(r"\b(?:MRS?|MS|MISS|DR)\.? (?P<name>(?:[A-Z]\.? )?[A-Z][A-Z'-]+)$", re.IGNORECASE)
_PEER = re.compile(r"[A-Z][A-Z'-]*\.?(?: [A-Z][A-Z'-]*\.?){1,2}", re.IGNORECASE)
_CALLED = re.compile(
    "(?:선생|선생님|쌤|코치|코치님|강사|튜터|원장|기사|과장|대리|부장|차장|사장|팀장|교수|언니|오빠|누나|형)$"
)
_PARTICLE = re.compile(r"(?:에게|한테|께서|께|이가|로부터|으로부터|님께|님)$")


def is_latin_name(words: Sequence[str], *, is_likely: bool) -> bool:
    """Return whether all words together are one person's name.

    Args:
        is_likely: money was sent between accounts, so a surname with an initial, or a given name with a rare surname, is enough.
    """
    if len(words) == 1 and is_likely and words[0].isalpha():
        return load_latin_names().kind(words[0]) is Kind.GIVEN
    if not 2 <= len(words) <= MOST_WORDS or not all(map(_NAME_WORD.fullmatch, words)):
        return False
    names = load_latin_names()
    whole = [word for word in words if len(word.rstrip(".")) > 1]
    kinds = [names.kind(word) for word in whole]
    if not kinds or Kind.ORDINARY in kinds or names.is_brand(words):
        return False
    if len(kinds) == 1:
        return is_likely and kinds[0] is Kind.SURNAME and len(words) == 2
    sure = sum(kind in (Kind.GIVEN, Kind.SURNAME) for kind in kinds)
    if Kind.GIVEN in kinds and sure == len(kinds):
        return True
    return is_likely and sure >= 1 and kinds[0] in (Kind.GIVEN, Kind.AMBIGUOUS) and kinds[-1] is not Kind.GIVEN


class PeopleReader:
    """Finds the people named in what is left of a memo."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._names = knowledge.names
        self._common = knowledge.common
        self._regions = knowledge.regions

    def persons(self, rest: str, common_nouns: frozenset[str], *, by_transfer: bool, by_peer: bool) -> tuple[str, ...]:
        """Return all names of people; between accounts less is needed of a Latin name, with a peer's wallet nothing."""
        words = rest.split(" ")
        korean = [name for word in words if (name := self._korean_name(word, common_nouns, is_alone=len(words) == 1))]
        if korean:
            return tuple(korean)
        if (titled := _TITLED.search(rest)) or (by_peer and _PEER.fullmatch(rest)):
            return (titled["name"] if titled else rest,)
        return tuple(self._english_names(rest, by_transfer=by_transfer))

    def _korean_name(self, word: str, common_nouns: frozenset[str], *, is_alone: bool) -> str | None:
        bare = _PARTICLE.sub("", word)
        called = _CALLED.sub("", bare)
        bare = called if called != bare and self._names.plausibility(called) >= 0.6 else bare
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

"""Which shop of a brand: the place at the end of a name, behind a brand, in brackets, or as card networks print it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.memos.knowledge import PURPOSE, Knowledge
from nlp.memos.matching import is_hangul
from nlp.memos.name_words import EDGES, without
from nlp.memos.periods import INSTALMENT, PERIOD
from nlp.memos.records import CueHit, Mention

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
_BRANCH_END = re.compile(r"^(?P<name>.{2,}?)[\s\-_]+(?P<branch>[가-힣0-9A-Z]{1,12}(?:점|지점|호점|영업점|휴게소))$")
_LATIN_TAIL = re.compile(
    r"^[\s#*\-./]*(?:[A-Z]?[-#]?\d+[\s\-]*)*(?P<branch>[A-Z][A-Z .'-]{1,24}?)\s*\d*$", re.IGNORECASE
)
LINK = re.compile(
    r"(?:HTTPS?:?/*|WWW\.)\S*|\S+\.(?:COM|NET|CO\.KR|KR|CO\.UK|UK|ORG|IO|APP|SHOP|STORE|BIZ|ME)\b\S*|\.(?:COM|NET|CO\.KR|KR|ORG|IO)\b\S*",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"(?<=[가-힣A-Za-z0-9])\s?\((?P<branch>[가-힣]{2,6})\)$")


class BranchReader:
    """Finds the branch of a memo's shop."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._common = knowledge.common
        self._regions = knowledge.regions
        self._fillers = knowledge.fillers
        self._not_branches = tuple(knowledge.not_branches)
        self._us_tail = knowledge.us_tail
        regions = "|".join(sorted(knowledge.regions, key=len, reverse=True))
        self._region_branches = frozenset(f"{region}점" for region in knowledge.regions)
        self._region = re.compile(rf"^(?P<name>.{{2,}})\s(?P<branch>{regions})$")
        self._jammed = re.compile(rf"^(?P<name>.{{2,}}?)\s?(?P<branch>(?:{regions})[가-힣0-9A-Z]{{0,6}}점)$")

    def cut_tail(self, text: str, brand: Mention | None, cues: Sequence[CueHit] = ()) -> tuple[str, str | None]:
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
            before = without(text[: match.start()], [(cue.start, cue.end) for cue in cues if cue.strength >= PURPOSE])
            if self._common.make_up(before) or not any(map(str.isalpha, before)):
                return text, None
        if self._common.make_up(match["branch"]) or any(
            c.start >= match.start() and c.strength >= PURPOSE for c in cues
        ):
            return text, None
        return text[: match.start()], match["branch"]

    def after(self, text: str, brand: Mention, cues: Sequence[CueHit]) -> str | None:
        """Return what stands between a brand and the next cue, if that is a place."""
        end = next((c.start for c in cues if c.start >= brand.end), len(text))
        tail = INSTALMENT.sub(" ", PERIOD.sub(" ", LINK.sub(" ", text[brand.end : end])))
        tail = " ".join(word for word in tail.split() if not self._says_no_place(word))
        tail = re.sub(r"^(?:코리아|커피|주식회사|한국|STORES?\b|STR\b)", "", tail.strip(EDGES)).strip(EDGES)
        if not tail:
            return None
        if re.search(r"[가-힣]", tail):
            branch = re.sub(r"[^0-9A-Za-z가-힣]", "", tail)
            return branch if 2 <= len(branch) <= 14 else None
        match = _LATIN_TAIL.match(tail)
        return match["branch"].strip() if match else None

    def split(self, name: str) -> tuple[str, str | None]:
        """Return (name, branch): ``달빛카페 역삼점`` and ``카페마마스시청점`` have one, ``영풍서점`` has none."""
        match = _BRANCH_END.match(name) or self._jammed.match(name) or self._region.match(name)
        if match and not match["branch"].endswith(self._not_branches):
            return match["name"].strip(EDGES), match["branch"]
        if match and match["branch"] in self._region_branches:
            return match["name"].strip(EDGES), match["branch"]
        return name, None

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

    def _says_no_place(self, word: str) -> bool:
        """Return whether a word behind a brand says how, or what was bought: 취소, 할부, (주), 일반구매."""
        bare = word.strip(EDGES + "()[]").upper()
        return bare in self._fillers or (
            any(map(is_hangul, bare)) and bare not in self._regions and self._common.make_up(bare)
        )

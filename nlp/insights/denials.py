"""What a caller says not to want: 해지하려는 건 아니고요 speaks of no closing, "I haven't lost it" of no loss."""

from __future__ import annotations

import re

_HANGUL = re.compile("[가-힣]")
_END = re.compile(r"[.?!,]|(?<=[고데요])\s")
_DENIED = re.compile(
    r"(?P<verb>[가-힣]+) ?(?:건|게|것은|것이|거는|거) ?(?:아니(?:고|구|라|지만)|아닌데)(?:요)?"
    r"|(?P<wish>[가-힣]+(?:려는|려던|려고 하는)) ?(?:건|게|것은|것이|거는|거) ?아니(?:에요|예요|거든요|니까|라고)"
)
# 제가 한 게 아니고, 쓴 건 아닌데: what callers did not do is what they call about, so such verbs are no denials.
_DONE = re.compile(
    r"(?:^|결제|사용|승인|이체|송금|주문|신청|가입|구매|구입|동의|허락)한$|"
    r"^(?:쓴|산|보낸|긁은|누른|뽑은|찾은|받은|본|들은|안|된|맞는|있는|없는|되는)$"
)
_MOODS = re.compile(
    r"[가-힣]*[갈길릴를을할뀔쓸줄둘볼될날낼닐] (?:생각|마음|뜻|계획)(?:까지)?(?:은|는|이|도)? ?없(?:어요|습니다|고요?|는데요?|거든요|으니까)|"
    r"(?:불만|민원|생각|의향)(?:은|는|이|도)? ?없(?:어요|습니다|고요|는데요?|거든요|어서)"
    r"|(?:화난|화가 난|불만인|불만이 있는) ?(?:건|게|것은|거는) ?아니"
    r"|(?:사기|피싱|보이스피싱)(?:는|은|가|이)? ?아니(?:고요?|라|에요|예요|거든요|었어요)"
)
_INSTEAD = re.compile(
    r"(?P<denied>[가-힣]{2,})(?: 말고(?:는|요)?(?! ?(?:또|다른|더|뭐|다 ))|(?<=[이가]) 아니(?:라|고)(?:요|서)?(?![가-힣]))"
)
_ENGLISH = re.compile(
    r"\b(?:(?:i'?m|i am|we'?re|we are) not (?:here to|(?:really |actually |trying to |planning to |looking to |going to )?"
    r"(?:clos|cancel|leav|think|try|look|call|complain|report|ask|plan|mov|switch|apply|borrow|buy)\w*)|"
    r"(?:i|we) (?:don'?t|do not|didn'?t|did not) (?:want|need|mean|plan|intend) (?:to|a|an)|"
    r"(?:i|we) (?:haven'?t|have not) (?:lost|misplaced|closed|cancel+ed|moved)|it'?s not (?:that|about)|this is(?:n'?t| not) about"
    r"|(?:i|we) (?:have )?no complaints?|no complaints?|i'?m not (?:un\w+|angry|upset)|not a (?:scam|fraud|swindle))"
    r"\b[^.?!,;]*?(?=[.,;]|\s(?:but|i just|just|only)\b|$)",
    re.IGNORECASE,
)


def denied(sentence: str) -> list[tuple[int, int]]:
    """Return the spans of what a speaker denies."""
    return _korean(sentence) if _HANGUL.search(sentence) else [match.span() for match in _ENGLISH.finditer(sentence)]


def without(sentence: str, spans: list[tuple[int, int]]) -> str:
    """Return the sentence with the spans blanked out, every other letter in its place."""
    for start, end in spans:
        sentence = sentence[:start] + " " * (end - start) + sentence[end:]
    return sentence


def _korean(sentence: str) -> list[tuple[int, int]]:
    ends = [
        *(match for match in _DENIED.finditer(sentence) if match["wish"] or not _DONE.search(match["verb"])),
        *_MOODS.finditer(sentence),
    ]
    spans = [(_clause(sentence, match.start()), match.end()) for match in ends]
    return spans + [match.span("denied") for match in _INSTEAD.finditer(sentence)]


def _clause(sentence: str, place: int) -> int:
    """Return where the clause begins in which a place is."""
    return max((end.end() for end in _END.finditer(sentence, 0, place)), default=0)

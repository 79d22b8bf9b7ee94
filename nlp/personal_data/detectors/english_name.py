"""Names of people in Latin letters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.personal_data.detectors.person import PersonRecognizer
from nlp.personal_data.latin_names import WORD, Kind, LatinNames, Run, load_latin_names, run_at

_TITLE = r"(?:mr|mrs|ms|miss|dr|doctor|mister|missus|sir|madam|ma'am|professor|prof)\b\.?"
_RELATION = (
    r"(?:husband|wife|spouse|partner|fianc[eé]e?|son|daughter|mother|father|mom|mum|dad|(?:brother|sister|mother|father|son|daughter)[ -]in[ -]law|brother|sister|uncle|aunt|cousin|nephew"
    r"|niece|grandmother|grandfather|grandson|granddaughter|friend|boyfriend|girlfriend|neighbou?r|colleague|coworker|roommate"
    r"|boss|landlord|landlady|tenant|lawyer|attorney|solicitor|accountant|advis[eo]r|agent|broker|banker|manager|assistant"
    r"|secretary|doctor|nurse|teacher|caregiver|guardian|trustee|executor|employee|employer|client)"
)
_ROLE = r"(?:beneficiary|recipient|payee|co-?signer|co-?owner|guarantor|holder|cardholder|owner|signer|borrower|co-?borrower|applicant|customer|sender|remitter|contact|nominee|insured|policyholder|agent|representative)"
_TOLD = re.compile(
    r"(?<![A-Za-z])(?:(?:(?:my|his|her|their|your|the|full|first|last|middle|maiden|legal|sur|family|given)[ -]?)*names?(?:'s|’s|s)?"
    r"(?:\s+on\s+(?:the|my|this)\s+(?:account|card|policy|file|loan|cheque|check))?"
    rf"\s*(?:is|was|:|please[.,]?|would be|should be|under|of|to|as)|(?:full|first|last|middle|maiden) name|name['’]s|goes by"
    r"|(?:in|under) the name(?: of)?|registered (?:to|under)|payable to|made? (?:\w+ ){0,3}out to|(?:co-?)?signed by|on behalf of"
    rf"|cardholder(?: name)?:?|{_ROLE}(?:'s name)?\s*(?:is|:)|(?:regards|sincerely|yours truly|best wishes),?|name:|attn:?|c/o)\s+",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?<![A-Za-z])(?:named|called|(?:your|his|her|their|the|payee|recipient|beneficiary|customer|member|holder|sender|contact) name)\s+",
    re.IGNORECASE,
)
_TITLED = re.compile(rf"(?<![A-Za-z]){_TITLE}\s+", re.IGNORECASE)
_SPOKEN_TO = re.compile(
    r"(?<![A-Za-z])(?:(?:speak|spoke|spoken|speaking|talk|talked|talking|chat|chatted|chatting) (?:to|with)|ask(?:ed)? for|put|reach(?:ed)?)\s+",
    re.IGNORECASE,
)
_MAYBE = re.compile(
    rf"(?<![A-Za-z])(?:this is|(?:i am|i'm|i’m)|it's|it’s|it is|that's|that is|here is|is this|am i speaking with|thank you,?|thanks,?|hello,?|hi,?|hey,?|okay,?|ok,?|alright,?|right,?"
    rf"|yes,?|yeah,?|dear|good (?:morning|afternoon|evening),?|(?:my|his|her|our|the|their)(?: (?:other|new|old|ex|account))*[ -]{_RELATION},?(?: is)?|{_ROLE},?|account owner,?)\s+",
    re.IGNORECASE,
)
_LINKED = re.compile(
    r"(?<![A-Za-z])(?:to|for|from|with|and|by|who\?|please\.|zelle|venmo(?: cashout)?|payroll|rent|under|in|,)\s+",
    re.IGNORECASE,
)
_FROM_HERE = re.compile(r",?\s+(?:from|calling|speaking|here|with|at)(?![A-Za-z])", re.IGNORECASE)
"""What goes on after somebody said who is calling: this is mark from accounting."""
_TWO_WORDS = re.compile(r"[A-Za-z]+(?:'s|’s)?\.?\s+[A-Za-z]+")
_PLACE = re.compile(r"(?<![A-Za-z])(?:san|santa|saint|st\.?|fort|port|mount|mt\.?|lake|jp)\s\Z", re.IGNORECASE)
_THIS_IS = re.compile(r"this is", re.IGNORECASE)
_SELF = re.compile(r"(?:i am|i'm|i’m)\s+\Z", re.IGNORECASE)
_WORD_AHEAD = re.compile(r"\s+([A-Za-z]+)")
_START = re.compile(r"(?<![A-Za-z’'-])[A-Za-z]")


class EnglishNameRecognizer(PersonRecognizer):
    """A name that is told (my name is …), titled, greeted or introduced, or a known given name before a surname.

    Text recognised from speech may have no capitals: there, what stands after a cue is held against words of English.
    Source: lists named in data/personal_data/latin_names.yaml; GDPR article 4 (1) for what a name is.
    """

    def __init__(self, language: str) -> None:
        self._names: LatinNames = load_latin_names()
        super().__init__(language)

    def spans(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Yield the names, each as often as something speaks for it."""
        if re.search(r"[A-Za-z]{2}", text):
            yield from ((run.start, run.end, score) for run, score in self._candidates(text))

    def _candidates(self, text: str) -> Iterator[tuple[Run, float]]:
        is_mixed = _is_mixed(text)
        for pattern, accepts, score in (
            (_TOLD, self._is_told, 0.9),
            (_NAMED, self._is_clear, 0.85),
            (_TITLED, self._is_titled, 0.88),
            (_SPOKEN_TO, self._is_addressed, 0.8),
            (_MAYBE, self._is_addressed, 0.75),
            (_LINKED, self._is_linked, 0.7),
        ):
            for cue in pattern.finditer(text):
                run = self._after(text, cue.end(), is_mixed=is_mixed)
                if run is None or self._is_brand(text, run.start) or self._is_brand(text, cue.start()):
                    continue
                if accepts(run, is_mixed) or (pattern is _MAYBE and self._is_calling(text, cue[0], run, is_mixed)):
                    yield run, score
        yield from self._alone(text, is_mixed)

    def _after(self, text: str, place: int, *, is_mixed: bool) -> Run | None:
        title = _TITLED.match(text, place)
        if title is not None and title.end() < len(text):
            place = title.end()
        return run_at(text, place, self._names, is_mixed=is_mixed, trusts_capitals=True)

    def _alone(self, text: str, is_mixed: bool) -> Iterator[tuple[Run, float]]:
        """Yield names without any cue: a given name or a known surname must be in them."""
        place = 0
        while (start := _START.search(text, place)) is not None:
            word = WORD.match(text, start.start())
            place = word.end() if word else start.end()
            run = run_at(text, start.start(), self._names, is_mixed=is_mixed, trusts_capitals=False)
            if self._is_brand(text, start.start()):
                place = start.start() + len(_TWO_WORDS.match(text, start.start())[0])  # type: ignore[index]
                continue
            if run is None or self._is_street(text, run) or _PLACE.search(text[max(0, run.start - 7) : run.start]):
                continue
            if self._is_frequent(text, run, is_mixed) or (len(run.words) > 1 and self._is_full_name(run, is_mixed)):
                yield run, 0.65
                place = run.end

    def _is_brand(self, text: str, place: int) -> bool:
        words = _TWO_WORDS.match(text, place)
        return words is not None and self._names.is_brand(words[0].split())

    def _is_street(self, text: str, run: Run) -> bool:
        """Return whether the words name a street: 95 Kingsley Avenue."""
        ahead = _WORD_AHEAD.match(text, run.end)
        words = [run.words[-1].lower(), *([ahead[1].lower()] if ahead else [])]
        is_numbered = text[: run.start].rstrip()[-1:].isdigit()
        return (is_numbered or bool(ahead and ahead[1].istitle())) and bool(self._names.streets.intersection(words))

    def _is_frequent(self, text: str, run: Run, is_mixed: bool) -> bool:
        """Return whether the run begins with a given name that is a person wherever it stands, brands apart (Wendy's)."""
        is_owner = text[run.end : run.end + 2] in ("'s", "’s") and len(run.words) < 2
        is_name = run.words[0].lower() in self._names.frequent and min(run.kinds) >= Kind.UNKNOWN
        return is_name and not is_owner and (not is_mixed or run.is_capitalised)

    def _is_calling(self, text: str, cue: str, run: Run, is_mixed: bool) -> bool:
        """Return whether somebody says who is calling: I'm Thaddeus, this is mark from accounting."""
        ahead = _FROM_HERE.match(text, run.end)
        if run.kinds[0] is Kind.AMBIGUOUS:
            return run.words[0].lower() in self._names.ambiguous and bool(ahead)
        if ahead and not is_mixed and _THIS_IS.match(cue):
            return run.kinds[0] >= Kind.UNKNOWN and not ahead[0].strip(", ").lower().startswith(("calling", "at"))
        return bool(_SELF.search(cue)) and is_mixed and run.is_capitalised and run.kinds[0] >= Kind.UNKNOWN

    def _is_full_name(self, run: Run, is_mixed: bool) -> bool:
        first, second = run.kinds[:2]
        if is_mixed and not run.is_capitalised:
            return False
        if first is Kind.GIVEN:
            return (
                second >= Kind.SURNAME
                or (is_mixed and second is Kind.UNKNOWN)
                or self._is_capital_surname(run, is_mixed)
            )
        if first is Kind.AMBIGUOUS:
            is_given = is_mixed or run.words[0].lower() in self._names.ambiguous
            return is_given and second >= Kind.SURNAME and run.words[1].lower() in self._names.surnames
        if run.words[0].lower() in self._names.korean_surnames and second in (Kind.UNKNOWN, Kind.GIVEN):
            return len(run.words[1]) >= 4
        return is_mixed and first in (Kind.UNKNOWN, Kind.SURNAME) and second in (Kind.SURNAME, Kind.GIVEN)

    def _is_capital_surname(self, run: Run, is_mixed: bool) -> bool:
        return is_mixed and run.words[1].lower() in self._names.surnames

    def _is_told(self, run: Run, is_mixed: bool) -> bool:
        if run.kinds[0] is Kind.AMBIGUOUS:
            return run.words[0].lower() in self._names.ambiguous or (is_mixed and run.is_capitalised)
        return True

    def _is_clear(self, run: Run, is_mixed: bool) -> bool:
        return run.kinds[0] is Kind.GIVEN or (is_mixed and run.is_capitalised) or len(run.words) > 1

    def _is_titled(self, run: Run, is_mixed: bool) -> bool:
        return run.kinds[0] >= Kind.UNKNOWN or (is_mixed and run.is_capitalised) or len(run.words) > 1

    def _is_addressed(self, run: Run, is_mixed: bool) -> bool:
        """Return whether what stands after a greeting or ``this is`` is a name: a given name, or two words that are no English."""
        first = run.kinds[0]
        if first is Kind.GIVEN:
            return not is_mixed or run.words[0][0].isupper()
        if len(run.words) < 2:
            return False
        if is_mixed:
            return run.is_capitalised and (first >= Kind.UNKNOWN or self._is_full_name(run, is_mixed))
        return first >= Kind.UNKNOWN or run.kinds[1] >= Kind.SURNAME

    def _is_linked(self, run: Run, is_mixed: bool) -> bool:
        """Return whether what stands after ``to``, ``from`` or a comma is a name: two words, one of them known."""
        if len(run.words) < 2 or (is_mixed and not run.is_capitalised):
            return False
        first, second = run.kinds[:2]
        if first is Kind.GIVEN:
            return second >= Kind.UNKNOWN or self._is_capital_surname(run, is_mixed)
        return first >= Kind.UNKNOWN and second >= (Kind.UNKNOWN if is_mixed else Kind.SURNAME)


def _is_mixed(text: str) -> bool:
    """Return whether capitals mean anything: there are small letters and capitalised words besides ``I``."""
    words = re.findall(r"[A-Za-z]{2,}", text)
    is_korean = bool(re.search(r"[가-힣]", text))
    return (is_korean or any(word.islower() for word in words)) and any(
        word[0].isupper() and not word.isupper() for word in words
    )

"""Names of people in Korean text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.kiwi import load_kiwi
from nlp.personal_data.detectors.person import PersonRecognizer
from nlp.personal_data.korean_names import KoreanNames, Reading, load_korean_names, one_of

_ENDING = (
    r"(?:입니다만|입니다|입니까|이라고요|이라고|라고요|라고|이라는|라는|이에요|예요|이에여|이고요|이구요|이고|이며|인데요|인데|이요|이야|야|이랑|랑|이한테서|이한테|이네|고(?=\s)|하고|"
    r"에게서|에게|한테서|한테|께서는|께서|께|으로|로|이가|이는|이를|이의|이도|이야|이었[가-힣]{0,4}|였[가-힣]{0,4}|이신[가-힣]{0,3}|이십[가-힣]{0,3}|이시[가-힣]{0,3}|이(?:죠|지요?|래요?|란|든|니)|이거든요?|거든요?|인가요?|인지|아(?=\s)|은|는|이|가|을|를|의|와|과|도|만|요|맞습니다|맞아요|맞고요|씨|님)"
)
_LABEL = (
    r"(?:이름|성함|성명|예금주|명의자|명의인|명의|수취인|받는\s?(?:분|사람)|보내는\s?(?:분|사람)|계약자|피보험자|수익자|신청인|신청자|가입자|대리인|담당자|본인"
    r"|상담원|상담사|은행원)(?:\s?(?:이름|성함|명의))?(?:은|는|이|가|을|를|의|요)?"
)
_FAMILY = r"(?:남편|아내|와이프|집사람|신랑|아들|딸|어머니|아버지|동생|형|누나|언니|오빠)(?:은|는|이|가|인|분)?"
_FIRM = r"[가-힣]{0,8}(?:은행|센터|카드|화재|생명|증권|캐피탈|상담팀)(?=\s[가-힣]{2,4}(?:입니다|이었습니다|였습니다))"
_INTRODUCED = re.compile(
    rf"(?:{_FIRM}|{_LABEL}|(?<![가-힣])(?:저는|전|제가|직원|대리)|(?:저희\s?|우리\s?|제\s?)?{_FAMILY})"
    rf"\s+(?P<name>[가-힣]{{2,4}}?)(?P<end>{_ENDING})?(?![가-힣])"
)
_SELF = re.compile(
    r"(?:^|[.?!,]\s*|(?:네|예|아|어|저|전|저는|제가|안녕하세요|여보세요|반갑습니다)[,.]?\s+)(?P<name>[가-힣]{2,4}?)(?P<end>입니다|이라고\s|라고\s|이고요|고요|이구요|인데요|이에요|예요|이요|이고\s|고\s)"
)
_BESIDE = re.compile(
    rf"(?<![가-힣A-Za-z0-9])(?P<name>[가-힣]{{2,4}}?)(?:(?P<end>{_ENDING})?\s+(?:생년월일|생일|연락처|전화번호|전화|휴대폰|핸드폰|주민|계좌번호|\d{{2,4}}[년./-]|\d{{6}}|\d{{2,3}}-|(?:천구백|이천)[가-힣])"
    r"|(?:이)?라는\s(?:사람|분|이름|고객)|\s?명의)"
)
_TO = re.compile(r"(?<![가-힣A-Za-z0-9])(?P<name>[가-힣]{2,4}?)이?(?:에게서?|한테서?|께서?|씨|이랑|하고)(?![가-힣])")
_DOES = re.compile(
    r"(?<![가-힣A-Za-z0-9])(?P<name>[가-힣]{3,4}?)(?:이|가|이가|께서)\s(?:돈을\s|저한테\s|저에게\s|나한테\s)?(?:보내|보냈|줬|주기로|받았|받기로|빌려|빌렸|갚|전화|연락|입금|송금|이체|찍혀|찍혔|부쳐|부쳤|신청했|가입했|말했|대신)"
)
"""What people do with money and telephones; 이자가 and 급여가 do not."""
_AFTER_NUMBER = re.compile(
    rf"\d{{3,}}[\s,]+(?:예금주\s|예금주는\s)?(?P<name>[가-힣]{{2,4}}?)(?P<end>{_ENDING}|\s?앞|\s?명의)?(?=[\s.,?!]|$)(?!\s?(?:주세요|주시|줘|달라|드릴|바랍))"
)
_PRODUCT = re.compile(
    r"\s(?:[가-힣]+\s)?(?:적금|예금|특판|우대|연금|캐시백|페이|펀드|이벤트|저축|금리|조사|재단|보증금|카드|대출|청약|신탁|서비스|통장|뱅크|뱅킹|포인트|상품|플랜|요금제|할인|혜택|멤버십|단말기|체크카드|신용카드|마일리지|이율)"
)
_SURE = re.compile(r"(?:이름|성함|성명|예금주|명의|수취인|받는|보내는|계약자|피보험자|수익자|신청|가입자)")
_BARE = re.compile(rf"(?<![가-힣A-Za-z0-9])(?P<name>[가-힣]{{3,4}}?)(?P<end>{_ENDING})?(?![가-힣])")
_ADDRESSED = re.compile(r"\s?(?:맞으|맞습|맞죠|맞나|확인|본인|되시|이시|이십|안녕|반갑)")
_TELLS = ("이라고", "라고", "입니다", "이고", "이에요", "예요", "인데요")
_ENDS = re.compile(r"\s*(?:$|[.,?!)]|맞|입니다|이에요|예요|관계|고객|적|쓰|입력|앞|계좌|명의)")
_ALSO_LAST = ("은", "이", "의", "을", "도", "아")
"""Particles that are last syllables of names as well."""
_TO_PEOPLE = re.compile(
    r"이?랑|이?한테|에게|께|이가|이는|이도|이를|아$|이었습니다|였습니다|입니다|이라고|라고|이라는|라는"
)
_ALSO_WORDS = frozenset("이전한현조신정지고우양서하성임유노안오강장문민차남")
"""Surnames that stand before a rank as other words too: 이 대리, 전 대표, 우 팀장."""
_PLACE_ENDS = ("동", "구", "시", "군", "도", "역", "점", "산", "은행")


class KoreanNameRecognizer(PersonRecognizer):
    """A surname and one or two syllables, introduced (제 이름은 …), titled (… 고객님) or standing alone in a sentence.

    Particles that stick to a name (김태웅이고) stay outside the finding. Words of the dictionary that look like names
    (이자가, 정기예) are told apart by Kiwi's analysis.
    Source: surnames of the 2015 census (Statistics Korea); Personal Information Protection Act, article 2.
    """

    def __init__(self, language: str) -> None:
        self._names: KoreanNames = load_korean_names()
        # 정태양 is a name, not Miss 정태: 군, 양, 형 stand apart
        apart = (
            rf"(?:(?<=\s)|(?<=[가-힣]{{3}})){title}" if title in ("군", "양", "형") else title
            for title in self._names.titles
        )
        titles = "|".join(apart)
        self._titled = re.compile(
            rf"(?<![가-힣])(?P<name>[가-힣]{{2,4}}?)(?P<gap>\s?)(?P<title>{titles})(?![가-힣]{{0,1}}(?:카드|센터|층|수))"
        )
        self._ranked = re.compile(
            rf"(?<![가-힣])(?P<name>[가-힣]{{1,2}})(?P<gap>\s?)(?:{one_of(self._names.ranks)})(?P<polite>님)?"
            rf"(?=$|[^가-힣]|이|가|께|한|하|과|와|랑|은|는|을|를|의|도|에|계|댁|맞|으|로|라|입)"
        )
        self._labelled = re.compile(
            rf"(?<![가-힣])(?P<label>{one_of(self._names.labels)})(?:이?요\?|[은는이가을를의요]|께서|[:：])?\s{{1,2}}"
            rf"(?P<name>[가-힣]{{2,4}}?)(?P<end>{_ENDING})?(?![가-힣])"
        )
        self._purpose = re.compile(rf"\s?(?:\d{{1,2}}월|{one_of(self._names.purposes)})")
        self._glued = re.compile(
            rf"(?<![가-힣])(?P<name>[가-힣]{{3,4}}?)(?P<gap>\s(?:\d{{1,2}}월\s?)?)?(?:{one_of(self._names.purposes)})(?=$|[^가-힣])"
        )
        super().__init__(language)

    def spans(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Yield the names, each as often as something speaks for it."""
        yield from self._bare(text)
        yield from self._before_purpose(text)
        yield from self._beside(text)
        yield from self._with_rank(text)
        yield from self._with_title(text)
        yield from self._introduced(text)
        yield from self._labelled_names(text)

    def _whole(self, match: re.Match[str]) -> tuple[str, int]:
        """Return the name and where it ends: 송지은 is one rather than 송지 with the particle 은."""
        name, ending = match["name"], match.groupdict().get("end") or ""
        longer = name + ending[:1]
        is_longer = len(name) == 2 and ending in _ALSO_LAST and self._names.plausibility(longer) >= 0.6
        if is_longer and self._names.reading(match.string, match.start("name"), name):
            return longer, match.end("name") + 1
        return name, match.end("name")

    def _introduced(self, text: str) -> Iterator[tuple[int, int, float]]:
        for match in _INTRODUCED.finditer(text):
            name, end = self._whole(match)
            score = self._names.plausibility(name)
            is_sure = bool(_SURE.match(match[0])) and len(name) >= 3 and name not in self._names.book.not_names
            is_told = bool(_SURE.match(match[0])) or (match["end"] or "").startswith(_TELLS)
            is_likely = score >= 0.6 or (score >= 0.45 and is_told) or (is_sure and bool(match["end"]))
            if is_likely and not self._is_whole_word(text, match.start("name"), name):
                yield match.start("name"), end, 0.9

    def _labelled_names(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Yield names after 예금주, 성함, 집주인: the surer the label, the stranger the name may be."""
        for match in self._labelled.finditer(text):
            name, end = self._whole(match)
            start, is_sure = match.start("name"), match["label"] in self._names.sure_labels
            score = self._names.plausibility(name)
            reading = self._names.reading(text, start, name)
            if name in self._names.book.not_names or not self._names.has_surname(name) or name in self._names.labels:
                continue
            is_named = reading is Reading.NAME or (
                reading in (Reading.BROKEN, Reading.LOOSE) and (score > 0 or len(name) > 2)
            )
            if is_named and (score >= 0.45 or is_sure) and not name.endswith(_PLACE_ENDS[-1]):
                yield start, end, 0.9 if is_sure else 0.8
            elif (
                is_sure
                and score >= 0.6
                and (match["end"] or _ENDS.match(text, match.end()))
                and not self._is_whole_word(text, start, name)
            ):
                yield start, end, 0.85

    def _with_rank(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Yield surnames alone before a rank: 김 과장님, 남궁 대리님, 송 대리가."""
        for match in self._ranked.finditer(text):
            name = match["name"]
            if name not in self._names.book.surnames or name in self._names.not_surnames_before_ranks:
                continue
            is_common = self._names.book.surnames[name] >= 30 or len(name) == 2
            if (match["polite"] and (match["gap"] or is_common)) or (
                match["gap"] and is_common and name not in _ALSO_WORDS
            ):
                yield match.start("name"), match.end("name"), 0.8

    def _before_purpose(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Yield names that a memo writes together with what was paid for: 송하윤용돈."""
        for match in self._glued.finditer(text):
            name, start = match["name"], match.start("name")
            is_apart = match["gap"] and not self._is_whole_word(text, start, name)
            is_read = is_apart or self._names.reading(text[: match.end("name")], start, name)
            if self._names.plausibility(name) >= 0.6 and is_read:
                yield start, match.end("name"), 0.7

    def _beside(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Yield names that open a sentence (김철수입니다) or stand beside a birth date, a phone or an account number."""
        for pattern in (_SELF, _BESIDE, _TO, _DOES, _AFTER_NUMBER):
            for match in pattern.finditer(text):
                name = match["name"]
                is_word = self._is_word if pattern is _AFTER_NUMBER else self._is_whole_word
                if self._names.plausibility(name) < (0.6 if len(name) > 2 or pattern is _AFTER_NUMBER else 0.45):
                    continue
                is_short = pattern is _BESIDE and len(name) == 2
                reading = self._names.reading(text, match.start("name"), name) if is_short else Reading.NAME
                if is_short and (match["end"] or not reading):
                    continue
                if reading is not Reading.NAME and _is_plain_word(name):
                    continue
                is_place = pattern is _BESIDE and name.endswith(_PLACE_ENDS)
                if is_place or _PRODUCT.match(text, match.end("name")):
                    continue
                if not is_word(text, match.start("name"), name):
                    yield match.start("name"), match.end("name"), 0.8

    def _with_title(self, text: str) -> Iterator[tuple[int, int, float]]:
        for match in self._titled.finditer(text):
            name, title = match["name"], match["title"]
            score = 0.0 if name[1:] in self._names.ranks else self._names.plausibility(name)
            is_polite = title.endswith("님") or title in ("씨", "귀하", "본인")
            if not score and is_polite and match["gap"] and self._is_rare_name(text, match.start("name"), name):
                score = 0.6
            fits = score >= 0.6 or (score >= 0.45 and is_polite)
            is_addressed = score >= 0.6 and bool(_ADDRESSED.match(text, match.end()))
            if fits and (is_addressed or not self._is_word(text, match.start("name"), name)):
                yield match.start("name"), match.end("name"), 0.85

    def _bare(self, text: str) -> Iterator[tuple[int, int, float]]:
        for match in _BARE.finditer(text):
            name = match["name"]
            score = self._names.plausibility(name)
            if score < 0.6 or name.endswith(_PLACE_ENDS) or _PRODUCT.match(text, match.end()):
                continue
            reading = self._names.reading(text, match.start("name"), name)
            is_person = bool(match["end"] and _TO_PEOPLE.match(match["end"]))
            if score < 0.9:
                is_marked = bool(match["end"] or self._purpose.match(text, match.end()))
                if (reading is Reading.NAME and is_marked) or (is_person and reading):
                    yield match.start("name"), match.end("name"), 0.55
            elif reading or not self._is_word(text, match.start("name"), name, is_bare=True):
                yield match.start("name"), match.end("name"), 0.6

    def _is_rare_name(self, text: str, start: int, name: str) -> bool:
        """Return whether a word before a polite title is a name of unusual syllables: 빈지노 씨, 박새로이 씨."""
        return self._names.has_surname(name) and len(name) > 2 and not self._is_whole_word(text, start, name)

    def _is_whole_word(self, text: str, start: int, name: str) -> bool:
        """Return whether the dictionary knows the whole name as another word; parts of it (유명 in 유명수) do not count."""
        if name in self._names.book.not_names:
            return True
        tokens = load_kiwi().tokenize(text[start : start + len(name) + 8])
        first = tokens[0] if tokens else None
        if first is None or not first.base_form:
            return False
        is_verb = first.len >= 2 and (first.tag[0] == "V" or (len(tokens) > 1 and tokens[1].tag in ("XSV", "XSA")))
        return is_verb or (first.len >= len(name) and first.tag != "NNP")

    def _is_word(self, text: str, start: int, name: str, *, is_bare: bool = False) -> bool:
        """Return whether the dictionary reads the place otherwise: its first morpheme is a known longer word.

        Kiwi gives no base form to words that it guesses: those are not in its dictionary.
        """
        if name in self._names.book.not_names:
            return True
        tokens = load_kiwi().tokenize(text[start : start + len(name) + 8])
        first = tokens[0] if tokens else None
        if first is None or first.len < 2 or not first.base_form:
            return bool(is_bare and first and first.tag in ("VV", "VA", "NP", "MAG", "IC"))
        if first.len < len(name):
            return is_bare or len(tokens) < 2 or tokens[1].tag[0] in "JE" or tokens[1].tag in ("XSV", "XSA")
        return first.tag != "NNP" or first.len > len(name)


def _is_plain_word(name: str) -> bool:
    """Return whether two syllables by themselves are a word or an inflected one: 이자, 이고, 하고."""
    tokens = load_kiwi().tokenize(name)
    return any(token.tag[0] in "EJV" for token in tokens) or (
        len(tokens) == 1 and tokens[0].tag != "NNP" and bool(tokens[0].base_form)
    )

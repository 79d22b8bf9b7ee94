"""Open sentences: everyday words in everyday grammar, so that a speech model learns the language and not the templates.

A bank's templates are soon exhausted; a model that has heard only those writes them for whatever
it hears. Here phrases are put together from lists of words (``ko_open.yaml``, ``en_open.yaml``),
with sums, dates and names among them.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from random import Random
from typing import Any

import yaml

from demo.dialogues import english, korean
from demo.dialogues.unit import Slot, Unit, words

_NUMBER_SHARE = 0.3
_FREE_SUMS = 0.6

Words = dict[str, Any]


def korean_sentence(random: Random) -> tuple[Unit, ...]:
    """Return one Korean sentence of one or two clauses."""
    return compose(open_words("ko"), random)


def compose(known: Words, random: Random) -> tuple[Unit, ...]:
    """Return one Korean sentence put together from these words."""
    units = _opening(known, random)
    if random.random() < 0.3:
        units += [*_phrase(known, random), *words(predicate(known, random, "joint"))]
    units += _phrase(known, random)
    return (*units, *words(predicate(known, random, random.choice(("action", "action", "state")))))


def english_sentence(random: Random) -> tuple[Unit, ...]:
    """Return one English sentence."""
    known = open_words("en")
    units: list[Unit] = []
    for word in random.choice(known["frames"]).split(" "):
        if not word.startswith("{"):
            units += words(word)
            continue
        filled = _english(known, word[1], random)
        last = filled[-1]
        filled[-1] = Unit(last.written + word[3:], last.spoken + word[3:], last.personal)
        units += filled
    first = units[0]
    units[0] = Unit(_capital(first.written), _capital(first.spoken), first.personal)
    return tuple(units)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@cache
def open_words(language: str) -> Words:
    """Return the lists of words of a language, as ``{language}_open.yaml`` has them; a Korean verb is its five forms."""
    source = resources.files("demo.dialogues").joinpath(f"{language}_open.yaml").read_text(encoding="utf-8")
    known: Words = yaml.safe_load(source)
    if language == "ko":
        made = [f"{deed}하 {deed}해 {deed}했 {deed}하 {deed}할" for deed in known["deeds"]]
        known["syllables"] = sorted({c for c in source if "가" <= c <= "힣"})
        known["acts"] = made + [verb for verb in known["verbs"] for _ in range(3)]
    return known


def _opening(known: Words, random: Random) -> list[Unit]:
    drawn = random.random()
    if drawn < 0.3:
        return words(random.choice(known["times"]))
    if drawn < 0.5:
        return words(random.choice(known["adverbs"]))
    return words(random.choice(known["pronouns"])) if drawn < 0.7 else []


def _phrase(known: Words, random: Random) -> list[Unit]:
    """Return up to three parts that a predicate may follow: who, where, what."""
    units: list[Unit] = []
    if random.random() < 0.25:
        units += with_particle(words(random.choice(known["people"])), random.choice(known["with"]))
    if random.random() < 0.25:
        units += with_particle(words(random.choice(known["places"])), random.choice(known["toward"]))
    if random.random() < _NUMBER_SHARE * 0.6:
        units += quantity(random)
    elif random.random() < 0.85:
        units += _thing(known, random)
    if random.random() < 0.25:
        units += words(random.choice(known[random.choice(("adverbs", "negations"))]))
    return units


def _thing(known: Words, random: Random) -> list[Unit]:
    """Return a noun with what may stand before it: another noun, a pronoun, a whole clause; or a made-up word."""
    before = words(predicate(known, random, "modifier")) if random.random() < 0.35 else []
    if before and random.random() < 0.5:
        return [*before, *words(random.choice(known["loose"]))]
    noun = made_up(known, random) if random.random() < 0.2 else random.choice(known["things"])
    if random.random() < 0.2:
        noun = f"{random.choice(known['things'])} {noun}"
    return [*before, *with_particle(words(noun), random.choice(known[random.choice(("objects", "subjects"))]))]


def made_up(known: Words, random: Random) -> str:
    """Return a word nobody knows, as a brand or a place is to a model that never saw it written."""
    return "".join(random.choice(known["syllables"]) for _ in range(random.choice((2, 2, 3, 3, 4))))


def predicate(known: Words, random: Random, ending: str) -> str:
    """Return a verb with an ending of a kind: action, state, joint or modifier."""
    of = {"state": ("states",), "action": ("acts", "acts", "acts", "acts", "moves")}
    kind = random.choice(of.get(ending, ("acts", "acts", "moves", "states")))
    stem, joined, past, soft, future = str(random.choice(known[kind])).split(" ")
    short = _without_rieul(stem)
    chosen = str(random.choice(known["endings"][ending]))
    made = (_with_nieun(soft), f"{short}는", _formal(stem), _plain(stem))
    if chosen[3:4] in _DROP_RIEUL:
        stem, soft = short, _without_rieul(soft)
    return chosen.format(stem, joined, past, soft, future, *made)


_FIRST_SYLLABLE, _FINALS, _NIEUN, _RIEUL, _PIEUP = 0xAC00, 28, 4, 8, 17
_DROP_RIEUL = frozenset("네나느는니시신실세셔셨십")


def _with_nieun(form: str) -> str:
    """Return the ㄴ-form of a 으-form: 받으 is 받은, 가 is 간, 만들 is 만든."""
    final = (ord(form[-1]) - _FIRST_SYLLABLE) % _FINALS
    return form if final not in (0, _RIEUL) else form[:-1] + chr(ord(form[-1]) - final + _NIEUN)


def _without_rieul(form: str) -> str:
    final = (ord(form[-1]) - _FIRST_SYLLABLE) % _FINALS
    return form[:-1] + chr(ord(form[-1]) - final) if final == _RIEUL else form


def _formal(stem: str) -> str:
    """Return what 니다 is put to: 가 is 갑, 만들 is 만듭, 받 is 받습."""
    final = (ord(stem[-1]) - _FIRST_SYLLABLE) % _FINALS
    return stem[:-1] + chr(ord(stem[-1]) - final + _PIEUP) if final in (0, _RIEUL) else f"{stem}습"


def _plain(stem: str) -> str:
    """Return the plain present: 가 is 간다, 받 is 받는다."""
    final = (ord(stem[-1]) - _FIRST_SYLLABLE) % _FINALS
    return f"{_with_nieun(stem)}다" if final in (0, _RIEUL) else f"{stem}는다"


def with_particle(units: list[Unit], suffix: str) -> list[Unit]:
    """Return units whose last has a suffix, in the form that fits its sound; a suffix that starts with a space is words."""
    if suffix.startswith(" "):
        return [*units, *words(suffix[1:])]
    last = units[-1]
    chosen = korean.particle(last.spoken, suffix)
    return [*units[:-1], Unit(last.written + chosen, last.spoken + chosen, last.personal)]


_QUANTITIES: tuple[tuple[str, str], ...] = (
    ("sum", "을/를"),
    ("sum", "이/가"),
    ("sum", "에서"),
    ("sum", "까지"),
    ("sum", "입니다"),
    ("rate", "로"),
    ("rate", "까지"),
    ("rate", " 정도"),
    ("date", "에"),
    ("date", "까지"),
    ("date", "부터"),
    ("time", "에"),
    ("time", "까지"),
    ("mon", " 동안"),
    ("name", "님이"),
    ("name", "씨가"),
    ("name", " 고객님"),
    ("phone", "으로/로"),
    ("acct", "으로/로"),
    ("last4", "번으로"),
    ("code", "번을"),
    ("many", ""),
    ("birth", "에"),
)


def quantity(random: Random) -> list[Unit]:
    """Return a number of some kind, or a name, with a suffix."""
    name, suffix = random.choice(_QUANTITIES)
    return with_particle((free_slots().get(name) or korean.SLOTS[name])(random, {}), suffix)


def free_slots() -> dict[str, Slot]:
    """Return the slots that only open sentences have: any sum, any count."""
    return {"sum": _sum, "many": _many}


def _sum(random: Random, facts: Any) -> list[Unit]:  # noqa: ANN401 - a slot's second argument
    """Return a sum of any size: 1억 2000만 원, 3만 5000원, 4700원."""
    if random.random() > _FREE_SUMS:
        return korean.amount(random, {})
    units: list[Unit] = []
    if random.random() < 0.2:
        number = random.choice((*range(1, 10), *range(10, 100, 5)))
        units.append(Unit(f"{number}억", f"{korean.spoken_number(number)}억"))
    if random.random() < 0.7:
        number = _round(random.randrange(1, 10_000), random)
        said = "" if number == 1 else korean.spoken_number(number)
        units.append(Unit(f"{number}만", f"{said}만"))
    if not units or (units[0].written.endswith("만") and random.random() < 0.4):
        number = random.choice(
            (random.randrange(1, 10) * 1_000, random.randrange(1, 100) * 100, random.randrange(1, 1_000) * 10)
        )
        return [*units, Unit(f"{number}원", f"{korean.spoken_number(number)} 원")]
    return [*units, Unit("원", "원")]


def _round(number: int, random: Random) -> int:
    """Leave one or two leading digits, as sums that people say have."""
    if number < 100:
        return number
    step = 10 ** (len(str(number)) - random.choice((1, 2)))
    return number // step * step


_COUNTED = ("개", "명", "번", "장", "시간", "살", "달", "대", "권", "잔", "마리")
_NATIVE_UNITS = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
_NATIVE_TENS = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")


def _many(random: Random, facts: Any) -> list[Unit]:  # noqa: ANN401 - a slot's second argument
    """Return a count in native numerals, which transcripts write as they are said: 스물다섯 살."""
    number = random.choice((*range(1, 12), *range(1, 12), *range(12, 70)))
    tens, ones = divmod(number, 10)
    said = "스무" if number == 20 else _NATIVE_TENS[tens] + _NATIVE_UNITS[ones]
    return words(f"{said} {random.choice(_COUNTED)}")


def _english(known: Words, part: str, random: Random) -> list[Unit]:
    lists = {"p": "people", "t": "times", "l": "places", "h": "helpers", "a": "adjectives", "j": "joints"}
    if part in lists:
        return words(random.choice(known[lists[part]]))
    if part == "o":
        return _english_object(known, random)
    return words(random.choice(known["verbs"]).split(" ")["vdg".index(part)])


def _english_object(known: Words, random: Random) -> list[Unit]:
    if random.random() < _NUMBER_SHARE:
        return english.SLOTS[random.choice(("eamt", "eamt", "erate", "ephone", "e4", "e6"))](random, {})
    return words(f"{random.choice(known['determiners'])} {random.choice(known['things'])}")

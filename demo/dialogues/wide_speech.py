"""Wide open speech: what anybody may say on a call, in as many different words as can be had.

Where ``open_speech`` teaches everyday grammar with a few hundred words, this goes for breadth: thousands of words by
topic (``ko_words.yaml``), verbs in every form, frames of conversation (``ko_talk.yaml``), unrelated words side by side and
made-up words of every common syllable, so that a model spells what it hears rather than what it expects.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib import resources
from random import Random

import yaml

from demo.dialogues import korean
from demo.dialogues.open_speech import (
    Words,
    compose,
    free_slots,
    made_up,
    open_words,
    predicate,
    with_particle,
)
from demo.dialogues.unit import Unit, words
from demo.dialogues.verbs import forms

_SLOT = re.compile(r"^\{(\w+)\}(.*)$")
_KINDS = ("talk",) * 8 + ("composed",) * 7 + ("copula",) * 2 + ("salad",) * 3 + ("made_up",)
_PLAIN_DEEDS = 3
_NUMBERS = (
    "sum",
    "sum",
    "many",
    "date",
    "rate",
    "time",
    "name",
    "mon",
    "yr",
    "phone",
    "last4",
    "code",
    "acct",
    "birth",
)
_AFFIXES = (
    "신 재 미 부 총 각 전 현 타 무 초 준",
    "비 료 권 증 서 율 액 일 자 인 원 소 실 장 점 기 용 별 형 식 성 팀 과 번 측 분 님들 쪽 층",
)


def korean_sentence(random: Random) -> tuple[Unit, ...]:
    """Return one Korean sentence, or words in a row."""
    known = wide_words()
    kind = random.choice(_KINDS)
    if kind == "composed":
        return compose(known, random)
    if kind == "talk":
        return tuple(_talk(known, random))
    if kind == "copula":
        named = [*_maybe(known, "times", random), *_noun(known, random)]
        return tuple(with_particle(named, random.choice(known["endings"]["copula"])))
    return _in_a_row(_salad(known, random) if kind == "salad" else _unknown(known, random))


def korean_scene(random: Random) -> tuple[Unit, ...]:
    """Return one Korean sentence about something that happened; its beginning and the end of another; or words of several."""
    known, drawn = wide_words(), random.random()
    first, second = (str(random.choice(known["scenes"])).split(" ") for _ in range(2))
    if drawn < 0.2:
        return tuple(_framed(first, known, random))
    if drawn < 0.75:
        joined = [*first[: random.randrange(1, len(first))], *second[-random.randrange(1, len(second)) :]]
        return tuple(_framed(joined, known, random))
    several = [random.choice(random.choice(known["scenes"]).split(" ")) for _ in range(random.randrange(2, 6))]
    return _in_a_row([*_framed(several, known, random), *_noun(known, random)])


@cache
def wide_words() -> Words:
    """Return the words of ``ko_open.yaml`` and ``ko_words.yaml`` as one, verbs in their forms."""
    known, more = dict(open_words("ko")), _read("ko_words.yaml")
    topics = [word for topic in more["things"].values() for word in topic]
    known["things"] = list(dict.fromkeys([*known["things"], *topics]))
    for name in ("places", "people", "times", "adverbs"):
        known[name] = list(dict.fromkeys([*known[name], *more[name]]))
    deeds = list(dict.fromkeys([*known["deeds"], *more["deeds"]]))
    verbs = [*known["verbs"], *_conjugated(more["verbs"])]
    known["deeds"], known["verbs"] = deeds, verbs
    known["acts"] = [forms(f"{deed}하다") for deed in deeds] + verbs * _PLAIN_DEEDS
    known["states"] = [*known["states"], *_conjugated(more["states"])]
    known["endings"] = {kind: [*known["endings"].get(kind, []), *more["endings"][kind]] for kind in more["endings"]}
    known["scenes"] = [frame for frames in _read("ko_scenes.yaml").values() for frame in frames]
    known["frames"] = [frame for frames in _read("ko_talk.yaml").values() for frame in frames]
    rows = "".join(known["things"] + known["places"] + known["people"]).replace(" ", "")
    known["syllables"] = [*(c for c in rows if "가" <= c <= "힣"), *more["syllables"].split()[0] * 2]
    return known


def _read(name: str) -> Words:
    source = resources.files("demo.dialogues").joinpath(name).read_text(encoding="utf-8")
    read: Words = yaml.safe_load(source)
    return read


def _conjugated(verbs: dict[str, list[str]]) -> list[str]:
    return [forms(verb, "" if kind == "plain" else kind) for kind, listed in verbs.items() for verb in listed]


def _talk(known: Words, random: Random) -> list[Unit]:
    before = _maybe(known, "adverbs", random)
    return [*before, *_framed(random.choice(known["frames"]).split(" "), known, random)]


def _framed(frame: Sequence[str], known: Words, random: Random) -> list[Unit]:
    units: list[Unit] = []
    for word in frame:
        slot = _SLOT.match(word)
        units += words(word) if slot is None else with_particle(_fill(slot[1], known, random), slot[2])
    return units


def _fill(slot: str, known: Words, random: Random) -> list[Unit]:
    lists = {"place": "places", "who": "people", "when": "times", "how": "adverbs", "deed": "deeds"}
    if slot == "thing":
        return _noun(known, random)
    if slot == "made":
        return words(made_up(known, random))
    if slot in lists:
        return words(random.choice(known[lists[slot]]))
    return {**korean.SLOTS, **free_slots()}[slot](random, {})


def _noun(known: Words, random: Random) -> list[Unit]:
    """Return a noun: alone, after another, as one word with it, with an affix, or made up."""
    noun, drawn = str(random.choice(known["things"])), random.random()
    if drawn < 0.10:
        return words(made_up(known, random))
    if drawn < 0.20:
        return words(f"{random.choice(known['things'])} {noun}")
    if drawn < 0.25:
        return words(f"{random.choice(known['things'])}{noun}")
    if drawn < 0.32:
        before, after = (random.choice(affixes.split(" ")) for affixes in _AFFIXES)
        return words(f"{before}{noun}" if random.random() < 0.3 else f"{noun}{after}")
    return words(noun)


def _salad(known: Words, random: Random) -> list[Unit]:
    """Return two to six words that have nothing to do with each other, inflected as words are."""
    units: list[Unit] = []
    for _ in range(random.randrange(2, 7)):
        drawn = random.random()
        if drawn < 0.45:
            suffix = random.choice(known[random.choice(("objects", "subjects", "toward"))])
            units += with_particle(_noun(known, random), suffix)
        elif drawn < 0.75:
            kind = random.choice(("action", "state", "joint", "modifier"))
            units += words(predicate(known, random, kind).rstrip(".?"))
        elif drawn < 0.92:
            units += words(random.choice(known[random.choice(("adverbs", "places", "people", "times", "pronouns"))]))
        else:
            units += _fill(random.choice(_NUMBERS), known, random)
    return units


def _unknown(known: Words, random: Random) -> list[Unit]:
    suffixes = known["objects"] + known["subjects"] + known["toward"] + [""] * 20
    return [
        unit
        for _ in range(random.randrange(2, 5))
        for unit in with_particle(words(made_up(known, random)), random.choice(suffixes))
    ]


def _in_a_row(units: Sequence[Unit]) -> tuple[Unit, ...]:
    """Return words that make no sentence with one full stop, at the end."""
    bare = [Unit(unit.written.rstrip(".?"), unit.spoken.rstrip(".?"), unit.personal) for unit in units]
    return (*bare[:-1], Unit(f"{bare[-1].written}.", f"{bare[-1].spoken}.", bare[-1].personal))


def _maybe(known: Words, name: str, random: Random) -> list[Unit]:
    return words(random.choice(known[name])) if random.random() < 0.2 else []

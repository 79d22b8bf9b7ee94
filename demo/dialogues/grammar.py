"""Sentences from templates: a seeded, endless stream of texts with their pronunciation.

The written form keeps digits ("010-1234-5678", "4.5%", "3500만 원"), because that is what
transcripts should look like; the spoken form is what the synthetic voice reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from random import Random
from typing import Any

import yaml

from demo.dialogues import english, korean, wide_speech
from demo.dialogues.open_speech import english_sentence, korean_sentence
from demo.dialogues.unit import Facts, Slot, Unit, words
from hub.errors import Misconfigured

LANGUAGES = ("ko", "en")
_SLOT = re.compile(r"^\{(\w+)\}(.*)$")
_WORD = re.compile(r"\{([^|]+)\|([^}]+)\}|\S+")
_LONG_NUMBER = re.compile(r"\d{2,}")
_SALAD_NUMBERS = {"ko": ("phone", "last4", "acct", "code", "amt"), "en": ("ephone", "e4", "e6", "eamt")}
_LEXICON_DRAWS = 30


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, word by word, and the group of templates it came from."""

    units: tuple[Unit, ...]
    group: str

    @property
    def text(self) -> str:
        """The sentence as a transcript writes it."""
        return " ".join(unit.written for unit in self.units)

    @property
    def spoken(self) -> str:
        """The sentence as a voice reads it."""
        return " ".join(unit.spoken for unit in self.units)


class Grammar:
    """The templates of one language."""

    def __init__(self, language: str, groups: dict[str, Sequence[str]], slots: dict[str, Slot]) -> None:
        self.language = language
        self.groups = groups
        self._slots = slots
        self._templates = [(group, template) for group, templates in groups.items() for template in templates]
        self._lexicon: list[Unit] = []

    def draw(self, random: Random, facts: Facts | None = None, group: str = "") -> Sentence:
        """Return a sentence of a group, or of any group, with its slots filled."""
        chosen, template = (group, random.choice(self.groups[group])) if group else random.choice(self._templates)
        return Sentence(tuple(self._fill(template, random, facts or {})), chosen)

    def salad(self, random: Random) -> Sentence:
        """Return unrelated words with now and then a number, so that a model does not learn sentences by heart."""
        lexicon = self._words()
        units = [random.choice(lexicon) for _ in range(random.randrange(2, 7))]
        if random.random() < 0.3:
            at = random.randrange(len(units) + 1)
            units[at:at] = self._slots[random.choice(_SALAD_NUMBERS[self.language])](random, {})
        last = units[-1]
        units[-1] = Unit(last.written + ".", last.spoken + ".", last.personal)
        return Sentence(tuple(units), "salad")

    def _fill(self, template: str, random: Random, facts: Facts) -> list[Unit]:
        units: list[Unit] = []
        for word in template.split(" "):
            slot = _SLOT.match(word)
            if slot is None:
                units.append(Unit(word, word))
                continue
            filled = self._slots[slot[1]](random, facts)
            last = filled[-1]
            suffix = korean.particle(last.spoken, slot[2])
            filled[-1] = Unit(last.written + suffix, last.spoken + suffix, last.personal)
            units += filled
        return units

    def _words(self) -> list[Unit]:
        if not self._lexicon:
            random = Random(1)
            drawn = {
                Unit(unit.written.rstrip(".?,"), unit.spoken.rstrip(".?,"))
                for _, template in self._templates * _LEXICON_DRAWS
                for unit in self._fill(template, random, {})
            }
            self._lexicon = [u for u in sorted(drawn) if u.written and not _LONG_NUMBER.search(u.written)]
        return self._lexicon


@cache
def grammar(language: str) -> Grammar:
    """Return the grammar of a language, read from its data file on first use.

    Raises:
        Misconfigured: no such language.
    """
    if language not in LANGUAGES:
        raise Misconfigured(f"No dialogues in {language!r}; known: {', '.join(LANGUAGES)}", reason="unknown_language")
    source = resources.files("demo.dialogues").joinpath(f"{language}.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(source)
    lists: dict[str, list[str]] = data["words"]
    slots = dict(korean.SLOTS if language == "ko" else english.SLOTS)
    for name, items in lists.items():
        slots[name] = _any_of([w for item in items for w in lists.get(item, [item])])
    return Grammar(language, data["sentences"], slots)


def sentences(
    seed: int,
    language: str,
    count: int,
    salad: float = 0.12,
    *,
    open_share: float = 0.0,
    wide_share: float = 0.0,
    scene_share: float = 0.0,
) -> Iterator[Sentence]:
    """Yield sentences of a language, the same ones for the same seed.

    Args:
        seed: of the stream.
        language: ``ko`` or ``en``.
        count: how many; nothing is kept, so any number will do.
        salad: the share of random word sequences among them.
        open_share: the share of sentences beyond the bank's templates (``demo/dialogues/open_speech.py``).
        wide_share: the share, in Korean, of those in a vocabulary as wide as can be (``demo/dialogues/wide_speech.py``).
        scene_share: the share, in Korean, of what happens to people and how they tell it, halves and words exchanged.
    """
    random = Random(f"{seed}:{language}")
    source = grammar(language)
    make_open = korean_sentence if language == "ko" else english_sentence
    for _ in range(count):
        drawn = random.random()
        if drawn < salad:
            yield source.salad(random)
        elif drawn < salad + open_share:
            yield Sentence(make_open(random), "open")
        elif language == "ko" and drawn < salad + open_share + wide_share:
            yield Sentence(wide_speech.korean_sentence(random), "wide")
        elif language == "ko" and drawn < salad + open_share + wide_share + scene_share:
            yield Sentence(wide_speech.korean_scene(random), "scene")
        else:
            yield source.draw(random)


def written_by_hand(language: str, name: str = "held_out.yaml") -> Iterator[Sentence]:
    """Yield the sentences that are for measuring only; those of ``development.yaml`` are to steer a training by."""
    source = resources.files("demo.dialogues").joinpath(name).read_text(encoding="utf-8")
    known = [_by_hand(line) for line in yaml.safe_load(source)[language]]
    return iter(known)


def _by_hand(line: str) -> Sentence:
    units = [Unit(found[1], found[2]) if found[1] else Unit(found[0], found[0]) for found in _WORD.finditer(line)]
    return Sentence(tuple(units), "by_hand")


def _any_of(choices: list[str]) -> Slot:
    def fill(random: Random, facts: Facts) -> list[Unit]:
        return words(random.choice(choices))

    return fill

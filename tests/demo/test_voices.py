"""Synthetic voices: audible, timed, and the same every time after a restart."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from demo import voices
from hub.errors import Misconfigured

TEXT = "본인 확인을 위해 성함과 생년월일을 말씀해 주세요"


@pytest.fixture(autouse=True)
def _needs_the_extra() -> None:
    pytest.importorskip("espeakng_loader")


@pytest.mark.parametrize("rate_hz", [8_000, 22_050])
def test_a_sentence_is_audible_and_within_bounds(rate_hz: int) -> None:
    speech = voices.speak(TEXT, rate_hz=rate_hz)
    assert speech.pcm.dtype == np.float32
    assert speech.rate_hz == rate_hz
    assert 2_000 < speech.duration_ms < 6_000
    assert 0.05 < np.abs(speech.pcm).max() <= 1.5


def test_every_word_has_its_time_in_order_and_within_the_sound() -> None:
    speech = voices.speak(TEXT)
    assert [TEXT[w.position :].split(" ")[0] for w in speech.words] == TEXT.split(" ")
    starts = [w.start_ms for w in speech.words]
    assert starts == sorted(starts)
    assert all(w.start_ms <= w.end_ms <= speech.duration_ms for w in speech.words)


def test_after_a_restart_the_same_sentences_are_the_same_samples() -> None:
    def take() -> list[bytes]:
        voices.restart()
        return [voices.speak(TEXT, voice).pcm.tobytes() for voice in voices.VOICES["ko"][:4]]

    first = take()
    voices.speak("hello", "en-us+f2")
    assert take() == first


def test_every_listed_voice_exists() -> None:
    for names in voices.VOICES.values():
        for name in names:
            assert voices.speak("네" if name.startswith("ko") else "yes", name).duration_ms > 50


def test_an_unknown_voice_is_refused() -> None:
    with pytest.raises(Misconfigured, match="no voice"):
        voices.speak("네", "xx-nobody")


def test_without_the_extra_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    with pytest.raises(Misconfigured, match="extra `demo`"):
        voices._load()

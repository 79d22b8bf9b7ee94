"""Calls spoken by espeak-ng, made once per session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile

pytest.importorskip("espeakng_loader")

from demo.voices import restart, speak
from stt.transcriber import WhisperTranscriber

RATE_HZ = 8_000
AGENT, CUSTOMER = 0, 1


@dataclass(frozen=True)
class Line:
    """Who says what, written and spoken."""

    who: int
    text: str
    spoken: str


KOREAN = (
    Line(AGENT, "안녕하세요 행복은행 고객센터입니다.", "안녕하세요 행복은행 고객센터입니다."),
    Line(CUSTOMER, "신용대출 금리 문의드립니다.", "신용대출 금리 문의드립니다."),
    Line(AGENT, "본인 확인을 위해 전화번호를 말씀해 주시겠습니까?", "본인 확인을 위해 전화번호를 말씀해 주시겠습니까?"),
    Line(CUSTOMER, "제 번호는 010-2345-6789입니다.", "제 번호는 공일공 이삼사오 육칠팔구입니다."),
    Line(AGENT, "오늘도 좋은 하루 보내세요.", "오늘도 좋은 하루 보내세요."),
    Line(CUSTOMER, "감사합니다 수고하세요.", "감사합니다 수고하세요."),
)
ENGLISH = (
    Line(AGENT, "How may I help you today?", "How may I help you today?"),
    Line(CUSTOMER, "I want to apply for a home loan.", "I want to apply for a home loan."),
    Line(AGENT, "Please tell me your phone number.", "Please tell me your phone number."),
    Line(CUSTOMER, "Thank you, have a nice day.", "Thank you, have a nice day."),
)


def record(lines: tuple[Line, ...], voices: tuple[str, str], *, rate: int = 165, pause_s: float = 0.6) -> np.ndarray:
    """Return a call as (samples, 2), agent left, with a faint line noise; the same whatever was spoken before."""
    restart()
    clips, at = [], RATE_HZ // 2
    for line in lines:
        pcm = speak(line.spoken, voices[line.who], rate, 50, rate_hz=RATE_HZ).pcm * 0.5
        clips.append((line.who, at, pcm))
        at += len(pcm) + int(pause_s * RATE_HZ)
    call = np.random.default_rng(3).standard_normal((at, 2)).astype(np.float32) * 5e-4
    for who, start, pcm in clips:
        call[start : start + len(pcm), who] += pcm
    return call


@pytest.fixture(scope="session")
def korean_samples() -> np.ndarray:
    return record(KOREAN, ("ko+f3", "ko+m3"))


@pytest.fixture(scope="session")
def english_samples() -> np.ndarray:
    return record(ENGLISH, ("en-us+f3", "en-us+m3"))


@pytest.fixture(scope="session")
def write_wav(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    folder = tmp_path_factory.mktemp("calls")

    def write(name: str, samples: np.ndarray, subtype: str = "ULAW", rate_hz: int = RATE_HZ) -> Path:
        path = folder / name
        soundfile.write(path, samples, rate_hz, subtype=subtype, format="WAV")
        return path

    return write


@pytest.fixture(scope="session")
def korean_call(write_wav: Callable[..., Path], korean_samples: np.ndarray) -> Path:
    return write_wav("korean.wav", korean_samples)


@pytest.fixture(scope="session")
def english_call(write_wav: Callable[..., Path], english_samples: np.ndarray) -> Path:
    return write_wav("english.wav", english_samples)


@pytest.fixture(scope="session")
def transcriber() -> WhisperTranscriber:
    return WhisperTranscriber("demo", threads=1)

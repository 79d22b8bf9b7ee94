"""Two voices on one channel: the published encoder on numpy, pieces, groups, and whole calls."""

from __future__ import annotations

import io
import pickle
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from demo.voices import restart
from hub.errors import Misconfigured
from stt.audio import RATE_HZ
from stt.diarisation import weights as weights_module
from stt.diarisation.encoder import MELS, embed, load_encoder, mel_spectrogram
from stt.diarisation.voices import Piece, Speakers, Voices, cut, listen_for_voices
from stt.diarisation.weights import EncoderWeights, find_weights, read_weights
from stt.speech_spans import Span, find_spans
from stt.transcriber import WhisperTranscriber
from tests.stt.conftest import ENGLISH, KOREAN, Line, record
from tests.stt.conftest import RATE_HZ as CALL_HZ

ROLES = ("AGENT", "CUSTOMER")

pytestmark = pytest.mark.skipif(find_weights() is None, reason="needs the extra diarisation")


@pytest.fixture(scope="module")
def encoder() -> EncoderWeights:
    weights = load_encoder()
    assert weights is not None
    return weights


def voiced(hz: float, seconds: float = 2.0) -> np.ndarray:
    """Return a buzz with a given pitch, which a voice encoder takes for a voice."""
    t = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    return (0.1 * sum(np.sin(2 * np.pi * hz * k * t) / k for k in range(1, 20))).astype(np.float32)


def slow_lstm(mel: np.ndarray, weights: EncoderWeights) -> np.ndarray:
    """Say what the encoder says, one number after another as the equations stand."""
    sequence = list(mel)
    for layer in weights.layers:
        size = layer.from_state.shape[0]
        state = cell = np.zeros(size)
        out = []
        for x in sequence:
            gates = x @ layer.from_input + state @ layer.from_state + layer.bias
            i, f, g, o = (gates[k * size : (k + 1) * size] for k in range(4))
            cell = cell / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
            state = np.tanh(cell) / (1 + np.exp(-o))
            out.append(state)
        sequence = out
    voice = np.maximum(sequence[-1] @ weights.linear + weights.linear_bias, 0)
    return voice / np.linalg.norm(voice)


def test_stretches_of_different_lengths_in_one_batch_are_as_each_alone(encoder: EncoderWeights) -> None:
    stretches = [voiced(120, 0.5), voiced(200, 1.3), voiced(90, 2.0)]
    together = embed(stretches, encoder)
    for stretch, voice in zip(stretches, together, strict=True):
        rms = np.sqrt(np.mean(stretch**2))
        assert rms > 10 ** (-30 / 20)
        np.testing.assert_allclose(voice, slow_lstm(mel_spectrogram(stretch), encoder), atol=1e-4)
    assert np.linalg.norm(together, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_the_encoder_gives_what_pytorch_gives(encoder: EncoderWeights) -> None:
    """The first numbers of ``VoiceEncoder`` (PyTorch 2) for this spectrogram, computed once."""
    from stt.diarisation.encoder import _forward

    mel = np.abs(np.random.default_rng(0).standard_normal((4, 160, 40))).astype(np.float32) * 0.01
    np.testing.assert_allclose(_forward(list(mel), encoder)[0, :8], PYTORCH, atol=1e-5)


PYTORCH = np.array([0.0000000, 0.0000000, 0.0000000, 0.0000000, 0.1352568, 0.0058364, 0.0000000, 0.0745286])


def test_the_spectrogram_has_its_peak_where_the_tone_is() -> None:
    frames = mel_spectrogram((0.1 * np.sin(2 * np.pi * 1_000 * np.arange(RATE_HZ) / RATE_HZ)).astype(np.float32))
    assert frames.shape == (RATE_HZ // 160 + 1, MELS)
    # 1 kHz is 15 mel; 40 bands in 45.25 mel are centred 1.1036 mel apart, so the 14th (15.45) is the nearest.
    assert set(frames[10:-10].argmax(axis=1)) == {14 - 1}


def test_speech_is_cut_at_its_pauses_and_into_pieces_of_about_a_second_and_a_half() -> None:
    speech = np.concatenate([voiced(120, 1.0), np.zeros(RATE_HZ // 4, np.float32), voiced(120, 4.8)])
    pieces = list(cut(speech, Span(0, 0, len(speech))))
    seconds = [round((piece.end - piece.start) / RATE_HZ, 1) for piece in pieces]
    assert seconds == [1.0, 1.6, 1.6, 1.6]
    assert all(left.end <= right.start for left, right in pairwise(pieces))


def test_a_word_belongs_to_the_nearest_piece() -> None:
    speakers = Speakers([Piece(0, 16_000), Piece(32_000, 48_000)], [0, 1])
    assert [speakers.who(ms, ms + 100) for ms in (0, 900, 1_200, 1_800, 2_500, 9_000)] == [0, 0, 0, 1, 1, 1]


def test_other_weights_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "pretrained.pt").write_bytes(b"something else")
    with pytest.raises(Misconfigured) as refusal:
        read_weights(tmp_path / "pretrained.pt")
    assert refusal.value.reason == "wrong_hash"


def test_a_pickle_that_runs_code_is_not_unpickled() -> None:
    hostile = pickle.dumps(print)
    with pytest.raises(pickle.UnpicklingError, match="not allowed"):
        weights_module._Reader(io.BytesIO(hostile), {}).load()


def test_the_weights_are_found_without_importing_the_package() -> None:
    assert find_weights() is not None
    assert "resemblyzer" not in sys.modules


def mono(lines: tuple[Line, ...], voices: tuple[str, str]) -> np.ndarray:
    restart()
    return record(lines, voices).sum(axis=1)


@pytest.mark.parametrize(
    ("lines", "voices"),
    [(KOREAN, ("ko+f3", "ko+m3")), (KOREAN, ("ko+m7", "ko+f2")), (ENGLISH, ("en-us+f3", "en-us+m3"))],
    ids=["korean, woman first", "korean, man first", "english"],
)
def test_a_mono_call_is_told_apart_into_agent_and_customer(
    transcriber: WhisperTranscriber,
    write_wav: Callable[..., Path],
    lines: tuple[Line, ...],
    voices: tuple[str, str],
) -> None:
    path = write_wav(f"mono-{voices[0]}-{lines[0].text[:3]}.wav", mono(lines, voices))
    transcript = transcriber.transcribe(path, call_id="m", roles=ROLES)
    assert "speakers_by_voice" in transcript.warnings
    assert [turn.role for turn in transcript.turns] == [ROLES[line.who] for line in lines]
    assert [track.role for track in transcript.loudness] == list(ROLES)


def test_one_person_on_a_mono_call_with_one_role_is_not_taken_apart(
    transcriber: WhisperTranscriber, write_wav: Callable[..., Path], korean_samples: np.ndarray
) -> None:
    path = write_wav("alone.wav", korean_samples[:, 0])
    transcript = transcriber.transcribe(path, call_id="a", roles=("AGENT",), language="ko")
    assert {turn.role for turn in transcript.turns} == {"AGENT"}
    assert transcript.warnings == ()


def test_voices_gathered_block_by_block_are_those_of_the_whole(encoder: EncoderWeights) -> None:
    call = np.repeat(mono(KOREAN, ("ko+f3", "ko+m3")), RATE_HZ // CALL_HZ).astype(np.float32)
    spans = find_spans(call[None], 30.0)
    whole = listen_for_voices()
    assert whole is not None
    whole.add(0, call, spans)
    middle = spans[len(spans) // 2].start
    parts = Voices(encoder)
    parts.add(0, call[:middle], [span for span in spans if span.start < middle])
    rest = [Span(0, span.start - middle, span.end - middle) for span in spans if span.start >= middle]
    parts.add(middle, call[middle:], rest)
    one, two = whole.separate(), parts.separate()
    assert one is not None
    assert two is not None
    times = range(0, len(call) * 1_000 // RATE_HZ, 100)
    assert [one.who(ms, ms) for ms in times] == [two.who(ms, ms) for ms in times]


@pytest.mark.parametrize("voice", ["ko+f3", "ko+m7", "ko+Mario"])
def test_one_person_on_a_mono_call_is_not_taken_for_two(
    transcriber: WhisperTranscriber, write_wav: Callable[..., Path], voice: str
) -> None:
    path = write_wav(f"voicemail-{voice}.wav", mono(KOREAN, (voice, voice)))
    transcript = transcriber.transcribe(path, call_id="v", roles=(), language="ko")
    assert "one_voice" in transcript.warnings
    assert {turn.role for turn in transcript.turns} == {"UNKNOWN"}


def test_the_only_voice_beside_a_dead_channel_keeps_its_role(
    transcriber: WhisperTranscriber, write_wav: Callable[..., Path]
) -> None:
    alone = mono(KOREAN, ("ko+f2", "ko+f2"))
    path = write_wav("dead.wav", np.stack([alone, np.zeros_like(alone)], axis=1))
    transcript = transcriber.transcribe(path, call_id="d", roles=ROLES, language="ko")
    assert {turn.role for turn in transcript.turns} == {"AGENT"}

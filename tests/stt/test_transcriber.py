"""The demo model through the port: real audio, real decoding."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import jiwer
import numpy as np
import pytest

from hub.errors import Misconfigured
from hub.ports import Transcriber
from stt.audio import BadAudio
from stt.models import DEMO_MODEL_DIR, choose, load
from stt.normalise import normalise
from stt.roles import name_channels
from stt.transcriber import CallAudio, WhisperTranscriber
from tests.stt.conftest import AGENT, CUSTOMER, ENGLISH, KOREAN, Line

ROLES = ("AGENT", "CUSTOMER")


def said(lines: tuple[Line, ...], who: int) -> str:
    return normalise(" ".join(line.text for line in lines if line.who == who))


def heard(transcript: object, role: str) -> str:
    return normalise(" ".join(turn.text for turn in transcript.turns if turn.role == role))


def cer(truth: str, text: str) -> float:
    return 100 * jiwer.cer(truth, text)


@pytest.fixture(scope="module")
def korean(transcriber: WhisperTranscriber, korean_call: Path) -> object:
    port: Transcriber = transcriber
    return port.transcribe(korean_call, call_id="c-1", roles=ROLES)


def test_a_korean_call_is_transcribed_by_role(korean: object) -> None:
    assert (korean.language, korean.call_id, korean.warnings) == ("ko", "c-1", ())
    assert korean.model.startswith("demo-")
    assert cer(said(KOREAN, AGENT), heard(korean, "AGENT")) <= 20
    assert cer(said(KOREAN, CUSTOMER), heard(korean, "CUSTOMER")) <= 20


def test_turns_alternate_as_they_were_spoken_and_carry_times(korean: object) -> None:
    assert [turn.role for turn in korean.turns] == [ROLES[line.who] for line in KOREAN]
    assert [turn.turn_id for turn in korean.turns] == list(range(len(KOREAN)))
    for turn in korean.turns:
        assert 0 <= turn.start_ms < turn.end_ms <= korean.duration_ms
        assert turn.text == " ".join(word.text for word in turn.words)
        assert all(a.start_ms <= b.start_ms for a, b in zip(turn.words, turn.words[1:], strict=False))
        assert 0 < turn.confidence <= 1
    assert all(a.end_ms <= b.start_ms + 200 for a, b in zip(korean.turns, korean.turns[1:], strict=False))


def test_a_phone_number_is_one_word(korean: object) -> None:
    words = [word.text for turn in korean.turns for word in turn.words]
    assert any(text.startswith("010-") and text.count("-") == 2 for text in words), words


def test_no_word_of_one_channel_is_heard_on_the_other(korean: object) -> None:
    for who, role in enumerate(ROLES):
        own = set(said(KOREAN, who).split())
        other = set(said(KOREAN, 1 - who).split()) - own
        assert not other & set(heard(korean, role).split())


def test_swapped_roles_swap_the_words(transcriber: WhisperTranscriber, korean_call: Path, korean: object) -> None:
    swapped = transcriber.transcribe(korean_call, call_id="c-1", roles=ROLES[::-1], language="ko")
    assert heard(swapped, "CUSTOMER") == heard(korean, "AGENT")
    assert heard(swapped, "AGENT") == heard(korean, "CUSTOMER")


def test_english_is_detected_and_transcribed(transcriber: WhisperTranscriber, english_call: Path) -> None:
    english = transcriber.transcribe(english_call, call_id="c-2", roles=ROLES)
    assert english.language == "en"
    assert cer(said(ENGLISH, AGENT), heard(english, "AGENT")) <= 25
    assert cer(said(ENGLISH, CUSTOMER), heard(english, "CUSTOMER")) <= 25


def test_calls_in_one_batch_are_heard_as_each_alone(
    transcriber: WhisperTranscriber, korean_call: Path, english_call: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"not audio at all" * 100)
    calls = [
        CallAudio(english_call, "a", ROLES),
        CallAudio(broken, "b", ROLES),
        CallAudio(korean_call, "c", ROLES),
        CallAudio(korean_call, "d", ROLES, "ko"),
    ]
    first, second, third, fourth = transcriber.transcribe_many(calls)
    assert isinstance(second, BadAudio)
    assert second.reason == "not_audio"
    assert [(t.call_id, t.language) for t in (first, third, fourth)] == [("a", "en"), ("c", "ko"), ("d", "ko")]
    assert third.turns == fourth.turns
    alone = transcriber.transcribe(korean_call, call_id="c", roles=ROLES)
    assert [turn.text for turn in alone.turns] == [turn.text for turn in third.turns]


def test_a_mono_recording_is_transcribed_without_guessing_who_speaks(
    write_wav: Callable[..., Path], korean_samples: np.ndarray
) -> None:
    transcriber = WhisperTranscriber("demo", threads=1, separate_speakers=False)
    mono = write_wav("mono.wav", korean_samples.sum(axis=1))
    transcript = transcriber.transcribe(mono, call_id="m", roles=ROLES, language="ko")
    assert {turn.role for turn in transcript.turns} == {"UNKNOWN"}
    assert "speakers_not_separated" in transcript.warnings
    assert transcriber.transcribe(mono, call_id="m", roles=("CUSTOMER",), language="ko").turns[0].role == "CUSTOMER"


def test_noise_without_speech_has_no_turns_and_says_so(
    transcriber: WhisperTranscriber, write_wav: Callable[..., Path]
) -> None:
    noise = np.random.default_rng(1).standard_normal((24_000, 2)).astype(np.float32) * 0.01
    transcript = transcriber.transcribe(write_wav("noise.wav", noise), call_id="n", roles=ROLES)
    assert transcript.turns == ()
    assert transcript.warnings == ("no_speech:AGENT", "no_speech:CUSTOMER")


def test_speech_that_leaks_over_is_not_transcribed_twice(
    transcriber: WhisperTranscriber, write_wav: Callable[..., Path], korean_samples: np.ndarray
) -> None:
    leaking = korean_samples + 0.05 * korean_samples[:, ::-1]
    transcript = transcriber.transcribe(write_wav("leak.wav", leaking), call_id="l", roles=ROLES, language="ko")
    assert len(transcript.turns) == len(KOREAN)
    assert cer(said(KOREAN, AGENT), heard(transcript, "AGENT")) <= 20


def test_a_truncated_call_keeps_its_beginning_and_its_warning(
    transcriber: WhisperTranscriber, korean_call: Path, tmp_path: Path, korean: object
) -> None:
    cut = tmp_path / "cut.wav"
    cut.write_bytes(korean_call.read_bytes()[: korean_call.stat().st_size // 2])
    transcript = transcriber.transcribe(cut, call_id="t", roles=ROLES, language="ko")
    assert "truncated" in transcript.warnings
    assert transcript.turns[0].text == korean.turns[0].text
    assert len(transcript.turns) < len(korean.turns)


def test_the_demo_model_by_path_is_the_demo_model_by_name(korean_call: Path, korean: object) -> None:
    by_path = WhisperTranscriber(str(DEMO_MODEL_DIR), threads=1)
    transcript = by_path.transcribe(korean_call, call_id="c-1", roles=ROLES)
    assert transcript.turns == korean.turns
    assert transcript.model == korean.model


def test_the_model_is_loaded_once_whoever_asks(transcriber: WhisperTranscriber) -> None:
    same = choose("demo", device="auto", compute_type="auto", threads=1)
    assert load(same) is load(choose("demo", device="cpu", compute_type="int8", threads=1))


def test_other_weights_are_another_model(tmp_path: Path) -> None:
    names = set()
    for content in (b"weights", b"other weights"):
        folder = tmp_path / content.decode().replace(" ", "-") / "my-whisper"
        folder.mkdir(parents=True)
        (folder / "model.bin").write_bytes(content)
        names.add(WhisperTranscriber(str(folder)).model)
    assert len(names) == 2
    assert all(name.startswith("my-whisper-") for name in names)


def test_making_a_transcriber_loads_nothing_and_it_travels_to_workers() -> None:
    transcriber = WhisperTranscriber("no-such-directory/anywhere", threads=1)
    assert pickle.loads(pickle.dumps(transcriber)).model == "no-such-directory/anywhere"


def test_a_directory_that_is_no_model_is_a_misconfiguration(tmp_path: Path, korean_call: Path) -> None:
    transcriber = WhisperTranscriber(str(tmp_path), threads=1)
    with pytest.raises(Misconfigured, match="HUB_SPEECH__MODEL"):
        transcriber.transcribe(korean_call, call_id="x", roles=ROLES)


def test_an_unreadable_call_raises_with_its_reason(transcriber: WhisperTranscriber, tmp_path: Path) -> None:
    (tmp_path / "empty.wav").touch()
    with pytest.raises(BadAudio) as refusal:
        transcriber.transcribe(tmp_path / "empty.wav", call_id="x", roles=ROLES)
    assert refusal.value.reason == "empty"


@pytest.mark.parametrize(
    ("count", "roles", "expected"),
    [
        (2, ROLES, ROLES),
        (1, ROLES, ("UNKNOWN",)),
        (1, ("AGENT",), ("AGENT",)),
        (3, ROLES, ("AGENT", "CUSTOMER", "CHANNEL_3")),
    ],
)
def test_channels_get_their_names_in_order(count: int, roles: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert name_channels(count, roles) == expected

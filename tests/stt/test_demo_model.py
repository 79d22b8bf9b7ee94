"""The weights in the repository: small, whole, loadable offline, and as good as their card says."""

from __future__ import annotations

import json

import pytest

from demo.dialogues import sentences
from demo.voices import speak
from stt.evaluate import Evaluation, evaluate
from stt.models import DEMO_MODEL_DIR, choose, load
from stt.training.held_out import write_held_out_calls
from stt.transcriber import WhisperTranscriber

FILES = ("model.bin", "config.json", "vocabulary.json", "tokenizer.json", "preprocessor_config.json", "README.md")
HELD_OUT_SEED = 9001


def test_the_model_is_whole_and_at_most_fifteen_megabytes() -> None:
    sizes = [(DEMO_MODEL_DIR / name).stat().st_size for name in FILES]
    assert sum(sizes) <= 15_000_000


def test_it_is_multilingual_and_its_window_comes_from_its_own_file() -> None:
    model = load(choose("demo", device="cpu", compute_type="auto", threads=1))
    assert model.model.is_multilingual
    declared = json.loads((DEMO_MODEL_DIR / "preprocessor_config.json").read_text())["chunk_length"]
    assert model.feature_extractor.chunk_length == declared == 10


def test_the_bare_space_is_not_suppressed() -> None:
    from faster_whisper.tokenizer import Tokenizer

    model = load(choose("demo", device="cpu", compute_type="auto", threads=1))
    tokenizer = Tokenizer(model.hf_tokenizer, multilingual=True, task="transcribe", language="ko")
    assert model.hf_tokenizer.token_to_id("\u0120") not in tokenizer.non_speech_tokens


@pytest.fixture(scope="module")
def held_out(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    """Clean 8 kHz mu-law calls with voices that training never used."""
    streams = {language: sentences(HELD_OUT_SEED, language, 10_000, salad=0.0) for language in ("ko", "en")}
    folder = write_held_out_calls(streams, speak, tmp_path_factory.mktemp("held-out"), calls=6, seed=5)
    return evaluate(folder, WhisperTranscriber("demo", threads=2), detect_language=True)


@pytest.mark.slow
def test_unseen_sentences_and_voices_on_the_telephone_score_fifteen_percent_or_less(held_out: Evaluation) -> None:
    by_language = {score.language: score.cer for score in held_out.scores if score.role == "all"}
    assert by_language["all"] <= 15.0, by_language
    assert by_language["ko"] <= 15.0, by_language


@pytest.mark.slow
def test_the_language_of_held_out_calls_is_found(held_out: Evaluation) -> None:
    assert held_out.language_errors == 0


def test_the_card_says_what_the_model_is_for() -> None:
    card = (DEMO_MODEL_DIR / "README.md").read_text(encoding="utf-8")
    for promise in ("never heard a human", "espeak-ng", "CER", "large-v3"):
        assert promise in card

"""The demo speech model on calls it has never heard: unseen sentences and voices, on clean and on noisy lines.

Two sources of sentences: the demo bank's grammar without whatever training may have drawn, and
sentences written by hand (``demo/dialogues/held_out.yaml``), of which the grammar knows nothing.
``BENCH_SPEECH_MODEL`` names another model, ``BENCH_SPEECH_CALLS`` how many calls of each kind.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from benchmarks.machine import figure
from demo.dialogues import Sentence, sentences
from demo.dialogues.grammar import written_by_hand
from demo.dialogues.recipe import training_sentences
from demo.voices import speak
from stt.evaluate import evaluate
from stt.training.held_out import write_held_out_calls
from stt.transcriber import WhisperTranscriber

LANGUAGES = ("ko", "en")
NOISE_DB: dict[str, float | None] = {"clean": None, "20 dB": 20.0, "10 dB": 10.0}
BY_HAND = {"ko": 6, "en": 3}
SEED = 4_711


def main() -> None:
    """Write the calls and score the model on them."""
    transcriber = WhisperTranscriber(os.environ.get("BENCH_SPEECH_MODEL", "demo"))
    for language in LANGUAGES:
        for noise, snr_db in NOISE_DB.items():
            with tempfile.TemporaryDirectory() as folder:
                _score(f"grammar, {noise}", language, _drawn(language, Path(folder), snr_db), transcriber)
            with tempfile.TemporaryDirectory() as folder:
                _score(f"by hand, {noise}", language, _by_hand(language, Path(folder), snr_db), transcriber)


def _score(condition: str, language: str, folder: Path, transcriber: WhisperTranscriber) -> None:
    evaluation = evaluate(folder, transcriber, detect_language=True)
    score = next(s for s in evaluation.scores if (s.language, s.role) == (language, "all"))
    figure(f"demo speech model, {language}, {condition}: CER", score.cer, "%")
    figure(f"demo speech model, {language}, {condition}: WER", score.wer, "%")
    if score.number_recall is not None:
        figure(f"demo speech model, {language}, {condition}: numbers right", score.number_recall, "%")


def _drawn(language: str, folder: Path, snr_db: float | None) -> Path:
    calls = int(os.environ.get("BENCH_SPEECH_CALLS", "12"))
    source: Iterator[Sentence] = sentences(SEED, language, 10**9, salad=0.0)
    return write_held_out_calls(
        {language: source}, speak, folder, calls=calls, seed=SEED, snr_db=snr_db, seen=_seen(language)
    )


def _by_hand(language: str, folder: Path, snr_db: float | None) -> Path:
    source = written_by_hand(language)
    return write_held_out_calls({language: source}, speak, folder, calls=BY_HAND[language], seed=SEED, snr_db=snr_db)


@cache
def _seen(language: str) -> frozenset[str]:
    """Return every sentence that ``hub stt train-demo-model`` may have drawn."""
    return frozenset(sentence.text for sentence in training_sentences()[language])


if __name__ == "__main__":
    main()

"""Sentences become clips with the time of every written word."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from demo.dialogues import sentences
from demo.voices import speak
from hub.errors import Misconfigured
from stt.training.corpus import HELD_OUT_VOICES, TRAINING_VOICES, build_corpus, open_corpus


def build(directory: Path, seed: int = 1) -> object:
    return build_corpus({"ko": sentences(3, "ko", 25), "en": sentences(3, "en", 10)}, speak, directory, seed=seed)


def test_the_seed_decides_who_says_what(tmp_path: Path) -> None:
    """Down to the text and the voice: espeak-ng itself varies a little from one sentence to the next."""
    first, second, other = (
        [(clip.text, clip.voice) for clip in build(tmp_path / name, seed).clips]
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert first == second
    assert first != other


def test_a_finished_corpus_is_opened_and_not_spoken_again(tmp_path: Path) -> None:
    first = build(tmp_path)
    again = build_corpus({}, speak, tmp_path, seed=99)
    assert again.clips == first.clips == open_corpus(tmp_path).clips


def test_an_unfinished_corpus_is_not_one(tmp_path: Path) -> None:
    (tmp_path / "audio.i16").write_bytes(b"\0\0")
    with pytest.raises(Misconfigured):
        open_corpus(tmp_path)


def test_words_follow_each_other_within_the_clip(tmp_path: Path) -> None:
    for clip in build(tmp_path).clips:
        starts = [unit.start_ms for unit in clip.units]
        assert starts == sorted(starts)
        assert all(unit.start_ms <= unit.end_ms <= clip.duration_s * 1_000 + 1 for unit in clip.units)


def test_clips_tile_the_sample_file_and_use_its_range(tmp_path: Path) -> None:
    corpus = build(tmp_path)
    assert sum(clip.length for clip in corpus.clips) == len(corpus.samples)
    assert all(0.8 < np.abs(corpus.audio(clip)).max() <= 0.9 for clip in corpus.clips)


def test_held_out_voices_are_never_trained_on() -> None:
    for language in ("ko", "en"):
        assert not set(TRAINING_VOICES[language]) & set(HELD_OUT_VOICES[language])

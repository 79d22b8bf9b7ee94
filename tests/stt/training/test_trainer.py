"""Training: exact where it folds, exact where it resumes, and faster-whisper loads what comes out."""

from __future__ import annotations

# ruff: noqa: E402 - torch is an optional extra; without it this file is skipped
import shutil
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from faster_whisper import WhisperModel
from faster_whisper.feature_extractor import FeatureExtractor

from demo.dialogues import sentences
from demo.voices import speak
from hub.errors import Misconfigured
from stt.training.checkpoint import Checkpoint, read, save, warm_start
from stt.training.corpus import Corpus, build_corpus
from stt.training.export import export
from stt.training.network import Shape, Whisper
from stt.training.reopen import reopen
from stt.training.signal import augment, log_mel
from stt.training.tokens import Vocabulary, build_vocabulary
from stt.training.trainer import Plan, train
from stt.training.windows import WindowMaker

PLAN = Plan(steps=4, audio_s_per_step=8.0, width=64, encoder_layers=1, decoder_layers=2, is_half_precision=False)


def texts() -> dict[str, object]:
    return {"ko": sentences(3, "ko", 20), "en": sentences(3, "en", 10)}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return build_corpus(texts(), speak, tmp_path_factory.mktemp("corpus"), seed=1)


def test_folded_padding_is_exact() -> None:
    torch.manual_seed(0)
    network = Whisper(Shape(vocabulary=50, phonemes=5)).eval()
    mel = torch.zeros(2, 80, 3_000)
    mel[:, :, :700] = torch.randn(2, 80, 700)
    with torch.no_grad():
        slow, (fast, _) = network.encode_unfolded(mel), network.encode(mel[:, :, :1_000])
    assert torch.allclose(slow[:, :501], fast[:, :501], atol=2e-5)
    assert torch.allclose(slow[:, 501:], fast[:, -1:].expand(-1, 999, -1), atol=2e-5)


def test_log_mel_is_faster_whispers() -> None:
    sound = np.random.default_rng(0).standard_normal(64_000).astype(np.float32) * 0.1
    ours = log_mel(torch.from_numpy(sound)[None], [64_000], [0.0])[0].numpy()
    assert np.abs(ours - FeatureExtractor()(sound)[..., :-1]).max() < 1e-3


def test_augmentation_depends_on_its_random_source_alone() -> None:
    windows = torch.from_numpy(np.random.default_rng(0).standard_normal((3, 32_000)).astype(np.float32) * 0.1)
    first, second = (augment(windows, [32_000, 16_000, 320], Random(5)) for _ in range(2))
    assert torch.equal(first, second)
    assert not torch.equal(first, augment(windows, [32_000, 16_000, 320], Random(6)))
    assert first[1, 16_000:].abs().max() == 0


def test_a_deeper_model_with_more_tokens_says_what_the_old_one_said() -> None:
    torch.manual_seed(0)
    old_vocabulary = build_vocabulary(("안녕하세요",), ("Hello there",))
    new_vocabulary = build_vocabulary(("똠방각하",), (), old_vocabulary)
    old = Whisper(Shape(old_vocabulary.size, 5, 64, 1, 2)).eval()
    new = Whisper(Shape(new_vocabulary.size, 9, 64, 3, 4)).eval()
    warm_start(new, new_vocabulary, Checkpoint(old.shape, old_vocabulary.to_json(), {}, old.state_dict()))
    mel = torch.randn(1, 80, 400)
    text = " 안녕하세요 Hello"
    with torch.no_grad():
        before = _logits(old, old_vocabulary, mel, text)
        after = _logits(new, new_vocabulary, mel, text)
    assert torch.allclose(before, after[:, :, : old_vocabulary.text_tokens], atol=1e-4)


def _logits(network: Whisper, vocabulary: Vocabulary, mel: torch.Tensor, text: str) -> torch.Tensor:
    memory, bias = network.encode(mel)
    logits, _ = network.decode(torch.tensor([vocabulary.encode(text)[0]]), memory, bias)
    return logits[:, :, : vocabulary.text_tokens]


def test_windows_say_what_was_laid_into_them(corpus: Corpus) -> None:
    vocabulary = build_vocabulary([c.text for c in corpus.clips if c.language == "ko"], ["a"])
    maker = WindowMaker(corpus, vocabulary, {"_": 0})
    for seed in range(40):
        example = maker.example(500, Random(seed))
        assert len(example.tokens) == len(example.intervals)
        assert example.samples[example.length :].size == 0 or example.length <= len(example.samples)
        spoken = [i for i in example.intervals if i is not None]
        assert all(begin <= end for begin, end in spoken)
        assert max((end for _, end in spoken), default=0) <= 10.3


def test_a_stopped_run_goes_on_exactly(tmp_path: Path) -> None:
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    train(texts(), speak, whole, plan=PLAN)
    shutil.copytree(whole / "corpus", stopped / "corpus")

    def stop(progress: object) -> None:
        raise KeyboardInterrupt

    eager = replace(PLAN, save_every_s=-1.0)
    with pytest.raises(KeyboardInterrupt):
        train(texts(), speak, stopped, plan=eager, report=stop, report_every=2)
    assert 0 < read(stopped / "checkpoint.pt").step < PLAN.steps
    train(texts(), speak, stopped, plan=eager)
    ours, theirs = read(whole / "checkpoint.pt").weights, read(stopped / "checkpoint.pt").weights
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)


def test_faster_whisper_loads_what_training_exports(tmp_path: Path) -> None:
    directory = train(texts(), speak, tmp_path, plan=PLAN)
    model = WhisperModel(str(directory), device="cpu", compute_type="int8")
    assert model.model.is_multilingual
    assert model.feature_extractor.chunk_length == 10
    segments, info = model.transcribe(np.zeros(16_000, np.float32), max_new_tokens=5)
    list(segments)
    assert info.language in ("ko", "en")


def test_a_finished_model_is_read_back_to_the_byte(tmp_path: Path) -> None:
    vocabulary = build_vocabulary(("안녕하세요",), ("Hello there",))
    network = Whisper(Shape(vocabulary.size, 5, 64, 2, 3))
    save(Checkpoint(network.shape, vocabulary.to_json(), {"_": 0}, network.state_dict()), tmp_path / "first.pt")
    first = export(tmp_path / "first.pt", tmp_path / "first")
    start = reopen(first)
    again = Whisper(replace(start.shape, phonemes=5))
    warm_start(again, vocabulary, start)
    save(Checkpoint(again.shape, start.vocabulary, {"_": 0}, again.state_dict()), tmp_path / "second.pt")
    second = export(tmp_path / "second.pt", tmp_path / "second")
    assert (first / "model.bin").read_bytes() == (second / "model.bin").read_bytes()


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="no model of ours"):
        reopen(tmp_path)

"""The training loop. Step k depends on the seed, on k and on the state before it: a stopped run goes on exactly."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import torch

from stt.training.checkpoint import NAME, Checkpoint, read, save, warm_start
from stt.training.corpus import TRAINING_VOICES, Corpus, SentenceLike, Speak, build_corpus
from stt.training.export import export
from stt.training.losses import Losses, collate, measure
from stt.training.network import Shape, Whisper
from stt.training.reopen import reopen
from stt.training.signal import augment, log_mel
from stt.training.tokens import Vocabulary, build_vocabulary
from stt.training.windows import POSITION_S, WindowMaker

_LONG_WINDOWS_FROM = 0.72
_LONGEST = 500
_SILENCE = "_"


@dataclass(frozen=True, slots=True)
class Plan:
    """How a model is trained.

    ``steps`` fixes the learning-rate schedule, so a run that goes on must keep it. ``window_mix``
    gives windows of so many 20 ms positions their share until the last quarter, which is all
    10 s windows. Half precision (bfloat16) more than doubles the speed of a CPU that has it.
    """

    steps: int = 6_000
    seed: int = 7
    learning_rate: float = 9e-4
    warmup_steps: int = 200
    audio_s_per_step: float = 80.0
    window_mix: Mapping[int, float] | None = None
    korean_share: float = 0.7
    number_share: float = 0.35
    width: int = 192
    encoder_layers: int = 5
    decoder_layers: int = 3
    threads: int = 1
    is_half_precision: bool = True
    save_every_s: float = 120.0

    def mix(self) -> Mapping[int, float]:
        """Return the window lengths and their shares."""
        return self.window_mix or {200: 0.3, 300: 0.3, 500: 0.4}


@dataclass(frozen=True, slots=True)
class Progress:
    """What the loop reports now and then."""

    step: int
    steps: int
    accuracy: float
    token_loss: float
    ctc_loss: float
    seconds_per_step: float


Report = Callable[[Progress], None]


def train(
    sentences: Mapping[str, Iterable[SentenceLike]],
    speak: Speak,
    out_dir: Path,
    *,
    plan: Plan | None = None,
    voices: Mapping[str, Sequence[str]] = TRAINING_VOICES,
    start_from: Path | None = None,
    report: Report = lambda progress: None,
    report_every: int = 50,
) -> Path:
    """Train a demo model and return the directory that faster-whisper loads.

    A run that was stopped goes on from ``out_dir/checkpoint.pt``.

    Args:
        sentences: by language (``ko``, ``en``); read once, into ``out_dir/corpus``.
        speak: the voice.
        out_dir: where corpus, checkpoint and the finished ``model`` go.
        plan: how long and how large.
        voices: names of voices by language.
        start_from: a checkpoint, or the directory of a finished model, to go on from instead of starting at random.
        report: called every ``report_every`` steps.
    """
    plan = plan or Plan()
    out_dir.mkdir(parents=True, exist_ok=True)
    corpus = build_corpus(sentences, speak, out_dir / "corpus", seed=plan.seed, voices=voices)
    run = _Run.open(corpus, out_dir, plan, start_from)
    run.go_on(report, report_every)
    return export(out_dir / NAME, out_dir / "model")


class _Run:
    """A network with its optimizer, somewhere between the first step and the last."""

    def __init__(self, corpus: Corpus, out_dir: Path, plan: Plan, state: Checkpoint) -> None:
        self._plan = plan
        self._path = out_dir / NAME
        self._state = state
        self._vocabulary = Vocabulary.from_json(state.vocabulary)
        self._windows = WindowMaker(
            corpus,
            self._vocabulary,
            state.phonemes,
            korean_share=plan.korean_share,
            number_share=plan.number_share,
        )
        self._network = Whisper(state.shape)
        self._network.load_state_dict(state.weights)
        self._optimizer = _optimizer(self._network, plan.learning_rate)
        if state.optimizer:
            self._optimizer.load_state_dict(state.optimizer)

    @classmethod
    def open(cls, corpus: Corpus, out_dir: Path, plan: Plan, start_from: Path | None) -> _Run:
        """Go on with a run, or begin one."""
        torch.set_num_threads(plan.threads)
        torch.manual_seed(plan.seed)
        torch.use_deterministic_algorithms(mode=True, warn_only=True)
        torch.utils.deterministic.fill_uninitialized_memory = False
        path = out_dir / NAME
        state = read(path) if path.exists() else _first_state(corpus, plan, start_from)
        return cls(corpus, out_dir, plan, state)

    def go_on(self, report: Report, report_every: int) -> None:
        """Train to the last step, saving on the way."""
        saved_s = reported_s = time.monotonic()
        self._network.train()
        for step in range(self._state.step, self._plan.steps):
            losses = self._step(step)
            self._state.step = step + 1
            now_s = time.monotonic()
            if now_s - saved_s > self._plan.save_every_s:
                self._save()
                saved_s = now_s
            if (step + 1) % report_every == 0:
                report(_progress(step + 1, self._plan.steps, losses, (now_s - reported_s) / report_every))
                reported_s = now_s
        self._save()

    def _step(self, step: int) -> Losses:
        plan, random = self._plan, Random(f"{self._plan.seed}:{step}")
        done = step / plan.steps
        for group in self._optimizer.param_groups:
            group["lr"] = plan.learning_rate * _rate(step, plan)
        positions = _LONGEST if done > _LONG_WINDOWS_FROM else _draw(plan.mix(), random)
        count = max(2, int(plan.audio_s_per_step / (positions * POSITION_S)))
        examples = [self._windows.example(positions, random) for _ in range(count)]
        lengths = [example.length for example in examples]
        clean = torch.stack([torch.from_numpy(example.samples) for example in examples])
        headroom = [0.0 if random.random() < 0.7 else random.uniform(0, 1.2) for _ in examples]
        mel = log_mel(augment(clean, lengths, random), lengths, headroom)
        batch = collate(examples, self._vocabulary)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=plan.is_half_precision):
            losses = measure(self._network, mel, batch, self._vocabulary)
        self._optimizer.zero_grad()
        losses.total(done).backward()
        torch.nn.utils.clip_grad_norm_(self._network.parameters(), 1.0)
        self._optimizer.step()
        return losses

    def _save(self) -> None:
        self._state.weights = self._network.state_dict()
        self._state.optimizer = self._optimizer.state_dict()
        save(self._state, self._path)


def _first_state(corpus: Corpus, plan: Plan, start_from: Path | None) -> Checkpoint:
    start = _start(start_from) if start_from else None
    texts = {language: [c.text for c in corpus.clips if c.language == language] for language in ("ko", "en")}
    previous = Vocabulary.from_json(start.vocabulary) if start else None
    vocabulary = build_vocabulary(texts["ko"], texts["en"], previous)
    phonemes = _number_phonemes(corpus)
    shape = Shape(
        vocabulary=vocabulary.size,
        phonemes=len(phonemes),
        width=start.shape.width if start else plan.width,
        encoder_layers=plan.encoder_layers,
        decoder_layers=plan.decoder_layers,
    )
    network = Whisper(shape)
    if start:
        warm_start(network, vocabulary, start)
    return Checkpoint(shape, vocabulary.to_json(), phonemes, network.state_dict())


def _start(path: Path) -> Checkpoint:
    return reopen(path) if path.is_dir() else read(path)


def _number_phonemes(corpus: Corpus) -> dict[str, int]:
    names = sorted({name for clip in corpus.clips for name, _ in clip.phonemes if not name.startswith(_SILENCE)})
    return {_SILENCE: 0, **{name: number for number, name in enumerate(names, start=1)}}


def _optimizer(network: Whisper, learning_rate: float) -> torch.optim.Optimizer:
    decayed: list[torch.nn.Parameter] = []
    free: list[torch.nn.Parameter] = []
    for name, parameter in network.named_parameters():
        is_free = parameter.ndim < 2 or "positions" in name or "embedding" in name
        (free if is_free else decayed).append(parameter)
    groups = [{"params": decayed, "weight_decay": 0.02}, {"params": free, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=learning_rate, betas=(0.9, 0.98), eps=1e-8)


def _rate(step: int, plan: Plan) -> float:
    """Return the share of the peak learning rate: linear warm-up, then a cosine down to 2 %."""
    cosine = 0.5 * (1 + math.cos(math.pi * step / plan.steps))
    return min(1.0, (step + 1) / plan.warmup_steps) * (0.98 * cosine + 0.02)


def _draw(mix: Mapping[int, float], random: Random) -> int:
    return random.choices(list(mix), list(mix.values()))[0]


def _progress(step: int, steps: int, losses: Losses, seconds: float) -> Progress:
    return Progress(step, steps, losses.accuracy, float(losses.token.detach()), float(losses.ctc.detach()), seconds)

"""What a training step minimises: next token, phonemes, CTC and guided attention.

The last three are why a model of this size learns in an hour what would otherwise take a day:
they say where each token is spoken instead of leaving it to be discovered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from torch import Tensor

from stt.training.network import Whisper
from stt.training.tokens import Vocabulary
from stt.training.windows import IGNORED, POSITION_S, POSITION_SAMPLES, Example

_UNSPOKEN = "-.,?"
_LABEL_SMOOTHING = 0.02
_CURRENT_TOKEN_HEADS = 2


@dataclass(frozen=True, slots=True)
class Batch:
    """Examples side by side, padded. ``begins`` and ``ends`` bound when each target is spoken (-1: never)."""

    phonemes: Tensor
    given: Tensor
    targets: Tensor
    begins: Tensor
    ends: Tensor
    spoken: tuple[tuple[int, ...], ...]
    lengths: tuple[int, ...]


def collate(examples: Sequence[Example], vocabulary: Vocabulary) -> Batch:
    """Pad examples to one length."""
    width = max(len(example.tokens) for example in examples) - 1
    end_of_text = vocabulary.id("<|endoftext|>")
    given = torch.full((len(examples), width), end_of_text)
    targets = torch.full((len(examples), width), IGNORED)
    begins, ends = torch.zeros(len(examples), width), torch.full((len(examples), width), -1.0)
    for row, example in enumerate(examples):
        count = len(example.tokens) - 1
        given[row, :count] = torch.tensor(example.tokens[:-1])
        targets[row, :count] = torch.tensor(_learnt(example, vocabulary))
        for column, interval in enumerate(example.intervals[1:]):
            if interval is not None:
                begins[row, column], ends[row, column] = interval
    phonemes = torch.tensor(np.stack([example.phonemes for example in examples]))
    silent = {vocabulary.encode(mark)[0][0] for mark in _UNSPOKEN}
    spoken = tuple(
        tuple(t for t in example.tokens[example.prompt :] if t < vocabulary.text_tokens and t not in silent)
        for example in examples
    )
    return Batch(phonemes, given, targets, begins, ends, spoken, tuple(e.length for e in examples))


def _learnt(example: Example, vocabulary: Vocabulary) -> list[int]:
    """Return the targets; the prompt, the task and <|notimestamps|> are always given, so never learnt."""
    targets = list(example.tokens[1:])
    targets[: example.prompt] = [IGNORED] * example.prompt
    given = {vocabulary.id("<|transcribe|>"), vocabulary.id("<|notimestamps|>")}
    return [IGNORED if target in given else target for target in targets]


@dataclass(frozen=True, slots=True)
class Losses:
    """The parts of the loss, and how often the next token was right."""

    token: Tensor
    phoneme: Tensor
    ctc: Tensor
    next_attention: Tensor
    current_attention: Tensor
    accuracy: float

    def total(self, progress: float) -> Tensor:
        """Return the weighted sum; what helps at first counts less towards the end (``progress`` 0 to 1)."""
        left = 1.0 - progress
        return (
            self.token
            + 0.6 * max(0.1, left) * self.phoneme
            + 0.4 * max(0.35, left) * self.ctc
            + max(0.3, left) * (self.next_attention + 0.5 * self.current_attention)
        )


def measure(network: Whisper, mel: Tensor, batch: Batch, vocabulary: Vocabulary) -> Losses:
    """Run the network on a batch and return its losses."""
    memory, bias = network.encode(mel)
    logits, attentions = network.decode(batch.given, memory, bias)
    positions = batch.phonemes.shape[1]
    heard = memory[:, :positions]
    spoken = batch.ends > 0
    is_right = (logits.argmax(-1) == batch.targets) & (batch.targets >= 0)
    return Losses(
        token=_cross_entropy(logits, batch.targets, _LABEL_SMOOTHING),
        phoneme=_cross_entropy(network.phonemes(heard), batch.phonemes, 0.0),
        ctc=_ctc(network, heard, batch, vocabulary.text_tokens),
        next_attention=_outside(attentions[-1][..., :positions], batch, spoken),
        current_attention=_outside_of_current(attentions[0], batch, spoken, positions),
        accuracy=float(is_right.sum() / (batch.targets >= 0).sum()),
    )


def _cross_entropy(logits: Tensor, targets: Tensor, smoothing: float) -> Tensor:
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=IGNORED, label_smoothing=smoothing)


def _ctc(network: Whisper, heard: Tensor, batch: Batch, text_tokens: int) -> Tensor:
    classes = torch.cat([network.embedding.weight[:text_tokens], network.blank])
    scores = (network.ctc(heard) @ classes.t()).log_softmax(-1).transpose(0, 1)
    heard_lengths = torch.tensor([max(2, length // POSITION_SAMPLES) for length in batch.lengths])
    counts = torch.tensor([len(tokens) for tokens in batch.spoken])
    flat = torch.tensor([token for tokens in batch.spoken for token in tokens], dtype=torch.long)
    loss = F.ctc_loss(scores, flat, heard_lengths, counts, blank=text_tokens, reduction="none", zero_infinity=True)
    return (loss / counts.clamp(min=1)).mean()


def _mask(batch: Batch, spoken: Tensor, positions: int) -> Tensor:
    at = (torch.arange(positions) + 0.5) * POSITION_S
    inside = (at >= batch.begins[..., None]) & (at <= batch.ends[..., None])
    return inside & spoken[..., None]


def _outside(attention: Tensor, batch: Batch, spoken: Tensor) -> Tensor:
    """Penalise attention of all heads outside the interval in which the next token is spoken."""
    mask = _mask(batch, spoken, attention.shape[-1])
    mass = (attention * mask[:, None]).sum(-1).mean(1)
    return -(mass[spoken] + 1e-4).log().mean() if bool(spoken.any()) else attention.sum() * 0


def _outside_of_current(attention: Tensor, batch: Batch, spoken: Tensor, positions: int) -> Tensor:
    """Penalise attention of two heads outside the interval of the token just given."""
    mask, is_given = _mask(batch, spoken, positions)[:, :-1], spoken[:, :-1]
    mass = (attention[:, :_CURRENT_TOKEN_HEADS, 1:, :positions] * mask[:, None]).sum(-1).mean(1)
    return -(mass[is_given] + 1e-4).log().mean() if bool(is_given.any()) else attention.sum() * 0

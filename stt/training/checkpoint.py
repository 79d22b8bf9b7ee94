"""A training run on disk: everything needed to go on, or to start a deeper model from."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch

from hub.errors import Misconfigured
from stt.training.network import Shape, Whisper
from stt.training.tokens import Vocabulary

NAME = "checkpoint.pt"


@dataclass(slots=True)
class Checkpoint:
    """The state of a run after ``step`` steps."""

    shape: Shape
    vocabulary: str
    phonemes: dict[str, int]
    weights: dict[str, Any]
    step: int = 0
    optimizer: dict[str, Any] = field(default_factory=dict)


def save(checkpoint: Checkpoint, path: Path) -> None:
    """Write a checkpoint whole or not at all."""
    partial = path.with_suffix(".partial")
    torch.save({**vars_of(checkpoint), "shape": asdict(checkpoint.shape)}, partial)
    partial.replace(path)


def vars_of(checkpoint: Checkpoint) -> dict[str, Any]:
    """Return the fields of a checkpoint by name."""
    return {name: getattr(checkpoint, name) for name in Checkpoint.__slots__}


def read(path: Path) -> Checkpoint:
    """Read a checkpoint.

    Raises:
        Misconfigured: there is none, or it is not ours.
    """
    if not path.is_file():
        raise Misconfigured(f"There is no checkpoint {path.name}", reason="no_checkpoint")
    tree = torch.load(path, map_location="cpu", weights_only=True)
    return Checkpoint(**{**tree, "shape": Shape(**tree["shape"])})


def warm_start(network: Whisper, vocabulary: Vocabulary, start: Checkpoint) -> None:
    """Fill a network from a checkpoint with fewer layers or tokens, so that it says what that one said.

    Embeddings move by token; missing syllables start at random. New encoder layers come last,
    new decoder layers before the last (whose attention is guided), and pass through at first.
    """
    weights = dict(start.weights)
    old = Vocabulary.from_json(start.vocabulary)
    embedding = network.embedding.weight.data
    rows = {token: index for index, token in enumerate(old.tokens())}
    for index, token in enumerate(vocabulary.tokens()):
        if token in rows:
            embedding[index] = weights["embedding.weight"][rows[token]]
    weights["embedding.weight"] = embedding.clone()
    if start.shape.phonemes != network.shape.phonemes:
        weights = {name: value for name, value in weights.items() if not name.startswith("phonemes.")}
    network.load_state_dict(_deepened(weights, start.shape, network), strict=False)


def _deepened(weights: dict[str, Any], old: Shape, network: Whisper) -> dict[str, Any]:
    new = network.shape
    for layer in network.encoder[old.encoder_layers :]:
        layer.silence()
    for layer in network.decoder[old.decoder_layers - 1 : new.decoder_layers - 1]:
        layer.silence()
    last, target = f"decoder.{old.decoder_layers - 1}.", f"decoder.{new.decoder_layers - 1}."
    return {(target + name.removeprefix(last) if name.startswith(last) else name): v for name, v in weights.items()}

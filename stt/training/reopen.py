"""Read a finished model back, so that training can go on from the weights in the repository.

``model.bin`` is CTranslate2's: a header, then name, shape, type and bytes of each variable, then
the names that stand for another's bytes (source: ``ctranslate2.specs.model_spec.ModelSpec.save``,
binary version 6). Rows of 8-bit weights come with the factor they were multiplied by. The heads
that only training has are not in a finished model and start anew.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import torch

from hub.errors import Misconfigured
from stt.training.checkpoint import Checkpoint
from stt.training.network import Shape
from stt.training.tokens import Vocabulary

_VERSION = 6
_TYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}
_NORMS = {"gamma": "weight", "beta": "bias"}

Arrays = dict[str, np.ndarray]


def reopen(directory: Path) -> Checkpoint:
    """Return a finished model as a checkpoint at step 0.

    Raises:
        Misconfigured: the directory holds no model that ``export`` wrote.
    """
    try:
        arrays = _read(directory / "model.bin")
        vocabulary = (directory / "tokenizer.json").read_text(encoding="utf-8")
        weights = _weights(arrays)
    except (OSError, KeyError, struct.error) as error:
        raise Misconfigured(f"{directory.name} holds no model of ours to go on from", reason="no_checkpoint") from error
    shape = Shape(
        vocabulary=Vocabulary.from_json(vocabulary).size,
        phonemes=0,
        width=int(arrays["decoder/embeddings/weight"].shape[1]),
        encoder_layers=_layers(arrays, "encoder"),
        decoder_layers=_layers(arrays, "decoder"),
    )
    return Checkpoint(shape, vocabulary, {}, {name: torch.from_numpy(value) for name, value in weights.items()})


def _read(path: Path) -> Arrays:
    """Return every variable as float32, 8-bit rows divided by their factor."""
    raw: Arrays = {}
    with path.open("rb") as file:
        (version,) = struct.unpack("I", file.read(4))
        if version != _VERSION:
            raise Misconfigured(f"model.bin has version {version}, not {_VERSION}", reason="no_checkpoint")
        _text(file)
        _, count = struct.unpack("II", file.read(8))
        for _ in range(count):
            name = _text(file)
            raw[name] = _array(file)
        (aliases,) = struct.unpack("I", file.read(4))
        for _ in range(aliases):
            name = _text(file)
            raw[name] = raw[_text(file)]
    return {name: _whole(value, raw.get(f"{name}_scale")) for name, value in raw.items() if not name.endswith("_scale")}


def _text(file: BinaryIO) -> str:
    (length,) = struct.unpack("H", file.read(2))
    return file.read(length).rstrip(b"\0").decode()


def _array(file: BinaryIO) -> np.ndarray:
    (rank,) = struct.unpack("B", file.read(1))
    shape = struct.unpack("I" * rank, file.read(4 * rank))
    kind, size = struct.unpack("<BI", file.read(5))
    return np.frombuffer(file.read(size), dtype=_TYPES[kind]).reshape(shape)


def _whole(value: np.ndarray, factor: np.ndarray | None) -> np.ndarray:
    kept = value.astype(np.float32)
    return kept if factor is None else kept / factor.astype(np.float32).reshape(-1, *[1] * (kept.ndim - 1))


def _layers(arrays: Arrays, side: str) -> int:
    parts = (name.split("/") for name in arrays)
    return len(
        {part[1] for part in parts if part[0] == side and part[1].startswith("layer_") and part[1] != "layer_norm"}
    )


def _weights(arrays: Arrays) -> dict[str, Any]:
    """Return the variables under the names of ``stt.training.network.Whisper``."""
    weights = {
        "embedding.weight": arrays["decoder/embeddings/weight"],
        "encoder_positions": arrays["encoder/position_encodings/encodings"],
        "decoder_positions": arrays["decoder/position_encodings/encodings"],
        **_renamed(arrays, "encoder/layer_norm", "encoder_norm", _NORMS),
        **_renamed(arrays, "decoder/layer_norm", "decoder_norm", _NORMS),
    }
    for conv in ("conv1", "conv2"):
        weights |= _renamed(arrays, f"encoder/{conv}", conv)
    for side in ("encoder", "decoder"):
        for number in range(_layers(arrays, side)):
            weights |= _layer(arrays, f"{side}/layer_{number}", f"{side}.{number}", cross=side == "decoder")
    return weights


def _layer(arrays: Arrays, source: str, target: str, *, cross: bool) -> dict[str, Any]:
    weights = {
        **_renamed(arrays, f"{source}/self_attention/layer_norm", f"{target}.self_norm", _NORMS),
        **_split(arrays, f"{source}/self_attention/linear_0", f"{target}.self_attention", ("query", "key", "value")),
        **_renamed(arrays, f"{source}/self_attention/linear_1", f"{target}.self_attention.out"),
        **_renamed(arrays, f"{source}/ffn/layer_norm", f"{target}.feed_norm", _NORMS),
        **_renamed(arrays, f"{source}/ffn/linear_0", f"{target}.feed_in"),
        **_renamed(arrays, f"{source}/ffn/linear_1", f"{target}.feed_out"),
    }
    if cross:
        attention = f"{target}.cross_attention"
        weights |= _renamed(arrays, f"{source}/attention/layer_norm", f"{target}.cross_norm", _NORMS)
        weights |= _split(arrays, f"{source}/attention/linear_0", attention, ("query",))
        weights |= _split(arrays, f"{source}/attention/linear_1", attention, ("key", "value"))
        weights |= _renamed(arrays, f"{source}/attention/linear_2", f"{attention}.out")
    return weights


def _renamed(arrays: Arrays, source: str, target: str, names: dict[str, str] | None = None) -> dict[str, Any]:
    names = names or {"weight": "weight", "bias": "bias"}
    return {f"{target}.{ours}": arrays[f"{source}/{theirs}"] for theirs, ours in names.items()}


def _split(arrays: Arrays, source: str, target: str, parts: tuple[str, ...]) -> dict[str, Any]:
    """Take apart what ``fuse_linear`` put together; a key has no bias."""
    weights = np.split(arrays[f"{source}/weight"], len(parts))
    biases = np.split(arrays[f"{source}/bias"], len(parts))
    split: dict[str, Any] = {}
    for part, weight, bias in zip(parts, weights, biases, strict=True):
        split[f"{target}.{part}.weight"] = weight
        if part != "key":
            split[f"{target}.{part}.bias"] = bias
    return split

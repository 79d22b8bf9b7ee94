"""Read the voice encoder's weights out of the Resemblyzer package without PyTorch.

The file is PyTorch's format before 1.6: five pickles, then the numbers of each tensor. Only the names below are
resolved while unpickling, and the file must be the published one.

Source: Resemblyzer (Apache-2.0), a GE2E speaker encoder (Wan et al., 2018) trained on LibriSpeech and VoxCeleb.
"""

from __future__ import annotations

import hashlib
import io
import pickle
from collections import OrderedDict
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hub.errors import Misconfigured

SHA256 = "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e"
LAYERS = 3

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LstmLayer:
    """One LSTM layer: gates in PyTorch's order (input, forget, cell, output), transposed for row vectors."""

    from_input: Array
    from_state: Array
    bias: Array


@dataclass(frozen=True, slots=True)
class EncoderWeights:
    """The voice encoder: LSTM layers and a linear layer after the last."""

    layers: tuple[LstmLayer, ...]
    linear: Array
    linear_bias: Array


def find_weights() -> Path | None:
    """Return where the package Resemblyzer keeps its weights; None where the extra ``diarisation`` is missing."""
    spec = find_spec("resemblyzer")
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(next(iter(spec.submodule_search_locations))) / "pretrained.pt"
    return path if path.is_file() else None


def read_weights(path: Path, sha256: str = SHA256) -> EncoderWeights:
    """Read the encoder's weights.

    Raises:
        Misconfigured: the file is not the published one (``wrong_hash``).
    """
    raw = path.read_bytes()
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise Misconfigured(
            "The voice encoder's weights are not the published ones; reinstall the extra `diarisation` (resemblyzer 0.1.4)",
            reason="wrong_hash",
        )
    state = _read_legacy(raw)["model_state"]
    layers = tuple(
        LstmLayer(
            from_input=_rows(state[f"lstm.weight_ih_l{number}"]),
            from_state=_rows(state[f"lstm.weight_hh_l{number}"]),
            bias=_array(state[f"lstm.bias_ih_l{number}"]) + _array(state[f"lstm.bias_hh_l{number}"]),
        )
        for number in range(LAYERS)
    )
    return EncoderWeights(layers, _rows(state["linear.weight"]), _array(state["linear.bias"]))


@dataclass(slots=True)
class _Storage:
    dtype: str
    values: npt.NDArray[Any] | None = None


@dataclass(frozen=True, slots=True)
class _Tensor:
    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def _rebuild(storage: _Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: object) -> _Tensor:
    return _Tensor(storage, offset, tuple(shape), tuple(strides))


_DTYPES = {"FloatStorage": "<f4", "DoubleStorage": "<f8", "LongStorage": "<i8", "IntStorage": "<i4"}
_NAMES: dict[tuple[str, str], Any] = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): _rebuild,
    ("torch._utils", "_rebuild_parameter"): lambda tensor, *_: tensor,
    **{("torch", name): dtype for name, dtype in _DTYPES.items()},
}


class _Reader(pickle.Unpickler):
    """An unpickler that knows tensors and nothing else."""

    def __init__(self, file: io.BytesIO, storages: dict[str, _Storage]) -> None:
        super().__init__(file)
        self._storages = storages

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - what pickle asks for
        try:
            return _NAMES[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name} is not allowed here") from None

    def persistent_load(self, pid: Any) -> _Storage:  # noqa: ANN401 - ("storage", dtype, key, device, length, view)
        return self._storages.setdefault(str(pid[2]), _Storage(str(pid[1])))


def _read_legacy(raw: bytes) -> dict[str, Any]:
    file = io.BytesIO(raw)
    storages: dict[str, _Storage] = {}
    _magic, _protocol, _system, content, keys = (_Reader(file, storages).load() for _ in range(5))
    for key in keys:
        length = int.from_bytes(file.read(8), "little")
        storage = storages[str(key)]
        dtype = np.dtype(storage.dtype)
        storage.values = np.frombuffer(file.read(length * dtype.itemsize), dtype)
    found: dict[str, Any] = content
    return found


def _array(tensor: _Tensor) -> Array:
    values = tensor.storage.values
    if values is None:
        raise Misconfigured("A tensor of the voice encoder has no numbers", reason="wrong_weights")
    steps = tuple(stride * values.itemsize for stride in tensor.strides)
    view = np.lib.stride_tricks.as_strided(values[tensor.offset :], tensor.shape, steps)
    return np.ascontiguousarray(view, dtype=np.float32)


def _rows(tensor: _Tensor) -> Array:
    return np.ascontiguousarray(_array(tensor).T)

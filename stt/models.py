"""Load a Whisper model once per process: the demo model, a published one by name, or a directory."""

from __future__ import annotations

import functools
import threading
from dataclasses import dataclass
from pathlib import Path

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel
from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError, RepositoryNotFoundError

from hub.errors import Misconfigured
from hub.ids import content_id

DEMO = "demo"
DEMO_MODEL_DIR = Path(__file__).resolve().parent / "demo_model"
_FINGERPRINT_BYTES = 1 << 20

_loading = threading.Lock()


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """Which model to load and where it runs; two equal choices share one loaded model."""

    name_or_path: str
    device: str
    compute_type: str
    threads: int

    @property
    def label(self) -> str:
        """Return what transcripts say they were made with: a name, never a path of this machine.

        A directory's name is followed by a fingerprint of its weights, so that exchanged weights
        are another model to whoever asks what still has to be transcribed.
        """
        path = Path(self.name_or_path)
        if not path.is_dir():
            return self.name_or_path
        name = DEMO if path == DEMO_MODEL_DIR else path.name
        return f"{name}-{_fingerprint(path)}"


@functools.cache
def _fingerprint(directory: Path) -> str:
    """Return eight characters that change with the weights: their size and both ends, not gigabytes."""
    weights = directory / "model.bin"
    if not weights.is_file():
        return "none"
    size = weights.stat().st_size
    with weights.open("rb") as file:
        begin = file.read(_FINGERPRINT_BYTES)
        file.seek(max(0, size - _FINGERPRINT_BYTES))
        return content_id(size, begin, file.read())[:8]


def choose(
    model: str, *, device: str, compute_type: str, threads: int, demo_model_dir: Path | None = None
) -> ModelChoice:
    """Resolve ``demo`` to its directory, and ``auto`` to what this machine has."""
    resolved = str(demo_model_dir or DEMO_MODEL_DIR) if model == DEMO else model
    on = device if device != "auto" else ("cuda" if ctranslate2.get_cuda_device_count() else "cpu")
    auto = "int8" if on == "cpu" else "float16"
    return ModelChoice(resolved, on, auto if compute_type == "auto" else compute_type, threads)


def load(choice: ModelChoice) -> WhisperModel:
    """Return the model, loading it on first use.

    Raises:
        Misconfigured: there is no such model, or it cannot run on this device.
    """
    with _loading:
        return _load(choice)


class _WindowByWindow(WhisperModel):
    """On a CPU, encodes one window at a time: what a batch of eight computes leaves the cache and takes a third longer."""

    def encode(self, features: np.ndarray) -> ctranslate2.StorageView:
        if self.model.device != "cpu" or features.ndim == 2 or len(features) == 1:
            return super().encode(features)
        return ctranslate2.StorageView.from_array(
            np.concatenate([super(_WindowByWindow, self).encode(window) for window in features])
        )


@functools.lru_cache(maxsize=2)
def _load(choice: ModelChoice) -> WhisperModel:
    try:
        return _WindowByWindow(
            choice.name_or_path,
            device=choice.device,
            compute_type=choice.compute_type,
            # Two threads in one computation wait for each other at every layer; two computations do not.
            cpu_threads=1 if choice.device == "cpu" else choice.threads,
            num_workers=choice.threads if choice.device == "cpu" else 1,
        )
    except (HfHubHTTPError, LocalEntryNotFoundError, RepositoryNotFoundError, OSError) as error:
        raise _no_model(choice, "it is not on this machine and cannot be downloaded") from error
    except (ValueError, RuntimeError) as error:
        raise _no_model(choice, str(error).splitlines()[0]) from error


def _no_model(choice: ModelChoice, why: str) -> Misconfigured:
    return Misconfigured(
        f"Speech model {choice.label} does not load ({why}); HUB_SPEECH__MODEL takes demo, a Whisper name or a directory",
        reason="no_model",
        model=choice.label,
    )

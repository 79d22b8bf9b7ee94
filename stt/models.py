"""Load a Whisper model once per process: the demo model, a published one by name, or a directory."""

from __future__ import annotations

import functools
import threading
from dataclasses import dataclass
from pathlib import Path

import ctranslate2
from faster_whisper import WhisperModel
from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError, RepositoryNotFoundError

from hub.errors import Misconfigured

DEMO = "demo"
DEMO_MODEL_DIR = Path(__file__).resolve().parent / "demo_model"

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
        """Return what transcripts say they were made with: a name, never a path of this machine."""
        path = Path(self.name_or_path)
        return path.name if path.is_dir() else self.name_or_path


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


@functools.lru_cache(maxsize=2)
def _load(choice: ModelChoice) -> WhisperModel:
    try:
        return WhisperModel(
            choice.name_or_path, device=choice.device, compute_type=choice.compute_type, cpu_threads=choice.threads
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

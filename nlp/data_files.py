"""The data files of this room: rules, gazetteers and lexicons, each with an owner, and their common fingerprint."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from hub.errors import Misconfigured

DATA = Path(__file__).parent / "data"
CODE = Path(__file__).parent


def load(name: str) -> dict[str, Any]:
    """Read one data file.

    Raises:
        Misconfigured: the file is no mapping or names no owner.
    """
    return _read(DATA / name)


def load_folder(name: str) -> dict[str, dict[str, Any]]:
    """Read every data file of a folder, by file name without its ending, in order of name."""
    return {path.stem: _read(path) for path in sorted((DATA / name).glob("*.yaml"))}


def _read(path: Path) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - the C build of the safe loader
    if not isinstance(document, dict) or not document.get("owner"):
        raise Misconfigured(f"Data file nlp/data/{path.name} must be a mapping with an `owner`", reason="bad_data_file")
    return document


@cache
def fingerprint(*rooms: str, data: Sequence[str] = ("**/*.yaml",)) -> str:
    """Return 12 hex characters that change with what a reader is made of.

    Args:
        rooms: packages of this room: their code and their trained weights count.
        data: patterns of the data files that count; all of them unless given.
    """
    digest = hashlib.blake2b(digest_size=6)
    code = [
        path for room in rooms for kind in ("*.py", "*.npz", "*.crfsuite") for path in sorted((CODE / room).rglob(kind))
    ]
    files = sorted({path for pattern in data for path in DATA.glob(pattern)})
    for root, paths in ((DATA, files), (CODE, code)):
        for path in paths:
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()

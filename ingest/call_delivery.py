"""What lies in a delivery of calls: recordings, sidecars, manifests, strangers, and which recording a sidecar means."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from hub.errors import Permanent
from hub.recording_formats import RECORDING_SUFFIXES

_UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload")
_SIDECARS = (".json", ".xml")
_MANIFESTS = (".csv", ".csv.gz", ".tsv", ".tsv.gz")


class Stranger(NamedTuple):
    """A file that belongs to no call; ``target`` is where a link leads that must not be followed."""

    path: Path
    reason: str
    message: str
    target: str | None = None


class Delivery(NamedTuple):
    """The files of a delivery, each kind in order of its path; ``growing`` ones of any kind may not be whole yet."""

    recordings: list[Path]
    sidecars: list[Path]
    manifests: list[Path]
    strangers: list[Stranger]
    growing: set[Path]


def sort_out(paths: Path | Iterable[Path], settle_s: float = 0.0) -> Delivery:
    """Look through folders, or the files themselves.

    Hidden and unfinished files are left alone. A link is followed where it stays within its delivery.

    Args:
        settle_s: files of folders that were written to within so many seconds are ``growing``.

    Raises:
        Permanent: ``missing_source``: there is no such file or folder.
    """
    found = Delivery([], [], [], [], set())
    settle_ns = round(settle_s * 1_000_000_000)
    for path in [paths] if isinstance(paths, Path) else paths:
        if path.is_dir():
            root = path.resolve()
            for file in sorted(path.rglob("*")):
                _sort(file, root, found)
                # A time far ahead is another machine's wrong clock, not a file that will be written to for ever.
                if settle_ns and file.is_file() and abs(time.time_ns() - file.stat().st_mtime_ns) < settle_ns:
                    found.growing.add(file)
        elif path.is_file():
            _sort(path, None, found)
        else:
            raise Permanent("There is no such file or folder.", reason="missing_source", file=path.name)
    return found


def _sort(path: Path, root: Path | None, found: Delivery) -> None:
    suffix = path.suffix.lower()
    if path.name.startswith(".") or suffix in _UNFINISHED:
        return
    if root is not None and path.is_symlink() and not path.resolve().is_relative_to(root):
        message = "The file is a link that leads out of its delivery."
        found.strangers.append(Stranger(path, "link_outside", message, str(path.readlink())))
    elif path.is_symlink() and not path.exists():
        found.strangers.append(Stranger(path, "broken_link", "The link leads nowhere.", str(path.readlink())))
    elif not path.is_file():
        return
    elif not _is_text(path.name):
        found.strangers.append(Stranger(path, "bad_file_name", "The file's name is no UTF-8."))
    elif suffix in RECORDING_SUFFIXES:
        found.recordings.append(path)
    elif suffix in _SIDECARS:
        found.sidecars.append(path)
    elif path.name.lower().endswith(_MANIFESTS):
        found.manifests.append(path)
    else:
        found.strangers.append(Stranger(path, "unknown_kind", "The file is neither a recording nor a sidecar."))


class Recordings:
    """Finds the recording that a sidecar means: in its own folder first, then anywhere if there is but one."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._here: dict[tuple[Path, str], Path] = {}
        self._anywhere: dict[str, list[Path]] = defaultdict(list)
        for path in paths:
            for name in (path.name.casefold(), path.stem.casefold()):
                # Two recordings may share a stem (a.mp3, a.wav): it means the first.
                self._here.setdefault((path.parent, name), path)
                self._anywhere[name].append(path)

    def beside(self, sidecar: Path) -> Path | None:
        """Return the recording of ``a.json``: ``a.wav`` or any other kind, or of ``a.wav.json``: ``a.wav``.

        Raises:
            Permanent: ``ambiguous_recording``.
        """
        return self._find(sidecar.parent, sidecar.stem)

    def named(self, manifest: Path, file: str | None, call_id: str) -> Path | None:
        """Return the recording that a row names: by its file, which may be a path from the manifest on, or by its id.

        Raises:
            Permanent: ``ambiguous_recording``.
        """
        if file is None:
            return self._find(manifest.parent, call_id)
        place = PurePosixPath(file.replace("\\", "/"))
        if len(place.parts) > 1 and ".." not in place.parts and not place.is_absolute():
            exact = self._here.get((manifest.parent / place.parent, place.name.casefold()))
            if exact is not None:
                return exact
        return self._find(manifest.parent, place.name)

    def _find(self, folder: Path, name: str) -> Path | None:
        here = self._here.get((folder, name.casefold()))
        if here is not None:
            return here
        elsewhere = self._anywhere.get(name.casefold(), [])
        if len(elsewhere) > 1:
            raise Permanent("Several recordings have that name.", reason="ambiguous_recording")
        return elsewhere[0] if elsewhere else None


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def shown(path: Path) -> str:
    """Return a file's name as text, whatever bytes it is made of."""
    return path.name.encode("utf-8", "backslashreplace").decode()

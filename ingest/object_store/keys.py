"""What may be put under which key: the same on every adapter, so that a store can be moved without renaming."""

from __future__ import annotations

from pathlib import Path

from hub.errors import Permanent

MAX_KEY_BYTES = 1_024
MAX_SEGMENT_BYTES = 255
INCOMING = ".incoming"


def check_key(key: str) -> str:
    """Return the key itself when it is a good one.

    Raises:
        Permanent: ``bad_key``; the message says which rule it breaks, without the key, which may be personal.
    Source: 1,024 bytes is S3's limit on a key, 255 the limit of Linux file systems (and MinIO) on one segment.
    """
    _check_characters(key)
    segments = key.split("/")
    if "" in segments:
        raise _bad("is empty, starts or ends with a slash, or has two slashes in a row")
    if any(_is_dots(segment) for segment in segments):
        raise _bad("has a segment that climbs (. or ..), or of dots and blanks only")
    if segments[0] == INCOMING:
        raise _bad(f"starts with {INCOMING}/, where unfinished writes live")
    if any(len(segment.encode()) > MAX_SEGMENT_BYTES for segment in segments):
        raise _bad(f"has a segment of more than {MAX_SEGMENT_BYTES} bytes")
    return key


def check_prefix(prefix: str) -> str:
    """Return the prefix when keys can start with it; it may be empty or end in mid-segment.

    Raises:
        Permanent: ``bad_key``.
    """
    _check_characters(prefix)
    *folders, _ = prefix.split("/")
    if any(_is_dots(folder) for folder in folders):
        raise _bad("as a prefix, has an empty or climbing segment")
    return prefix


def check_source(source: bytes | Path) -> bytes | Path:
    """Return the source itself when it can be read.

    Raises:
        Permanent: ``missing_source``.
    """
    if isinstance(source, Path) and not source.is_file():
        raise Permanent("The file to be stored is not there.", reason="missing_source", file=source.name)
    return source


def _is_dots(segment: str) -> bool:
    """Tell whether a segment is empty or may be read as ``.`` or ``..``: MinIO strips blanks before it looks."""
    return not segment.strip().strip(".")


def _check_characters(key: str) -> None:
    try:
        size_bytes = len(key.encode())
    except UnicodeEncodeError:
        raise _bad("is no valid Unicode") from None
    if any(character < " " or character == "\x7f" for character in key):
        raise _bad("has a control character")
    if "\\" in key:
        raise _bad("has a backslash, which some stores read as a slash")
    if size_bytes > MAX_KEY_BYTES:
        raise _bad(f"has more than {MAX_KEY_BYTES} bytes")


def _bad(why: str) -> Permanent:
    return Permanent(f"An object key {why}.", reason="bad_key")

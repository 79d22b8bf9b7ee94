"""Dead letters: how a refusal becomes one, how its bytes are found again, how it is put aside."""

from __future__ import annotations

from collections.abc import Sequence

from hub.errors import Permanent
from hub.ids import content_id
from hub.ports import DeadLetterStore, ObjectStore
from hub.records import DeadLetter, LetterStatus, Provenance
from ingest.formats.lines import unpacked
from ingest.formats.source import Refused, Source

LANDING = "landing"
COLLECTING = "collecting"
MAX_KEPT_BYTES = 1 << 20


def letter_of_file(feed: str, file: str, refused: Refused, source: Source, now_ms: int) -> DeadLetter:
    """Return the letter of a refused place of a file; its bytes are in the kept file, from the offset on.

    The same place of the same file is the same letter, also when the file is delivered again, longer.
    """
    identity: tuple[str | bytes | int, ...] = (refused.offset, refused.reason)
    if refused.reason != "truncated_line":
        identity += (source.object if refused.is_whole_file else refused.raw,)
    return DeadLetter(
        letter_id=content_id("letter", feed, file, *identity),
        feed=feed,
        stage=LANDING,
        reason=refused.reason,
        message=f"{file}: {refused.message}",
        payload_key=source.object,
        provenance=source.at(None if refused.is_whole_file else refused.offset),
        received_ms=now_ms,
    )


def letter_of_object(
    feed: str, stage: str, refused: Refused, payload_key: str, provenance: Provenance, now_ms: int, name: str = ""
) -> DeadLetter:
    """Return the letter of a refused record whose bytes are an object of their own."""
    return DeadLetter(
        letter_id=content_id("letter", feed, name, refused.reason, payload_key),
        feed=feed,
        stage=stage,
        reason=refused.reason,
        message=f"{name}: {refused.message}" if name else refused.message,
        payload_key=payload_key,
        provenance=provenance,
        received_ms=now_ms,
    )


def is_in_file(letter: DeadLetter) -> bool:
    """Tell whether a letter's bytes are a place in a kept file rather than an object of their own."""
    return letter.provenance.object == letter.payload_key and letter.provenance.offset is not None


def kept_bytes(letter: DeadLetter, objects: ObjectStore, max_bytes: int = MAX_KEPT_BYTES) -> bytes:
    """Return the bytes that were refused: the line in its file, else the whole object, up to a limit."""
    with objects.open(letter.payload_key) as stream:
        if not is_in_file(letter):
            return stream.read(max_bytes)
        skip, kept = letter.provenance.offset or 0, b""
        try:
            for chunk in unpacked(stream):
                kept += chunk[skip:]
                skip = max(0, skip - len(chunk))
                if b"\n" in kept or len(kept) >= max_bytes:
                    break
        except Permanent:
            # A damaged gzip file: what could be unpacked is what was refused.
            pass
    return kept.partition(b"\n")[0][:max_bytes]


def discard(letter_ids: Sequence[str], dead_letters: DeadLetterStore, note: str) -> int:
    """Put letters aside for good; says why. Their bytes stay in the vault.

    Raises:
        Permanent: ``unknown_letter``, or ``note_missing``: whoever discards a record says why.
    """
    if not note.strip():
        raise Permanent("Say why these records are discarded.", reason="note_missing")
    for letter_id in letter_ids:
        dead_letters.mark(letter_id, LetterStatus.DISCARDED, note)
    return len(letter_ids)

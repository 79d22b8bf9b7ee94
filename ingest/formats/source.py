"""What a format is told about the bytes it reads, and what it answers when it refuses some of them."""

from __future__ import annotations

from hub.records import Provenance, Record

EARLIEST_MS = 631_152_000_000  # 1990-01-01
LATEST_MS = 4_102_444_800_000  # 2100-01-01
# Encodings in which a newline, a comma and a quote are always one byte of their own.
ENCODINGS = ("utf-8", "cp949", "euc-kr", "latin-1")


class Source(Record, frozen=True, kw_only=True):
    """Bytes of a feed: where they are kept, how they are written and what is still plausible in them.

    ``offset_hours`` is the UTC offset of times that name none (Korea: 9).
    """

    dataset: str
    object: str = ""
    encoding: str = "utf-8"
    offset_hours: float = 9.0
    max_line_bytes: int = 1 << 20
    max_depth: int = 32
    earliest_ms: int = EARLIEST_MS
    latest_ms: int = LATEST_MS

    def at(self, offset: int | None) -> Provenance:
        """Return the place of a record that starts at a byte of the (unpacked) object."""
        return Provenance(dataset=self.dataset, object=self.object, offset=offset)


class Refused(Record, frozen=True, kw_only=True):
    """Bytes that are no record: a snake_case reason, a sentence, the place, and the bytes (their start, if many).

    ``is_whole_file`` says that nothing after this place was read.
    """

    reason: str
    message: str
    offset: int
    raw: bytes = b""
    is_whole_file: bool = False

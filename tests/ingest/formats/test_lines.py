"""Lines out of anything: packed, cut, endless, damaged."""

from __future__ import annotations

import gzip
import io
import random
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.lines import Line, read_lines
from ingest.formats.source import Refused, Source

SOURCE = Source(dataset="d", max_line_bytes=1_000)


def read(raw: bytes, source: Source = SOURCE) -> list[Line | Refused]:
    return list(read_lines(io.BytesIO(raw), source))


def told(raw: bytes) -> list[tuple[int, bytes] | tuple[int, str]]:
    return [(item.offset, item.raw if isinstance(item, Line) else item.reason) for item in read(raw)]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", []),
        (b"\n\r\n  \n", []),
        (b"a\nb", [(0, b"a"), (2, b"b")]),
        (b"a\r\n\r\nb\r\n", [(0, b"a"), (5, b"b")]),
        (b"\xef\xbb\xbfa\nb\n", [(0, b"a"), (5, b"b")]),
        (b"\xef\xbb\xbf", []),
        (b"a\x00b\nc\n", [(0, "nul_byte"), (4, b"c")]),
        (b"x" * 1_000 + b"\nb\n", [(0, b"x" * 1_000), (1_001, b"b")]),
        (b"x" * 1_001 + b"\nb\n", [(0, "line_too_long"), (1_002, b"b")]),
        (b"x" * 2_000_000 + b"\nb\n", [(0, "line_too_long"), (2_000_001, b"b")]),
        (b"x" * 2_000_000, [(0, "line_too_long")]),
    ],
)
def test_every_line_is_yielded_or_refused_at_its_place(raw: bytes, expected: list[object]) -> None:
    assert told(raw) == expected


def test_a_last_line_without_an_ending_says_so() -> None:
    assert [item.is_terminated for item in read(b"a\nb") if isinstance(item, Line)] == [True, False]


def test_packed_files_read_as_if_they_were_not() -> None:
    raw = b"".join(b"line %d\n" % number for number in range(50_000))
    packed = gzip.compress(raw[:100_000]) + gzip.compress(raw[100_000:])
    assert read(packed) == read(raw)


@pytest.mark.parametrize("cut", [12, 100, 5_000])
def test_a_packed_file_that_ends_early_yields_its_start_and_says_so(cut: int) -> None:
    noise = random.Random(7)
    raw = b"".join(b"%d\n" % noise.getrandbits(200) for _ in range(1_000))
    items = read(gzip.compress(raw)[:cut])
    assert isinstance(items[-1], Refused)
    assert items[-1].reason == "truncated_gzip"
    kept = b"".join(item.raw + b"\n" for item in items if isinstance(item, Line))
    assert raw.startswith(kept)
    assert raw[len(kept) :].startswith(items[-1].raw[:4_000])


def test_a_damaged_packed_file_says_so() -> None:
    packed = bytearray(gzip.compress(b"".join(b"%d\n" % number for number in range(10_000))))
    packed[200:260] = bytes(60)
    assert any(isinstance(item, Refused) and item.reason == "corrupt_gzip" for item in read(bytes(packed)))


class Endless(io.RawIOBase):
    """A stream that makes its bytes as they are read."""

    def __init__(self, piece: bytes, times: int) -> None:
        self._piece, self._left = piece, times

    def read(self, size: int = -1) -> bytes:
        self._left -= 1
        return self._piece if self._left >= 0 else b""


@pytest.mark.parametrize("piece", [b"x" * (1 << 18), b"short\n" * 40_000])
def test_a_huge_file_takes_no_more_memory_than_a_small_one(piece: bytes) -> None:
    tracemalloc.start()
    count = sum(1 for _ in read_lines(Endless(piece, 64), SOURCE))  # type: ignore[arg-type]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count in (1, 64 * 40_000)
    assert peak < 16 << 20


def test_a_packing_bomb_is_unpacked_bit_by_bit() -> None:
    bomb = gzip.compress(bytes(64 << 20).replace(b"\0", b" ") + b"\nend\n")
    tracemalloc.start()
    items = list(read_lines(io.BytesIO(bomb), SOURCE))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(items[-1], Line)
    assert items[-1].raw == b"end"
    assert peak < 16 << 20


@given(st.binary(max_size=4_000))
def test_any_bytes_at_all_give_every_line_once(raw: bytes) -> None:
    if raw.startswith(b"\x1f\x8b"):
        return
    text = raw.removeprefix(b"\xef\xbb\xbf")
    expected = [line for line in text.split(b"\n") if line.removesuffix(b"\r").strip() or b"\0" in line]
    assert len(read(raw)) == len(expected)


@given(st.binary(max_size=2_000))
def test_any_bytes_after_a_packing_header_do_no_harm(raw: bytes) -> None:
    items = read(b"\x1f\x8b" + raw)
    assert any(isinstance(item, Refused) for item in items) or items == [] or all(isinstance(i, Line) for i in items)

"""The four records that are wrong on purpose, so that everybody can see what the hub does with such."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from demo.ledger import Ledger
from demo.lines import json_line, segment_line
from demo.period import Period, at

_GARBAGE = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(range(7, 71))


@dataclass(frozen=True, slots=True)
class BrokenRecord:
    """One record that no reader can accept: its kind, its file, and how to recognise it there."""

    kind: str
    file: str
    mark: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.file} ({self.mark})"


def break_four(ledger: Ledger, source: Path, period: Period) -> tuple[BrokenRecord, ...]:
    """Write a corrupt recording, a line that is not UTF-8, a row without a column and an event without an id."""
    day = period.days // 2
    name = period.names[day]
    return (
        _corrupt_recording(source, period, day),
        _line_in_another_encoding(ledger, period, day, name),
        _row_without_a_column(ledger, period, day, name),
        _event_without_id(ledger, period, day, name),
    )


def _corrupt_recording(source: Path, period: Period, day: int) -> BrokenRecord:
    call_id = "CALL-CORRUPT"
    folder = source / "calls"
    (folder / f"{call_id}.wav").write_bytes(_GARBAGE)
    sidecar = {
        "call_id": call_id,
        "started_at": period.iso(at(day, 11.25)),
        "direction": "inbound",
        "phone": "010-1999-0000",
        "customer_no": None,
        "agent_id": "A001",
        "language": "ko",
        "channel_roles": ["AGENT", "CUSTOMER"],
        "recording_consent": True,
    }
    (folder / f"{call_id}.json").write_bytes(json_line(sidecar))
    return BrokenRecord("corrupt_recording", f"calls/{call_id}.wav", call_id)


def _line_in_another_encoding(ledger: Ledger, period: Period, day: int, name: str) -> BrokenRecord:
    mark = "bad0000000000000000000e1"
    moment = at(day, 10.5)
    line = segment_line(
        period, moment, 100, 300, kind="page", message_id=mark, event="screen.viewed", anonymous_id="anon-euckr",
        user_id=None, platform="web", properties={"session_id": "s-euckr", "screen": "예금상품"},
    ).decode()  # fmt: skip
    ledger.web.add(day, moment, line.encode("euc-kr"))
    return BrokenRecord("not_utf8_log_line", f"logs/web-{name}.jsonl", mark)


def _row_without_a_column(ledger: Ledger, period: Period, day: int, name: str) -> BrokenRecord:
    mark = "T-MISSING-COLUMN"
    moment = at(day, 12.75)
    row = f"{mark},110-00-000000,C0000001,{period.iso(moment)},5200,KRW,out,card,스타벅스강남점".encode()
    ledger.memos.add(day, moment, row)
    return BrokenRecord("memo_row_missing_column", f"memos/memos-{name}.csv", mark)


def _event_without_id(ledger: Ledger, period: Period, day: int, name: str) -> BrokenRecord:
    mark = "bad0000000000000000000e2"
    moment = at(day, 15.25)
    line = segment_line(
        period, moment, 100, 300, kind="track", message_id=mark, event="product.viewed", anonymous_id=None,
        user_id=None, platform="web",
        properties={"session_id": "s-nobody", "product_id": "S01", "product_type": "savings", "page": "detail"},
    )  # fmt: skip
    ledger.web.add(day, moment, line)
    return BrokenRecord("event_without_id", f"logs/web-{name}.jsonl", mark)

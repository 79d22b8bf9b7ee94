"""Bronze to silver, one file per source: pseudonyms for identifiers, redacted text, one event envelope."""

from __future__ import annotations

from lakehouse.refine.call_plan import outdated_calls, pending_calls, waiting_calls
from lakehouse.refine.calls import Engine, Recording, refine_calls, retry_refused_calls, transcribe_calls
from lakehouse.refine.logs import refine_logs
from lakehouse.refine.master import refine_master
from lakehouse.refine.memo_changes import memo_changes, memo_versions
from lakehouse.refine.memos import refine_memos

__all__ = [
    "Engine",
    "Recording",
    "memo_changes",
    "memo_versions",
    "outdated_calls",
    "pending_calls",
    "refine_calls",
    "refine_logs",
    "refine_master",
    "refine_memos",
    "retry_refused_calls",
    "transcribe_calls",
    "waiting_calls",
]

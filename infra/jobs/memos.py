"""Memo work for the command line: train the parser's models, read all memos again with another version."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from hub.errors import Misconfigured
from infra.wiring import current_hub

CUSTOMERS, DAYS = 300, 90
PER_CATEGORY = 500


def train_memo_models(
    out: Path, *, seed: int, per_category: int = PER_CATEGORY, on_stage: Callable[[str], None] = lambda _: None
) -> dict[str, Any]:
    """Train on a demo bank's labelled memos and on made ones; writes weights and their card, returns how they fit."""
    from nlp.memos.training.card import write_card
    from nlp.memos.training.examples import ExampleMaker, bank_examples
    from nlp.memos.training.fit import fit_memo_models

    on_stage(f"demo bank: {CUSTOMERS} customers, {DAYS} days")
    of_bank = list(bank_examples(list(_bank_rows(seed))))
    made = list(ExampleMaker(seed).make(per_category))
    fit = fit_memo_models([*of_bank, *made], out, seed=seed, on_stage=on_stage)
    write_card(out, fit, of_bank=len(of_bank), made=len(made))
    return dict(msgspec.to_builtins(fit))


def _bank_rows(seed: int) -> Iterator[dict[str, str]]:
    from demo.bank import generate

    with tempfile.TemporaryDirectory() as folder:
        truth = Path(folder) / "truth"
        generate(Path(folder) / "source", truth, customers=CUSTOMERS, days=DAYS, seed=seed, audio=False)
        with (truth / "memos.jsonl").open("rb") as lines:
            for line in lines:
                row = msgspec.json.decode(line)
                yield {"memo": row["text"], "category": row["category"], "counterparty": _name_of(row)}


def _name_of(row: dict[str, Any]) -> str:
    """Return the counterparty as the memo has it; the bank's truth leaves out people, who come first in its memos."""
    if row["counterparty_kind"] == "person" and not row["counterparty"] and not row["text"].isascii():
        return str(row["text"]).split()[0]
    return str(row["counterparty"])


def reparse_memos() -> dict[str, Any]:
    """Read every memo that the present version has not read, and say what became of the facts of the version before."""
    from infra.jobs.feeds import refine_memos
    from lakehouse.refine import memo_changes, memo_versions

    hub = current_hub()
    before = memo_versions(hub.tables)
    counts = refine_memos()
    now = hub.memo_parser.version
    earlier = [version for version in before if version != now]
    report = memo_changes(hub.tables, earlier[0], now) if earlier else None
    return {"version": now, "rows": counts, "changes": report}


def compare_memos(before: str, after: str) -> dict[str, Any]:
    """Say what differs between the facts of two versions.

    Raises:
        Misconfigured: no memo was read by one of them.
    """
    from lakehouse.refine import memo_changes, memo_versions

    hub = current_hub()
    known = memo_versions(hub.tables)
    for version in (before, after):
        if version not in known:
            listed = ", ".join(known) or "none"
            raise Misconfigured(f"No memo was read by version {version}; known: {listed}", reason="unknown_version")
    return memo_changes(hub.tables, before, after)

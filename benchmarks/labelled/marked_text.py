"""Texts written by hand, with personal data marked where it stands: ``{PERSON|김민수}가 전화했어요``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SOURCE, TARGET = HERE / "templates" / "personal_data_open.txt", HERE / "personal_data_open.jsonl"
_MARK = re.compile(r"\{(?P<kind>[A-Z_]+)\|(?P<value>[^}]+)\}")


def cases(path: Path = SOURCE) -> Iterator[dict[str, Any]]:
    """Yield text, language and spans of each line (language, tabulator, text); ``#`` begins a comment."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            language, marked = line.split("\t", 1)
            yield {"language": language, **_unmarked(marked)}


def _unmarked(marked: str) -> dict[str, Any]:
    text, done = "", 0
    spans: list[list[str | int]] = []
    for match in _MARK.finditer(marked):
        text += marked[done : match.start()]
        spans.append([match["kind"], len(text), len(text) + len(match["value"])])
        text += match["value"]
        done = match.end()
    return {"text": text + marked[done:], "spans": spans}


def main() -> None:
    """Write the cases as JSON lines, for ``hub pii eval``."""
    TARGET.write_text("".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases()), encoding="utf-8")


if __name__ == "__main__":
    main()

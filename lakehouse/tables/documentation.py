"""The page that documents every table, written from the declarations."""

from __future__ import annotations

from lakehouse.features import feature_specs
from lakehouse.tables import TABLES
from lakehouse.tables.declaration import Table

_HEAD = """# Tables

Every table of the lake, from its declaration. Written by `make docs`. Classes: public, internal, personal (describes
one person under a pseudonym), sensitive (raw identifiers and raw text; bronze only, part of the vault).
"""


def tables_page() -> str:
    """Return docs/tables.md."""
    return _HEAD + "".join(_section(table) for table in TABLES.values()) + _features()


def _section(table: Table) -> str:
    kind = "updated by identity" if table.mutable else "written once per identity"
    lines = [
        f"\n## {table.name}\n",
        f"{table.description} Identity: {', '.join(f'`{c}`' for c in table.identity)}; {kind}.\n",
        "| column | type | class | what it is |",
        "|---|---|---|---|",
    ]
    lines += [f"| `{c.name}` | {c.dtype} | {c.data_class} | {c.description} |" for c in table.columns]
    return "\n".join(lines) + "\n"


def _features() -> str:
    lines = ["\n## Features\n", "| feature | type | class | owner | what it is |", "|---|---|---|---|---|"]
    lines += [f"| `{s.ref}` | {s.dtype} | {s.data_class} | {s.owner} | {s.description} |" for s in feature_specs()]
    return "\n".join(lines) + "\n"

"""``docs/tables.md``, made from the declarations."""

from __future__ import annotations

from lakehouse.tables import TABLES
from lakehouse.tables.declaration import ZONES, Table

_ZONE_TEXT = {
    "bronze": "Raw facts as sources delivered them. Vault zone: the only one with raw identifiers.",
    "silver": "Cleaned, pseudonymous and redacted.",
    "gold": "One person, one behaviour table, features with history, decisions and outcomes.",
}


def tables_page() -> str:
    """Return the page: every table by zone with its columns, types and data classes."""
    parts = [
        "# Tables",
        "",
        "Made from the declarations in `lakehouse/tables/`. Delta tables lie at `<lake root>/<zone>/<name>` and open in any",
        "Delta reader. `*_ms` columns are epoch milliseconds in UTC; `event_date` is the local day. `json` columns are",
        "strings that hold JSON.",
    ]
    for zone in ZONES:
        parts += ["", f"## {zone.capitalize()}", "", _ZONE_TEXT[zone]]
        for table in TABLES.values():
            if table.zone == zone:
                parts += ["", *_section(table)]
    return "\n".join(parts) + "\n"


def _section(table: Table) -> list[str]:
    change = "a known identity is updated" if table.mutable else "append-only: the first row of an identity stays"
    lines = [f"### {table.name}", "", table.description, ""]
    lines.append(f"Identity: {', '.join(f'`{name}`' for name in table.identity)}; {change}.")
    if table.cluster_by:
        lines.append(f"Clustered by {', '.join(f'`{name}`' for name in table.cluster_by)}.")
    for name, condition in table.checks:
        lines.append(f"Check `{name}`: `{condition}`.")
    lines += ["", "| column | type | class | what |", "| --- | --- | --- | --- |"]
    lines += [f"| {c.name} | {c.dtype} | {c.data_class.value} | {c.description} |" for c in table.columns]
    return lines

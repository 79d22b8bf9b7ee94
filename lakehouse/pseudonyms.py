"""Keyed pseudonyms for whole frames: distinct identifiers go through the one Pseudonymizer, a join brings them back.

The key never leaves this process: no SQL plan and no Spark log ever holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pyarrow as pa

from hub.ids import Pseudonymizer

if TYPE_CHECKING:
    from pyspark.sql.connect.dataframe import DataFrame

    from lakehouse.delta_tables import DeltaTables

_SCHEMA = pa.schema([("kind", pa.string()), ("raw", pa.string()), ("pseudonym", pa.string())])


def pseudonym_view(
    tables: DeltaTables, name: str, frame: DataFrame, columns: Mapping[str, str], pseudonymizer: Pseudonymizer
) -> str:
    """Register the temporary view ``name`` (kind, raw, pseudonym) of every identifier in a frame.

    Args:
        columns: SQL expression -> kind (customer, anonymous, phone or account).
    """
    pairs = ", ".join(f"named_struct('kind', '{kind}', 'raw', {column})" for column, kind in columns.items())
    exploded = frame.selectExpr(f"inline(array({pairs}))").where("raw IS NOT NULL AND length(trim(raw)) > 0")
    found = exploded.distinct().toArrow()
    kinds, raws = found.column("kind").to_pylist(), found.column("raw").to_pylist()
    makers = _makers(pseudonymizer)
    known = [makers[kind](raw) for kind, raw in zip(kinds, raws, strict=True)]
    mapping = pa.table([kinds, raws, known], schema=_SCHEMA)
    tables.local_frame(mapping).createOrReplaceTempView(name)
    return name


def _makers(pseudonymizer: Pseudonymizer) -> dict[str, Callable[[str], str]]:
    return {
        "customer": pseudonymizer.customer,
        "anonymous": pseudonymizer.anonymous,
        "phone": pseudonymizer.phone,
        "account": pseudonymizer.account,
    }

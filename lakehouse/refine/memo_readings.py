# ruff: noqa: S608 - the SQL is made of declared names
"""Distinct memo texts and what each version of the parser read in them: the cache behind the facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa

from hub.ids import Pseudonymizer
from hub.ports import MemoParser

if TYPE_CHECKING:
    from pyspark.sql.connect.dataframe import DataFrame

    from lakehouse.delta_tables import DeltaTables

READINGS, TEXTS = "silver.memo_readings", "memo_texts"
SPREAD_FROM = 200_000
"""A worker takes seconds to load the parser: fewer unread texts than this are read here, sooner."""
BATCH_TEXTS = 5_000

_FACTS = (
    ("category", pa.string(), "string"),
    ("counterparty", pa.string(), "string"),
    ("counterparty_kind", pa.string(), "string"),
    ("brand", pa.string(), "string"),
    ("branch", pa.string(), "string"),
    ("life_event", pa.string(), "string"),
    ("is_recurring", pa.bool_(), "boolean"),
    ("confidence", pa.float64(), "double"),
    ("decided_by", pa.string(), "string"),
    ("redacted_memo", pa.string(), "string"),
    ("channel", pa.string(), "string"),
    ("period", pa.string(), "string"),
    ("instalment", pa.string(), "string"),
    ("recurrence_key", pa.string(), "string"),
)
FACT_COLUMNS = tuple(name for name, _, _ in _FACTS)
_READ = pa.schema([("text_key", pa.string()), *((name, dtype) for name, dtype, _ in _FACTS)])
_READ_DDL = ", ".join(["text_key string", *(f"{name} {ddl}" for name, _, ddl in _FACTS)])
_KEYED = pa.schema([("memo_text", pa.string()), ("text_key", pa.string())])


class ReadBatches:
    """Reads Arrow batches of (memo_text, text_key) with a parser: what ``mapInArrow`` runs on Spark's workers.

    It is pickled by name: workers need the hub installed, as the local driver's have it.
    """

    def __init__(self, parser: MemoParser) -> None:
        self.parser = parser

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield what was read, a batch for a batch."""
        for batch in batches:
            yield self.read(batch.column("memo_text").to_pylist(), batch.column("text_key").to_pylist())

    def read(self, texts: Sequence[str], keys: Sequence[str]) -> pa.RecordBatch:
        """Return one row of facts per text."""
        facts = self.parser.parse(texts)
        rows = [{"text_key": key, **msgspec.to_builtins(fact)} for key, fact in zip(keys, facts, strict=True)]
        return pa.RecordBatch.from_pylist(rows, schema=_READ)


def read_texts(
    tables: DeltaTables, view: str, parser: MemoParser, pseudonymizer: Pseudonymizer, *, spread_from: int = SPREAD_FROM
) -> int:
    """Register the view ``memo_texts`` (memo_text, text_key) of a view's distinct memos and read those never read.

    The key of the pseudonyms stays in this process. Returns how many texts this version had not read before.
    """
    found = tables.sql(f"SELECT DISTINCT coalesce(memo, '') AS memo_text FROM {view}").toArrow().column("memo_text")
    texts = found.to_pylist()
    keys = [pseudonymizer.pseudonym("memo", text) for text in texts]
    tables.local_frame(pa.table([texts, keys], schema=_KEYED)).createOrReplaceTempView(TEXTS)
    unread = tables.sql(f"""
        SELECT t.memo_text, t.text_key FROM {TEXTS} t LEFT ANTI JOIN {tables.view(READINGS)} r
        ON r.text_key = t.text_key AND r.parser_version = '{parser.version}'
    """)
    frame = _read_in_spark(unread, parser) if len(texts) >= spread_from else _read_here(tables, unread, parser)
    if frame is None:
        return 0
    stamped = frame.selectExpr(
        "*", f"'{parser.version}' AS parser_version", f"CAST({tables.clock.now_ms()} AS bigint) AS processed_ms"
    )
    return tables.merge_frame(READINGS, stamped)


def _read_in_spark(unread: DataFrame, parser: MemoParser) -> DataFrame:
    return unread.mapInArrow(ReadBatches(parser), _READ_DDL).localCheckpoint()


def _read_here(tables: DeltaTables, unread: DataFrame, parser: MemoParser) -> DataFrame | None:
    table = unread.toArrow()
    reader = ReadBatches(parser)
    batches = list(reader(iter(table.combine_chunks().to_batches(max_chunksize=BATCH_TEXTS))))
    return tables.local_frame(pa.Table.from_batches(batches, schema=_READ)) if batches else None

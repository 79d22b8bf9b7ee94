"""Memos: a million rows with a bank's repetition, each distinct text once and joined back, beside plain ``nlp.pipe``.

``python -m benchmarks.memos [ROWS]``. The rows are drawn by Zipf's law from distinct memos of a demo bank's kind; plain
``nlp.pipe`` reads a sample of the same rows in the same run and its rate stands for all of them: without ``doc.cats`` and
``doc.ents``, which the hub's own parser does not fill either, and once with them.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Sequence
from random import Random

import numpy as np

from benchmarks.labelled.memos import labelled_memos
from benchmarks.machine import figure
from nlp.memos import SpacyMemoParser
from nlp.memos.parallel import CHUNK, ParallelMemoParser
from nlp.memos.pipeline import ANNOTATIONS, load_pipeline

ROWS, PROCESSES = 1_000_000, 2
PLAIN_SAMPLE, SINGLE = 20_000, 2_000
EXPONENT = 1.1
"""166,099 memos of a demo bank (1,500 customers, 90 days) have 17,072 texts, 9.7 rows each; this exponent repeats as much."""


def main() -> None:
    """Print rows, distinct texts and the rates of both ways."""
    rows = draw_rows(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
    distinct = list(dict.fromkeys(rows))
    figure("memo rows", len(rows), "rows", distinct=len(distinct), mean_repetition=round(len(rows) / len(distinct), 1))
    plain = _plain_rate(rows)
    figure("plain nlp.pipe over every row", plain, "memos/s", sample=PLAIN_SAMPLE)
    figure("plain nlp.pipe with cats and ents", _plain_rate(rows, exclude=()), "memos/s", sample=PLAIN_SAMPLE)
    with ParallelMemoParser(PROCESSES) as parser:
        parser.parse([f"준비{i}" for i in range(CHUNK * PROCESSES)])  # every process loads its pipeline
        begun = time.perf_counter()
        facts = parser.parse(distinct)
        figure(f"distinct memos, {PROCESSES} processes", len(facts) / (time.perf_counter() - begun), "memos/s")
        begun = time.perf_counter()
        joined = parser.parse(rows)
        ours = len(joined) / (time.perf_counter() - begun)
    figure("each distinct text once, joined back", ours, "rows/s")
    figure("how many times plain nlp.pipe", ours / plain, "times")
    figure("one memo, median", _single_ms(distinct), "ms")


def draw_rows(count: int, seed: int = 1) -> list[str]:
    """Return memos of rows: shops, bills and people, the frequent ones far more often than the rare."""
    texts = _distinct_texts(max(2_000, count // 8), seed)
    weights = 1.0 / np.arange(1, len(texts) + 1) ** EXPONENT
    chosen = np.random.default_rng(seed).choice(len(texts), size=count, p=weights / weights.sum())
    return [texts[i] for i in chosen.tolist()]


def _distinct_texts(count: int, seed: int) -> list[str]:
    per_class = count // 100
    texts = list(dict.fromkeys(row.memo for row in labelled_memos(seed=seed, per_class=per_class)))
    random = Random(seed)
    random.shuffle(texts)
    base = list(texts)
    while len(texts) < count:
        texts.append(f"{random.choice(base)} {random.randint(1, 99_999)}")
    return texts


def _plain_rate(rows: list[str], exclude: Sequence[str] = ANNOTATIONS) -> float:
    nlp = load_pipeline(exclude=exclude)
    list(nlp.pipe(rows[:500]))
    nlp = load_pipeline(exclude=exclude)
    begun = time.perf_counter()
    for _ in nlp.pipe(rows[:PLAIN_SAMPLE], batch_size=256):
        pass
    return PLAIN_SAMPLE / (time.perf_counter() - begun)


def _single_ms(texts: list[str]) -> float:
    parser = SpacyMemoParser(cache_size=0)
    parser.parse(texts[:50])
    taken = []
    for text in texts[-SINGLE:]:
        begun = time.perf_counter()
        parser.parse([text])
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken) * 1e3


if __name__ == "__main__":
    main()

"""The card that goes with the weights."""

from __future__ import annotations

from pathlib import Path

from nlp.memos.training.fit import GRAM_BUCKETS, PLACE_BUCKETS, Fit

_CARD = """# Memo models

Made by `hub memo train` (seed {seed}); the same seed and data files give the same weights.

| | categoriser.npz | spans.npz |
|---|---|---|
| what it does | category of a memo in which the rules found nothing, or little | where the counterparty stands in a memo that names no known brand |
| model | multinomial logistic regression over hashed character 1-5-grams | logistic regression per character over what surrounds it and what the rules mark there |
| features | {grams:,} buckets, {labels} labels | {places:,} buckets, 3 tags |
| weights | one byte each and a scale per class | 16-bit floats |
| on examples held back (every twentieth) | accuracy {accuracy:.3f} | exact spans {exact:.3f} |

**Trained on** {of_bank:,} distinct memos of a demo bank and {made:,} memos made from the gazetteers, cue words and
`training/lexicon.yaml` with invented companies, shops and people, a third of them cut, jammed, mistyped or spaced wrongly.
No memo of a real person was used. The held-out templates of `benchmarks/labelled/` were not.

**Used for** what the rules leave. The categoriser is heard from a probability of 0.65 on; it never says that money went
between people. What it decides carries `decided_by = model:textcat` and a confidence of nine tenths of its probability.

**Limits.** A shop whose name says nothing of its trade stays `other`. Languages: Korean and English. The score on
examples held back is about made memos; what counts is docs/benchmarks.md.
"""


def write_card(folder: Path, fit: Fit, *, of_bank: int, made: int) -> None:
    """Write card.md beside the weights."""
    text = _CARD.format(
        seed=fit.seed, grams=GRAM_BUCKETS, places=PLACE_BUCKETS, labels=fit.labels, accuracy=fit.category_accuracy,
        exact=fit.span_exact, of_bank=of_bank, made=made,
    )  # fmt: skip
    (folder / "card.md").write_text(text, encoding="utf-8")

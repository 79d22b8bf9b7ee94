"""The version of the memo pipeline: it changes with any rule, gazetteer, weight or line of code."""

from __future__ import annotations

from nlp import data_files

DATA = ("*.yaml", "brands/*.yaml", "personal_data/*names.yaml", "personal_data/ordinary_english.yaml")
"""The data files of memos, lists of names among them; those of conversations do not change how a memo is read."""


def pipeline_version() -> str:
    """Return the name of this version."""
    return f"memo-{data_files.fingerprint('memos', data=DATA)}"

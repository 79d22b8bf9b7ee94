"""The version of the memo pipeline: it changes with any rule, gazetteer, weight or line of code."""

from __future__ import annotations

from nlp import data_files

DATA = ("*.yaml", "brands/*.yaml")
"""The data files of memos; those of conversations and personal data do not change how a memo is read."""


def pipeline_version() -> str:
    """Return the name of this version."""
    return f"memo-{data_files.fingerprint('memos', data=DATA)}"

"""A transcript as Amazon Transcribe Call Analytics would give it: the same names, the same categories.

Source: https://docs.aws.amazon.com/transcribe/latest/dg/tca-output-batch.html
"""

from __future__ import annotations

from stt.analytics.categories import Category, load_categories
from stt.analytics.document import to_call_analytics

__all__ = ["Category", "load_categories", "to_call_analytics"]

"""Text becomes meaning: memos and conversations turn into facts, and personal data is found on the way."""

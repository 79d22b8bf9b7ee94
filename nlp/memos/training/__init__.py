"""How the trained parts of the memo parser are made: labelled memos in, weights and their card out."""

"""One detector, one file: a recogniser that a module here defines is found by itself (``nlp/personal_data/discovery.py``)."""

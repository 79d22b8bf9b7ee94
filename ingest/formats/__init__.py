"""One file per format: a pure function from bytes to records, or to a refusal that says why."""

"""The steps that DAG tasks and commands call. Each is idempotent and returns its counts."""

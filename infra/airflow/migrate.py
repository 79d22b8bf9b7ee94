"""Create or upgrade Airflow's database and the write pools. Run as a module, in Airflow's environment."""

from __future__ import annotations


def main() -> None:
    """Migrate the database, then make sure every pool exists: one slot a table, and the slots of transcription."""
    import os

    from airflow.models.pool import Pool
    from airflow.utils.db import initdb

    from infra.airflow.defaults import SPEECH_WORKERS, WRITE_POOLS, speech_pool

    initdb()
    for name in WRITE_POOLS:
        Pool.create_or_update_pool(name, slots=1, description="one writer per table", include_deferred=False)
    slots = int(os.environ.get(SPEECH_WORKERS, "1"))
    Pool.create_or_update_pool(
        speech_pool(), slots=slots, description="batches transcribed at a time", include_deferred=False
    )


if __name__ == "__main__":
    main()

"""Create or upgrade Airflow's database and the write pools. Run as a module, in Airflow's environment."""

from __future__ import annotations


def main() -> None:
    """Migrate the database, then make sure every pool exists with one slot."""
    from airflow.models.pool import Pool
    from airflow.utils.db import initdb

    from infra.airflow.defaults import WRITE_POOLS

    initdb()
    for name in WRITE_POOLS:
        Pool.create_or_update_pool(name, slots=1, description="one writer per table", include_deferred=False)


if __name__ == "__main__":
    main()

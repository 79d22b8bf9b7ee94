"""Master data of the core bank: customers, accounts, holdings, consents."""

from __future__ import annotations

from airflow.sdk import Param, dag, task

from infra.airflow.defaults import DEFAULT_ARGS, MASTER, START, pool_of


@dag(
    schedule="0 4 * * *",
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    tags=["feed"],
    params={"source": Param("", type="string", description="Folder of CSV files; empty: HUB_HOME/source/master.")},
)
def core_bank() -> None:
    """Land what is new, then refine it."""

    @task(pool=pool_of("bronze.master_rows"))
    def land(params: dict[str, str] | None = None) -> dict[str, int]:
        from infra.jobs import feeds

        return feeds.land_master((params or {}).get("source", ""))

    @task(pool=pool_of("silver.events"), outlets=[MASTER])
    def refine() -> dict[str, int]:
        from infra.jobs import feeds

        return feeds.refine_master()

    land() >> refine()


core_bank()

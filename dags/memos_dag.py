"""Posted transactions and what their memos say."""

from __future__ import annotations

from airflow.sdk import Param, dag, task

from infra.airflow.defaults import DEFAULT_ARGS, MEMOS, START, pool_of


@dag(
    schedule="*/30 * * * *",
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    tags=["feed"],
    params={
        "source": Param("", type="string", description="File or folder of CSV files; empty: HUB_HOME/source/memos.")
    },
)
def memos() -> None:
    """Land what is new, then parse it."""

    @task(pool=pool_of("bronze.memos"))
    def land(params: dict[str, str] | None = None) -> dict[str, int]:
        from infra.jobs import feeds

        return feeds.land_memos((params or {}).get("source", ""))

    @task(pool=pool_of("silver.events"), outlets=[MEMOS])
    def refine() -> dict[str, int]:
        from infra.jobs import feeds

        return feeds.refine_memos()

    land() >> refine()


memos()

"""Airflow as the hub uses it: its home, its defaults, and running DAGs in one process."""

"""The sweep in SQL: statements shared by the peers that end in a DuckDB file."""

import pathlib
import string

FOLDER = pathlib.Path(__file__).parent
SUMS = {"monthly_changes": "month", "cohort_changes": "cohort, month"}
"""The tables that are sums over customers, with their keys."""


def sql(name, **names):
    """The text of one file with its $names filled in."""
    return string.Template((FOLDER / f"{name}.sql").read_text()).substitute(names)


def sweep(connection):
    """Movements and the sums of their changes from the loaded exports."""
    connection.execute(sql("charges"))
    connection.execute(f"create table movements as {sql('movements', charges='charges')}")
    for name in SUMS:
        connection.execute(f"create table {name} as {sql(name, movements='movements')}")

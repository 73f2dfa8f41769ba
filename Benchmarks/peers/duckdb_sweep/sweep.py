"""The sweep in SQL: statements shared by the peers that end in a DuckDB file."""

import pathlib
import string

FOLDER = pathlib.Path(__file__).parent


def sql(name, **paths):
    """The text of one file, $exports and $out filled in."""
    return string.Template((FOLDER / f"{name}.sql").read_text()).substitute(paths)


def sweep(connection):
    """Movements and the sums of their changes from the loaded exports."""
    connection.execute(sql("charges"))
    for name in ("movements", "monthly_changes", "cohort_changes"):
        connection.execute(f"create table {name} as {sql(name)}")

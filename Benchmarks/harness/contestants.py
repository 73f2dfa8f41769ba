"""Who takes part: how each program is prepared, started and looked into.

A contestant gets a folder of exports and an empty folder of its own, and leaves a warehouse and reports there. For a night
its folder starts as a copy of the one a full load left.
"""

import dataclasses
import pathlib
import shutil
import subprocess

from .environment import BENCHMARKS, PYTHON, WORK

PEERS = BENCHMARKS / "peers"

MOVEMENTS = "select customer_id, month, movement, amount, mrr_before, mrr_after from movements order by 1, 2"
"""The peers' common table; `price` and `amount` below are a row's money in micro-units as each stores it."""
IN_DUCKDB = {
    "file": "warehouse.duckdb", "movements": MOVEMENTS,
    "price": "cast(unit_amount * 1000 as bigint) * 1000", "amount": "cast(amount * 100 as bigint) * 10000",
}
IN_SQLITE = {"file": "warehouse.sqlite", "movements": MOVEMENTS, "price": "unit_amount", "amount": "amount"}
BY_POLARS = IN_SQLITE | {"price": "unit_amount * 1000", "amount": "amount * 10000"}
BY_SHELL = IN_SQLITE | {
    "price": "cast(round(unit_amount * 1000000) as integer)", "amount": "cast(round(amount * 1000000) as integer)",
}


@dataclasses.dataclass(frozen=True)
class Peer:
    """A program that writes `tables` by `command`, in which {exports} and {out} are filled in."""

    name: str
    command: tuple
    tables: dict
    base: str | None = None
    """Whose full load a night starts from."""

    def prepare(self, out, exports):
        pass

    def arguments(self, out, exports):
        return [str(part).format(exports=exports, out=out) for part in self.command]

    def warehouse(self, out):
        return out / self.tables["file"]


@dataclasses.dataclass(frozen=True)
class DBTProject(Peer):
    """A dbt project reads exports by a link, and keeps what it parsed from one run to the next."""

    def prepare(self, out, exports):
        relink(out / "exports", exports)
        if not (out / "project").exists():
            shutil.copytree(self.parsed(), out / "project")

    @staticmethod
    def parsed():
        """The project after dbt parsed it once, as every run but the very first finds it."""
        folder = WORK / "dbt_spine"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(PEERS / "dbt_spine", folder)
        subprocess.run([PYTHON.parent / "dbt", "--quiet", "parse"], cwd=folder, check=True)
        return folder


@dataclasses.dataclass(frozen=True)
class Perennial:
    """The program itself; its folder is a project."""

    program: pathlib.Path
    name: str = "Perennial"
    base: str | None = None
    is_delta: bool = False
    overlay: str | None = None
    """A folder beside Benchmarks/project whose files come on top of it."""
    command: tuple = ("run", "nightly")

    def prepare(self, out, exports):
        shutil.copytree(BENCHMARKS / "project", out, dirs_exist_ok=True)
        if self.overlay:
            shutil.copytree(BENCHMARKS / self.overlay, out, dirs_exist_ok=True)
        relink(out / "exports", exports)
        if self.is_delta:
            for source in (out / "Config" / "sources").glob("*.yml"):
                source.write_text(source.read_text().replace("extent: full", "extent: delta"))

    def arguments(self, out, exports):
        return [self.program, *self.command, "--project", out]

    def warehouse(self, out):
        return out / "output" / "warehouse.sqlite"


@dataclasses.dataclass(frozen=True)
class PerennialStart(Perennial):
    """Nothing but a start."""

    def arguments(self, out, exports):
        return [self.program, "--version"]


def relink(link, target):
    link.unlink(missing_ok=True)
    link.symlink_to(target)


def python(script, *arguments):
    return (PYTHON, PEERS / script, "{exports}", "{out}", *arguments)


def dbt(name, extent, base=None):
    return DBTProject(name, ("sh", PEERS / "dbt_spine" / "run.sh", PYTHON.parent / "dbt", "{out}", extent), IN_DUCKDB, base)


DUCKDB_SWEEP = Peer("DuckDB, sweep", python("duckdb/full.py"), IN_DUCKDB)
DBT_SPINE = dbt("dbt-duckdb, spine", "delta")
DLT = Peer("dlt into DuckDB, sweep", python("dlt/run.py"), IN_DUCKDB)
POLARS = Peer("polars into SQLite", python("polars_sqlite/run.py"), BY_POLARS)
SHELL = Peer("sqlite3 shell", ("sh", PEERS / "sqlite_shell" / "run.sh", "{exports}", "{out}"), BY_SHELL)
IN_C = Peer("C through sqlite3's API", (WORK / "sweep", "{exports}", "{out}"), IN_SQLITE)
WHOLE_IN_C = Peer("C, storing what Perennial stores", (WORK / "whole", "{exports}", "{out}"), IN_SQLITE)


def full_loads(with_heavy):
    return [DUCKDB_SWEEP, *([DBT_SPINE, DLT] if with_heavy else []), POLARS, SHELL, IN_C, WHOLE_IN_C]


def nights(extent, with_heavy):
    """The peers of a night whose exports hold changes alone (`delta`), or everything (`rewritten`)."""
    incremental = [
        Peer("DuckDB, incremental", python("duckdb/night.py", extent, "recount"), IN_DUCKDB, base=DUCKDB_SWEEP.name),
        Peer("DuckDB, incremental sums", python("duckdb/night.py", extent, "add"), IN_DUCKDB, base=DUCKDB_SWEEP.name),
    ]
    if with_heavy:
        incremental.append(dbt("dbt-duckdb, incremental", extent, base=DBT_SPINE.name))
    # Where everything is there, a night can as well begin from nothing.
    return incremental + ([DUCKDB_SWEEP] if extent == "rewritten" else [])

"""Who takes part in what: how each program is prepared, started and looked into.

A contestant gets a folder of exports and an empty folder of its own, and leaves a warehouse and reports there. For a night
its folder starts as a copy of the one a full load left.
"""

import dataclasses
import pathlib
import shutil

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

    def prepare(self, out, exports):
        pass

    def arguments(self, out, exports):
        return [str(part).format(exports=exports, out=out) for part in self.command]

    def warehouse(self, out):
        return out / self.tables["file"]


@dataclasses.dataclass(frozen=True)
class Perennial:
    """The program itself; its folder is a project whose exports are a link."""

    program: pathlib.Path
    name: str = "Perennial"
    is_delta: bool = False
    overlay: str = ""
    """A folder beside Benchmarks/project whose files come on top of it."""

    def prepare(self, out, exports):
        shutil.copytree(BENCHMARKS / "project", out, dirs_exist_ok=True)
        if self.overlay:
            shutil.copytree(BENCHMARKS / self.overlay, out, dirs_exist_ok=True)
        link = out / "exports"
        link.unlink(missing_ok=True)
        link.symlink_to(exports)
        if self.is_delta:
            for source in (out / "Config" / "sources").glob("*.yml"):
                source.write_text(source.read_text().replace("extent: full", "extent: delta"))

    def arguments(self, out, exports):
        return [self.program, "run", "nightly", "--project", out]

    def warehouse(self, out):
        return out / "output" / "warehouse.sqlite"


def python(folder, *arguments):
    return (PYTHON, PEERS / folder / "run.py", "{exports}", "{out}", *arguments)


DUCKDB_SWEEP = Peer("DuckDB, sweep", python("duckdb_sweep"), IN_DUCKDB)
POLARS = Peer("polars into SQLite", python("polars_sqlite"), BY_POLARS)
SHELL = Peer("sqlite3 shell", ("sh", PEERS / "sqlite_shell" / "run.sh", "{exports}", "{out}"), BY_SHELL)
IN_C = Peer("C through sqlite3's API", (WORK / "sweep", "{exports}", "{out}"), IN_SQLITE)
FULL_LOADS = [DUCKDB_SWEEP, POLARS, SHELL, IN_C]

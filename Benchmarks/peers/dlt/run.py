"""usage: run.py EXPORTS OUT: exports -> dlt -> OUT/warehouse.duckdb -> the sweep in SQL -> OUT/*.csv.

Arrow tables with given types, which dlt passes on as Parquet without looking at rows: what its documentation recommends for
large files. What comes after the load is DuckDB's own sweep.
"""

import os
import pathlib
import sys

exports, out = sys.argv[1:]
os.environ |= {
    "RUNTIME__DLTHUB_TELEMETRY": "false",
    "RUNTIME__LOG_LEVEL": "ERROR",
    "LOAD__DELETE_COMPLETED_JOBS": "true",
}

import dlt
import duckdb
from pyarrow import csv, date32, decimal128, int32, int64, string, timestamp

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "duckdb"))
from sweep import sql, sweep

TYPES = {
    "customers": {
        "id": int64(), "name": string(), "country": string(), "segment": string(), "employees": int32(),
        "created_at": date32(),
    },
    "subscription_periods": {
        "subscription_id": int64(), "customer_id": int64(), "plan": string(), "currency": string(), "quantity": int32(),
        "unit_amount": decimal128(12, 3), "interval": string(), "start_date": date32(), "end_date": date32(),
    },
    "invoice_lines": {
        "invoice_id": int64(), "line_id": int64(), "customer_id": int64(), "subscription_id": int64(),
        "description": string(), "amount": decimal128(12, 2), "currency": string(), "period_start": date32(),
        "period_end": date32(), "status": string(), "issued_at": timestamp("us", "UTC"),
    },
}


def export(name):
    """One export as a resource; line breaks inside quotes are part of the invoice lines' descriptions."""
    def tables():
        yield csv.read_csv(
            f"{exports}/{name}.csv", csv.ReadOptions(block_size=16 << 20), csv.ParseOptions(newlines_in_values=True),
            csv.ConvertOptions(column_types=TYPES[name]),
        )

    return dlt.resource(tables, name=name, write_disposition="append")


pipeline = dlt.pipeline(
    "exports", pipelines_dir=f"{out}/dlt", destination=dlt.destinations.duckdb(f"{out}/warehouse.duckdb"),
    dataset_name="main",
)
pipeline.run([export(name) for name in TYPES])

connection = duckdb.connect(f"{out}/warehouse.duckdb")
connection.execute("set preserve_insertion_order = false")
sweep(connection)
connection.execute(sql("report", out=out))
connection.close()

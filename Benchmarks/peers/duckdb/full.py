"""usage: full.py EXPORTS OUT: exports -> OUT/warehouse.duckdb -> OUT/*.csv by a hand-tuned event sweep."""

import sys

import duckdb

from sweep import sql, sweep

exports, out = sys.argv[1:]
connection = duckdb.connect(f"{out}/warehouse.duckdb")
connection.execute("set preserve_insertion_order = false")
connection.execute(sql("load", exports=exports))
sweep(connection)
connection.execute(sql("report", out=out))
connection.close()

"""usage: night.py EXPORTS OUT delta|rewritten recount|add

A night on OUT/warehouse.duckdb as full.py left it. The exports are changes alone, or everything anew; rows are written and
movements computed for what differs alone. The reports' sums are counted from all movements again (recount), or the sums of
the affected customers before and after are subtracted and added (add).
"""

import sys

import duckdb

from sweep import SUMS, sql

KEYS = {"customers": "id", "subscription_periods": "subscription_id", "invoice_lines": "line_id"}

exports, out, extent, sums = sys.argv[1:]
connection = duckdb.connect(f"{out}/warehouse.duckdb")
connection.execute("set preserve_insertion_order = false")
connection.execute("begin")

for statement in sql("load", exports=exports).split(";\n")[:3]:
    connection.execute(statement.replace("create table ", "create temp table read_"))
for table, key in KEYS.items():
    if extent == "delta":
        connection.execute(f"create temp view changed_{table} as from read_{table}")
        continue
    connection.execute(
        f"create temp table changed_{table} as select n.* from read_{table} n left join {table} o using ({key}) "
        f"where o.{key} is null or n is distinct from o"
    )
vanished = "" if extent == "delta" else "or subscription_id not in (select subscription_id from read_subscription_periods)"
connection.execute(f"""
    create temp table affected as
    select customer_id from changed_subscription_periods
    union
    select customer_id from subscription_periods
    where subscription_id in (select subscription_id from changed_subscription_periods) {vanished}""")
for table, key in KEYS.items():
    gone = "" if extent == "delta" else f"or {key} not in (select {key} from read_{table})"
    connection.execute(f"delete from {table} where {key} in (select {key} from changed_{table}) {gone}")
    connection.execute(f"insert into {table} from changed_{table}")

connection.execute("create temp table before as from movements semi join affected using (customer_id)")
connection.execute("delete from movements where customer_id in (from affected)")
of_affected = "(from charges semi join affected using (customer_id))"
connection.execute(f"create temp table after as {sql('movements', charges=of_affected)}")
connection.execute("insert into movements from after")

for table, key in SUMS.items():
    if sums == "recount":
        connection.execute(f"create or replace table {table} as {sql(table, movements='movements')}")
        continue
    columns = [row[0] for row in connection.execute(f"describe {table}").fetchall() if row[0] not in key.split(", ")]
    totals = ", ".join(f"cast(sum({column}) as bigint) as {column}" for column in columns)
    negated = ", ".join(f"-{column}" for column in columns)
    connection.execute(f"""
        create or replace table {table} as
        select {key}, {totals}
        from (
          from {table}
          union all
          select {key}, {negated} from ({sql(table, movements='before')})
          union all
          from ({sql(table, movements='after')})
        )
        group by {key}""")
connection.execute("commit")
connection.execute(sql("report", out=out))
connection.close()

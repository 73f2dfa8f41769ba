#!/bin/sh
# usage: run.sh EXPORTS OUT: exports -> OUT/warehouse.sqlite -> OUT/*.csv by the sqlite3 shell's .import and SQL.
set -eu
here=$(dirname "$0")
sed -e "s|\$exports|$1|" -e "s|\$out|$2|" "$here/load.sql" "$here/sweep.sql" | sqlite3 -bail "$2/warehouse.sqlite" >/dev/null

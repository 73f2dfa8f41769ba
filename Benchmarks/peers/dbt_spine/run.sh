#!/bin/sh
# usage: run.sh DBT OUT delta|rewritten: exports -> OUT/warehouse.duckdb -> OUT/*.csv by the dbt project in OUT/project.
# Nothing is asked that dbt could leave away: no version check, no statistics, no artifacts; the project is parsed already.
set -eu
cd "$2/project"
SPINE_EXTENT=$3 exec "$1" --quiet --no-version-check --no-write-json --no-send-anonymous-usage-stats run

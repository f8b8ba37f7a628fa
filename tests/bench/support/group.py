"""Reads NDJSON bundles with DuckDB and groups what they hold; prints the seconds and the memory that it took.

   group.py FOLDER THREADS heads|records

heads    groups actions by stream and device, each action once: the least that a union has to know
records  groups the records inside the actions by stream and kind as well
Columns are named and not guessed, and neither the start of Python nor the loading of DuckDB is counted.
"""
import json
import resource
import sys
import time

import duckdb

folder, threads, what = sys.argv[1:4]
HEAD = "head: 'STRUCT(stream VARCHAR, device VARCHAR, seq BIGINT)', hash: 'VARCHAR'"
SOURCE = "read_json('{folder}/*.ndjson', format = 'newline_delimited', columns = {{{columns}}})"
QUERIES = {
    "heads": (
        "SELECT head.stream, head.device, count(DISTINCT hash), max(head.seq) FROM {source}"
        " WHERE hash IS NOT NULL GROUP BY ALL",
        HEAD,
    ),
    "records": (
        "SELECT head.stream, change.kind, count(DISTINCT change.id), count(*)"
        " FROM (SELECT head, unnest(changes) AS change FROM {source} WHERE hash IS NOT NULL) GROUP BY ALL",
        HEAD + ", changes: 'STRUCT(kind VARCHAR, id VARCHAR, salt VARCHAR, fields JSON)[]'",
    ),
}
query, columns = QUERIES[what]
source = SOURCE.format(folder=folder, columns=columns)
connection = duckdb.connect(config={"threads": int(threads)})
started = time.perf_counter()
rows = connection.execute(query.format(source=source)).fetchall()
seconds = time.perf_counter() - started
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"seconds": seconds, "memory": memory, "rows": len(rows)}))

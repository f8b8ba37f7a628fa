"""Counts in SQL what `anju report` counts, and prints the figures in the form of its JSON.

   figures.py survey bundles FILE…      folds the actions of bundles: per record and field the greatest write
   figures.py survey rows FOLDER        takes the rows of `anju export`, NDJSON or CSV
   figures.py cases bundles|rows …      the same for cases

No line of it is shared with the product; only the names of the indicators are read from its data file.
Shares and means are exact ratios of whole numbers, rounded once, half away from zero.
"""
import json
import pathlib
import sys

import duckdb

subject, source, *paths = sys.argv[1:]
connection = duckdb.connect()
sql = connection.execute
KIND = {"survey": "response", "cases": "case"}[subject]
QUESTIONS = [("overall", "overall"), ("rebuy", "rebuy"), ("recommend", "recommend")]

tree = json.loads((pathlib.Path(__file__).parents[2] / "crates/domain/data/indicator-tree.json").read_text())
sql("CREATE TABLE leaves (code VARCHAR, area VARCHAR, name VARCHAR, place INTEGER)")
for place, area in enumerate(tree["areas"]):
    for leaf in area["leaves"]:
        names = [f"{area['code']}.{leaf['code']}", area["zh"], f"{area['zh']}/{leaf['zh']}", place]
        sql("INSERT INTO leaves VALUES (?, ?, ?, ?)", names)

# Rows long: one per record and field, the value as text.
if source == "bundles":
    sql(
        """CREATE TABLE written AS
           SELECT DISTINCT action.hash AS action, action.head."at" AS stamp, action.head.device AS device,
                  change.id AS id, unnest(json_keys(change.fields)) AS field, change.fields AS fields
           FROM (SELECT action, unnest(action.changes) AS change FROM
                 (SELECT unnest(actions) AS action FROM read_json(?, maximum_object_size = 1000000000, columns = {
                    actions: 'STRUCT(head STRUCT("at" VARCHAR, device VARCHAR), hash VARCHAR,
                              changes STRUCT(kind VARCHAR, id VARCHAR, fields JSON)[])[]'})))
           WHERE change.kind = ? AND change.fields IS NOT NULL""",
        [paths, KIND],
    )
    sql(
        """CREATE TABLE long AS
           SELECT id, field, json_extract_string(fields, '$."' || field || '"') AS value FROM written
           QUALIFY row_number() OVER (PARTITION BY id, field ORDER BY stamp DESC, device DESC, action DESC) = 1"""
    )
else:
    file = next(pathlib.Path(paths[0]).glob(f"{KIND}.*"))
    reader = "read_csv(?, all_varchar = true)" if file.suffix == ".csv" else "read_json(?, format = 'newline_delimited')"
    sql(f"CREATE TABLE flat AS SELECT * FROM {reader}", [str(file)])
    columns = [name for (name,) in sql("SELECT column_name FROM (DESCRIBE flat)").fetchall() if name != "id"]
    texts = ", ".join(f'CAST("{name}" AS VARCHAR) AS "{name}"' for name in columns)
    sql(f"CREATE TABLE typed AS SELECT id, {texts} FROM flat")
    names = ", ".join(f'"{name}"' for name in columns)
    sql(f"CREATE TABLE long AS UNPIVOT typed ON {names} INTO NAME field VALUE value")
    if subject == "survey":
        sql("DELETE FROM long WHERE id IN (SELECT id FROM long WHERE field = 'counted' AND value <> 'true')")
sql("DELETE FROM long WHERE value IS NULL OR value IN ('', 'null')")


def field(name):
    return f"max(value) FILTER (field = '{name}')"


def ratio(above, below, places):
    """Half away from zero, in whole numbers; nothing is negative here."""
    scale = 10**places
    return f"(({above}) * {2 * scale} + {below}) // (2 * {below}) / {scale}"


def objects(query, key):
    rows = sql(query)
    names = [column[0] for column in rows.description]
    found = [dict(zip(names, row)) for row in rows.fetchall()]
    return {row.pop(key): row for row in found}


def survey():
    three = ", ".join(f"CAST({field('a.' + code)} AS BIGINT) AS {name}" for code, name in QUESTIONS)
    sql(f"CREATE TABLE answers AS SELECT id, {three}, {field('group')} AS grp, {field('city')} AS city FROM long GROUP BY id")
    figures = f"""count(*) AS n, sum(satisfied) AS satisfied, sum(loyal) AS loyal,
        {ratio('sum(satisfied) * 100', 'count(*)', 2)} AS satisfaction_pct,
        {ratio('sum(loyal) * 100', 'count(*)', 2)} AS loyalty_pct"""
    sql(
        """CREATE VIEW judged AS SELECT *, CAST(overall >= 4 AS BIGINT) AS satisfied,
           CAST(overall >= 4 AND rebuy >= 4 AND recommend >= 4 AS BIGINT) AS loyal FROM answers"""
    )
    groups = "CASE grp WHEN 'new_owner' THEN '新业主' WHEN 'old_owner' THEN '老业主' ELSE grp END"
    sql(
        """CREATE TABLE rated AS SELECT substr(field, 3) AS question, CAST(value AS BIGINT) AS rating FROM long
           WHERE starts_with(field, 'a.') AND try_cast(value AS BIGINT) BETWEEN 1 AND 5"""
    )
    return {
        "respondents": sql("SELECT count(*) FROM answers").fetchone()[0],
        "by_group": objects(f"SELECT {groups} AS name, {figures} FROM judged WHERE grp IS NOT NULL GROUP BY 1", "name"),
        "by_city": objects(f"SELECT city AS name, {figures} FROM judged WHERE city IS NOT NULL GROUP BY 1", "name"),
        "items": objects(
            f"""SELECT coalesce('leaf:' || leaves.name, 'overall') AS name, count(*) AS n,
                       {ratio('sum(rating)', 'count(*)', 4)} AS mean,
                       {ratio('count(*) FILTER (rating >= 4) * 100', 'count(*)', 2)} AS top2_pct
                FROM rated LEFT JOIN leaves ON leaves.code = question
                WHERE leaves.code IS NOT NULL OR question = 'overall' GROUP BY 1""",
            "name",
        ),
        "level2": objects(
            """SELECT area AS name, round(avg(mean), 4) AS mean FROM
               (SELECT area, place, sum(rating) / count(*) AS mean
                FROM rated JOIN leaves ON leaves.code = question GROUP BY area, place, leaves.code)
               GROUP BY area, place ORDER BY place""",
            "name",
        ),
    }


def cases():
    sql(
        f"""CREATE TABLE requests AS SELECT id, {field('closed_at')} AS closed, {field('return_visit')} AS visit,
            {field('kind')} AS kind, {field('leaf')} AS leaf FROM long GROUP BY id"""
    )
    kinds = {"complaint": "投诉", "repair": "报修", "enquiry": "咨询", "suggestion": "建议", "praise": "表扬"}
    rows, closed, unsatisfied = sql(
        "SELECT count(*), count(closed), count(*) FILTER (visit = 'unsatisfied') FROM requests"
    ).fetchone()
    by_kind = sql("SELECT kind, count(*) FROM requests GROUP BY 1").fetchall()
    by_leaf = sql("SELECT name, count(*) FROM requests JOIN leaves ON code = leaf GROUP BY 1").fetchall()
    return {
        "rows": rows,
        "closed": closed,
        "open": rows - closed,
        "return_visit_unsatisfied": unsatisfied,
        "by_kind": {kinds.get(kind, kind): count for kind, count in by_kind},
        "by_leaf": dict(by_leaf),
    }


print(json.dumps(survey() if subject == "survey" else cases(), ensure_ascii=False))

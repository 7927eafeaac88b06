"""What dbt makes of SQL texts with two CTEs injected: JSON list of texts on stdin, JSON list of results (null where it raises) on stdout."""
import json
import sys

import sqlparse
from dbt.compilation import inject_ctes_into_sql
from dbt.contracts.graph.nodes import InjectedCTE

# As dbt's own command line sets them.
sqlparse.engine.grouping.MAX_GROUPING_DEPTH = sqlparse.engine.grouping.MAX_GROUPING_TOKENS = None
CTES = [InjectedCTE(id='a', sql=' __dbt__cte__a as (\nselect 1\n)'), InjectedCTE(id='b', sql=' __dbt__cte__b as (\nselect 2\n)')]


def injected(text: str) -> str | None:
    try:
        return inject_ctes_into_sql(text, CTES)
    except Exception:
        return None


json.dump([injected(text) for text in json.load(sys.stdin)], sys.stdout)

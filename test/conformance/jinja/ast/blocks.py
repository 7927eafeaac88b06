"""Reads texts (one JSON string a line) and writes, a line each, the blocks that dbt's own scanner finds, or its error. Needs dbt-common."""

import json
import sys

from dbt_common.clients.jinja import extract_toplevel_blocks

KINDS = {"macro", "materialization", "test", "data_test", "snapshot", "docs"}

for line in sys.stdin:
    text = json.loads(line)
    warnings = []
    try:
        found = extract_toplevel_blocks(text, KINDS, collect_raw_data=False, warning_callback=lambda w: warnings.append(w.msg))
        answer = {"blocks": [[b.block_type_name, b.block_name, b.contents, b.full_block] for b in found], "unexpected": warnings}
    except Exception as error:
        answer = {"error": getattr(error, "msg", str(error))}
    print(json.dumps(answer))

"""Asks dbt-extractor what it makes of snippets. usage: static_parser.py SNIPPETS.json OUT.json"""
import json, sys
from dbt_extractor import py_extract_from_source

def ask(text):
    try:
        found = py_extract_from_source(text)
    except Exception:
        return None
    return {"refs": found["refs"], "sources": sorted(map(list, found["sources"])), "configs": [list(c) for c in found["configs"]]}

with open(sys.argv[1]) as f: snippets = json.load(f)
with open(sys.argv[2], "w") as f:
    f.write("[\n" + ",\n".join(json.dumps([s, ask(s)], ensure_ascii=False, sort_keys=True) for s in snippets) + "\n]\n")

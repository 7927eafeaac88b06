"""Reads a JSON list of YAML texts on standard input; writes what PyYAML's CSafeLoader (dbt's) makes of each.

A value is written with its type, an error as str(error). Used by test/conformance/yaml.test.ts.
"""
import datetime
import json
import sys

import yaml


def plain(value, seen=()):
    if id(value) in seen:
        return {"recursive": True}
    if value is None or value is True or value is False or isinstance(value, str):
        return value
    if isinstance(value, int):
        return {"int": str(value)}
    if isinstance(value, float):
        return {"float": repr(value)}
    if isinstance(value, bytes):
        return {"bytes": value.decode("latin-1")}
    if isinstance(value, (datetime.datetime, datetime.date)):
        return {"time": repr(value)}
    if isinstance(value, tuple):
        return {"tuple": [plain(item, (*seen, id(value))) for item in value]}
    if isinstance(value, list):
        return [plain(item, (*seen, id(value))) for item in value]
    if isinstance(value, set):
        return {"set": sorted(json.dumps(plain(item)) for item in value)}
    return {"map": [[plain(k), plain(v, (*seen, id(value)))] for k, v in value.items()]}


def load(text):
    try:
        return {"value": plain(yaml.load(text, Loader=yaml.CSafeLoader))}
    except Exception as error:  # PyYAML lets Python's own errors through
        return {"error": str(error), "type": type(error).__name__}


sys.setrecursionlimit(20000)
sys.stdout.write(json.dumps([load(text) for text in json.load(sys.stdin)]))

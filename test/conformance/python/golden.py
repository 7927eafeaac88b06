"""Writes test/golden/python/*.json: what real Python and jinja2's sandbox answer to the expressions in cases/*.txt.

Each line of a case file is one Jinja expression. Usage: golden.py CASES_DIR OUT_DIR
Must run with Python 3.11, as dbt 1.12 does; needs jinja2, pytz and PyYAML.
"""
import datetime
import hashlib
import itertools
import json
import pathlib
import re
import sys

import pytz
import yaml
from jinja2.sandbox import SandboxedEnvironment

ITERTOOLS = ["count", "cycle", "repeat", "accumulate", "chain", "compress", "islice", "starmap", "tee", "zip_longest",
             "product", "permutations", "combinations", "combinations_with_replacement"]


class Names:
    def __init__(self, **members):
        self.__dict__.update(members)


modules = Names(
    re=Names(**{name: getattr(re, name) for name in re.__all__}),
    datetime=Names(**{name: getattr(datetime, name) for name in ["date", "datetime", "time", "timedelta", "tzinfo"]}),
    pytz=Names(**{name: getattr(pytz, name) for name in pytz.__all__}),
    itertools=Names(**{name: getattr(itertools, name) for name in ITERTOOLS}),
)
context = {
    "modules": modules,
    "json_dumps": json.dumps,
    "json_loads": json.loads,
    "yaml_dump": lambda value, sort_keys=False: yaml.safe_dump(data=value, sort_keys=sort_keys),
    "md5": lambda text: hashlib.md5(text.encode("utf-8")).hexdigest(),
    "inf": float("inf"),
    "nan": float("nan"),
}
environment = SandboxedEnvironment()


def answer(expression):
    try:
        return {"text": environment.from_string("{{ " + expression + " }}").render(context)}
    except Exception as error:
        return {"error": type(error).__name__, "message": str(error)}


if __name__ == "__main__":
    cases, out = map(pathlib.Path, sys.argv[1:])
    for file in sorted(cases.glob("*.txt")):
        lines = [line for line in file.read_text(encoding="utf-8").split("\n") if line and not line.startswith("## ")]
        rows = [{"expression": line, **answer(line)} for line in lines]
        text = "[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n"
        (out / (file.stem + ".json")).write_text(text, encoding="utf-8")
        print(file.stem, len(rows))

"""What jinja2 in CPython, with dbt-common's own environment, takes to parse and render templates.

cpython_jinja.py, the paths of files on its input, one a line: prints {"files", "parse", "render", "failed"} as JSON, seconds of CPU.
Every file is compiled once and rendered once with names that print themselves: calls of macros are not followed,
so that dbt's own work on the same files is a multiple of this. Reads files, runs nothing of the project but its templates.
"""

import json
import pathlib
import sys
import time

from dbt_common.clients import jinja


class Anything(str):
    """A value that can be called, looked into and printed."""

    # jinja2's sandbox asks for these before it calls anything.
    unsafe_callable = False
    alters_data = False

    def __call__(self, *args, **kwargs):
        return self

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, key):
        return self

    def __iter__(self):
        return iter(())


NAMES = "ref source config var env_var this target model graph adapter api exceptions log execute is_incremental builtins modules return dbt dbt_utils flags run_query statement".split()


def measure(paths):
    texts = [pathlib.Path(path).read_text(encoding="utf-8", errors="replace") for path in paths]
    environment = jinja.get_environment(None, capture_macros=True)
    context = {name: Anything(name) for name in NAMES}
    templates = []
    failed = 0
    began = time.process_time()
    for text in texts:
        try:
            templates.append(environment.from_string(text.strip(), globals=context))
        except Exception:  # what jinja2 refuses costs it no less
            failed += 1
    parsed = time.process_time()
    for template in templates:
        try:
            template.render(context)
        except Exception:
            failed += 1
    rendered = time.process_time()
    return {"files": len(texts), "parse": round(parsed - began, 3), "render": round(rendered - parsed, 3), "failed": failed}


print(json.dumps(measure(sys.stdin.read().splitlines())))

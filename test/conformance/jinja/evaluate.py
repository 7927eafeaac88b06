"""The judge of the evaluator: renders each case with jinja2 in dbt-common's own environment.

One JSON list a line on stdin, [mode, text]; one on stdout, ["ok", text] or ["error", class, message].
Modes: run (jinja2's Undefined), parse (dbt's while parsing), native (YAML).
"""

import datetime
import itertools
import json
import re
import signal
import sys

from dbt_common.clients.jinja import MacroReturn, get_environment


def give_back(value=None):
    raise MacroReturn(value)


ADDRESS = re.compile(r" at 0x[0-9a-f]+")
ENVIRONMENTS = {
    "run": get_environment(None),
    "parse": get_environment(None, capture_macros=True),
    "native": get_environment(None, native=True),
}


# As dbt shows them (context/base.py), but for pytz.
ITERTOOLS = ["count", "cycle", "repeat", "accumulate", "chain", "compress", "islice", "starmap", "tee", "zip_longest", "product", "permutations", "combinations", "combinations_with_replacement"]
MODULES = {
    "datetime": {name: getattr(datetime, name) for name in ["date", "datetime", "time", "timedelta", "tzinfo"]},
    "re": {name: getattr(re, name) for name in re.__all__},
    "itertools": {name: getattr(itertools, name) for name in ITERTOOLS},
}


def too_long(*_):
    raise TimeoutError("too long")


def outcome(mode, text):
    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(5)
    try:
        context = {"return": give_back, "modules": MODULES}
        template = ENVIRONMENTS[mode].from_string(text, globals=context)
        value = template.render(context)
        shown = value if mode != "native" else f"{'str' if isinstance(value, str) and type(value).__name__.endswith('Marker') else type(value).__name__} {value!r}"
        return ["ok", ADDRESS.sub(" at ADDRESS", shown)]
    except BaseException as error:
        return ["error", type(error).__name__, ADDRESS.sub(" at ADDRESS", str(getattr(error, "msg", None) or getattr(error, "message", None) or error))]
    finally:
        signal.alarm(0)


sys.stdin.reconfigure(encoding="utf-8", errors="surrogatepass")
sys.stdout.reconfigure(encoding="utf-8", errors="surrogatepass")
for line in sys.stdin:
    print(json.dumps(outcome(*json.loads(line))), flush=False)

"""The judge of whole repositories: renders models and calls macros with jinja2 in dbt-common's environment, in a context of mocks.

One JSON job a line on stdin: {"macros": [[name, text]], "cases": [case]}; one list of outcomes a line on stdout.
A case: ["text", "parse"|"run", text] or ["macro", "things"|"values", name, [parameter without default]].
An outcome: ["ok", text, [call]] or ["error", class, message, [call]], or ["late"]. The mocks are those of render-mocks.ts.
"""

import json
import re
import signal
import sys

from dbt_common.clients.jinja import MacroReturn, get_environment
from jinja2 import meta

ADDRESS = re.compile(r" at 0x[0-9a-f]+")
VALUES = ["a_b", ["x", "y"], {"k": 1, "j": [2]}, 3, None, True, "", 2.5]
RUN, PARSE = get_environment(None), get_environment(None, capture_macros=True)
calls = []


class Late(BaseException):
    pass


class Thing:
    """Everything there is: attributes, items, calls and two elements are things again; its text is how it came about."""

    def __init__(self, path):
        self.__dict__["path"] = path

    def __getattr__(self, name):
        if name.startswith("__") or name in ("unsafe_callable", "alters_data", "jinja_pass_arg"):
            raise AttributeError(name)
        return Thing(f"{self.__dict__['path']}.{name}")

    def __getitem__(self, key):
        return Thing(f"{self.__dict__['path']}[{shown(key)}]")

    def __call__(self, *args, **kwargs):
        inside = ", ".join([shown(arg) for arg in args] + [f"{key}={shown(value)}" for key, value in kwargs.items()])
        calls.append(f"{self.__dict__['path']}({inside})"[:300])
        return Thing(f"{self.__dict__['path']}()"[:200])

    def __iter__(self):
        return iter([Thing(f"{self.__dict__['path']}#0"), Thing(f"{self.__dict__['path']}#1")])

    def __len__(self):
        return 2

    def __bool__(self):
        return True

    def __eq__(self, other):
        return isinstance(other, Thing) and other.__dict__["path"] == self.__dict__["path"]

    def __hash__(self):
        return hash(self.__dict__["path"])

    def __add__(self, other):
        return str(self) + other if isinstance(other, str) else NotImplemented

    def __radd__(self, other):
        return other + str(self) if isinstance(other, str) else NotImplemented

    def __str__(self):
        return f"<{self.__dict__['path']}>"

    __repr__ = __str__


def shown(value):
    return repr(value) if isinstance(value, (str, int, float, type(None), Thing)) else type(value).__name__


def give_back(value=None):
    raise MacroReturn(value)


class Macro:
    """dbt's MacroGenerator: the macro's own template is made a module of the context, and `return` ends it."""

    def __init__(self, name, template, context):
        self.name, self.template, self.context = name, template, context

    def __call__(self, *args, **kwargs):
        module = self.template.make_module(self.context, False)
        try:
            return getattr(module, f"dbt_macro__{self.name}")(*args, **kwargs)
        except MacroReturn as returned:
            return returned.value


def late(*_):
    raise Late


def run(job):
    templates, free = {}, set()
    for name, text in job["macros"]:
        templates[name] = RUN.from_string(text)
        free |= meta.find_undeclared_variables(RUN.parse(text))
    for case in job["cases"]:
        yield outcome(case, templates, free)


def outcome(case, templates, free):
    calls.clear()
    names = set(free)
    signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, 4)
    try:
        parsing = case[0] == "text" and case[1] == "parse"
        if case[0] == "text":
            names |= meta.find_undeclared_variables(RUN.parse(case[2]))
        known = {"return", *templates, *RUN.globals}
        context = {"return": give_back, "execute": not parsing}
        for name in names - known - {"execute"}:
            if not parsing or name in PARSE_NAMES:
                context[name] = Thing(name)
        for name, template in templates.items():
            context[name] = Macro(name, template, context)
        if case[0] == "text":
            value = (PARSE if parsing else RUN).from_string(case[2], globals=context).render(context)
        else:
            arguments = [Thing(name) if case[1] == "things" else VALUES[(len(name) + index) % len(VALUES)] for index, name in enumerate(case[3])]
            value = context[case[2]](*json.loads(json.dumps(arguments)) if case[1] == "values" else arguments)
        return ["ok", ADDRESS.sub(" at ADDRESS", str(value)), list(calls)]
    except Late:
        return ["late"]
    except BaseException as error:
        return ["error", type(error).__name__, ADDRESS.sub(" at ADDRESS", str(getattr(error, "msg", None) or getattr(error, "message", None) or error)), list(calls)]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


PARSE_NAMES = {"ref", "source", "config", "var", "env_var", "this", "target", "model", "graph", "adapter", "api", "exceptions", "log", "flags", "modules", "builtins", "tojson", "fromjson", "set", "zip", "local_md5", "function", "run_started_at", "invocation_id", "dbt", "is_incremental"}

sys.setrecursionlimit(5000)
sys.stdin.reconfigure(encoding="utf-8", errors="surrogatepass")
sys.stdout.reconfigure(encoding="utf-8", errors="surrogatepass")
for line in sys.stdin:
    print(json.dumps(list(run(json.loads(line)))), flush=True)

"""Reads texts (one JSON string a line) and writes, a line each, jinja2's tree of the text as dbt's environment parses it, or its error.

Needs jinja2 and dbt-common. The shape of the trees is that of shape.ts beside this file.
"""

import json
import struct
import sys

import jinja2
from jinja2 import nodes
from dbt_common.clients.jinja import get_environment

environment = get_environment()


def type_text(arg_type):
    if arg_type in (None, ""):
        return None
    if not arg_type.type_params:
        return arg_type.name
    return f"{arg_type.name}[{', '.join(type_text(p) for p in arg_type.type_params)}]"


def params(node):
    defaults = [None] * (len(node.args) - len(node.defaults)) + list(node.defaults)
    types = getattr(node, "arg_types", [""] * len(node.args))
    types = list(types) + [""] * (len(node.args) - len(types))
    return [[a.name, type_text(t), expr(d)] for a, t, d in zip(node.args, types, defaults)]


def const(value):
    if value is None or isinstance(value, bool):
        return ["Const", value]
    if isinstance(value, int):
        return ["int", hex(value)]
    if isinstance(value, float):
        return ["float", struct.pack(">d", value).hex()]
    return ["str", value]


def call(node):
    return [
        [expr(a) for a in node.args],
        [[k.key, expr(k.value)] for k in node.kwargs],
        expr(node.dyn_args),
        expr(node.dyn_kwargs),
    ]


def expr(node):
    if node is None:
        return None
    kind = type(node).__name__
    if kind == "Const":
        return const(node.value)
    if kind == "Name":
        return ["Name", node.name]
    if kind == "NSRef":
        return ["NSRef", node.name, node.attr]
    if kind in ("Tuple", "List"):
        return [kind, [expr(i) for i in node.items]]
    if kind == "Dict":
        return [kind, [[expr(p.key), expr(p.value)] for p in node.items]]
    if kind == "CondExpr":
        return [kind, expr(node.test), expr(node.expr1), expr(node.expr2)]
    if isinstance(node, nodes.BinExpr):
        return [kind, expr(node.left), expr(node.right)]
    if isinstance(node, nodes.UnaryExpr):
        return [kind, expr(node.node)]
    if kind == "Compare":
        return [kind, expr(node.expr), [[o.op, expr(o.expr)] for o in node.ops]]
    if kind == "Concat":
        return [kind, [expr(n) for n in node.nodes]]
    if kind == "Call":
        return [kind, expr(node.node), call(node)]
    if kind in ("Filter", "Test"):
        return [kind, expr(node.node), node.name, call(node)]
    if kind == "Getattr":
        return [kind, expr(node.node), node.attr]
    if kind == "Getitem":
        return [kind, expr(node.node), expr(node.arg)]
    if kind == "Slice":
        return [kind, expr(node.start), expr(node.stop), expr(node.step)]
    raise TypeError(kind)


def statements(body):
    result = []
    for node in body:
        result.extend(statement(node))
    return result


def statement(node):
    kind = type(node).__name__
    if kind == "Output":
        return [["Text", n.data] if isinstance(n, nodes.TemplateData) else ["Print", expr(n)] for n in node.nodes]
    if kind == "Assign":
        return [[kind, expr(node.target), expr(node.node)]]
    if kind == "AssignBlock":
        return [[kind, expr(node.target), expr(node.filter), statements(node.body)]]
    if kind == "For":
        return [[kind, expr(node.target), expr(node.iter), expr(node.test), node.recursive, statements(node.body), statements(node.else_)]]
    if kind == "If":
        return [[kind, expr(node.test), statements(node.body), [[expr(e.test), statements(e.body)] for e in node.elif_], statements(node.else_)]]
    if kind == "Macro":
        return [[kind, node.name, params(node), statements(node.body)]]
    if kind == "CallBlock":
        return [[kind, params(node), expr(node.call), statements(node.body)]]
    if kind == "FilterBlock":
        return [[kind, expr(node.filter), statements(node.body)]]
    if kind == "With":
        return [[kind, [expr(t) for t in node.targets], [expr(v) for v in node.values], statements(node.body)]]
    if kind == "ExprStmt":
        return [["Do", expr(node.node)]]
    if kind in ("Break", "Continue"):
        return [[kind]]
    if kind == "Scope":
        (modifier,) = node.body
        return [["Autoescape", expr(modifier.options[0].value), statements(modifier.body)]]
    if kind == "Block":
        return [["Loader", "block", statements(node.body)]]
    if kind in ("Extends", "Include", "Import", "FromImport"):
        return [["Loader", {"FromImport": "from"}.get(kind, kind.lower()), []]]
    raise TypeError(kind)


for line in sys.stdin:
    text = json.loads(line)
    try:
        answer = {"tree": statements(environment.parse(text).body)}
    except jinja2.TemplateSyntaxError as error:
        answer = {"error": error.message, "line": error.lineno}
    except Exception as error:  # Python's own errors: int too long, adapter=name, recursion
        answer = {"error": str(getattr(error, "msg", error)), "line": None, "type": type(error).__name__}
    print(json.dumps(answer))

"""Renders snippets in real dbt's contexts and writes what dbt says: text or error, refs, sources, macros, config calls.

usage: golden.py PROJECT_DIR CASES.json OUT.json [INCLUDE_OUT.json]
CASES.json: list of {name, node, mode: parse|run|name, text}.
The last argument, when given, receives dbt's own macros (name, package, sql) for runs outside of the repository.
"""
import json, os, sys, copy, multiprocessing
from argparse import Namespace

project_dir, cases_file, out_file = sys.argv[1:4]
os.environ.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "0")
os.environ["SHED_ENV"] = "from env"
cases_file, out_file = os.path.abspath(cases_file), os.path.abspath(out_file)
include_out = os.path.abspath(sys.argv[4]) if len(sys.argv) > 4 else None
os.chdir(project_dir)

from dbt.cli.main import dbtRunner
result = dbtRunner().invoke(["--quiet", "parse", "--no-partial-parse", "--profiles-dir", "."])
if not result.success:
    print(result.exception, file=sys.stderr); sys.exit(1)
manifest = result.result

from dbt.flags import get_flags, set_from_args
from dbt.config import RuntimeConfig
from dbt.adapters.factory import get_adapter, register_adapter, reset_adapters
from dbt_common.context import set_invocation_context
set_invocation_context(os.environ)
args = Namespace(project_dir=".", profiles_dir=".", profile=None, target=None, vars={}, threads=1, which="compile",
                 defer=False, favor_state=False, state=None, version_check=True, single_threaded=True,
                 send_anonymous_usage_stats=False, empty=False, full_refresh=False, store_failures=False)
set_from_args(args, None)
args = get_flags()
reset_adapters()
config = RuntimeConfig.from_args(args)
config.load_dependencies()
register_adapter(config, multiprocessing.get_context("spawn"))
adapter = get_adapter(config)
adapter.set_macro_resolver(manifest)
from dbt.context.providers import generate_runtime_macro_context, generate_runtime_model_context, generate_parser_model_context
adapter.set_macro_context_generator(generate_runtime_macro_context)

from dbt.clients.jinja import get_rendered, add_rendered_test_kwargs
from dbt.context.context_config import ContextConfig
from dbt.context.configured import generate_schema_yml_context
from dbt.node_types import NodeType
from dbt.contracts.graph.nodes import DependsOn

manifest.build_flat_graph()

def message(error):
    return {"type": type(error).__name__, "text": str(error), "msg": getattr(error, "msg", None)}

def plain(value):
    if isinstance(value, (str, int, float, bool)) or value is None: return value
    if isinstance(value, (list, tuple)): return [plain(v) for v in value]
    if isinstance(value, dict): return {str(k): plain(v) for k, v in value.items()}
    return repr(value)

def run_case(case):
    out = {"name": case["name"]}
    mode = case["mode"]
    if mode == "yaml":
        ctx = generate_schema_yml_context(config, case["node"])
        try: out["value"] = plain(get_rendered(case["text"], ctx, native=True))
        except Exception as error: out["error"] = message(error)
        return out
    node = copy.deepcopy(manifest.nodes[case["node"]])
    if mode == "parse":
        node.refs, node.sources, node.metrics = [], [], []
        node.functions = []
        node.depends_on = DependsOn()
        context_config = ContextConfig(config, node.fqn, node.resource_type, node.package_name)
        ctx = generate_parser_model_context(node, config, manifest, context_config)
        try: out["text"] = get_rendered(case["text"], ctx, node, capture_macros=True)
        except Exception as error: out["error"] = message(error)
        out["refs"] = [plain(r.to_dict()) for r in node.refs]
        out["sources"] = node.sources
        out["metrics"] = node.metrics
        out["functions"] = node.functions
        out["macros"] = node.depends_on.macros
        out["config"] = plain(context_config._config_call_dict)
    else:
        if case.get("depends"): node.depends_on.nodes = list(node.depends_on.nodes) + case["depends"]
        with adapter.connection_named("master"):
            ctx = generate_runtime_model_context(node, config, manifest)
            if hasattr(node, "test_metadata") and node.test_metadata: add_rendered_test_kwargs(ctx, node)
            try: out["text"] = get_rendered(case["text"], ctx, node)
            except Exception as error: out["error"] = message(error)
    if "text" in out and not isinstance(out["text"], str): out["text"] = repr(out["text"])
    return out

with open(cases_file) as f: cases = json.load(f)
results = [run_case(case) for case in cases]
with open(out_file, "w") as f:
    json.dump(results, f, indent=1, ensure_ascii=False)
    f.write("\n")
if include_out:
    with open(include_out, "w") as f:
        json.dump([{k: getattr(m, k) for k in ("unique_id", "package_name", "name", "macro_sql", "original_file_path")} | {"depends": m.depends_on.macros} for m in manifest.macros.values()], f)
print(len(results), "cases")

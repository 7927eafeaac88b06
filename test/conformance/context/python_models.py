"""What dbt finds in Python models. usage: python_models.py SHED_COPY SNIPPETS.json OUT.json (the copy is changed)"""
import json, os, sys
project, snippets, out = sys.argv[1:4]
snippets, out = os.path.abspath(snippets), os.path.abspath(out)
os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "0"
os.environ["SHED_ENV"] = "from env"
os.chdir(project)
from types import SimpleNamespace
from dbt.parser.models import ModelParser, verify_python_model_code
results = []
for text in json.load(open(snippets)):
    calls = []
    def record(name):
        return lambda *a, **k: calls.append([name, list(a), k])
    node = SimpleNamespace(raw_code=text, original_file_path="m.py", name="m", resource_type="model")
    try:
        verify_python_model_code(node)
        ModelParser.parse_python_model(None, node, None, {"ref": record("ref"), "source": record("source"), "config": record("config")})
        results.append([text, {"calls": calls}])
    except Exception as error:
        results.append([text, {"error": getattr(error, "msg", str(error))}])
with open(out, "w") as f:
    f.write("[\n" + ",\n".join(json.dumps(r, ensure_ascii=False, default=repr) for r in results) + "\n]\n")
print(len(results))

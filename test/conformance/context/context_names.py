"""Asks real dbt which names there are in its Jinja context, and which fields its `model` has, for each kind of node, parsing and running.

usage: context_names.py OUT.json (with the Python of one dbt). Prints nothing of ours. Macros and packages are left out.
OUT.json: {version: {"KIND parse|run": {"context": [name], "model": [field]}}}, other versions of the file kept.
"""
import json, os, sys, tempfile
from pathlib import Path

out_file = Path(sys.argv[1]).resolve()
root = Path(tempfile.mkdtemp()) / "names"
FILES = {
    "dbt_project.yml": "name: names\nversion: '1.0'\nprofile: names\non-run-start: [\"{{ say('operation') }}\"]\n",
    "profiles.yml": "names: {target: dev, outputs: {dev: {type: duckdb, path: 'names.duckdb', schema: main, threads: 1}}}\n",
    "macros/say.sql": "{% macro say(kind) %}{% do log('SAYS ' ~ kind ~ (' run ' if execute else ' parse ') ~ tojson([context.keys()|list, model.keys()|list]), info=True) %}{% endmacro %}\n"
    "{% macro generate_schema_name(custom, node) %}{{ say('name') }}main{% endmacro %}\n{% test looks(model) %}{{ say('generic test') }}select 1 as a where 1=0{% endtest %}",
    "models/a.sql": "{{ say('model') }}select 1 as a",
    "models/p.yml": "models: [{name: a, tests: [looks]}]\n",
    "tests/t.sql": "{{ say('test') }}select 1 as a where 1=0",
    "analyses/an.sql": "{{ say('analysis') }}select 1 as a",
    "snapshots/s.sql": "{% snapshot s %}{{ config(target_schema='main', unique_key='a', strategy='check', check_cols='all') }}{{ say('snapshot') }}select 1 as a{% endsnapshot %}",
}
for name, text in FILES.items():
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text)
os.chdir(root)
os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"

from dbt.cli.main import dbtRunner
from dbt.version import __version__

said = {}


def listen(event):
    text = event.info.msg
    if "SAYS " in text:
        kind, names = text[text.index("SAYS ") + 5:].split("[", 1)
        said.setdefault(kind.strip(), json.loads("[" + names))


outcome = dbtRunner(callbacks=[listen]).invoke(["--quiet", "compile", "--profiles-dir", "."])
if not outcome.success:
    sys.exit(str(outcome.exception))
manifest = json.loads((root / "target/manifest.json").read_text())
macros = {macro[key] for macro in manifest["macros"].values() for key in ("name", "package_name")}
known = json.loads(out_file.read_text()) if out_file.exists() else {}
known[".".join(__version__.split(".")[:2])] = {kind: {"context": sorted(set(context) - macros), "model": sorted(model)} for kind, (context, model) in sorted(said.items())}
ordered = sorted(known.items(), key=lambda item: [int(part) for part in item[0].split(".")])
versions = [f"{json.dumps(version)}: {{\n" + ",\n".join(f"{json.dumps(kind)}: {json.dumps(names)}" for kind, names in kinds.items()) + "\n}" for version, kinds in ordered]
out_file.write_text("{\n" + ",\n".join(versions) + "\n}\n")

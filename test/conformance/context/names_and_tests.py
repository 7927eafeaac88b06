"""What dbt's parse makes of the shed project: generic tests and hooks of the manifest. usage: names_and_tests.py SHED_COPY OUT.json"""
import json, os, sys
out = os.path.abspath(sys.argv[2])
os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "0"
os.environ["SHED_ENV"] = "from env"
os.chdir(sys.argv[1])
from dbt.cli.main import dbtRunner
def manifest_of(command):
    result = dbtRunner().invoke(["--quiet", command, "--no-partial-parse", "--profiles-dir", "."])
    if not result.success: print(result.exception, file=sys.stderr)
    return json.load(open("target/manifest.json"))
compiled = manifest_of("compile")["nodes"]
manifest = manifest_of("parse")
tests = [{"name": n["name"], "package": n["package_name"], "raw_code": n["raw_code"], "kwargs": n["test_metadata"]["kwargs"], "refs": n["refs"], "sources": n["sources"],
          "macros": n["depends_on"]["macros"], "compiled": compiled[n["unique_id"]].get("compiled_code"), "compiled_macros": compiled[n["unique_id"]]["depends_on"]["macros"], "where": n["config"].get("where")} for n in manifest["nodes"].values() if n.get("test_metadata")]
macros = {m["unique_id"]: m["depends_on"]["macros"] for m in manifest["macros"].values() if m["package_name"] in ("shed", "crane")}
internal = {m["unique_id"]: m["depends_on"]["macros"] for m in manifest["macros"].values() if m["package_name"].startswith("dbt")}
with open(out, "w") as f: json.dump({"tests": tests, "macros": macros}, f, indent=1); f.write("\n")
with open("internal-depends.json", "w") as f: json.dump(internal, f)
print(len(tests), len(macros), len(internal))

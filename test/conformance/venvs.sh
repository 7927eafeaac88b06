#!/usr/bin/env bash
# Makes the virtual environments of real dbt that the conformance tests judge by.
# Usage: venvs.sh [-d DIRECTORY] [NAME…]     default: .venvs in the repository, and the names in `all`
# Each environment is one directory; a file READY in it holds the recipe it was made by. One whose
# READY matches is left alone, so a second run takes a moment; any other is made anew.
# Must not fetch anything but packages of the Python and npm registries, through their own clients.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
target=$(cd "$here/../.." && pwd)/.venvs
all=(jinja dbt-1.12 dbt-1.7 dbt-1.8 dbt-1.11 dbt-1.10 dbt-2 dbt-1.12-adapters carried)
if [[ ${1:-} == -d ]]; then mkdir -p "$2"; target=$(cd "$2" && pwd); shift 2; fi
names=("$@"); [[ ${#names[@]} -gt 0 ]] || names=("${all[@]}")
mkdir -p "$target"
export PIP_DISABLE_PIP_VERSION_CHECK=1

# The first working interpreter of the wanted minor versions. A shim of pyenv may be on the path and
# still refuse to run, and Debian's python3 comes without ensurepip, so each is tried.
python() {
  local minor candidate
  for minor in "$@"; do
    for candidate in ~/.pyenv/versions/"$minor".*/bin/python"$minor" /usr/local/bin/python"$minor" python"$minor"; do
      if "$candidate" -c 'import ensurepip, sqlite3' 2>/dev/null; then echo "$candidate"; return; fi
    done
  done
  echo "venvs.sh: no Python of $* with ensurepip found" >&2; return 1
}

venv() { # PYTHON DIRECTORY
  "$1" -m venv "$2" && "$2/bin/python" -m pip install --quiet --upgrade 'pip<26' wheel
}
pip() { local dir=$1; shift; "$dir/bin/python" -m pip install --quiet --prefer-binary "$@"; }

# dbt-core 1.12 requires a parser package whose installation downloads a binary and which nothing
# here uses. So: everything else that it requires first, itself without its requirements.
core_1_12() { # DIRECTORY
  local dir=$1
  pip "$dir" --no-deps dbt-core==1.12.6 dbt-duckdb==1.11.1
  "$dir/bin/python" - >"$dir/requirements.txt" <<'PY'
from importlib.metadata import requires
for package in ('dbt-core', 'dbt-duckdb'):
    for line in requires(package) or []:
        name, _, marker = line.partition(';')
        if 'extra' in marker or name.startswith(('dbt-core', 'dbt_core', 'duckdb')):
            continue
        print(line)
print('duckdb<1.5')
PY
  pip "$dir" -r "$dir/requirements.txt"
}

# Adapters for parsing and for naming, not for connecting: none of their requirements, then what
# importing them needs. Versions are those that the recorded answers were made with.
adapters=(dbt-postgres==1.11.0 dbt-snowflake==1.12.4 dbt-bigquery==1.12.1 dbt-redshift==1.11.1
  dbt-databricks==1.12.8 dbt-spark==1.10.3 dbt-trino==1.11.0 dbt-athena==1.11.1
  dbt-clickhouse==1.10.3 dbt-sqlserver==1.12.1 dbt-fabric==1.12.0)
clients=(psycopg2-binary 'snowflake-connector-python<5' pyopenssl google-cloud-bigquery
  'google-cloud-storage<3.2' google-cloud-dataproc google-api-core google-cloud-aiplatform nbformat
  'redshift-connector<2.2' 'databricks-sdk<0.118' 'databricks-sql-connector<4.4.1' databricks-sqlalchemy
  sqlparams PyHive trino boto3 'pyathena<3.35' 'mmh3<4.2' clickhouse-connect clickhouse-driver pyodbc 'boto3-stubs[athena,glue,lakeformation,sts]'
  mssql-python azure-identity azure-core keyring pandas 'pydantic<2.13' 'packaging<26' tenacity)

make() { # NAME DIRECTORY
  case $1 in
    jinja) venv "$(python 3.11 3.12 3.10)" "$2"; pip "$2" jinja2==3.1.6 dbt-common ;;
    dbt-1.7) venv "$(python 3.10 3.11)" "$2"; pip "$2" 'dbt-core~=1.7.0' 'dbt-duckdb~=1.7.0' 'duckdb<1.2' ;;
    dbt-1.8) venv "$(python 3.10 3.11)" "$2"; pip "$2" 'dbt-core~=1.8.0' 'dbt-duckdb~=1.8.0' 'duckdb<1.2' ;;
    dbt-1.10) venv "$(python 3.11 3.12)" "$2"; pip "$2" 'dbt-core~=1.10.0' 'dbt-duckdb<1.11' 'duckdb<1.5' ;;
    dbt-1.11) venv "$(python 3.11 3.12)" "$2"; pip "$2" 'dbt-core~=1.11.0' dbt-duckdb 'duckdb<1.5' ;;
    dbt-1.12) venv "$(python 3.11 3.12)" "$2"; core_1_12 "$2" ;;
    dbt-1.12-adapters)
      venv "$(python 3.11 3.12)" "$2"; core_1_12 "$2"
      pip "$2" --no-deps "${adapters[@]}"; pip "$2" "${clients[@]}" ;;
    dbt-2) dbt_2 "$2" ;;
    # Packages that carry dbt projects, for carried_projects.py: their files only.
    carried)
      "$(python 3.11 3.12 3.10)" -m pip install --quiet --no-deps --target "$2" dbt-tests-adapter==1.20.0 \
        elementary-data==0.26.1 pytest==9.2.0 iniconfig pluggy pygments ;;
    *) echo "venvs.sh: unknown environment $1 (known: ${all[*]})" >&2; return 2 ;;
  esac
}

# dbt 2's wheel is a zip with one binary. It speaks to DuckDB through the library that the npm
# package of DuckDB's bindings carries.
dbt_2() { # DIRECTORY
  local dir=$1
  venv "$(python 3.11 3.12 3.10)" "$dir"
  "$dir/bin/python" -m pip download --quiet --no-deps --only-binary :all: -d "$dir/wheel" dbt-core==2.0.0a4
  "$dir/bin/python" - "$dir" <<'PY'
import glob, os, shutil, sys, zipfile
root = sys.argv[1]
wheel = glob.glob(f'{root}/wheel/*.whl')[0]
with zipfile.ZipFile(wheel) as archive:
    name = max(archive.infolist(), key=lambda entry: entry.file_size).filename
    with archive.open(name) as source, open(f'{root}/bin/dbt-2', 'wb') as sink:
        shutil.copyfileobj(source, sink)
os.chmod(f'{root}/bin/dbt-2', 0o755)
PY
  (cd "$dir/wheel" && npm pack --silent @duckdb/node-bindings-linux-x64@1.5.6-r.1 >/dev/null && mkdir -p "$dir/lib" &&
    tar -xzf duckdb-node-bindings-*.tgz --strip-components=1 -C "$dir/lib" package/libduckdb.so)
  rm -r "$dir/wheel"
  printf '#!/bin/sh\nexport LD_LIBRARY_PATH="%s${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"\nexec "%s" "$@"\n' \
    "$dir/lib" "$dir/bin/dbt-2" >"$dir/bin/dbt"
  chmod +x "$dir/bin/dbt"
}

recipe=$(cksum <"${BASH_SOURCE[0]}" | cut -d' ' -f1)
for name in "${names[@]}"; do
  dir=$target/$name
  # An environment that stands is trusted whatever recipe made it, unless VENVS_STRICT asks.
  if [[ -f $dir/READY && ( -z ${VENVS_STRICT:-} || $(cat "$dir/READY") == "$recipe" ) ]]; then continue; fi
  echo "venvs.sh: making $name" >&2
  rm -rf "$dir"
  make "$name" "$dir"
  echo "$recipe" >"$dir/READY"
done

#!/usr/bin/env bash
# The projects that packages of the Python registry carry (dbt-tests-adapter's classes, elementary's own), against a live dbt.
#   carried.sh [--dbt 1.12] …   options as parse.ts; the projects are made for the run and removed
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
venvs=${DBT_VENVS:-$PWD/.venvs}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
bash test/conformance/venvs.sh dbt-1.12 carried
PYTHONDONTWRITEBYTECODE=1 "$venvs/dbt-1.12/bin/python" test/conformance/carried_projects.py "$venvs/carried" "$place"
node --import tsx test/conformance/parse.ts "$@" "$place"/*

#!/bin/sh
# Copies the built server, its editor configurations and the demo into the editors' Debian $1, under /e2e. Copies, so that nothing of this checkout can be removed from in there.
set -eu
ROOT=$1
HERE=$(cd "$(dirname "$0")/../.." && pwd)
[ -f "$HERE/dist/dbt-defer-ls.cjs" ] || (cd "$HERE" && npm run build >&2)
rm -rf "$ROOT/e2e/demo" "$ROOT/e2e/editors" "$ROOT/e2e/bin"
mkdir -p "$ROOT/e2e/bin"
cp -r "$HERE/client/demo" "$ROOT/e2e/demo"
cp -r "$HERE/client/editors" "$ROOT/e2e/editors"
cp "$HERE/dist/dbt-defer-ls.cjs" "$ROOT/e2e/bin/"
cp "$HERE/test/e2e/neovim.lua" "$HERE/test/e2e/emacs.el" "$HERE/test/e2e/ale.vim" "$ROOT/e2e/"
printf '#!/bin/sh\nexec /e2e/node /e2e/bin/dbt-defer-ls.cjs "$@"\n' >"$ROOT/e2e/bin/dbt-defer-ls"
chmod +x "$ROOT/e2e/bin/dbt-defer-ls"
# What exists comes as a listing: DuckDB is native and stays outside of the bundle.
cat >"$ROOT/e2e/demo/exists.json" <<'JSON'
[{"database":"dev","schema":"dev_staging","identifier":"stg_orders","type":"view"},{"database":"dev","schema":"dev_staging","identifier":"stg_customers","type":"view"},{"database":"dev","schema":"dev_marts","identifier":"orders","type":"table"}]
JSON
printf 'state: prod\ndefer: true\nexists: exists.json\n' >"$ROOT/e2e/demo/.dbt-defer-ls.yml"

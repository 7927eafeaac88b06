#!/bin/sh
# A real Vim with ALE, without a terminal, with the configuration that client/editors/vim ships, on the demo project: ale.vim asks and checks.
set -eu
HERE=$(cd "$(dirname "$0")" && pwd)
ROOT=${EDITORS_ROOT:-/var/tmp/dbt-defer-ls-editors}
sh "$HERE/editors.sh" "$ROOT"
sh "$HERE/stage.sh" "$ROOT"
rm -f "$ROOT/e2e/ale.txt"
# Vim itself has nowhere to print to: there is no terminal.
ended=0
chroot "$ROOT" env HOME=/root LANG=C.UTF-8 TERM=xterm PATH=/e2e/bin:/usr/bin:/bin timeout 200 vim --not-a-term -N -u /e2e/ale.vim -i NONE </dev/null >"$ROOT/e2e/ale.log" 2>&1 || ended=$?
cat "$ROOT/e2e/ale.txt" || cat "$ROOT/e2e/ale.log"
exit "$ended"

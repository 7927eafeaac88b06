#!/bin/sh
# A real Neovim, headless, with the configuration that client/editors/neovim ships, on the demo project: neovim.lua asks and checks.
set -eu
HERE=$(cd "$(dirname "$0")" && pwd)
ROOT=${EDITORS_ROOT:-/var/tmp/dbt-defer-ls-editors}
sh "$HERE/editors.sh" "$ROOT"
sh "$HERE/stage.sh" "$ROOT"
exec chroot "$ROOT" env HOME=/root LANG=C.UTF-8 PATH=/e2e/bin:/usr/bin:/bin timeout 120 nvim --headless -u NONE -i NONE -n -l /e2e/neovim.lua

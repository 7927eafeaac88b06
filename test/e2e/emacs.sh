#!/bin/sh
# A real Emacs with eglot, in batch, with the configuration that client/editors/emacs ships, on the demo project: emacs.el asks and checks.
set -eu
HERE=$(cd "$(dirname "$0")" && pwd)
ROOT=${EDITORS_ROOT:-/var/tmp/dbt-defer-ls-editors}
sh "$HERE/editors.sh" "$ROOT"
sh "$HERE/stage.sh" "$ROOT"
exec chroot "$ROOT" env HOME=/root LANG=C.UTF-8 PATH=/e2e/bin:/usr/bin:/bin timeout 120 emacs -Q --batch -l /e2e/emacs.el

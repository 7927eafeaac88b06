#!/bin/sh
# A real Helix in tmux with the configuration that client/editors/helix ships, on the demo project: types keys and reads the screen.
set -eu
HERE=$(cd "$(dirname "$0")" && pwd)
ROOT=${EDITORS_ROOT:-/var/tmp/dbt-defer-ls-editors}
SESSION=dbt-defer-ls-helix-$$
sh "$HERE/editors.sh" "$ROOT"
sh "$HERE/stage.sh" "$ROOT"
mkdir -p "$ROOT/root/.config/helix" "$ROOT/proc"
cp "$HERE/../../client/editors/helix/languages.toml" "$ROOT/root/.config/helix/languages.toml"
printf '[editor]\nend-of-line-diagnostics = "hint"\n[editor.lsp]\ndisplay-inlay-hints = true\n[editor.inline-diagnostics]\ncursor-line = "hint"\n' >"$ROOT/root/.config/helix/config.toml"
# Only Helix needs /proc.
mounted=
mountpoint -q "$ROOT/proc" || { mount -t proc proc "$ROOT/proc"; mounted=1; }
failed=0
passed=0
cleanup() {
  tmux kill-session -t "$SESSION" 2>/dev/null || true
  [ -z "$mounted" ] || umount "$ROOT/proc" || true
}
trap cleanup EXIT INT TERM

screen() { tmux capture-pane -p -t "$SESSION"; }
# Alone in its own read: an escape right before another key is Alt.
escape() { sleep 0.3; keys Escape; sleep 0.6; }
keys() { tmux send-keys -t "$SESSION" "$@"; }
# shows NAME TEXT: waits until the screen holds the text.
shows() {
  i=0
  while [ $i -lt 150 ]; do
    if screen | grep -qF -- "$2"; then passed=$((passed + 1)); echo "ok    $1"; return; fi
    i=$((i + 1)); sleep 0.2
  done
  failed=$((failed + 1)); echo "FAIL  $1: no '$2' on the screen"; screen
}
hides() {
  i=0
  while [ $i -lt 150 ]; do
    if ! screen | grep -qF -- "$2"; then passed=$((passed + 1)); echo "ok    $1"; return; fi
    i=$((i + 1)); sleep 0.2
  done
  failed=$((failed + 1)); echo "FAIL  $1: '$2' stays on the screen"; screen
}

tmux new-session -d -s "$SESSION" -x 150 -y 45 "chroot $ROOT env HOME=/root LANG=C.UTF-8 TERM=xterm-256color PATH=/e2e/bin:/usr/bin:/bin sh -c 'cd /e2e/demo && exec hx models/marts/customers.sql'"
shows 'the file opens' "ref('customer_history')"
# Helix asks for hints when something moves.
sleep 2; keys j k
shows 'an inlay hint says production' '→ dev.prod_history.customer_history (prod)'
shows 'an inlay hint says dev' '→ dev.dev_staging.stg_customers'
keys '/' ; keys -l -- "customer_history" ; keys Enter
sleep 0.5
keys Space k
shows 'hover says where it reads and why' 'does not exist in the current target'
screen
escape
keys g g '/' ; keys -l -- "stg_customers" ; keys Enter
sleep 0.5
keys g d
shows 'go to definition goes there' 'stg_customers.sql'
keys C-o
shows 'and back' "ref('customer_history')"
keys g e o ; keys -l -- "-- {{ ref('order') }}" ; escape
shows 'a diagnostic on unsaved text' 'which was not found'
keys g e o ; keys -l -- "-- {{ ref('stg_p"
shows 'completion in an unfinished ref' 'stg_products'
screen
escape; escape; keys u u u
hides 'the diagnostic goes with its cause' 'which was not found'
keys ':' ; keys -l -- 'q!' ; keys Enter
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

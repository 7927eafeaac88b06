#!/bin/sh
# Makes a small Debian with a modern Neovim, Helix, Emacs and Vim with ALE (older Debians have too old ones) in $1, or finds it there. Needs root; downloads ~400 MB once.
# Prints nothing on success. Fails when it cannot: a skipped editor test is no test.
set -eu
ROOT=${1:-/var/tmp/dbt-defer-ls-editors}
SUITE=forky
# The mirror that this machine itself uses.
MIRROR=${DEBIAN_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | sort -u | head -n 1)}
has() { command -v "$1" >/dev/null 2>&1; }

if ! has tmux || ! has debootstrap; then
  apt-get update -qq >&2
  apt-get install -y -qq --no-install-recommends debootstrap tmux >&2
fi
if [ ! -x "$ROOT/usr/bin/nvim" ] || [ ! -x "$ROOT/usr/bin/hx" ] || [ ! -e "$ROOT/usr/bin/emacs" ] || [ ! -d "$ROOT/usr/share/vim-ale" ]; then
  # bookworm's debootstrap has no script of its own for forky; sid's is the same.
  [ -x "$ROOT/usr/bin/apt-get" ] || debootstrap --variant=minbase --include=ca-certificates "$SUITE" "$ROOT" "$MIRROR" sid >&2
  cp /etc/apt/apt.conf.d/* "$ROOT/etc/apt/apt.conf.d/"
  cp /etc/resolv.conf "$ROOT/etc/"
  cp -L /etc/hosts "$ROOT/etc/hosts"
  chroot "$ROOT" apt-get update -qq >&2
  chroot "$ROOT" apt-get install -y -qq --no-install-recommends neovim hx emacs-nox vim-nox vim-ale >&2
fi
# Of this machine, so that the version under test is the one that runs it.
mkdir -p "$ROOT/e2e"
cp -L "$(command -v node)" "$ROOT/e2e/node"

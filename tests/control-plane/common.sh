# shellcheck shell=bash
# Sourced by the scripts of this folder: progress, the cache, and packages.
# What a script answers goes to file descriptor 3 (its stdout); everything else goes to stderr.
set -euo pipefail
export LC_ALL=C
exec 3>&1 1>&2

cache=${WAYLEAVE_CACHE:-${XDG_CACHE_HOME:-${HOME:?}/.cache}/wayleave}/control-plane

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() { say "$*"; exit 1; }

# step LABEL COMMAND...: runs the command, then says on one line how long it took
step() {
  local label=$1 began=${EPOCHREALTIME/./} ms
  shift
  "$@"
  ms=$(((${EPOCHREALTIME/./} - began) / 1000))
  say "$(printf '%-34s %4d.%d s' "$label" $((ms / 1000)) $((ms % 1000 / 100)))"
}

# need COMMAND PACKAGE: installs the Debian package when the command is missing
need() {
  if command -v "$1" >/dev/null; then return; fi
  local as=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || die "the command '$1' is missing: install the package '$2', or run as root"
    as=(sudo)
  fi
  say "installing the package $2"
  "${as[@]}" apt-get -qq update || true # one unreachable source must not hide the others
  "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 \
    install -y --no-install-recommends "$2" >/dev/null
}

# Until the script ends, packages that are installed start no service. Needs root.
no_services() {
  local policy=/usr/sbin/policy-rc.d
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod +x $policy
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  fi
}

# once KEY BUILD: answers with the folder $cache/KEY, made by "BUILD WORK OUT" if it is not there yet.
# OUT appears in the cache whole or not at all; two that want the same one wait for each other.
once() {
  local folder=$cache/$1 fresh
  if [ ! -d "$folder" ]; then
    mkdir -p "$(dirname "$folder")"
    exec 9>"$folder.lock"
    flock 9
    if [ ! -d "$folder" ]; then
      rm -rf "$folder".work.* # of a run that was killed: the lock says that nobody uses it
      fresh=$(mktemp -d "$folder.work.XXXXXX")
      # shellcheck disable=SC2064 # the folder's name now, not when the trap runs
      trap "rm -rf '$fresh'" EXIT
      trap 'exit 130' INT TERM HUP
      mkdir "$fresh/out"
      "$2" "$fresh" "$fresh/out"
      mv -T "$fresh/out" "$folder"
    fi
    exec 9>&-
  fi
  echo "$folder" >&3
}

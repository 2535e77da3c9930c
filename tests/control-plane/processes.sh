# shellcheck shell=bash
# Sourced by the scripts that run a cluster's processes: each is killed with the script, and logs to $dir/logs.

declare -A pids=() # of the components that are meant to run

# launch COMPONENT COMMAND...: in the background, with its output in the component's log. The kernel kills it when
# this script dies, however that happens; the shell in between closes the gap in which it could die unseen.
launch() {
  local name=$1
  shift
  # shellcheck disable=SC2016 # it is the inner shell that looks at its parent
  setpriv --pdeathsig KILL -- sh -c '[ "$PPID" = "$0" ] && exec "$@"' $$ "$@" \
    </dev/null >>"$dir/logs/$name.log" 2>&1 3>&- 8>&- &
  pids[$name]=$!
}

alive() { [ -n "${pids[$1]:-}" ] && kill -0 "${pids[$1]}" 2>/dev/null; }

# halt COMPONENT: SIGKILL. There is nothing to flush: what a crash leaves is what the tests are about
halt() {
  kill -KILL "${pids[$1]}" 2>/dev/null || true
  wait "${pids[$1]}" 2>/dev/null || true
  unset "pids[$1]"
}

halt_all() { for component in "${!pids[@]}"; do halt "$component"; done; }

# await COMPONENT: until it is ready, or has exited, or three minutes have gone by: a busy machine may stand still for one
await() {
  local end=$((SECONDS + 180))
  until "ready_$1" >/dev/null 2>&1; do
    alive "$1" && ((SECONDS < end)) || return 1
    sleep 0.3
  done
}

fail() {
  say "$1 $2; the end of its log:"
  tail -20 "$dir/logs/$1.log" >&2 || true
  exit 1
}

# shellcheck shell=bash
# Runs the programs of tools/slow-tests, those that share the Debian 13 of trixie.sh one after the other, the others
# beside them: most of the time each uses one core. Source this file after setup.sh.

# Those that build or run in that Debian 13, in the order in which they make use of each other's work (from-source makes
# one of its own).
slow_tests_in_trixie=(package arm64 systemd first-minutes)

# The logs, one per test.
slow_test_logs=.build/slow-tests

# Runs some, one after the other; each writes its log, and a line of its verdict here. Goes on after a failure.
run_slow_track() {
  local name begin verdict
  for name in "$@"; do
    begin=$SECONDS
    if "tools/slow-tests/$name" >"$slow_test_logs/$name.log" 2>&1 </dev/null; then
      verdict=passed
    else
      verdict=FAILED
      touch "$slow_test_logs/$name.failed"
    fi
    say "slow-tests/$name $verdict after $(((SECONDS - begin) / 60)) min $(((SECONDS - begin) % 60)) s"
  done
}

# Runs all, and fails with the last lines of what failed.
run_slow_tests() {
  local path name others=()
  rm -rf "$slow_test_logs"
  mkdir -p "$slow_test_logs"
  for path in tools/slow-tests/*; do
    name=${path##*/}
    # Nothing here downloads what is neither of Debian nor of Package.swift: PyTorch comes from elsewhere.
    if [[ $name == exchange && -z ${SERD_PYTHON:-} ]]; then
      say "slow-tests/exchange is left out: SERD_PYTHON names no Python with PyTorch; run by itself it downloads one"
      continue
    fi
    [[ " ${slow_tests_in_trixie[*]} " == *" $name "* ]] || others+=("$name")
  done
  say "running the slow tests, two at a time; their messages go to $slow_test_logs"
  run_slow_track "${slow_tests_in_trixie[@]}" &
  run_slow_track "${others[@]}"
  wait
  local failed=()
  for path in "$slow_test_logs"/*.failed; do
    [[ -e $path ]] || continue
    name=$(basename "$path" .failed)
    failed+=("$name")
    say "the end of $slow_test_logs/$name.log:"
    tail -n 20 "$slow_test_logs/$name.log" >&2
  done
  [[ ${#failed[@]} -eq 0 ]] || fail "failed: ${failed[*]}"
  say "all slow tests passed, $((SECONDS / 60)) min after the start"
}

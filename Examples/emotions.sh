#!/usr/bin/env bash
# Prints emotions as the serd daemon hears them: begin or end, label, confidence, start time. Needs socat; no jq.
#
#   Examples/emotions.sh [SOCKET]
#
# Connects again when the daemon restarts. It does not ask for windows and does not start a daemon. The lines that it
# reads are explained in Sources/SerdProtocol/PROTOCOL.md: each starts with its type, and in an emotion every name used
# here occurs once before its value, which holds no quotation mark.
set -u
path=${1:-${SERD_SOCKET:-/run/serd/events.sock}}

# What follows "NAME": in the line, up to the next comma, brace or quotation mark.
value() {
  local rest=${line#*\""$1"\":}
  rest=${rest#\"}
  printf '%s' "${rest%%[,\}\"]*}"
}

while true; do
  socat -u "UNIX-CONNECT:$path" - | while IFS= read -r line; do
    [[ $line == '{"type":"emotion",'* ]] || continue
    start=${line#*\"start\":}
    echo "$(value phase) $(value label) $(value confidence) $(line=$start value utc)"
  done
  sleep 1
done

#!/bin/sh
# quietly.sh TITLE LOG COMMAND...: one line while it works; the end of the log when it fails.
title=$1
log=$2
shift 2
mkdir -p "$(dirname "$log")"
started=$(date +%s)
printf '==> %s ...' "$title"
if "$@" >"$log" 2>&1; then
    printf ' done (%s s)\n' "$(($(date +%s) - started))"
else
    status=$?
    printf ' failed\n'
    tail -n 25 "$log" >&2
    printf 'error: %s failed; the whole log is %s\n' "$title" "$log" >&2
    exit "$status"
fi

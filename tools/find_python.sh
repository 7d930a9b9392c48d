#!/bin/sh
# Print the first Python that this project runs on, or say what is missing.
# The ROS wheels exist for CPython 3.10 to 3.12 on x86_64 Linux.
set -u

fail() {
    echo "error: $1" >&2
    exit 1
}

[ "$(uname -s)" = Linux ] && [ "$(uname -m)" = x86_64 ] ||
    fail "this set-up needs Linux on x86_64, not $(uname -s) on $(uname -m); build with colcon instead"
command -v g++ >/dev/null ||
    fail "no C++ compiler; install one: sudo apt-get install g++ make"

for python in ${PYTHON:-python3.12 python3.11 python3.10 python3}; do
    if "$python" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 12))' \
        2>/dev/null; then
        # The interface packages are compiled against Python.h; venv needs ensurepip.
        missing=$("$python" - <<'CHECK'
import importlib.util, os, sysconfig
needs = []
if importlib.util.find_spec("ensurepip") is None:
    needs.append("venv")
if not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")):
    needs.append("dev")
print(" ".join(needs))
CHECK
        )
        if [ -z "$missing" ]; then
            command -v "$python"
            exit 0
        fi
        incomplete="${incomplete:-}${incomplete:+, or }$(
            version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
            printf 'sudo apt-get install'
            for part in $missing; do printf ' python%s-%s' "$version" "$part"; done
        )"
    fi
done
[ -n "${incomplete:-}" ] && fail "Python is there, but parts of it are missing; run: $incomplete"
fail "no Python 3.10, 3.11 or 3.12 found; install one, or name it: make PYTHON=/path/to/python3.11"

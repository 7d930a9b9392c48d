#!/bin/sh
# Two things come from the system's packages: an OpenGL library (EGL) for pictures of the robot, and
# the dictionary WordNet for words that the lexicon does not list. Fetch what is missing where that
# is allowed; otherwise say so and go on: everything else works without them. Never fails.
set -u

missing=""
if ! ldconfig -p 2>/dev/null | grep -q 'libEGL\.so\.1' ||
    ! ldconfig -p 2>/dev/null | grep -q 'libEGL_[a-z]*\.so\.0'; then
    missing="libegl1 libegl-mesa0 libgl1-mesa-dri"
fi
[ -f "${WNSEARCHDIR:-/usr/share/wordnet}/index.noun" ] || missing="$missing wordnet-base"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=""
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    as_root="none"
fi

if [ "$as_root" != none ] && command -v apt-get >/dev/null; then
    echo "==> installing system packages ($missing)"
    # shellcheck disable=SC2086  # both are lists of words
    if (DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq $missing ||
        { $as_root apt-get update -qq &&
            DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq $missing; }) \
        >/dev/null 2>&1; then
        exit 0
    fi
fi
echo "note: pictures of the robot need OpenGL (libegl1 ...), unlisted words need WordNet; run:"
echo "    sudo apt-get install $missing"
exit 0

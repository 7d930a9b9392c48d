#!/bin/sh
# Pictures of the robot need an OpenGL library (EGL) of the system. Fetch it where that is allowed;
# otherwise say so and go on: everything but the pictures works without it. Never fails.
set -u

if ldconfig -p 2>/dev/null | grep -q 'libEGL\.so\.1' &&
    ldconfig -p 2>/dev/null | grep -q 'libEGL_[a-z]*\.so\.0'; then
    exit 0
fi

packages="libegl1 libegl-mesa0 libgl1-mesa-dri"
if [ "$(id -u)" = 0 ]; then
    as_root=""
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    as_root="none"
fi

if [ "$as_root" != none ] && command -v apt-get >/dev/null; then
    echo "==> installing OpenGL libraries ($packages)"
    # shellcheck disable=SC2086  # both are lists of words
    if (DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq $packages ||
        { $as_root apt-get update -qq &&
            DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq $packages; }) \
        >/dev/null 2>&1; then
        exit 0
    fi
fi
echo "note: no OpenGL library; for pictures of the robot run: sudo apt-get install $packages"
exit 0

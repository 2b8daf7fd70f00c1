# SPDX-License-Identifier: Apache-2.0 OR MIT
# lib.sh - what the scripts of this folder share; sourced by them with `here` set to this folder.

root=$(cd "$here/.." && pwd)

die() {
    echo "${0##*/}: $*" >&2
    exit 2
}

# need_packages COMMAND-OR-FILE:PACKAGE ...
# Installs the Debian package of each command (or file, when it begins with a slash) that is missing.
# Elsewhere, or without the rights, says which packages are wanted and gives up.
need_packages() {
    missing=
    for pair in "$@"; do
        thing=${pair%%:*}
        case $thing in
        /*) found=$(ls $thing 2>/dev/null || true) ;;
        *) found=$(command -v "$thing" || true) ;;
        esac
        [ -n "$found" ] || missing="$missing ${pair#*:}"
    done
    [ -n "$missing" ] || return 0
    sudo=
    if [ "$(id -u)" != 0 ]; then
        sudo=$(command -v sudo || true)
        [ -n "$sudo" ] || die "these packages are missing, and there is neither root nor sudo:$missing"
    fi
    command -v apt-get >/dev/null ||
        die "these packages (Debian's names) are missing, and there is no apt-get here:$missing"
    echo "installing:$missing"
    log=$(mktemp)
    # A name server that a test starts on its own must not become a service of this machine.
    policy=/usr/sbin/policy-rc.d
    if [ -e "$policy" ]; then policy=; else
        printf '#!/bin/sh\nexit 101\n' | $sudo tee "$policy" >/dev/null
        $sudo chmod +x "$policy"
    fi
    installed=0
    { $sudo apt-get update &&
        $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } \
        >"$log" 2>&1 </dev/null || installed=$?
    [ -z "$policy" ] || $sudo rm -f "$policy"
    if [ "$installed" != 0 ]; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        die "apt-get could not install:$missing"
    fi
    rm -f "$log"
}

# What any build needs: a C compiler (CC, when it is set), cmake, ninja, and the command's libraries.
need_build_packages() {
    case ${CC:-cc} in
    *clang*) compiler="${CC}:clang" ;;
    *) compiler="${CC:-cc}:gcc" ;;
    esac
    need_packages "$compiler" cmake:cmake ninja:ninja-build /usr/include/stdio.h:libc6-dev \
        /usr/include/htslib/khash.h:libhts-dev /usr/include/zlib.h:zlib1g-dev \
        /usr/include/zstd.h:libzstd-dev pkg-config:pkg-config "$@"
}

# build DIRECTORY [CMAKE-ARGUMENT ...] - configures and builds quietly; shows the log on failure.
build() {
    directory=$1
    shift
    mkdir -p "$directory"
    if ! { cmake -S "$root" -B "$directory" -G Ninja "$@" && cmake --build "$directory"; } \
        >"$directory/build.log" 2>&1 </dev/null; then
        tail -n 60 "$directory/build.log" >&2
        die "the build failed; the whole log is $directory/build.log"
    fi
}

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# bench_preload.sh [--quick] [--publish] - times a C and a Python program with and without the drop-in.
#
# A run takes about two minutes, --quick some seconds, for a first look. --publish writes the table to
# docs/preload.md, too. The exit status is 1 when the two do not answer alike.
set -eu
. "$(dirname "$0")/lib.sh"

quick=
publish=
for argument in "$@"; do
    case $argument in
    --quick) quick=--quick ;;
    --publish) publish=$root/docs/preload.md ;;
    *) die "unknown argument '$argument'; usage: tools/bench_preload.sh [--quick] [--publish]" ;;
    esac
done
[ -z "$quick" ] || [ -z "$publish" ] || die "a quick look is nothing to publish"

need_packages "${CC:-cc}:gcc" cmake:cmake ninja:ninja-build /usr/include/stdio.h:libc6-dev \
    python3:python3 /etc/services:netbase
directory=$root/build/bench-preload
build "$directory" -DCMAKE_BUILD_TYPE=Release -DSIMDINET_BUILD_COMMAND=OFF
${CC:-cc} -std=c11 -O2 -D_GNU_SOURCE "$root/bench/preload_loop.c" -o "$directory/preload_loop"
# shellcheck disable=SC2086 # one word or none
exec python3 "$here/bench_preload.py" $quick ${publish:+--publish "$publish"} \
    "$directory/libsimdinet_preload.so" "$directory/preload_loop" "$root/bench/preload_loop.py"

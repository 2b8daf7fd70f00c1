#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# bench_preload.sh [--quick] [--publish] - times a C and a Python program with and without the interposer.
#
# A run takes about two minutes, --quick some seconds. --publish writes the table to docs/preload.md. The
# exit status is 1 when results differ.
set -eu
. "$(dirname "$0")/lib.sh"

need_packages "${CC:-cc}:gcc" cmake:cmake ninja:ninja-build /usr/include/stdio.h:libc6-dev \
    python3:python3 /etc/services:netbase
directory=$root/build/bench-preload
build "$directory" -DCMAKE_BUILD_TYPE=Release -DSIMDINET_BUILD_COMMAND=OFF
${CC:-cc} -std=c11 -O2 -D_GNU_SOURCE "$root/bench/preload_loop.c" -o "$directory/preload_loop"
exec python3 "$here/bench/preload.py" "$@" "$directory/libsimdinet_preload.so" "$directory/preload_loop"

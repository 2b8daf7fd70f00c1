#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# demo.sh [LOGFILE ...] - builds simdinet and counts the addresses in the given logs.
#
# Without an argument it generates a log of about 50 MB and the list of its addresses, counts them, and
# checks that every address was found and nothing else.
set -eu
. "$(dirname "$0")/lib.sh"

need_build_packages
echo "building ..."
build "$root/build/demo" -DCMAKE_BUILD_TYPE=Release
simdinet=$root/build/demo/simdinet

truth=
if [ $# -eq 0 ]; then
    cmake --build "$root/build/demo" --target loggen >>"$root/build/demo/build.log" 2>&1 ||
        die "the log generator does not build; see $root/build/demo/build.log"
    truth=$root/build/demo/demo.truth
    set -- "$root/build/demo/demo.log"
    echo "writing a log of eleven kinds of lines, from web servers to packet dumps ..."
    "$root/build/demo/loggen" --size 50M "$1" "$truth"
fi

"$simdinet" --version
echo
status=0
"$simdinet" count --top 10 --stats "$@" || status=$?

if [ -n "$truth" ]; then
    echo
    found=$root/build/demo/demo.found
    "$simdinet" extract --byte-offset "$1" >"$found" || status=$?
    expected=$(wc -l <"$truth")
    if cmp -s "$truth" "$found"; then
        echo "truth check passed: all $expected addresses were found at their offsets, and nothing else"
    else
        echo "truth check FAILED; the first differences (< expected, > found):"
        diff "$truth" "$found" | head -n 10
        status=1
    fi
fi
exit $status

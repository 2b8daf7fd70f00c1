#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# bench.sh [--quick] [FAMILY] - measures simdinet on this machine and prints one table.
#
# FAMILY is parse, format, column, lines or all (the default). --quick runs 3 short rounds instead of 30: under one
# minute, and no more than a first look. CC and CXX choose the compiler. What was measured stays in
# the build directory as JSON. The exit status is 1 when a candidate's results are wrong.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"

usage='usage: tools/bench.sh [--quick] [parse|format|column|lines|all]'
family=all
rounds='--benchmark_repetitions=30 --benchmark_min_time=0.02'
for argument in "$@"; do
    case $argument in
    --quick) rounds='--benchmark_repetitions=3 --benchmark_min_time=0.005' ;;
    -h | --help) echo "$usage" && exit ;;
    -*) die "unknown option '$argument'; $usage" ;;
    *) family=$argument ;;
    esac
done
# The operations of a family, as the names of its benchmarks begin. The empty call goes with each.
case $family in
all) filter=. ;;
parse) filter='^(call/|parse_|pton_)' ;;
format) filter='^(call/|format_|ntop_)' ;;
column) filter='^(call/|column_)' ;;
lines) filter='^(call/|lines_)' ;;
*) die "unknown family '$family'; $usage" ;;
esac

need_packages "${CC:-cc}:gcc" "${CXX:-c++}:g++" cmake:cmake ninja:ninja-build python3:python3 \
    /usr/include/stdio.h:libc6-dev /usr/include/benchmark/benchmark.h:libbenchmark-dev
directory=$root/build/bench-$(basename "${CC:-cc}")
build "$directory" -DCMAKE_BUILD_TYPE=Release -DSIMDINET_BUILD_BENCH=ON -DSIMDINET_BUILD_COMMAND=OFF
commit=$(git -C "$root" describe --always --dirty 2>/dev/null) || commit=unknown

# Each program that has something of this family.
set --
status=0
for program in "$directory"/bench/bench_*; do
    [ -x "$program" ] || continue
    count=$("$program" --benchmark_filter="$filter" --benchmark_list_tests 2>/dev/null | grep -c /) ||
        continue
    name=$(basename "$program")
    result=$directory/$name.json
    echo "measuring: $name, $count candidates" >&2
    code=0
    # shellcheck disable=SC2086 # two options
    "$program" --benchmark_filter="$filter" $rounds --benchmark_context=commit="$commit" \
        --benchmark_out="$result" --benchmark_out_format=json >"$directory/$name.log" 2>&1 || code=$?
    if [ $code -gt 1 ]; then
        tail -n 5 "$directory/$name.log" >&2
        die "$name failed; the whole log is $directory/$name.log"
    fi
    [ $code -eq 0 ] || status=1
    set -- "$@" "$result"
done
[ $# -gt 0 ] || die "there is nothing to measure for $family"

python3 "$here/bench_table.py" "$here/bench_goals.tsv" "$@"
echo
echo "results: $*"
exit $status

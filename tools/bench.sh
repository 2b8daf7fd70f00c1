#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# bench.sh [--quick] [FAMILY] - measures simdinet on this machine and prints one table.
#
# FAMILY is parse, format, column, lines, scan, socket, swap or all (the default). scan compares whole
# commands, too: with ripgrep, grep, grepcidr and mawk. --quick runs 3 short rounds instead of 30, a
# minute or two: no more than a first look. CC and CXX choose the compiler. What was measured stays in
# the build directory as JSON. The exit status is 1 when a candidate's results are wrong.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"

usage='usage: tools/bench.sh [--quick] [parse|format|column|lines|scan|socket|swap|all]'
family=all
rounds='--benchmark_repetitions=30 --benchmark_min_time=0.02'
quick=
for argument in "$@"; do
    case $argument in
    --quick) rounds='--benchmark_repetitions=3 --benchmark_min_time=0.005' quick=--quick ;;
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
socket) filter='^get' ;;
scan) filter='^scan_' ;;
swap) filter='^swap' ;;
column) filter='^(call/|column_)' ;;
lines) filter='^(call/|lines_)' ;;
*) die "unknown family '$family'; $usage" ;;
esac

need_build_packages "${CXX:-c++}:g++" python3:python3 \
    /usr/include/benchmark/benchmark.h:libbenchmark-dev
case $family in
scan | all) need_packages rg:ripgrep grepcidr:grepcidr mawk:mawk ;;
esac
directory=$root/build/bench-$(basename "${CC:-cc}")
build "$directory" -DCMAKE_BUILD_TYPE=Release -DSIMDINET_BUILD_BENCH=ON -DSIMDINET_BUILD_COMMAND=ON
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
case $family in
scan | all) python3 "$here/bench_commands.py" $quick "$directory/simdinet" "$directory/bench" ;;
esac
echo
echo "results: $*"
exit $status

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# bench.sh - measures simdinet on this machine and prints one table.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
    cat <<END
usage: tools/bench.sh [--quick] [FAMILY]

Installs what is missing, builds with optimisation, runs the benchmarks interleaved and prints one
table: ns per address and how many times faster than libc that is, in the same run.

  FAMILY    parse, format or all (the default)
  --quick   3 short rounds instead of 30: under one minute, and no better than a first look

CC and CXX choose the compiler; each has its own build directory. The results are written there
as JSON.
END
}

# The operations that a family is made of, as the names of benchmarks begin.
family_filter() {
    case $1 in
    all) echo . ;;
    parse) echo '^(call/|parse_|pton_)' ;;
    format) echo '^(call/|format_|ntop_)' ;;
    *) return 1 ;;
    esac
}

# Installs the Debian packages that are missing; says what to install where it cannot.
need_packages() {
    local missing=() package
    if ! command -v apt-get >/dev/null; then
        echo "bench.sh: no apt-get here; if the build fails, install what Debian calls: $*" >&2
        return 0
    fi
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
            missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    if [ "$(id -u)" -ne 0 ]; then
        echo "bench.sh: please install first: sudo apt-get install ${missing[*]}" >&2
        exit 1
    fi
    echo "bench.sh: installing ${missing[*]}" >&2
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        "${missing[@]}" >/dev/null
}

rounds=(--benchmark_repetitions=30 --benchmark_min_time=0.02)
family=all
for argument in "$@"; do
    case $argument in
    --quick) rounds=(--benchmark_repetitions=3 --benchmark_min_time=0.005) ;;
    -h | --help) usage && exit ;;
    *) family=$argument ;;
    esac
done
filter=$(family_filter "$family") || { usage >&2 && exit 2; }

need_packages gcc g++ cmake make libbenchmark-dev python3

build=build-bench${CC:+-$(basename "$CC")}
cmake -S . -B "$build" -DCMAKE_BUILD_TYPE=Release -DSIMDINET_BUILD_BENCH=ON \
    -DSIMDINET_BUILD_COMMAND=OFF >/dev/null
cmake --build "$build" --parallel "$(nproc)" >"$build/build.log" 2>&1 || {
    cat "$build/build.log" >&2
    exit 1
}

commit=$(git describe --always --dirty 2>/dev/null) || commit=unknown

results=()
status=0 # 1: a candidate is wrong, and the table says which
for program in "$build"/bench/bench_*; do
    [ -x "$program" ] || continue
    # A program may have nothing of this family.
    count=$("$program" --benchmark_filter="$filter" --benchmark_list_tests 2>/dev/null |
        grep -c /) || continue
    echo "bench.sh: $(basename "$program"), $count candidates" >&2
    result=$build/$(basename "$program").json
    "$program" --benchmark_filter="$filter" "${rounds[@]}" --benchmark_context=commit="$commit" \
        --benchmark_out="$result" --benchmark_out_format=json >"${result%.json}.log" 2>&1 || status=$?
    if [ $status -gt 1 ]; then
        tail -n 5 "${result%.json}.log" >&2
        exit $status
    fi
    results+=("$result")
done
if [ ${#results[@]} -eq 0 ]; then
    echo "bench.sh: nothing to measure for $family" >&2
    exit 1
fi

python3 tools/bench_table.py tools/bench_goals.tsv "${results[@]}"
printf '\nresults: %s\n' "${results[*]}"
exit $status

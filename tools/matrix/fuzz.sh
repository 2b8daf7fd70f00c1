#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# fuzz.sh - builds every fuzz target twice, runs each from the committed corpus, and replays the
# corpora under valgrind.
#
# SIMDINET_FUZZ_SECONDS is the time per target (45): half under the address and undefined-behaviour
# sanitizers, half with the loads that ship, which the address sanitizer replaces
# (lib/kernels/generic/bytes.h). Each run has a new seed, which its log names; an input that breaks a
# target is left as a file whose path is printed.
set -eu
. "$(dirname "$0")/../lib.sh"

# One run: a line of its log, or its end on failure.
run() {
    kind=$1 target=$2 half=$3
    log=$work/$target.$kind.log
    corpus=$work/corpus/$target
    fuzzer=$work/$kind/fuzz_$target
    set -- -max_total_time="$half" -timeout=25 -rss_limit_mb=1024 -print_final_stats=1 \
        -artifact_prefix="$work/broken-$target-$kind-" "$corpus"
    [ ! -e "$fuzzer.dict" ] || set -- -dict="$fuzzer.dict" "$@"
    if ! "$fuzzer" "$@" >"$log" 2>&1 </dev/null; then
        tail -n 60 "$log" >&2
        return 1
    fi
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    reached=$(sed -n 's/^.*cov: \([0-9]*\) ft: \([0-9]*\) .*$/\1 edges, \2 features/p' "$log" | tail -n 1)
    echo "$target, $kind: $executions executions, $reached"
}

# Both runs of one target, for xargs below; the second starts from what the first found.
if [ "${1-}" = --one ]; then
    work=$2
    run sanitized "$4" "$3" && run as-shipped "$4" "$3"
    exit
fi

need_test_packages clang:clang zip:zip valgrind:valgrind \
    "/usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-$(uname -m).a:libclang-rt-dev"
begin
half=$(((${SIMDINET_FUZZ_SECONDS:-45} + 1) / 2))
rm -rf "$work/corpus"
cp -R "$root/fuzz/corpus" "$work/corpus"

# build_targets KIND SANITIZERS
build_targets() {
    echo "building the targets with $2"
    CC=clang CXX=clang++ CFLAGS="-O2 -g -fsanitize=$2 -fno-sanitize-recover=all -fno-omit-frame-pointer" \
        CXXFLAGS="-O2 -g -fsanitize=$2" OUT="$work/$1" WORK="$work/build-$1" \
        "$root/fuzz/build.sh" >"$work/build-$1.log" 2>&1 </dev/null || {
        tail -n 60 "$work/build-$1.log"
        die "the build failed; the whole log is $work/build-$1.log"
    }
}
build_targets sanitized address,undefined
build_targets as-shipped undefined

targets=$(cd "$root/fuzz" && ls fuzz_*.c | sed 's/^fuzz_\(.*\)\.c$/\1/')
echo "each target runs for $half seconds twice, $(nproc) at a time"
echo "$targets" | xargs -P "$(nproc)" -n 1 "$0" --one "$work" "$half" >"$work/results" || status=1
sort "$work/results"

echo
echo "replaying the corpora under valgrind"
# Valgrind 3.19 cannot read clang 14's DWARF 5.
build_target replays "$work/valgrind" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_C_FLAGS=-gdwarf-4 \
    -DSIMDINET_BUILD_TESTS=ON -DSIMDINET_EXACT_LOADS=ON
inputs=0
for target in $targets; do
    if valgrind -q --error-exitcode=9 --leak-check=full "$work/valgrind/fuzz/replay_$target" \
        "$root/fuzz/corpus/$target" >"$work/replay-$target.log" 2>&1 </dev/null; then
        some=$(sed -n 's/^replay: \([0-9]*\) inputs.*$/\1/p' "$work/replay-$target.log")
        echo "$target: $some inputs"
        inputs=$((inputs + some))
    else
        fail "$target under valgrind" "$work/replay-$target.log"
    fi
done
sed -n '/^skipped: /p' "$work"/replay-*.log | sort -u | sed 's/$/ (under valgrind)/'

executions=$(sed -n 's/^.*: \([0-9]*\) executions.*$/\1/p' "$work/results" |
    awk '{ sum += $1 } END { printf "%d", sum }')
count=$(echo "$targets" | wc -l)
echo "cases: $executions executions of $count targets, $inputs inputs under valgrind"
exit $status

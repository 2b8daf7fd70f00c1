#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# build.sh - builds the fuzz targets as OSS-Fuzz expects, with its variables CC, CXX, CFLAGS, CXXFLAGS,
# LIB_FUZZING_ENGINE, OUT and WORK. The defaults are clang's libFuzzer with the address and
# undefined-behaviour sanitizers:
#     fuzz/build.sh && build/fuzz-out/fuzz_parse fuzz/corpus/parse
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)

: "${CC:=clang}" "${CXX:=clang++}"
: "${LIB_FUZZING_ENGINE:=-fsanitize=fuzzer}"
: "${CFLAGS=-O2 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer}"
: "${CXXFLAGS=$CFLAGS}"
: "${OUT:=$root/build/fuzz-out}" "${WORK:=$root/build/fuzz-work}"
export CC CXX CFLAGS CXXFLAGS
mkdir -p "$OUT"

cmake -S "$root" -B "$WORK" -DCMAKE_PROJECT_INCLUDE="$root/fuzz/static.cmake" \
    -DCMAKE_BUILD_TYPE=None -DSIMDINET_BUILD_COMMAND=ON \
    -DSIMDINET_BUILD_FUZZ=ON -DSIMDINET_FUZZING_ENGINE="$LIB_FUZZING_ENGINE"
cmake --build "$WORK" -j "$(nproc)"

for source in "$root"/fuzz/fuzz_*.c; do
    target=$(basename "$source" .c)
    corpus=$root/fuzz/corpus/${target#fuzz_}
    cp "$WORK/fuzz/$target" "$OUT/"
    [ ! -e "$root/fuzz/$target.dict" ] || cp "$root/fuzz/$target.dict" "$OUT/"
    rm -f "$OUT/${target}_seed_corpus.zip"
    (cd "$corpus" && zip -q -X -r "$OUT/${target}_seed_corpus.zip" .)
done

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# bench.sh [--quick] [FAMILY ...] [OPTION ...] - measures simdinet on this machine against libc and others.
#
# FAMILY is parse, format, column, lines, scan, socket, swap or lookup; all by default. A complete run takes
# about twenty minutes, --quick about one. --help lists the options. Missing packages are installed; a
# library or command that is not available is left out and named in the report; justips is built by
# cargo. CC and CXX select the compiler.
# The exit status is 1 when a result of simdinet is wrong or, with --compare, when something became
# slower; 2 when it could not be measured.
set -eu
. "$(dirname "$0")/lib.sh"

need_packages python3:python3
run() {
    PYTHONDONTWRITEBYTECODE=1 exec python3 "$here/bench/run.py" --root "$root" "$@"
}
for argument in "$@"; do
    case $argument in
    -h | --help | --from | --from=*) run "$@" ;;
    esac
done
(run --check "$@") || exit 2 # invalid arguments, before anything is built

need_build_packages "${CXX:-c++}:g++" /usr/include/benchmark/benchmark.h:libbenchmark-dev \
    /usr/share/benchmark/compare.py:libbenchmark-tools \
    /usr/lib/python3/dist-packages/scipy:python3-scipy objcopy:binutils
want_packages gnuplot:gnuplot-nox rg:ripgrep ugrep:ugrep grepcidr:grepcidr mawk:mawk \
    '/usr/lib/*-linux-musl/libc.a:musl-tools' \
    /usr/include/ares.h:libc-ares-dev /usr/include/uv.h:libuv1-dev \
    /usr/include/boost/asio.hpp:libboost-dev /usr/include/fmt/compile.h:libfmt-dev \
    /usr/include/hs/hs.h:libhyperscan-dev /usr/include/dpdk/rte_lpm.h:libdpdk-dev \
    /usr/include/maxminddb.h:libmaxminddb-dev valgrind:valgrind qemu-aarch64:qemu-user \
    aarch64-linux-gnu-gcc:gcc-aarch64-linux-gnu \
    /usr/aarch64-linux-gnu/include/stdio.h:libc6-dev-arm64-cross
want_packages /usr/include/hs/hs.h:libvectorscan-dev # where there is no Hyperscan
directory=$root/build/bench-$(basename "${CC:-cc}")
build "$directory" -DCMAKE_BUILD_TYPE=Release -DSIMDINET_BUILD_BENCH=ON -DSIMDINET_BUILD_COMMAND=ON
set -- --build "$directory" "$@"
PATH=$PATH:$directory/cargo/bin
if ! command -v justips >/dev/null && command -v cargo >/dev/null; then
    cargo install --quiet --locked --root "$directory/cargo" --version 0.1.1 justips ||
        echo 'justips could not be built' >&2
fi
if command -v aarch64-linux-gnu-gcc >/dev/null && [ -e /usr/aarch64-linux-gnu/include/stdio.h ]; then
    arm=$root/build/bench-aarch64
    build "$arm" -DCMAKE_BUILD_TYPE=Release -DSIMDINET_BUILD_BENCH=ON -DSIMDINET_BUILD_COMMAND=OFF \
        -DCMAKE_TOOLCHAIN_FILE="$root/cmake/aarch64.cmake"
    set -- --build-arm "$arm" "$@"
fi
run "$@"

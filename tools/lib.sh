# SPDX-License-Identifier: Apache-2.0 OR MIT
# lib.sh - shared functions; sourced by the scripts of this folder and of matrix/.

here=$(cd "$(dirname "$0")" && pwd)
here=${here%/matrix}
root=${here%/*}

die() {
    echo "${0##*/}: $*" >&2
    exit 2
}

# need_packages COMMAND-OR-FILE:PACKAGE ...
# Installs the Debian package of each command (or file, when it begins with a slash) that is missing.
# Without apt-get, or without root and sudo, prints the missing packages and exits.
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
    # Servers that the tests start themselves must not be started as services of this machine.
    policy=/usr/sbin/policy-rc.d
    if [ -e "$policy" ]; then policy=; else
        trap '$sudo rm -f "$policy"' EXIT
        trap 'exit 2' HUP INT TERM
        { printf '#!/bin/sh\nexit 101\n' | $sudo tee "$policy" >/dev/null &&
            $sudo chmod +x "$policy"; } ||
            die "these packages are missing, and there are no rights to install them:$missing"
    fi
    installed=0
    { $sudo apt-get update &&
        $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } \
        >"$log" 2>&1 </dev/null || installed=$?
    if [ -n "$policy" ]; then
        $sudo rm -f "$policy"
        trap - EXIT HUP INT TERM
    fi
    if [ "$installed" != 0 ]; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        die "apt-get could not install:$missing"
    fi
    rm -f "$log"
}

# want_packages COMMAND-OR-FILE:PACKAGE ...
# The same for optional packages: those that cannot be installed are named.
want_packages() {
    (need_packages "$@") 2>/dev/null && return
    # One unavailable package keeps apt-get from installing the others.
    for wanted in "$@"; do
        (need_packages "$wanted") >/dev/null 2>&1 || echo "not available: ${wanted##*:}" >&2
    done
}

# For cmake: the command without the libraries that it can do without.
without_libraries="-DSIMDINET_WITH_ZLIB=OFF -DSIMDINET_WITH_ZSTD=OFF -DSIMDINET_WITH_LZMA=OFF -DSIMDINET_WITH_BZIP2=OFF
    -DSIMDINET_WITH_LZ4=OFF -DSIMDINET_WITH_CRYPTO=OFF -DSIMDINET_WITH_PCAP=OFF -DSIMDINET_WITH_MMDB=OFF"

# What any build needs: a C compiler (CC, when it is set), cmake, ninja, and the command's libraries.
need_build_packages() {
    case ${CC:-cc} in
    *clang*) compiler="${CC}:clang" ;;
    *) compiler="${CC:-cc}:gcc" ;;
    esac
    need_packages "$compiler" cmake:cmake ninja:ninja-build /usr/include/stdio.h:libc6-dev \
        /usr/include/zlib.h:zlib1g-dev /usr/include/zstd.h:libzstd-dev /usr/include/lzma.h:liblzma-dev \
        /usr/include/bzlib.h:libbz2-dev /usr/include/lz4frame.h:liblz4-dev /usr/include/pcap/pcap.h:libpcap-dev \
        /usr/include/openssl/evp.h:libssl-dev "/usr/include/*/maxminddb.h:libmaxminddb-dev" pkg-config:pkg-config "$@"
}

# Packages for the tests.
need_test_packages() {
    need_build_packages /usr/include/criterion/criterion.h:libcriterion-dev \
        python3:python3 nm:binutils /usr/include/jansson.h:libjansson-dev /etc/services:netbase \
        unshare:util-linux ip:iproute2 /usr/sbin/nsd:nsd doxygen:doxygen groff:groff \
        c++:g++ make:make /usr/include/pcap/pcap.h:libpcap-dev \
        curl:curl tcpdump:tcpdump /usr/sbin/nginx:nginx-light perl:perl-base \
        iprange:iprange aggregate:aggregate mmdblookup:mmdb-bin "$@"
    want_packages tshark:tshark /usr/include/simde/x86/avx512.h:libsimde-dev
    find_pytest
    # For the Python package, where no python3 has them; its tests are skipped by name without.
    python3 -c 'import ensurepip, os, sysconfig
os.stat(os.path.join(sysconfig.get_paths()["include"], "Python.h"))' 2>/dev/null ||
        want_packages "/usr/include/python3*/Python.h:python3-dev" \
            "/usr/lib/python3*/ensurepip/__init__.py:python3-venv" \
            "/usr/lib/python3*/test/test_socket.py:libpython3-testsuite"
}

# find_pytest - sets $pytest_python to an interpreter with pytest: the first python3 of PATH, Debian's with its
# package, or a virtual environment below build/.
find_pytest() {
    venv=$root/build/venv
    for pytest_python in python3 "$venv/bin/python3" /usr/bin/python3; do
        if "$pytest_python" -c 'import pytest' 2>/dev/null; then
            pytest_python=$(command -v "$pytest_python")
            return
        fi
    done
    pytest_python=/usr/bin/python3
    need_packages /usr/lib/python3/dist-packages/pytest/__init__.py:python3-pytest
    "$pytest_python" -c 'import pytest' 2>/dev/null && return
    pytest_python=$venv/bin/python3
    { python3 -m venv "$venv" && "$pytest_python" -m pip install --quiet pytest; } >&2 ||
        die "no python3 here has pytest, and pip could not install it"
}

# need_machines MACHINE ... - cross compilers, and their C libraries, which they only recommend.
need_machines() {
    pairs=
    for machine in "$@"; do
        case $machine in
        aarch64) debian=arm64 ;;
        i686) debian=i386 ;;
        *) debian=$machine ;;
        esac
        pairs="$pairs $machine-linux-gnu-gcc:gcc-$machine-linux-gnu"
        pairs="$pairs /usr/$machine-linux-gnu/include/stdio.h:libc6-dev-$debian-cross"
    done
    need_packages $pairs
}

# build_default - the build of tools/test.sh, in $default; shared, so that it is built once.
build_default() {
    default=$root/build/test-$(basename "${CC:-cc}")
    build "$default" -DCMAKE_BUILD_TYPE=Release -DSIMDINET_BUILD_TESTS=ON -DSIMDINET_BUILD_EXAMPLES=ON
}

# build DIRECTORY [CMAKE-ARGUMENT ...] - configures and builds quietly; shows the log on failure.
build() {
    build_target all "$@"
}

# build_target TARGET DIRECTORY [CMAKE-ARGUMENT ...] - the same for one target.
build_target() {
    target=$1 directory=$2
    shift 2
    mkdir -p "$directory"
    if ! { cmake -S "$root" -B "$directory" -G Ninja ${pytest_python:+"-DPython3_EXECUTABLE=$pytest_python"} "$@" &&
        cmake --build "$directory" --target "$target"; } >"$directory/build.log" 2>&1 </dev/null; then
        tail -n 60 "$directory/build.log" >&2
        die "the build failed; the whole log is $directory/build.log"
    fi
}

# ---- the test matrix (tools/matrix/*.sh) ---------------------------------------------------------
# begin creates build/matrix-KIND as $work; check runs the tests of one build; finish prints what was
# skipped and how many tests ran, and exits. status becomes 1 on a failure.
#
# A kind runs the tests that can fail because of what it varies. The labels of ctest say what a test depends on:
#   tree            neither the compiler and its flags nor the machine, the C library or the processor; no kind but
#                   "tests" runs or builds these
#   command         the source of the command or of the interposer, which one build of each compiler, of each
#                   sanitizer and of each C library tests
#   implementation  the implementation of the kernels, so the processor

begin() {
    work=$root/build/matrix-$(basename "$0" .sh)
    mkdir -p "$work"
    rm -f "$work"/*.log
    status=0
    checks=0
    excluded_labels=tree
}

# exclude_command WHERE - for builds where the tests of the command and the interposer are left out.
exclude_command() {
    excluded_labels='tree|command'
    skip "tests of the command and the interposer" "$1"
}

skip() { # skip NAME REASON
    echo "skipped: $1: $2"
}

fail() { # fail WHAT [LOG] - with the end of the log
    echo "FAILED: $1"
    status=1
    [ -z "${2-}" ] || tail -n 60 "$2"
}

need_x86_64() {
    [ "$(uname -m)" = x86_64 ] || { skip "$(basename "$0" .sh)" "this machine is not x86-64" && exit 77; }
}

# implementations COMMAND - those that run on this machine; for $( ). None is an error: a loop over
# nothing would test nothing.
implementations() {
    "$1" info </dev/null | awk '$2 == "yes" && $3 == "yes" { print $1 }' | grep . ||
        die "$1 info lists no implementation that runs on this machine"
}

# check LABEL DIRECTORY [CTEST-ARGUMENT ...] - runs all tests except those with an excluded label, and
# prints their output on failure.
check() {
    label=$1 directory=$2
    shift 2
    began=$(date +%s)
    result=green
    ctest --test-dir "$directory" --output-on-failure --no-tests=error --label-exclude "$excluded_labels" \
        --timeout 3600 -j "$(nproc)" "$@" >"$work/output" 2>&1 </dev/null || result=FAILED
    mv "$directory/Testing/Temporary/LastTest.log" "$work/$label.log"
    echo "$label: $result, $(python3 "$here/count_tests.py" "$work/$label.log" | tail -n 1)," \
        "$(($(date +%s) - began)) s"
    checks=$((checks + 1))
    if [ "$result" = FAILED ]; then
        status=1
        tail -n 200 "$work/output"
    fi
}

# build_tests DIRECTORY [CMAKE-ARGUMENT ...] - a build with the tests that are not labelled tree. The kinds "tests" and
# "exhaustive" cover the large domains; the others cover a part of them.
build_tests() {
    directory=$1
    shift
    build "$directory" -DCMAKE_BUILD_TYPE=Release -DSIMDINET_BUILD_TESTS=ON -DSIMDINET_TESTS_TREE=OFF \
        -DSIMDINET_TESTS_SLOW=ON "$@"
}

# build_and_check LABEL [CMAKE-ARGUMENT ...] - in $work/LABEL.
build_and_check() {
    label=$1
    shift
    build_tests "$work/$label" "$@"
    check "$label" "$work/$label"
}

# finish UNIT... - prints "N tests in M programs, K UNIT" as the number of cases.
finish() {
    python3 "$here/count_tests.py" "$work"/*.log >"$work/count"
    sed '$d' "$work/count"
    sed -n "s/^tests run: \([0-9]*\), in \(.*\)$/cases: \1 tests in \2${1+, $checks $1}/p" "$work/count"
    exit $status
}

# finish_with CASES - the same where the cases are not tests.
finish_with() {
    python3 "$here/count_tests.py" "$work"/*.log 2>/dev/null | sed '$d'
    echo "cases: $1"
    exit $status
}

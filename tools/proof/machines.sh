#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# machines.sh - the tests on other machines than this one: 64-bit Arm with its NEON row, s390x, which
# is big-endian, 64-bit RISC-V, and 32-bit x86, all by qemu-user: kernels may leave 32-bit programs out.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/lib.sh"

need_packages cmake:cmake ninja:ninja-build python3:python3 qemu-s390x-static:qemu-user-static
find_pytest
need_machines aarch64 s390x riscv64 i686
begin_proof machines

# machine NAME ROWS - all the rows that have to run there, so that none is missed unseen.
machine() {
    build "$work/$1" -DCMAKE_TOOLCHAIN_FILE="$root/cmake/$1.cmake" -DCMAKE_BUILD_TYPE=Release \
        -DSIMDINET_BUILD_TESTS=ON -DSIMDINET_BUILD_COMMAND=OFF
    check "$1" "$work/$1"
    for row in $2; do
        if ! grep -q "^$row  *round trip .*: same$" "$work/$1.log" ||
            grep -q "skipped: row $row: " "$work/$1.log"; then
            echo "$1: row $row did not run"
            status=1
        fi
    done
}

machine aarch64 'neon scalar'
machine s390x scalar
machine riscv64 scalar
if [ "$(uname -m)" = x86_64 ]; then
    machine i686 'sse42 scalar'
else
    echo "skipped: 32-bit x86: this machine is no x86"
fi
end_proof machines

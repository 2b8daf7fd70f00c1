#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# machines.sh - by qemu-user: 64-bit Arm with NEON, s390x (big-endian), 64-bit RISC-V, and 32-bit x86.
set -eu
. "$(dirname "$0")/../lib.sh"

need_packages cmake:cmake ninja:ninja-build python3:python3 qemu-s390x-static:qemu-user-static
find_pytest
need_machines aarch64 s390x riscv64 i686
begin

# machine NAME IMPLEMENTATION ... - all that must run there, so that none is skipped silently.
machine() {
    name=$1
    shift
    build_and_check "$name" -DCMAKE_TOOLCHAIN_FILE="$root/cmake/$name.cmake" -DSIMDINET_BUILD_COMMAND=OFF
    for implementation in "$@"; do
        if ! grep -q "^$implementation  *round trip .*: same$" "$work/$name.log" ||
            grep -q "skipped: implementation $implementation: " "$work/$name.log"; then
            fail "$name: $implementation did not run"
        fi
    done
}

machine aarch64 neon scalar
machine s390x scalar
# Nothing but the compiler and the size of a pointer is new here: one random text in fifty.
export SIMDINET_BRIEF=1
machine riscv64 scalar
if [ "$(uname -m)" = x86_64 ]; then
    machine i686 sse42 scalar
else
    skip "32-bit x86" "this machine is not x86-64"
fi
finish machines

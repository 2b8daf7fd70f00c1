#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# abi.sh - what the shared library offers to programs that are there already: compared, types and all,
# with the last tagged release. (tests/build/test_abi.c and tests/build/abi/symbols.txt, which the ordinary tests
# read, know names, layouts and values; a changed argument shows here.)
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/lib.sh"

release=$(git -C "$root" describe --tags --abbrev=0 --match 'v[0-9]*' 2>/dev/null || true)
if [ -z "$release" ]; then
    echo "skipped: abi: no release is tagged yet"
    echo "cases: none"
    exit 77
fi
need_build_packages abidiff:abigail-tools
begin_proof abi

rm -rf "$work/released" "$work/release" "$work/tree"
mkdir -p "$work/released"
git -C "$root" archive "$release" | tar -x -C "$work/released"

# library SOURCE DIRECTORY - with the types, and without the command; prints where it is. For $( ).
library() {
    root=$1
    build "$2" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DSIMDINET_BUILD_COMMAND=OFF
    find "$2" -name 'libsimdinet.so.*.*.*' -type f
}
was=$(library "$work/released" "$work/release")
is=$(library "$root" "$work/tree")
# soname LIBRARY - one file, or it is none.
soname() {
    readelf -d "$1" >"$work/dynamic" || die "not one shared library: '$1'"
    sed -n 's/.*Library soname: \[\(.*\)\]/\1/p' "$work/dynamic" | grep . || die "no SONAME: '$1'"
}
soname_was=$(soname "$was")
soname_is=$(soname "$is")
if [ "$soname_was" != "$soname_is" ]; then
    echo "the SONAME changed from $soname_was to $soname_is: nothing has to stay"
else
    # What was added breaks no program.
    abidiff --no-added-syms --headers-dir1 "$work/released/lib/include" \
        --headers-dir2 "$root/lib/include" "$was" "$is" || status=1
fi
echo "cases: $(readelf --dyn-syms -W "$was" | grep -c 'GLOBAL DEFAULT.* simdinet_') functions of $release"
exit $status

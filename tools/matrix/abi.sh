#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# abi.sh - the shared library against that of the last tagged release, types included, with abidiff.
# (tests/build/test_abi.c and tests/build/abi/symbols.txt cover names, layouts and values only.)
set -eu
. "$(dirname "$0")/../lib.sh"

release=$(git -C "$root" describe --tags --abbrev=0 --match 'v[0-9]*' 2>/dev/null || true)
if [ -z "$release" ]; then
    skip abi "no release is tagged yet"
    echo "cases: none"
    exit 77
fi
need_build_packages abidiff:abigail-tools
begin
rm -rf "$work/released" "$work/release" "$work/tree"
mkdir -p "$work/released"
git -C "$root" archive "$release" | tar -x -C "$work/released"

# library SOURCE DIRECTORY - with debugging information, without the command; prints its path. For $( ).
library() {
    root=$1
    build "$2" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DSIMDINET_BUILD_COMMAND=OFF
    find "$2" -name 'libsimdinet.so.*.*.*' -type f
}
old=$(library "$work/released" "$work/release")
new=$(library "$root" "$work/tree")
soname() {
    readelf -d "$1" | sed -n 's/.*Library soname: \[\(.*\)\]/\1/p' | grep . || die "no SONAME: '$1'"
}
old_soname=$(soname "$old")
new_soname=$(soname "$new")
if [ "$old_soname" != "$new_soname" ]; then
    echo "the SONAME changed from $old_soname to $new_soname"
else
    # An added function breaks no program.
    abidiff --no-added-syms --headers-dir1 "$work/released/lib/include" \
        --headers-dir2 "$root/lib/include" "$old" "$new" || status=1
fi
echo "cases: $(readelf --dyn-syms -W "$old" | grep -c 'GLOBAL DEFAULT.* simdinet_') functions of $release"
exit $status

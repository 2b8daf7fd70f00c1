#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# abi.sh [--dump] - compares the interface of the shared library, types included, with that of the last
# release, tests/build/abi/simdinet-VERSION.abi. Additions are compatible.
# (tests/build/test_abi.c and tests/build/abi/symbols.txt cover names, layouts and values only.)
#
# --dump writes that file for the version of this tree: once per release, of the commit that is tagged.
set -eu
. "$(dirname "$0")/../lib.sh"

need_x86_64
need_build_packages abidiff:abigail-tools readelf:binutils
begin
build_target simdinet "$work/tree" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DSIMDINET_BUILD_COMMAND=OFF \
    -DCMAKE_C_FLAGS="-ffile-prefix-map=$root=."
new=$(find "$work/tree" -name 'libsimdinet.so.*.*.*' -type f)
folder=$root/tests/build/abi

if [ "${1-}" = --dump ]; then
    version=${new##*.so.}
    abidw --no-corpus-path --no-comp-dir-path --no-show-locs --drop-private-types \
        --headers-dir "$root/lib/include" "$new" >"$folder/simdinet-$version.abi"
    echo "wrote $folder/simdinet-$version.abi"
    exit
fi

old=$(ls "$folder"/simdinet-*.abi | sort -V | tail -n 1)
old_soname=$(sed -n "s/^<abi-corpus .*soname='\([^']*\)'.*/\1/p" "$old")
new_soname=$(readelf -d "$new" | sed -n 's/.*Library soname: \[\(.*\)\]/\1/p')
[ -n "$old_soname" ] && [ -n "$new_soname" ] || die "no SONAME: '$old_soname', '$new_soname'"
if [ "$old_soname" != "$new_soname" ]; then
    echo "the SONAME changed from $old_soname to $new_soname"
else
    # An added function breaks no program.
    abidiff --no-added-syms --headers-dir2 "$root/lib/include" "$old" "$new" || status=1
fi
echo "cases: $(grep -c "<elf-symbol name='simdinet_.*type='func-type'" "$old") functions of $(basename "$old" .abi)"
exit $status

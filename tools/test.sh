#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# test.sh [--full] - builds everything and runs all tests.
#
# CC chooses the compiler. --full adds the long ones: every IPv4 address, all exhaustive strings.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"

full=
case ${1-} in
'') ;;
--full) full=1 ;;
*) die "unknown argument '$1'; usage: tools/test.sh [--full]" ;;
esac

need_build_packages /usr/include/criterion/criterion.h:libcriterion-dev \
    python3:python3 nm:binutils /usr/include/jansson.h:libjansson-dev /etc/services:netbase \
    unshare:util-linux ip:iproute2 /usr/sbin/nsd:nsd doxygen:doxygen groff:groff \
    c++:g++ make:make /usr/include/pcap/pcap.h:libpcap-dev
compiler=$(basename "${CC:-cc}")
directory=$root/build/test-$compiler
build "$directory" -DCMAKE_BUILD_TYPE=Release -DSIMDINET_BUILD_TESTS=ON -DSIMDINET_BUILD_EXAMPLES=ON

"$directory/simdinet" info
[ -z "$full" ] || export SIMDINET_FULL=1 SIMDINET_RANDOM_CALLS=10000000
status=0
ctest --test-dir "$directory" --output-on-failure --no-tests=error -j "$(nproc)" </dev/null || status=$?
if [ -n "$full" ]; then
    echo
    echo "every IPv4 address and every exhaustive stream, on each row:"
    "$directory/tests/exhaustive" --full || status=$?
fi

echo
echo "skipped by name:"
sed -n 's/^.*\(skipped: .*\)$/  \1/p' "$directory/Testing/Temporary/LastTest.log" | sort | uniq -c |
    sed 's/^ *\([0-9]*\)   *skipped: \(.*\)$/  \2 (\1 times)/' | grep . || echo "  nothing"
exit $status

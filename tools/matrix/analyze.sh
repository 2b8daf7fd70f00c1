#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# analyze.sh - static analysis of the library, the command and the interposer: gcc -fanalyzer, cppcheck, and
# the checks bugprone and cert of clang-tidy; then test programs and the command under valgrind.
#
# There is no list of accepted findings: a comment beside the line suppresses one, with the reason, and
# .clang-tidy has the checks that are off.
set -eu
. "$(dirname "$0")/../lib.sh"

need_test_packages gcc:gcc clang:clang clang-tidy:clang-tidy cppcheck:cppcheck valgrind:valgrind gzip:gzip
begin
done=0
passed() {
    echo "$1"
    done=$((done + 1))
}

# ---- gcc -fanalyzer ----------------------------------------------------------------------------------
if (build "$work/fanalyzer" -DCMAKE_C_COMPILER=gcc -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS=-fanalyzer \
    -DCMAKE_EXPORT_COMPILE_COMMANDS=ON); then
    passed "gcc -fanalyzer: no finding"
else
    fail "gcc -fanalyzer"
fi

# ---- cppcheck ----------------------------------------------------------------------------------------
commands=$work/fanalyzer/compile_commands.json
if cppcheck --project="$commands" \
    --enable=warning,portability,performance --inline-suppr --quiet --error-exitcode=1 \
    --suppress='*:*/kernels/tables/*' -j "$(nproc)" >"$work/cppcheck.log" 2>&1; then
    passed "cppcheck: no finding"
else
    fail cppcheck "$work/cppcheck.log"
fi

# ---- clang-tidy --------------------------------------------------------------------------------------
# gcc's flag of the build above is unknown to it.
sed -i 's/ -fanalyzer / /g' "$commands"
files=$(cd "$root" && ls lib/*/*.c lib/kernels/*/*.c cli/*.c cli/commands/*.c |
    grep -v -e '/tables/' -e '/arm/')
if (cd "$root" && echo "$files" | xargs -P "$(nproc)" -n 4 clang-tidy -p "$work/fanalyzer" --quiet) \
    >"$work/clang-tidy.log" 2>&1; then
    passed "clang-tidy: no finding in $(echo "$files" | wc -l) files"
else
    grep -E '(warning|error): ' "$work/clang-tidy.log" | sort -u
    fail clang-tidy
fi

# ---- valgrind ----------------------------------------------------------------------------------------
# Valgrind 3.19 cannot read clang 14's DWARF 5, and does not support AVX-512.
build_tests "$work/valgrind" -DCMAKE_C_COMPILER=gcc -DCMAKE_BUILD_TYPE=RelWithDebInfo \
    -DSIMDINET_EXACT_LOADS=ON -DSIMDINET_TESTS_ONE_PROCESS=ON
run_valgrind() {
    valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite "$@" \
        >"$work/output" 2>"$work/valgrind.log" </dev/null
}
for name in test_byteorder test_explain test_inet test_dispatch test_network test_network_list test_network_walk; do
    if run_valgrind "$work/valgrind/tests/$name"; then
        passed "valgrind: $name"
    else
        fail "$name under valgrind" "$work/valgrind.log"
    fi
done

simdinet=$work/valgrind/simdinet
printf 'from 192.0.2.1 to [2001:db8::1]:443\nnothing, 1.2.3.4.5, Chrome/30.0.0.0\n::ffff:192.0.2.1' >"$work/log"
gzip -c "$work/log" >"$work/log.gz"
head -c 40 "$work/log.gz" >"$work/cut.gz"
printf '192.0.2.0/24\n2001:db8::/32\n' >"$work/list"
printf '0a000001\n20010db8000000000000000000000001\n' >"$work/hex"
printf '192.0.2.1\n2001:db8::1\n010.0.0.1\n' >"$work/column"
printf '0123456789abcdef0123456789abcdeffedcba9876543210fedcba9876543210' >"$work/key"
chmod 600 "$work/key"
# A packet capture, a database, and the other kinds of compressed data.
PYTHONPATH=$root/tests/cli:$root/tests python3 - "$work" <<'END'
import bz2, lzma, pathlib, sys
from captures import ETHERNET, ethernet, pcap, pcapng, random_headers
from cli_support import lz4_frame, zstd_frame
from mmdb_writer import database
folder = pathlib.Path(sys.argv[1])
text, packets = (folder / "log").read_bytes(), [ethernet(packet) for _, packet in random_headers(1, 200)]
for name, content in (("pcap", pcap(ETHERNET, packets)), ("pcapng", pcapng(ETHERNET, packets)),
                      ("mmdb", database([("192.0.2.0/24", {"asn": 1})])), ("log.xz", lzma.compress(text)),
                      ("log.bz2", bz2.compress(text)), ("log.lz4", lz4_frame(text)), ("log.zst", zstd_frame(text)),
                      ("utf16", text.decode().encode("utf-16"))):
    (folder / name).write_bytes(content)
END
while read -r expected arguments; do
    actual=0
    (cd "$work" && run_valgrind "$simdinet" $arguments) || actual=$?
    if [ "$actual" = "$expected" ]; then
        passed "valgrind: simdinet $arguments"
    else
        fail "simdinet $arguments under valgrind: exit status $actual" "$work/valgrind.log"
    fi
done <<'END'
0 extract log
0 extract --json -nb log log.gz
0 extract --unique --color=always log
2 extract log cut.gz missing
0 extract log.xz log.bz2 log.lz4 log.zst utf16
0 extract --inner pcap pcapng
0 extract --with=label,class,port --mmdb mmdb log
0 count --by-label --mmdb mmdb --field asn pcap
0 grep --label -f list log
0 networks list
1 networks --exclude list list
0 anonymize log log.gz
0 anonymize --keyed --key-file key log
0 count --by /24,/48 log log.gz
0 count --json log
0 grep 192.0.2.0/24 log
0 grep -n --color=always -f list log log.gz
0 grep -vc 192.0.2.1 log
2 grep 192.0.2.1/33 log
2 parse --strict column
2 parse --binary column
0 format --hex hex
0 resolve -r 127.0.0.1
0 resolve --timeout=60000 localhost
0 interfaces
0 services http
0 info
0 --help
2 extarct
END
finish_with "$done checks"

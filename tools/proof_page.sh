#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# proof_page.sh COMMIT TABLE - puts the table of a whole run of tools/test.sh --full into
# docs/testing.md, between its two marks, under a line that says what it was run on.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
[ $# -eq 2 ] || die "usage: tools/proof_page.sh COMMIT TABLE"
page=$root/docs/testing.md

version_of() {
    "$1" --version 2>/dev/null | head -n 1
}
processor=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)
{
    sed '/^<!-- written by/q' "$page"
    printf '\nCommit %s, %s, on %s processors (%s, %s), %s.\n' "$1" "$(date -u +%Y-%m-%d)" "$(nproc)" \
        "$(uname -m)" "${processor:-no model named}" "$(. /etc/os-release && echo "$PRETTY_NAME")"
    printf 'Compilers: %s; %s.\n\n' "$(version_of "${CC:-cc}")" "$(version_of clang)"
    cat "$2"
    echo
    sed -n '/^<!-- end -->/,$p' "$page"
} >"$page.new"
mv "$page.new" "$page"

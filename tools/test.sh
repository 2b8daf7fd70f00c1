#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# test.sh [--full [KIND ...]] - builds everything and runs all tests; CC selects the compiler.
#
# --full also runs every kind of verification in tools/matrix/, about two hours on two processors; it
# continues after a failure and ends with a table. KIND selects some of them; "tests" is what runs
# without --full. docs/testing.md describes the kinds and holds the table of a complete run.
set -eu
. "$(dirname "$0")/lib.sh"
matrix=$root/build/matrix
# Settings of the environment that would reduce what is tested.
unset SIMDINET_BRIEF SIMDINET_FIRST_FAILURE SIMDINET_FULL SIMDINET_IMPLEMENTATION SIMDINET_RANDOM_CALLS \
    SIMDINET_RANDOM_SEED SIMDINET_IMPLEMENTATIONS_TESTED

case ${1-} in
'')
    need_test_packages
    build_default
    "$default/simdinet" info
    status=0
    ctest --test-dir "$default" --output-on-failure --no-tests=error -j "$(nproc)" </dev/null ||
        status=$?
    echo
    python3 "$here/count_tests.py" "$default/Testing/Temporary/LastTest.log"
    exit $status
    ;;
--full) shift ;;
*) die "unknown argument '$1'; usage: tools/test.sh [--full [KIND ...]]" ;;
esac

kinds="tests $(cd "$here/matrix" && ls *.sh | sed 's/\.sh$//' | xargs)"
complete=
# Mutation testing takes part only when it is named.
[ $# -gt 0 ] || { complete=1 && set -- $(echo "$kinds" | sed 's/ mutation//'); }
for kind in "$@"; do
    case " $kinds " in *" $kind "*) ;; *) die "unknown kind '$kind'; kinds: $kinds" ;; esac
done

# The table is of one commit: the tree must be that at the beginning and at the end. Only README.md,
# which the coverage is written to, may change.
state() {
    git -C "$root" rev-parse --short=12 HEAD 2>/dev/null || true
    git -C "$root" status --porcelain -- . ':!README.md' 2>&1
}
commit=$(state)
minutes() {
    printf '%d:%02d' $(($1 / 60)) $(($1 % 60))
}

rm -rf "$matrix"
mkdir -p "$matrix"
start=$(date +%s)
failed=0
for kind in "$@"; do
    script=$here/matrix/$kind.sh
    [ "$kind" != tests ] || script=$here/test.sh
    printf '\n== %s ==\n\n' "$kind"
    began=$(date +%s)
    { "$script" </dev/null 2>&1 || echo $? >"$matrix/$kind.status"; } | tee "$matrix/$kind.log"
    cases=$(tail -n 1 "$matrix/$kind.log" | sed -n 's/^cases: //p; s/^tests run: \([0-9]*\), /\1 tests /p')
    result=FAILED
    case $(cat "$matrix/$kind.status" 2>/dev/null) in
    '') [ -z "$cases" ] || result=green ;;
    77) result=skipped ;;
    esac
    [ "$result" != FAILED ] || failed=1
    printf '| %s | %s | %s | %s |\n' "$kind" "$cases" "$(minutes $(($(date +%s) - began)))" "$result" \
        >>"$matrix/rows"
    sed -n "s/^skipped: \(.*\)$/\1	$kind/p" "$matrix/$kind.log" | sed 's/ ([0-9]* times)	/	/' >>"$matrix/skips"
done

# The results, and what was skipped with the kinds that skipped it.
{
    printf '| kind | cases | min:s | result |\n|---|---|---:|---|\n'
    cat "$matrix/rows"
    printf '\nTotal: %s.\n\nSkipped:\n\n' "$(minutes $(($(date +%s) - start)))"
    sed "s|$root/||g" "$matrix/skips" | sort -u |
        awk -F '\t' '$1 != last { if (last != "") print line ")"; line = "- " $1 " (in " $2; last = $1; next }
                     { line = line ", " $2 } END { print last == "" ? "- nothing" : line ")" }'
} >"$matrix/table"
echo
cat "$matrix/table"
echo

page=$root/docs/testing.md
if [ -n "$complete" ] && [ $failed = 0 ] && [ -n "$commit" ] && [ "$(state)" = "$commit" ] &&
    [ "$(echo "$commit" | wc -l)" = 1 ]; then
    processor=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)
    {
        sed '/^<!-- written by/q' "$page"
        printf '\nCommit %s, %s, on %s processors (%s, %s), %s.\n' "$commit" "$(date -u +%Y-%m-%d)" \
            "$(nproc)" "$(uname -m)" "${processor:-unknown model}" "$(. /etc/os-release && echo "$PRETTY_NAME")"
        printf 'Compilers: %s; %s.\n\n' "$("${CC:-cc}" --version | head -n 1)" "$(clang --version | head -n 1)"
        cat "$matrix/table"
        echo
        sed -n '/^<!-- end -->/,$p' "$page"
    } >"$page.new"
    mv "$page.new" "$page"
    echo "docs/testing.md holds this table now."
else
    echo "docs/testing.md is unchanged: it takes a complete green run of a committed tree."
fi
exit $failed

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# test.sh [--full [KIND ...]] - builds everything and runs all tests; CC chooses the compiler.
#
# --full runs them and then every kind of proof in tools/proof/, which takes some two hours on two
# processors, goes on after a failure, and ends with a table. KIND names some of them (tests is what
# runs without --full). docs/testing.md tells what each kind does and keeps the table of a whole run.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
proof=$root/build/proof
# What a shell may still say from an earlier trial: it would leave out most, without a word.
unset SIMDINET_BRIEF SIMDINET_FIRST_FAILURE SIMDINET_FULL SIMDINET_IMPLEMENTATION SIMDINET_RANDOM_CALLS \
    SIMDINET_RANDOM_SEED SIMDINET_IMPLEMENTATIONS_TESTED

case ${1-} in
'')
    need_test_packages
    build_as_usual
    "$usual/simdinet" info
    status=0
    ctest --test-dir "$usual" --output-on-failure --no-tests=error -j "$(nproc)" </dev/null ||
        status=$?
    echo
    python3 "$here/test_tally.py" "$usual/Testing/Temporary/LastTest.log"
    exit $status
    ;;
--full) shift ;;
*) die "unknown argument '$1'; usage: tools/test.sh [--full [KIND ...]]" ;;
esac

whole=
if [ $# -eq 0 ]; then
    whole=1
    set -- tests $(cd "$here/proof" && ls *.sh | sed 's/\.sh$//')
fi
for kind in "$@"; do
    [ "$kind" = tests ] || [ -x "$here/proof/$kind.sh" ] ||
        die "there is no kind of proof named '$kind'; there are: tests" \
            $(cd "$here/proof" && ls *.sh | sed 's/\.sh$//')
done

# A table names the commit that it was made of: the tree is that, at the beginning and at the end.
head_commit() {
    git -C "$root" rev-parse --short=12 HEAD 2>/dev/null || true
}
commit=$(head_commit)
clean=
if [ -n "$commit" ] && [ -z "$(git -C "$root" status --porcelain)" ]; then clean=1; fi

rm -rf "$proof"
mkdir -p "$proof"
minutes() {
    printf '%d:%02d' $(($1 / 60)) $(($1 % 60))
}

# run_kind KIND - runs it, shows and keeps what it says, and adds its row to the table.
run_kind() {
    script=$here/proof/$1.sh
    if [ "$1" = tests ]; then script=$here/test.sh; fi
    printf '\n== %s ==\n\n' "$1"
    began=$(date +%s)
    { "$script" </dev/null 2>&1 || echo $? >"$proof/$1.status"; } | tee "$proof/$1.log"
    seconds=$(($(date +%s) - began))
    cases=$(tail -n 1 "$proof/$1.log" | sed -n 's/^cases: //p; s/^tests run: \([0-9]*\), /\1 tests /p')
    case $(cat "$proof/$1.status" 2>/dev/null) in
    '') result=green ;;
    77) result=skipped ;;
    *) result=FAILED ;;
    esac
    # A kind that does not say what it did has not done it.
    if [ -z "$cases" ] && [ "$result" = green ]; then result=FAILED; fi
    printf '| %s | %s | %s | %s |\n' "$1" "$cases" "$(minutes $seconds)" "$result" >>"$proof/rows"
    sed -n "s/^skipped: \(.*\)$/\1	$1/p" "$proof/$1.log" | sed 's/ ([0-9]* times)	/	/' >>"$proof/skips"
}

start=$(date +%s)
for kind in "$@"; do
    run_kind "$kind"
done

# The table and what was skipped, a line each with the kinds that skipped it.
{
    printf '| kind | cases | min:s | result |\n|---|---|---:|---|\n'
    cat "$proof/rows"
    printf '\nAll together: %s.\n\nSkipped, by name:\n\n' "$(minutes $(($(date +%s) - start)))"
    sed "s|$root/||g" "$proof/skips" | sort -u |
        awk -F '\t' '$1 != last { if (last != "") print line ")"; line = "- " $1 " (in " $2; last = $1; next }
                     { line = line ", " $2 } END { print last == "" ? "- nothing" : line ")" }'
} >"$proof/table"
echo
cat "$proof/table"
echo

status=0
if grep -q '| FAILED |$' "$proof/rows"; then status=1; fi
# The coverage stands in README.md now, which nothing else that runs here depends on.
if [ "$(head_commit)" != "$commit" ] ||
    [ -n "$(git -C "$root" status --porcelain -- . ':!README.md' 2>&1)" ]; then clean=; fi
if [ -n "$whole" ] && [ -n "$clean" ] && [ $status = 0 ]; then
    "$here/proof_page.sh" "$commit" "$proof/table"
    echo "docs/testing.md holds this table now."
else
    echo "docs/testing.md is left as it was: it takes a whole run, all green or skipped, of a tree" \
        "without changes."
fi
exit $status

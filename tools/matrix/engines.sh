#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# engines.sh - simdinet inside Spark (one process, and a cluster of one master and two workers on loopback), DuckDB (the
# C extension, beside the inet extension) and ClickHouse (chdb, with the installed XML). The packages are those of
# bindings/python/requirements-engines.txt, fetched once into a cache folder outside of the tree.
set -eu
. "$(dirname "$0")/../lib.sh"

need_test_packages java:default-jre-headless
want_packages cargo:cargo
begin
build_default
if ! "$root/bindings/test.sh" --fetch "$default/simdinet" "$default/loggen" >"$work/engines.log" 2>&1; then
    fail engines "$work/engines.log"
elif grep '^skipped: engines: ' "$work/engines.log"; then
    exit 77
fi
grep '^skipped: ' "$work/engines.log" || true
finish_with "$(sed -n 's/^=.* \([0-9]*\) passed.* in .*/\1/p' "$work/engines.log" | tail -n 1) tests"

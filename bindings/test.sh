#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# test.sh [--fetch] COMMAND LOGGEN [PYTEST-ARGUMENT ...] - tests simdinet inside Spark, DuckDB and ClickHouse (chdb),
# against the command and the log generator of a build. Everything that is built is in build/engines of the tree.
#
# The engines are those of python/requirements-engines.txt, in a cache folder outside of the tree: SIMDINET_ENGINES, or
# simdinet/engines of the user's cache. --fetch fills it. Without --fetch the tests are skipped by name if it is empty,
# and those marked "full" are left out.
set -eu
bindings=$(cd "$(dirname "$0")" && pwd)
tree=$(cd "$bindings/.." && pwd)
pins=$bindings/python/requirements-engines.txt
work=$tree/build/engines
fetch= marks="not full"
[ "${1-}" != --fetch ] || { fetch=1 marks= && shift; }
SIMDINET_COMMAND=$1 SIMDINET_LOGGEN=$2
export SIMDINET_COMMAND SIMDINET_LOGGEN
shift 2

skip() {
    echo "skipped: engines: $*"
    exit 0
}

. "$bindings/python/interpreter.sh"

# ---- the cache: one folder for each content of the file of versions -----------------------------------------------
stamp=$({ "$python" -c 'import sys; print(sys.version)' && cat "$pins"; } | cksum | cut -d ' ' -f 1)
cache=${SIMDINET_ENGINES:-${XDG_CACHE_HOME:-$HOME/.cache}/simdinet/engines}/$stamp
venv=$cache/venv
version() { # version PACKAGE - from the comments of the file
    sed -n "s/^#.* $1 \([0-9][0-9.]*\).*/\1/p" "$pins"
}
pip() {
    "$venv/bin/pip" --disable-pip-version-check "$@"
}

fetch_engines() {
    rm -rf "$cache"
    mkdir -p "$cache"
    "$python" -m venv "$venv"
    pip install --quiet -r "$pins"
    # Optional: the header of the C extension API, and the inet extension with its version of DuckDB.
    header=duckdb.tar.gz
    if command -v cargo >/dev/null; then
        mkdir -p "$cache/crate/src"
        printf '[package]\nname = "fetch"\nversion = "0.0.0"\nedition = "2021"\n[dependencies]\nlibduckdb-sys = "=%s"\n' \
            "$(version libduckdb-sys)" >"$cache/crate/Cargo.toml"
        : >"$cache/crate/src/lib.rs"
        (cd "$cache/crate" && cargo vendor --quiet --versioned-dirs) >/dev/null &&
            tar -xzf "$cache/crate/vendor/libduckdb-sys-$(version libduckdb-sys)/$header" -C "$cache" \
                --strip-components=2 duckdb/src/include/duckdb.h duckdb/src/include/duckdb_extension.h ||
            echo "the header of DuckDB's extensions cannot be fetched"
        rm -rf "$cache/crate"
    fi
    pip install --quiet --no-deps --target "$cache/inet" "duckdb==$(version duckdb)" \
        "duckdb-extension-inet==$(version duckdb-extension-inet)" "duckdb-extensions" ||
        rm -rf "$cache/inet"
    touch "$cache/complete"
}

if [ ! -e "$cache/complete" ]; then
    [ -n "$fetch" ] || skip "not in the cache folder; tools/test.sh --full engines fetches them"
    mkdir -p "${cache%/*}"
    fetch_engines >"$cache.log" 2>&1 ||
        skip "the packages cannot be installed: $(grep -i error "$cache.log" | tail -n 1 | cut -c 1-200)"
fi

# ---- what is tested -----------------------------------------------------------------------------------------------
mkdir -p "$work"
run() { # run NAME COMMAND ... - shows the log on failure
    log=$work/$1.log
    shift
    "$@" >"$log" 2>&1 </dev/null || {
        tail -n 60 "$log"
        exit 1
    }
}
rm -rf "$work/wheel" "$work/site"
PATH=$venv/bin:$PATH
export PATH
run wheel pip wheel --quiet --no-deps --no-build-isolation -Cbuild-dir="$work/python" -w "$work/wheel" "$bindings/python"
run install pip install --quiet --no-deps --no-index --target "$work/site" "$work"/wheel/*.whl

if [ -e "$cache/include/duckdb_extension.h" ]; then
    run duckdb-configure cmake -S "$bindings/duckdb" -B "$work/duckdb" -G Ninja -DSIMDINET_DUCKDB_INCLUDE="$cache/include"
    run duckdb cmake --build "$work/duckdb" --target extension
    SIMDINET_DUCKDB_EXTENSION=$work/duckdb/simdinet.duckdb_extension
    export SIMDINET_DUCKDB_EXTENSION
fi
run clickhouse-configure cmake -S "$bindings/clickhouse" -B "$work/clickhouse" -G Ninja
run clickhouse cmake --build "$work/clickhouse" --target simdinet-clickhouse
SIMDINET_CLICKHOUSE_FILTER=$work/clickhouse/simdinet-clickhouse

# Spark listens on loopback only.
SPARK_LOCAL_IP=127.0.0.1 PYTHONPATH=$work/site SIMDINET_ENGINES_CACHE=$cache
export SIMDINET_CLICKHOUSE_FILTER SPARK_LOCAL_IP PYTHONPATH SIMDINET_ENGINES_CACHE
cd "$work"
exec "$venv/bin/pytest" -p no:cacheprovider --rootdir "$bindings/tests" -c "$bindings/tests/pytest.ini" \
    ${marks:+-m "$marks"} "$@" "$bindings/tests"

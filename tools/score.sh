#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# score.sh [--arg=OPTION ...] [-f N] [--only REGEX] - recall and precision of simdinet extract on real log lines.
# score.sh --peers - the same for ripgrep, grep and grepcidr beside it, as tables in Markdown.
#
# The labelled lines and score.py, which compares, are not part of the repository: SIMDINET_SHARED names
# the folder that has real-text/, the default is ../shared. Arguments go to score.py: --arg=--versions
# scores another option of extract, -f N prints N examples of each kind of error.
set -eu
. "$(dirname "$0")/lib.sh"

lines=${SIMDINET_SHARED:-$root/../shared}/real-text
[ -f "$lines/score.py" ] || die "no labelled lines: $lines/score.py is missing"
need_build_packages
need_packages python3:python3
build "$root/build/demo" -DCMAKE_BUILD_TYPE=Release
if [ "${1:-}" = --peers ]; then
    want_packages rg:ripgrep grepcidr:grepcidr
    exec python3 "$here/score_peers.py" "$root/build/demo/simdinet" "$lines/labelled.tsv"
fi
exec python3 "$lines/score.py" "$root/build/demo/simdinet" "$@"

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# kinds.sh [FIRST LAST] - the kinds of simulated sounds of seeds that nothing
# was fitted to (1 to 6; tools/fit-kinds was given 301 to 336).
set -u
cd "$(dirname "$0")/.."
t=$(mktemp "${TMPDIR:-/tmp}/truce-kinds.XXXXXX")
trap 'rm -f "$t"' EXIT
tools/kinds-sample "${1:-1}" "${2:-6}" >"$t" || {
	echo "not ok 1 - sounds are made"
	exit 1
}
tools/score-kinds --tap "$t"

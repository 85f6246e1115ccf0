#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# twin.sh - two evaluators, written apart from one text (docs/judging.md):
# random agreements, missions and facts over the whole language; terms_sha256,
# examples and findings must be the same bytes.  TRUCE_LONG=1: a million pairs.
set -u
cd "$(dirname "$0")/.."
if [ ! -e web/build/twin.js ] || ! command -v node >/dev/null; then
	echo "ok 1 - no node, or no web/build: make web # SKIP"
	echo "1..1"
	exit 0
fi
case $BUILD in
*/release) ;;
*)
	echo "1..0"
	exit 0
	;;
esac
node web/build/twin.js "$BUILD/tests/twin" "${SEED:-1}" \
	"$( [ -n "${TRUCE_LONG-}" ] && echo 250000 || echo 500)" 4
echo "1..2"

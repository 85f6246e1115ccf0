#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# webproof.sh - the verifier in TypeScript (web/) against the one in C: the
# same verdict on every vector and on every broken mirror, in node and in a
# real browser.
set -u
cd "$(dirname "$0")/.."
if [ ! -e "${WEB:-web/build}/verify.js" ] || ! command -v node >/dev/null; then
	echo "ok 1 - no node, or no web/build: make web # SKIP"
	echo "1..1"
	exit 0
fi
case $BUILD in
*/release) ;;
*)
	# Under sanitizers the C side runs as tests/vectors and tests/mirror.
	echo "1..0"
	exit 0
	;;
esac
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-webproof.XXXXXX")
trap 'rm -rf "$t"' EXIT
python3 tests/faults/webproof.py "$t"

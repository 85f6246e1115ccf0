#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# webpeople.sh - random logs of a mission's people: keys, roles, two persons,
# rejections, erasures; right, wrong, and with bodies withheld.  Both
# verifiers, written apart from one text (docs/people.md), must give the same
# verdict, entry and rule, and count the same states.  400 of them; LOGS=n: so many,
# FIRST=n: from that one on; TRUCE_LONG=1: 20,000.
set -u
cd "$(dirname "$0")/.."
if [ ! -e "${WEB:-web/build}/histories.js" ] || ! command -v node >/dev/null; then
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
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-webpeople.XXXXXX")
trap 'rm -rf "$t"' EXIT
python3 tests/faults/webpeople.py "$t"

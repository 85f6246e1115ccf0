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
*/release | */coverage) ;;
*)
	echo "1..0"
	exit 0
	;;
esac
node web/build/twin.js "$BUILD/tests/twin" "${SEED:-1}" \
	"$( [ -n "${TRUCE_LONG-}" ] && echo 250000 || echo 500)" 4

# A pack with its mission: the verifier in TypeScript makes its findings anew.
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-twin.XXXXXX")
trap 'rm -rf "$t"' EXIT
"$TRUCE" sim demo --seed 1 --out "$t/a" >/dev/null 2>&1
rm -rf "$t"/a/inbox/XT_IS1_* "$t"/a/inbox/XT_W0* # for speed
"$TRUCE" --quiet replay "$t/a" >/dev/null 2>&1
"$TRUCE" --quiet export "$t/a" -o "$t/pack" --level full >/dev/null 2>&1
anew() { node web/build/verify.js mirror "$t/pack" | grep 'made anew'; }
said=$(anew)
[[ $said =~ [1-9][0-9]*\ as\ they\ are,\ 0\ otherwise$ ]] || echo -n "not "
echo "ok 3 - a pack's$said"
chmod u+w "$t/pack/mission/agreement.terms"
sed -i 's/30 km/1 km/' "$t/pack/mission/agreement.terms"
said=$(anew)
[[ $said =~ \ [1-9][0-9]*\ otherwise ]] || echo -n "not "
echo "ok 4 - with another limit:$said"

# What the million found once: a quote behind a backslash, in a text not closed.
node web/build/twin.js "$BUILD/tests/twin" 3001503 1 4 |
	grep -q '^ok 1 .*1 refused by both' || echo -n "not "
echo "ok 5 - a text whose only other quotes stand behind backslashes"
echo "1..5"

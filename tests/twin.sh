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

t=$(mktemp -d "${TMPDIR:-/tmp}/truce-twin.XXXXXX")
trap 'rm -rf "$t"' EXIT

# A pack with its mission: the verifier in TypeScript makes its findings anew.
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

# Whatever a judge says of a verdict is said in three more languages.
cat >"$t/kept" <<EOF
#!/bin/sh
"$BUILD/tests/twin" "\$@" | tee "$t/said.\$\$"
EOF
chmod +x "$t/kept"
node web/build/twin.js "$t/kept" 5 50 4 >/dev/null
left=$(cat "$t"/said.* | node -e '
const lines = new Set(require("fs").readFileSync(0, "utf8").trim().split("\n")
	.flatMap((l) => JSON.parse(l).findings ?? []).flat()
	.flatMap((f) => f.explanation));
console.log([...lines].filter((l) => !l.includes("\n")).join("\n"))' |
	tee "$t/lines" | "$BUILD/tests/steps" -)
[ "$(wc -l <"$t/lines")" -gt 300 ] && [ -z "$left" ] || echo -n "not "
echo "ok 6 - $(wc -l <"$t/lines") lines of theirs, none of them in English alone"
echo "${left:0:300}" | sed 's/^/# /'
echo "1..6"

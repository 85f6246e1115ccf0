#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# clocks.sh - older checkpoints that a copy keeps: both verifiers hold them
# against the log, and say by them when an entry was logged.
set -u
cd "$(dirname "$0")/.."
TRUCE=${TRUCE:-build/truce}
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-clocks.XXXXXX")
trap 'rm -rf "$t"' EXIT
if [ ! -e web/build/verify.js ] || ! command -v node >/dev/null; then
	echo "ok 1 - no node, or no web/build: make web # SKIP"
	echo "1..1"
	exit 0
fi
n=0
ok() { # STATUS TEXT
	n=$((n + 1))
	[ "$1" = 0 ] && echo "ok $n - $2" || echo "not ok $n - $2"
}
a=$t/a p=$t/p
"$TRUCE" sim demo --seed 1 --out "$a" >/dev/null 2>&1
rm -rf "$a"/inbox/XT_IS1_* "$a"/inbox/XT_W0[1-5]_* # for speed
mkdir "$t/late"
mv "$a/inbox/XT_E01_00" "$a/inbox/XT_E02_00" "$t/late/"
"$TRUCE" --quiet replay "$a" >/dev/null 2>&1
cp "$a/ledger/pub/checkpoint" "$t/first"
first=$(sed -n 2p "$t/first")
sleep 2
mv "$t/late/XT_E01_00" "$a/inbox/"
"$TRUCE" --quiet replay "$a" >/dev/null 2>&1
"$TRUCE" export "$a" -o "$p" >/dev/null
mkdir "$p/checkpoints"
cp "$t/first" "$p/checkpoints/$first"
rm "$p/MANIFEST" "$p/PACK" # a mirror, that may keep what it likes
policy=$p/policy/accepted.policy
both() { # ARGS: the same words of both, in $t/c
	"$TRUCE" audit "$p" --policy "$policy" "$@" >"$t/c" 2>&1
	node web/build/verify.js mirror "$p" --policy "$policy" "$@" \
		>"$t/page" 2>&1
	for f in c page; do
		grep -e 'if one witness lies' -e VERIFIED -e 'a time more than' \
			"$t/$f" | sed 's/, as of .*//; s/Z/ UTC/g; s/T/ /g'
	done | sort | uniq -c | awk '$1 != 2 { bad = 1; print "# " $0 }
		END { exit bad }'
}
both --entry "$first" && grep -q '^VERIFIED' "$t/c" &&
	grep -q 'not before 20.*, not after 20' "$t/c"
ok $? "when an entry was logged:$(grep 'witness lies' "$t/c")"
grep -q 'cosigned last at' "$t/c" && grep -q 'accepted by its policy' "$t/c"
ok $? "and when the witnesses saw the copy"
both --entry 0 && grep -q 'not before not known, not after 20' "$t/c"
ok $? "the first of all:$(grep 'witness lies' "$t/c")"
"$TRUCE" audit "$a" --entry "$first" >"$t/c"
grep -q 'witness lies: not before 20.*, not after 20' "$t/c"
ok $? "of the mission too:$(grep 'witness lies' "$t/c")"
mv "$p/checkpoints/$first" "$p/checkpoints/$((first - 1))"
both && grep -q "^NOT VERIFIED $((first - 1)) checkpoint" "$t/c"
ok $? "one of another size: $(tail -1 "$t/c")"
mv "$p/checkpoints/$((first - 1))" "$p/checkpoints/$first"
sed -i '3s/^./A/; 3s/^\(.\)./\1B/' "$p/checkpoints/$first"
both && grep -q "^NOT VERIFIED $first checkpoint" "$t/c"
ok $? "one that was bent: $(tail -1 "$t/c")"
echo "1..$n"

#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# order.sh - the same files give the same answers: in any order, with any
# number of jobs, at once or late, with the index or without.
set -u
cd "$(dirname "$0")/.."
. tests/faults/mission.sh
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-order.XXXXXX")
trap 'rm -rf "$t"' EXIT
small_mission "$t" 1 || { echo "not ok 1 - truce sim"; exit 1; }
# One channel in three files, so that a middle can come late.
long=$(ls "$t"/files/XT_G000_00/*)
size=$(stat -c %s "$long")
third=$((size / 512 / 3 * 512))
head -c $third "$long" >"$t/files/XT_G000_00/1.mseed"
tail -c +$((third + 1)) "$long" | head -c $third >"$t/files/XT_G000_00/2.mseed"
tail -c +$((2 * third + 1)) "$long" >"$t/files/XT_G000_00/3.mseed"
rm "$long"
find "$t/files" -type f | LC_ALL=C sort >"$t/sorted"
tac "$t/sorted" >"$t/reversed"
python3 - "$t/sorted" >"$t/shuffled" <<'P'
import random, sys
l = open(sys.argv[1]).read().split()
random.Random(11).shuffle(l)
print("\n".join(l))
P
made() { # M: its answers into M.out
	answers "$1" "$1.out" && python3 tests/faults/unproved.py "$1.out"
}
same() { # A B TEXT
	if diff -r "$t/$1.out" "$t/$2.out" >"$t/diff" 2>&1; then ok 0 "$3"
	else
		diff -rq "$t/$1.out" "$t/$2.out" | head -12
		cut -c 1-300 "$t/diff" | head -6
		ok 1 "$3"
	fi
}
entries() { "$TRUCE" audit "$1" | sed -n 's/^VERIFIED \([0-9]* entries\).*/\1/p'; }

for m in a b c late; do cp -r "$t/empty" "$t/$m"; done
take "$t/a" $(cat "$t/sorted") >/dev/null
"$TRUCE" replay "$t/a" --jobs 1 >"$t/said" 2>&1
ok $? "replay with one job: $(tail -1 "$t/said")"
made "$t/a"
ok $? "every answer and every form of the report"
for v in incidents findings detections looks health; do
	[ -s "$t/a.out/$v" ] || ok 1 "there are $v to compare"
done
size_a=$(entries "$t/a")
take "$t/b" $(cat "$t/reversed") >/dev/null
"$TRUCE" replay "$t/b" --jobs 2 >/dev/null 2>&1
made "$t/b"
same a b "two jobs, files in reversed order: the same answers"
take "$t/c" $(cat "$t/shuffled") >/dev/null
"$TRUCE" replay "$t/c" --jobs 2 >/dev/null 2>&1
made "$t/c"
same a c "two jobs, files shuffled: the same answers"

"$TRUCE" replay "$t/a" --jobs 2 >"$t/said" 2>&1
grep -q '; 0 records are new or changed' "$t/said"
ok $? "a second replay adds nothing: $(tail -1 "$t/said")"
[ "$(entries "$t/a")" = "$size_a" ] && [ -n "$size_a" ]
ok $? "nor does the ledger grow: $size_a"
raw() { # M OUT: with versions
	for v in incidents findings detections looks health; do
		"$TRUCE" $v "$1" --jsonl
	done >"$2"
}
raw "$t/a" "$t/before"
rm -f "$t"/a/index.db*
"$TRUCE" replay "$t/a" --jobs 1 >"$t/said" 2>&1
raw "$t/a" "$t/after"
cmp -s "$t/before" "$t/after"
ok $? "the index deleted: built again byte for byte, versions and ledger too"
[ "$(entries "$t/a")" = "$size_a" ]
ok $? "the ledger did not grow by it: $(entries "$t/a")"

for late in 2.mseed reports.csv notices.csv; do
	rm -rf "$t/late"
	cp -r "$t/empty" "$t/late"
	take "$t/late" $(grep -v "/$late" "$t/sorted") >/dev/null
	"$TRUCE" replay "$t/late" >/dev/null 2>&1
	"$TRUCE" incidents "$t/late" --jsonl >"$t/old"
	take "$t/late" $(grep "/$late" "$t/sorted") >/dev/null
	"$TRUCE" replay "$t/late" >"$t/said" 2>&1
	made "$t/late"
	same a late "$late late: newest versions as if it had come at once"
	"$TRUCE" audit "$t/late" >"$t/said"
	ok $? "and audit: $(tail -1 "$t/said")"
	raw "$t/late" "$t/before"
	rm -f "$t"/late/index.db*
	"$TRUCE" replay "$t/late" >/dev/null 2>&1
	raw "$t/late" "$t/after"
	cmp -s "$t/before" "$t/after"
	ok $? "the index deleted after it: the same versions"
done
exit $bad

#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# sandbox.sh - the program's own parsers: confined, or it says so; killed by a
# stranger in mid-replay, and the answers stay; a program that was moved still
# finds itself; no child is left.
# alone: it kills in mid-work, by the clock
set -u
cd "$(dirname "$0")/.."
. tests/faults/mission.sh
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-sandbox.XXXXXX")
trap 'rm -rf "$t"' EXIT
small_mission "$t" 0.3 || { echo "not ok 1 - truce sim"; exit 1; }
mv "$t/files" "$t/empty/inbox"

mission() { # NAME: a fresh copy
	rm -rf "${t:?}/$1"
	cp -r "$t/empty" "$t/$1"
}
said() { # NAME
	for what in detections incidents findings; do
		"$TRUCE" "$what" "$t/$1" --json 2>/dev/null |
			sed 's/"ledger":{[^}]*}//g'
	done >"$t/$1.said"
}

mission plain
"$TRUCE" replay "$t/plain" --jobs 1 >/dev/null 2>"$t/err"
ok $? "a mission is replayed"
said plain
[ "$(wc -l <"$t/plain.said")" -gt 10 ]
ok $? "and has something to say"

# Two threads, two children: the same.
mission two
"$TRUCE" replay "$t/two" --jobs 2 >/dev/null 2>&1
said two
cmp "$t/plain.said" "$t/two.said"
ok $? "two threads with a child each say the same"

# Whoever kills a child of a replay changes nothing that it says.
kills=0 same=0
for wait in 0.03 0.06 0.12; do
	mission killed
	"$TRUCE" replay "$t/killed" --jobs 2 >/dev/null 2>"$t/err" &
	pid=$!
	sleep $wait
	for _ in $(seq 50); do
		child=$(cat /proc/$pid/task/*/children 2>/dev/null)
		[ -n "$child" ] && break
		sleep 0.01
	done
	kill -9 ${child%% *} 2>/dev/null && kills=$((kills + 1))
	wait $pid && said killed && cmp "$t/plain.said" "$t/killed.said" &&
		same=$((same + 1))
done
[ $same -eq 3 ]
ok $? "replays of which a parser is killed say the same ($kills killed)"

# A child is this very file, wherever it lies and whatever it is called.
mkdir -p "$t/else where"
cp "$TRUCE" "$t/else where/another name"
in=$PWD/tests/data/reports/coded.in
"$TRUCE" decode auto "$in" >"$t/here" 2>/dev/null
(cd "$t/else where" && "./another name" decode auto "$in") >"$t/there" \
	2>/dev/null
[ -s "$t/here" ] && cmp "$t/here" "$t/there"
ok $? "a program that was moved and renamed finds itself"

"$TRUCE" decode auto "$in" >"$t/one" 2>/dev/null <&-
cmp "$t/here" "$t/one"
ok $? "without a standard input too"

# A child of one that was killed ends by itself.
mission killed
"$TRUCE" replay "$t/killed" >/dev/null 2>&1 &
pid=$!
child=
for _ in $(seq 200); do
	child=$(cat /proc/$pid/task/*/children 2>/dev/null)
	[ -n "$child" ] && break
	sleep 0.01
done
kill -9 $pid
wait $pid 2>/dev/null
for _ in 1 2 3 4 5 6 7 8 9; do
	left=0
	for p in $child; do [ -e "/proc/$p/exe" ] && left=1; done
	[ $left -eq 0 ] && break
	sleep 0.2
done
[ $left -eq 0 ]
ok $? "no child outlives its parent (of:${child:- none})"

# Where the kernel refuses.
"$TRUCE" doctor "$t" | grep -q 'parsers: '
ok $? "doctor tells of parsers"
if python3 tests/faults/refuse.py true 2>/dev/null; then
	refused() { python3 tests/faults/refuse.py "$TRUCE" "$@"; }
	refused doctor "$t" | grep -q '^WRONG parsers: seccomp is refused'
	ok $? "doctor: WRONG where seccomp is refused"
	mission bare
	refused replay "$t/bare" >/dev/null 2>"$t/err"
	ok $? "a replay goes on there"
	grep -q 'warning: seccomp is refused' "$t/err"
	ok $? "and warns"
	said bare
	cmp "$t/plain.said" "$t/bare.said"
	ok $? "and says the same"
	refused replay --strict "$t/bare" >/dev/null 2>"$t/err"
	[ $? -eq 4 ] && grep -q -- '--strict: seccomp is refused' "$t/err"
	ok $? "with --strict it refuses"
	timeout 20 python3 tests/faults/refuse.py "$TRUCE" run --strict \
		--listen 127.0.0.1:0 "$t/bare" >/dev/null 2>"$t/err"
	[ $? -eq 4 ]
	ok $? "so does \`truce run\`"
else
	echo "ok $((n += 1)) - seccomp cannot be refused here # SKIP"
fi
echo "1..$n"
exit $bad

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# turns.sh - people at a desk append while `truce run` replays: nobody waits for
# its end, the index knows of them when it is done, the log verifies.
set -u
cd "$(dirname "$0")/.."
TRUCE=$(realpath "${TRUCE:-build/truce}")
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-turns.XXXXXX")
trap 'kill $pid 2>/dev/null; rm -rf "$t"' EXIT
: >"$t/run" >"$t/out"
n=0
ok() { # STATUS TEXT
	n=$((n + 1))
	[ "$1" = 0 ] && echo "ok $n - $2" || {
		echo "not ok $n - $2"
		sed 's/^/# /' "$t/out" "$t/run"
	}
}
m=$t/m
"$TRUCE" sim demo --seed 1 --out "$m" >/dev/null 2>&1
rm -rf "$m"/inbox/XT_IS1_* # for speed
"$TRUCE" --quiet replay "$m" >/dev/null 2>&1
"$TRUCE" run "$m" --listen 127.0.0.1:0 --every 0 >"$t/alerts" 2>"$t/run" &
pid=$!
until grep -q listening "$t/run"; do sleep 0.1; done
cd "$t" || exit 1
for x in ann rev; do "$TRUCE" key new $x >/dev/null; done
id=$("$TRUCE" incidents "$m" --json | grep -o '"id":"i-[^"]*"' | head -1 |
	cut -d'"' -f4)

kill $pid # the last replay begins
replays() { [ -d "$m/ledger/replay" ] && ! flock -n "$m/ledger/replay" true; }
i=0
until replays || [ $((i += 1)) -gt 600 ]; do sleep 0.05; done
slow=0
during=0
do_() { # VERB...
	t0=$(date +%s%N)
	"$TRUCE" --quiet "$@" >>"$t/out" 2>&1 || slow=99999
	ms=$((($(date +%s%N) - t0) / 1000000))
	[ $ms -gt $slow ] && slow=$ms
	replays && during=$((during + 1))
}
do_ key enrol "$m" --new ann.key --org mission --role analyst
do_ key enrol "$m" --new rev.key --org mission --role reviewer
do_ review "$m" "$id" confirm --key rev.key
do_ review "$m" "$id" confirm --key ann.key
[ $slow -lt 15000 ]
ok $? "four entries by people, the slowest after $slow ms"
[ $during -gt 0 ]
ok $? "$during of them while the replay went on"
wait $pid
ok $? 'the replay ends as if nobody had been there'
"$TRUCE" incidents "$m" --status reviewed --json >"$t/out"
grep -q "\"id\":\"$id\"" "$t/out"
ok $? 'and the index knows what was reviewed meanwhile'
"$TRUCE" --quiet audit "$m" >"$t/out" 2>&1
ok $? 'the audit verifies'
"$TRUCE" replay "$m" >"$t/out" 2>&1 &&
	grep -q '; 0 records are new or changed' "$t/out"
ok $? 'and a replay adds nothing'

# -- whoever was killed may leave a child that has the log for a moment --
hold() { # SECONDS: somebody has the log
	rm -f "$t/held"
	flock -o "$m/ledger/journal" sh -c "touch '$t/held'; exec sleep $1" &
	pid=$!
	until [ -e "$t/held" ]; do sleep 0.02; done
}
hold 0.5
"$TRUCE" replay "$m" >"$t/out" 2>&1
ok $? 'a replay waits for who is about to let go of the log'
wait $pid
hold 60
"$TRUCE" replay "$m" >"$t/out" 2>&1
[ $? = 4 ] && grep -q "in use by another process, $pid\$" "$t/out"
ok $? 'and says who has it, if he does not'
kill $pid

#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# witness.sh - witnesses as servers of their own: what a mission logs is
# cosigned by them, a silent one is seen, yesterday's backup is found out, and
# a fork leaves a proof that anybody can check.
set -u
cd "$(dirname "$0")/.."
truce=${TRUCE:-$PWD/build/truce}
dir=$(mktemp -d)
pids=
trap 'for p in $pids; do kill "$p" 2>/dev/null; done; rm -rf "$dir"' EXIT
n=0
ok() { n=$((n + 1)); echo "ok $n - $1"; }
bad() { n=$((n + 1)); echo "not ok $n - $1"; }
check() { # what, command...
	local what=$1
	shift
	if "$@" >"$dir/out" 2>&1; then ok "$what"; else
		bad "$what"
		sed 's/^/# /' "$dir/out"
	fi
}
says() { grep -q -- "$1" "$dir/out"; }

start() { # number: serves, and sets port_N, pid_N
	"$truce" witness run "$dir/w$1" "${2-0}" >"$dir/w$1.out" 2>&1 &
	eval "pid_$1=$!"
	pids="$pids $!"
	for _ in $(seq 50); do
		[ -s "$dir/w$1.out" ] && break
		sleep 0.1
	done
	eval "port_$1=$(sed -n 's/.*http:\/\/127.0.0.1:\([0-9]*\).*/\1/p' \
		"$dir/w$1.out")"
}
stop() {
	eval "kill -${2-TERM} \$pid_$1; wait \$pid_$1" 2>/dev/null
}

# Three witnesses; a policy of two of them.
for i in 1 2 3; do
	"$truce" witness init "$dir/w$i" "ngo-$i.example/w" >"$dir/key$i" 2>&1
	start $i
done
check "a key is made once" [ "$("$truce" witness init "$dir/w1" other)" = \
	"$(cat "$dir/key1")" ]
check "the key is its owner's alone" [ "$(stat -c %a "$dir/w1/key")" = 600 ]
"$truce" witness run "$dir/w1" 0.0.0.0:8417 >"$dir/out" 2>&1
[ $? = 2 ] && says nginx && ok "beyond loopback is nginx' task" ||
	bad "beyond loopback is nginx' task"
"$truce" witness run "$dir/w1" 0 >"$dir/out" 2>&1
[ $? = 4 ] && ok "one process holds its memory" ||
	bad "one process holds its memory"

m=$dir/m
"$truce" init "$m" >/dev/null 2>&1 || bad "init"
mkdir -p "$m/ledger/policy" "$m/inbox"
{
	for i in 1 2 3; do
		eval "echo \"witness w$i $(cat "$dir/key$i") \
http://127.0.0.1:\$port_$i\""
	done
	echo "group accepted 2 w1 w2 w3"
	echo "quorum accepted"
} | tr -s ' ' >"$m/ledger/policy/accepted.policy"

# They do not know the log yet: all is taken in, nothing is shown.
echo one >"$m/inbox/one.txt"
"$truce" ingest "$m" "$m/inbox/one.txt" >"$dir/out" 2>&1
says 'nothing is signed' && says '1 taken' && [ ! -e \
	"$m/ledger/pub/checkpoint" ] &&
	ok "too few witnesses: kept, not published" || {
	bad "too few witnesses: kept, not published"
	sed 's/^/# /' "$dir/out"
}
log=$("$truce" audit "$m" | sed -n 's/^  log //p')
for i in 1 2 3; do
	stop $i
	"$truce" witness add "$dir/w$i" "$log" || bad "add $i"
	eval "p=\$port_$i"
	start $i "$p"
done
echo two >"$m/inbox/two.txt"
"$truce" ingest "$m" "$m/inbox/two.txt" >"$dir/out" 2>&1
"$truce" audit "$m" >"$dir/out" 2>&1
says ' 3 witnesses, as of ' && ok "three cosign, accepted" ||
	bad "three cosign, accepted"
says 'one machine' && bad "keys lie elsewhere" || ok "keys lie elsewhere"

cp "$m/ledger/pub/checkpoint" "$dir/first"

# One dies; the log goes on, and its silence has a last time.
stop 3 KILL
echo three >"$m/inbox/three.txt"
"$truce" ingest "$m" "$m/inbox/three.txt" >"$dir/out" 2>&1
"$truce" audit "$m" >"$dir/out" 2>&1
says ' 2 witnesses, as of ' && says 'ngo-3.*last at' &&
	ok "a silent witness stops nothing, and is named" || {
	bad "a silent witness stops nothing, and is named"
	sed 's/^/# /' "$dir/out"
}
"$truce" audit "$m" --json >"$dir/out" 2>&1
says '"witness":"ngo-3.example/w","here":false,"last":"20' &&
	ok "with its last time, for a program too" ||
	bad "with its last time, for a program too"
"$truce" doctor "$m" >"$dir/out" 2>&1
says 'witness: .*ngo-1' || says 'none is elsewhere' ||
	! grep -A1 'witness: .*ngo-3' "$dir/out" | grep -q 'has not confirmed'
[ $? = 1 ] && ok "the doctor names it, and no other" || {
	bad "the doctor names it, and no other"
	sed 's/^/# /' "$dir/out"
}
eval "start 3 \$port_3"

# Yesterday's ledger against today's witnesses.
cp -a "$m" "$dir/old"
cp -a "$m" "$dir/fork"
echo four >"$m/inbox/four.txt"
"$truce" ingest "$m" "$m/inbox/four.txt" >"$dir/out" 2>&1
before=$(find "$dir/old/ledger/journal" -type f | xargs cat | sha256sum)
"$truce" ingest "$dir/old" "$m/inbox/three.txt" >"$dir/out" 2>&1
code=$?
after=$(find "$dir/old/ledger/journal" -type f | xargs cat | sha256sum)
says 'read only' && says 'restored backup' && [ $code = 4 ] &&
	[ "$before" = "$after" ] &&
	ok "yesterday's backup is read only, and says why" || {
	bad "yesterday's backup is read only, and says why ($code)"
	sed 's/^/# /' "$dir/out"
}
check "and it can be read" "$truce" audit "$dir/old"

# An operator takes away what says how much was signed, to go on otherwise.
rm -f "$dir/fork/ledger/signer/HEAD" "$dir/fork/ledger/pub/checkpoint"
"$truce" ingest "$dir/fork" "$m/inbox/four.txt" >"$dir/out" 2>&1
code=$?
now=$(find "$dir/fork/ledger/journal" -type f | xargs cat | sha256sum)
says 'read only' && [ $code = 4 ] && [ "$before" = "$now" ] &&
	ok "without HEAD and checkpoint it is refused at once" || {
	bad "without HEAD and checkpoint it is refused at once"
	sed 's/^/# /' "$dir/out"
}
# With a checkpoint of the first day the witnesses know better.
cp "$dir/first" "$dir/fork/ledger/pub/checkpoint"
"$truce" ingest "$dir/fork" "$m/inbox/four.txt" >"$dir/out" 2>&1
says 'read only' && says 'restored backup' &&
	ok "with an old checkpoint too" || {
	bad "with an old checkpoint too"
	sed 's/^/# /' "$dir/out"
}
# Somebody follows what is published, from afar.
(cd "$m/ledger/pub" && exec python3 -u -m http.server --bind 127.0.0.1 0 \
	>"$dir/http" 2>&1) &
web=$!
pids="$pids $web"
for _ in $(seq 50); do
	grep -q 'port [0-9]' "$dir/http" && break
	sleep 0.1
done
url=http://127.0.0.1:$(sed -n 's/.* port \([0-9]*\) .*/\1/p' "$dir/http")
mkdir "$dir/mon"
cp "$m/ledger/policy/accepted.policy" "$dir/mon"
"$truce" witness monitor "$dir/mon" "$url" "$log" >"$dir/out" 2>&1
# On a slow machine one of the three may have been too late for it.
[ $? = 0 ] && says '[23] witnesses, accepted$' && ok "a monitor follows it" || {
	bad "a monitor follows it"
	sed 's/^/# /' "$dir/out"
}
cp "$m/ledger/pub/checkpoint" "$dir/newest"
cp "$dir/old/ledger/pub/checkpoint" "$m/ledger/pub/checkpoint"
"$truce" witness monitor "$dir/mon" "$url" >"$dir/out" 2>&1
[ $? = 3 ] && says 'and had' && ok "and sees that entries went" ||
	bad "and sees that entries went"
cp "$dir/newest" "$m/ledger/pub/checkpoint"
check "the log itself is sound" "$truce" audit "$m"

wrong() { # SECONDS ARG...
	local s=$1
	shift
	LD_PRELOAD=$dir/preload.so FAULT_CLOCK_S=$s "$truce" "$@" \
		>"$dir/out" 2>&1
	code=$?
}
journal() { cat "$m"/ledger/journal/* | sha256sum; }
right() { # WHAT: refused, as $dir/out says; the journal is as it was
	[ $code = 4 ] && says "nothing is logged.* s $2 that of [23] witnesses" &&
		[ "$(journal)" = "$before" ] && ok "$1" || {
		bad "$1 ($code)"
		sed 's/^/# /' "$dir/out"
	}
}
# A machine whose clock is wrong writes nothing, and loses nothing.
wrong_clocks() {
	${CC:-gcc} -O1 -shared -fPIC -o "$dir/preload.so" tests/faults/preload.c -ldl ||
		bad "preload.c"
	before=$(journal)
	echo five >"$m/inbox/five.txt"
	wrong 3600 ingest "$m" "$m/inbox/five.txt"
	right "a clock an hour ahead" "ahead of"
	wrong -3600 ingest "$m" "$m/inbox/five.txt"
	right "a clock an hour behind" behind
	wrong 3600 doctor "$m"
	says '^WRONG nothing is logged.* ahead of' && says 'mend: set the clock' &&
		ok "the doctor says what to do" || bad "the doctor says what to do"
	wrong 200 doctor "$m"
	says '^ok .*and with this clock' && ok "200 s are borne" ||
		bad "200 s are borne"
	stop 1
	stop 2
	stop 3
	wrong -3600 ingest "$m" "$m/inbox/five.txt"
	right "no witness answers: it is behind what was published" behind
	for i in 1 2 3; do
		eval "start $i \$port_$i"
	done
	check "then the clock is right" "$truce" ingest "$m" "$m/inbox/five.txt"
	"$truce" audit "$m" >"$dir/out" 2>&1
	says '^VERIFIED' && ! says 'not in an intake' && ! says '300 s' &&
		says 'spool records.* the clock was wrong' &&
		ok "all that came meanwhile is in the log" ||
		bad "all that came meanwhile is in the log"
}
if nm "$truce" 2>/dev/null | grep -q '__[at]san_init'; then
	ok "a wrong clock # SKIP a sanitizer must be loaded first"
else
	wrong_clocks
fi
"$truce" witness status "$dir/w1" >"$dir/out" 2>&1
says entries && ok "status" || bad "status"
echo "1..$n"

#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# move.sh - a mission handed over and made elsewhere: by pack, by mirror, by
# increments; after a restored backup; damaged, forked, killed on the way.
set -u
cd "$(dirname "$0")/.."
TRUCE=${TRUCE:-build/truce}
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-move.XXXXXX")
trap 'rm -rf "$t"' EXIT
n=0
ok() { # STATUS TEXT
	n=$((n + 1))
	[ "$1" = 0 ] && echo "ok $n - $2" || echo "not ok $n - $2"
}
truce() { "$TRUCE" --quiet "$@" >"$t/out" 2>"$t/err"; code=$?; }
says() { cat "$t/out" "$t/err" | grep -q -e "$1"; }
listed() { # MISSION: what it says of itself
	for verb in incidents findings detections looks; do
		"$TRUCE" $verb "$1" --jsonl
	done 2>&1 | sed 's/"ledger":{[^}]*}//' | sha256sum
}

# A day that grows twice.
"$TRUCE" sim demo --seed 1 --out "$t/a" >/dev/null 2>&1
rm -rf "$t"/a/inbox/XT_IS1_* "$t"/a/inbox/XT_W0[1-5]_* # for speed
mkdir "$t/late"
mv "$t/a/inbox/XT_E01_00" "$t/a/inbox/XT_E02_00" "$t/late/"
truce replay "$t/a"
cp -r "$t/a" "$t/backup"
mv "$t/late/XT_E01_00" "$t/a/inbox/"
truce replay "$t/a"
cp -r "$t/a/ledger/pub" "$t/mirror"

# -- there and back --
truce export "$t/a" -o "$t/pack"
ok $code "a mission is exported: $(sed 's/.*: level/level/;q' "$t/out")"
truce export "$t/a" -o "$t/twin"
diff -r "$t/pack" "$t/twin" >/dev/null
ok $? "twice the same bytes"
grep -rl 'PRIVATE+KEY' "$t/pack" >/dev/null
[ $? = 1 ] && ! find "$t/pack" | grep -q -e keys -e secrets -e /mission/inbox -e truth
ok $? "no private key is in it, nor a secret, nor what else lay there"
(cd "$t/pack" && sha256sum -c MANIFEST >/dev/null 2>&1)
ok $? "sha256sum reads its list"
truce audit "$t/pack"
says '^VERIFIED' && [ $code = 0 ]
ok $? "it is verified as it stands"
truce import "$t/b" "$t/pack"
ok $code "a mission is made of it: $(head -1 "$t/out" | sed 's/.*: //')"
truce audit "$t/b" --recompute
says '^VERIFIED' && says ' 0 different; 0 in the log follow from nothing, 0 t'
ok $? "which is verified, and follows from its evidence"
"$TRUCE" --quiet replay "$t/b" >/dev/null 2>&1
[ "$(listed "$t/a")" = "$(listed "$t/b")" ]
ok $? "and replays to the same records"
truce audit "$t/b"
says '^VERIFIED'
ok $? "a replay adds nothing to its log"
truce export "$t/b" -o "$t/again" --sign "$t/a/ledger/keys/log"
diff -r "$t/pack" "$t/again" >/dev/null
ok $? "handed on it is the same pack"
cp -r "$t/late/XT_E02_00" "$t/b/inbox" 2>/dev/null ||
	{ mkdir "$t/b/inbox"; cp -r "$t/late/XT_E02_00" "$t/b/inbox/"; }
truce replay "$t/b"
says 'keys are elsewhere' && [ $code = 4 ]
ok $? "what is new cannot be logged there"

# -- levels --
for level in public parties; do
	truce export "$t/a" -o "$t/$level" --level $level
	truce audit "$t/$level"
	says '^VERIFIED' && truce import "$t/no" "$t/$level" || true
	says 'level is not full' && [ $code = 3 ] && [ ! -e "$t/no" ]
	ok $? "level $level is verified, and is no mission"
done
find "$t/public" -name '*.disclosure' -exec cat {} + | grep '^open' |
	cut -d' ' -f3 | sort -u >"$t/names"
! grep -q -e place -e phrase -e features -e evidence "$t/names" &&
	[ ! -e "$t/public/blobs" ] && [ ! -e "$t/public/spool" ]
ok $? "the public gets no place: $(tr '\n' ' ' <"$t/names" | cut -c1-60)..."

# -- what a backup lacks --
size=$("$TRUCE" audit "$t/backup" --json |
	sed 's/.*"entries":\([0-9]*\).*/\1/')
cp -r "$t/backup" "$t/c"
truce export "$t/a" -o "$t/inc" --since "$size"
ok $code "an increment: $(sed 's/.*: level/level/;q' "$t/out")"
truce import "$t/c" "$t/inc"
[ $code = 0 ] && truce audit "$t/c" && says '^VERIFIED' &&
	[ "$(tail -n +2 "$t/c/ledger/pub/checkpoint")" = \
		"$(tail -n +2 "$t/a/ledger/pub/checkpoint")" ]
ok $? "a backup takes what it lacks from an increment"
truce import "$t/c" "$t/inc"
says 'has all' && [ $code = 0 ]
ok $? "and nothing a second time"
cp -r "$t/backup" "$t/d"
cp "$t/a/ledger/signer/HEAD" "$t/d/ledger/signer/HEAD"
truce replay "$t/d"
says 'restored backup' && [ $code = 4 ]
ok $? "a backup whose last signature is newer is not written to"
truce import "$t/d" --mirror "$t/mirror"
[ $code = 0 ] && truce audit "$t/d" && says '^VERIFIED'
ok $? "a mirror mends it: $("$TRUCE" audit "$t/d" | tail -1)"
truce replay "$t/d"
[ $code = 0 ] && truce audit "$t/d" && says '^VERIFIED'
ok $? "and it goes on from there"

# -- a fork --
cp -r "$t/backup" "$t/e"
mkdir -p "$t/e/inbox"
cp -r "$t/late/XT_E02_00" "$t/e/inbox/"
truce replay "$t/e"
truce import "$t/e" --mirror "$t/mirror"
says 'NOT VERIFIED [0-9]* fork' && [ $code = 1 ] &&
	[ "$(ls "$t/e/ledger/evidence" | wc -l)" = 2 ]
ok $? "a fork is refused, and both notes kept"
truce audit "$t/e"
says '^VERIFIED'
ok $? "the mission is as it was"

# -- over HTTP --
serve() { # DIR: sets port, server
	rm -f "$t/port"
	mkfifo "$t/hold"
	python3 tests/faults/webserver.py "$1" <"$t/hold" >"$t/port" &
	server=$!
	exec 9>"$t/hold"
	for _ in $(seq 200); do # python may take its time
		[ -s "$t/port" ] && break
		sleep 0.1
	done
	port=$(cat "$t/port")
}
unserve() {
	exec 9>&-
	wait $server
	rm "$t/hold"
}
key=$(sed -n 's/^log //p' "$t/pack/PACK")
serve "$t/mirror"
truce audit "http://127.0.0.1:$port/good" --key "$key"
says '^VERIFIED' && [ $code = 0 ]
ok $? "a mirror is audited by its address: $(tail -1 "$t/out")"
truce audit "http://127.0.0.1:$port/good"
says 'taken from the mirror itself' && says '^VERIFIED' && [ $code = 0 ]
ok $? "whose key is its own word, unless one has it"
mv "$t/mirror/disclosures" "$t/held"
truce audit "http://127.0.0.1:$port/good"
says '^NOT VERIFIED - key' && [ $code = 1 ]
ok $? "without entry 0 the key must be known"
cp -r "$t/backup" "$t/h"
truce import "$t/h" --mirror "http://127.0.0.1:$port/good/"
[ $code = 0 ] && truce audit "$t/h" && says '^VERIFIED'
ok $? "and mends a backup"
for how in 'short:NOT VERIFIED' 'long:NOT VERIFIED' 'cut:tile/' \
	'redirect:the server says 302' 'error:the server says 500' \
	'huge:entries, at most' 'many:tile/entries/000' \
	'endless:the reply is over'; do
	timeout 60 "$TRUCE" audit "http://127.0.0.1:$port/${how%%:*}" \
		--key "$key" >"$t/out" 2>"$t/err"
	code=$?
	{ [ $code = 1 ] || [ $code = 3 ] || [ $code = 4 ]; } &&
		says "${how#*:}"
	ok $? "${how%%:*}: $(cat "$t/out" "$t/err" | tail -1 |
		sed 's/127[^:]*:[0-9]*//' | cut -c1-70)"
done
unserve
serve "$t/pack"
truce audit "http://127.0.0.1:$port/good/" --recompute
says '^VERIFIED' && says ' 0 different; 0 in the log' && [ $code = 0 ]
ok $? "a pack by its address, and made anew: $(head -4 "$t/out" | tail -1)"
unserve
truce audit http://192.0.2.1/ --key "$key"
[ $code = 3 ]
ok $? "not in the clear: $(cut -c1-70 "$t/err")"

# -- made anew from a pack alone --
truce audit "$t/pack" --recompute
says '^VERIFIED' && says ' 0 different; 0 in the log' && [ $code = 0 ]
ok $? "findings follow from a pack alone"
truce audit "$t/parties" --recompute
says 'level full only' && [ $code = 3 ]
ok $? "of level full"
cp -r "$t/a" "$t/liar"
sed 's/\([0-9][0-9]*\) km/1 km/' "$t/a/agreement.terms" \
	>"$t/liar/agreement.terms"
truce export "$t/liar" -o "$t/lie"
truce audit "$t/lie" --recompute
says '^VERIFIED' && says '^first: finding f-' && says '^NOT RECOMP' &&
	[ $code = 1 ]
ok $? "one with other terms: $(grep '^first' "$t/out")"
TMPDIR=$t/tmp
mkdir "$TMPDIR"
export TMPDIR
"$TRUCE" --quiet audit "$t/pack" --recompute >/dev/null 2>&1 &
pid=$!
sleep 1
kill -INT $pid
wait $pid
[ $? = 130 ] && [ -z "$(ls "$TMPDIR")" ]
ok $? "interrupted it leaves nothing behind"

# -- every file damaged --
missed=0 tried=0
refused() { # PACK FILE: audit and import name it
	tried=$((tried + 1))
	"$TRUCE" audit "$1" >"$t/out1" 2>&1 && missed=$((missed + 1))
	truce import "$t/f" "$1"
	[ $code != 0 ] && [ ! -e "$t/f" ] && says '^NOT VERIFIED' &&
		{ [ $# = 1 ] || says "$2"; } ||
		{ missed=$((missed + 1)); echo "# $1 $2"; cat "$t/out"; }
}
cp -rl "$t/pack" "$t/x"
(cd "$t/pack" && find . -type f | sed 's,^./,,' | LC_ALL=C sort) >"$t/files"
# Of each kind of file some; TRUCE_LONG: all of them.
step=13
[ -n "${TRUCE_LONG-}" ] && step=1
awk -v s=$step '!/^(blobs|disclosures)/ || NR % s == 0' "$t/files" |
while read -r file; do
	size=$(stat -c %s "$t/pack/$file")
	cp "$t/pack/$file" "$t/one"
	chmod u+w "$t/one"
	printf '%b' "\\$(printf %o $(($(od -An -tu1 -j $((size / 2)) -N1 \
		"$t/one") ^ 1)))" |
		dd of="$t/one" bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null
	rm -f "$t/x/$file"
	cp "$t/one" "$t/x/$file"
	refused "$t/x" .
	rm -f "$t/x/$file"
	case $file in
	disclosures/000*|checkpoint|tile/*) refused "$t/x" . ;;
	disclosures/*|blobs/*|spool/*|mission/*|README|PACK|MANIFEST)
		refused "$t/x" "${file##*/}" ;;
	*) refused "$t/x" . ;;
	esac
	ln "$t/pack/$file" "$t/x/$file"
	echo "$missed $tried" >"$t/count"
done
read -r missed tried <"$t/count"
echo hello >"$t/x/blobs/more"
refused "$t/x" more
rm "$t/x/blobs/more"
mkdir "$t/x/extra"
refused "$t/x" extra
rmdir "$t/x/extra"
sed -i '/^$/,$d' "$t/x/MANIFEST"
truce import "$t/f" "$t/x"
[ "$missed" = 0 ] && says 'not signed' && [ $code = 1 ]
ok $? "files changed, removed, added: $tried packs refused, $missed not"
truce import "$t/f" "$t/x" --unsigned
[ $code = 0 ]
ok $? "an unsigned list is taken when that is said"
rm -rf "$t/f"

# -- a disk that fails: a sanitizer must be loaded first, so not with one --
if nm "$TRUCE" 2>/dev/null | grep -q '__[at]san_init'; then
	n=$((n + 1))
	echo "ok $n - a disk that fails # SKIP a sanitizer must be loaded first"
elif ${CC:-gcc} -O1 -shared -fPIC -o "$t/preload.so" tests/faults/preload.c \
	-ldl; then
	bad=0 runs=0
	for at in 1 2 3 50 200 390 400 410 500 780 790 800 810 820 830 840; do
		for verb in "export $t/a -o $t/k" "import $t/k $t/pack"; do
			runs=$((runs + 1))
			FAULT_AT=$at FAULT_ON=1 LD_PRELOAD=$t/preload.so \
				"$TRUCE" $verb >"$t/out" 2>"$t/err"
			code=$?
			# Either it says so and nothing has the name, or
			# there was no such call.
			case $code in
			0) "$TRUCE" audit "$t/k" >/dev/null 2>&1 ;;
			4) [ ! -e "$t/k" ] && says 'Input/output error' ;;
			*) false ;;
			esac || { bad=$((bad + 1)); echo "# $at $verb $code"; }
			rm -rf "$t/k"
		done
	done
	[ $bad = 0 ]
	ok $? "a disk that fails at the n-th call: $runs runs, no half, and said"
fi

# -- killed on the way --
bad=0
for i in 1 2 3 4 5 6 7 8; do
	for verb in export import; do
		case $verb in
		export) "$TRUCE" export "$t/a" -o "$t/k" >/dev/null 2>&1 & ;;
		import) "$TRUCE" import "$t/k" "$t/pack" >/dev/null 2>&1 & ;;
		esac
		pid=$!
		sleep "0.0$i"
		kill -9 $pid 2>/dev/null
		wait $pid 2>/dev/null
		if [ -e "$t/k" ]; then
			"$TRUCE" audit "$t/k" >/dev/null 2>&1 ||
				bad=$((bad + 1))
		fi
		rm -rf "$t/k"
	done
	cp -r "$t/backup" "$t/g"
	"$TRUCE" import "$t/g" "$t/inc" >/dev/null 2>&1 &
	pid=$!
	sleep "0.0$i"
	kill -9 $pid 2>/dev/null
	wait $pid 2>/dev/null
	truce import "$t/g" "$t/inc"
	truce audit "$t/g"
	says '^VERIFIED' || bad=$((bad + 1))
	rm -rf "$t/g"
done 2>/dev/null
truce export "$t/a" -o "$t/k"
[ $code = 0 ] && [ $bad = 0 ] && [ ! -e "$t/k.part" ]
ok $? "killed 24 times, no half is left with a name"
echo "1..$n"

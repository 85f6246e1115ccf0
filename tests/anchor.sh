#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# anchor.sh - time stamps over checkpoints: asked for, taken in, audited, by
# two authorities that openssl plays; and from what others have (mirror, pack,
# address) by both verifiers, sound, forged, exchanged, back-dated and gone.
set -u
command -v openssl >/dev/null || {
	echo "ok 1 - no openssl command: no authority to ask # SKIP"
	echo 1..1
	exit 0
}
dir=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null; rm -rf "$dir"' EXIT
n=0 bad=0
check() {
	n=$((n + 1))
	if eval "$2"; then echo "ok $n - $1"; else
		echo "not ok $n - $1"; echo "# $2"; bad=1; fi
}
preload=
${CC:-gcc} -O1 -shared -fPIC -o "$dir/preload.so" tests/faults/preload.c -ldl &&
	preload=$dir/preload.so
at() { # SECONDS COMMAND...: by a clock that is so much ahead
	s=$1
	shift
	env ${preload:+LD_PRELOAD="$preload"} FAULT_CLOCK_S="$s" "$@"
}
authority() { # NAME: since a day ago
	at -86400 openssl req -x509 -newkey rsa:2048 -nodes -subj "/CN=$1/O=Test" \
		-addext extendedKeyUsage=critical,timeStamping -days 30 \
		-keyout "$dir/$1.key" -out "$dir/$1.pem" 2>/dev/null
	cat >"$dir/$1.cnf" <<C
[tsa]
default_tsa = t
[t]
serial = $dir/$1.serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
C
}
stamp() { # AUTHORITY REQUEST REPLY [SECONDS]
	at "${4:-0}" openssl ts -reply -config "$dir/$1.cnf" -section t -queryfile "$2" \
		-signer "$dir/$1.pem" -inkey "$dir/$1.key" -out "$3" 2>/dev/null
}
authority one; authority two; authority none
"$TRUCE" sim singles --seed 5 --nodes 4 --shots 1 --minutes 1 \
	--out "$dir/m" 2>/dev/null
timeout 100 "$TRUCE" replay "$dir/m" >/dev/null 2>&1
mkdir "$dir/m/authorities"
cp "$dir/one.pem" "$dir/m/authorities"
"$TRUCE" anchor "$dir/m" --request -o "$dir/q.tsq"
head -3 "$dir/m/ledger/pub/checkpoint" >"$dir/text"
check "openssl reads the request" 'openssl ts -query -in "$dir/q.tsq" -text |
	grep -qi "hash algorithm: sha256"'
for a in one two none; do stamp $a "$dir/q.tsq" "$dir/$a.tsr"; done
check "the stamp is over the checkpoint" 'openssl ts -verify -data "$dir/text" \
	-in "$dir/one.tsr" -CAfile "$dir/one.pem" >/dev/null 2>&1'
check "an authority of the mission" '"$TRUCE" anchor "$dir/m" "$dir/one.tsr" |
	grep -q "^logged as entry .*CN=one"'
check "the same token again adds nothing" '"$TRUCE" anchor "$dir/m" \
	"$dir/one.tsr" | grep -q "^known as entry"'
check "one that is not known is refused" '! "$TRUCE" anchor "$dir/m" \
	"$dir/none.tsr" 2>"$dir/err" && grep -q "by none of 1" "$dir/err"'
"$TRUCE" audit "$dir/m" >"$dir/audit"
check "one authority: two are wanted" 'grep -q "by 1 authority (two are" \
	"$dir/audit" && grep -q ^VERIFIED "$dir/audit"'
check "one that is named" '"$TRUCE" anchor "$dir/m" "$dir/two.tsr" \
	--ca "$dir/two.pem" | grep -q "CN=two"'
"$TRUCE" audit "$dir/m" --ca "$dir/two.pem" >"$dir/audit"
check "who names one is told by him alone" 'grep -q "2, 1 of them by nobody \
who is known here; the first .* by 1 authority (two are wanted)$" \
	"$dir/audit" && grep -q ^VERIFIED "$dir/audit"'
mkdir "$dir/both" "$dir/empty"
cp "$dir/one.pem" "$dir/two.pem" "$dir/both"
check "a folder without a certificate is none" '! "$TRUCE" audit "$dir/m" \
	--authority "$dir/empty" 2>"$dir/err" && grep -q "no certificate" "$dir/err"'
"$TRUCE" audit "$dir/m" --authority "$dir/both" >"$dir/audit"
check "two authorities" 'grep -q "2, 0 of them by nobody .* by 2 author\
ities$" "$dir/audit" && grep -q ^VERIFIED "$dir/audit"'
"$TRUCE" audit "$dir/m" >"$dir/audit"
check "to whom does not know the second, one" 'grep -q "2, 1 of them by nobody" \
	"$dir/audit" && grep -q ^VERIFIED "$dir/audit"'
"$TRUCE" anchor "$dir/m" --request -o "$dir/q2.tsq"
stamp one "$dir/q2.tsq" "$dir/later.tsr"
"$TRUCE" anchor "$dir/m" "$dir/later.tsr" >/dev/null
"$TRUCE" audit "$dir/m" --authority "$dir/both" >"$dir/audit"
check "one alone has seen more" 'grep -q "by 2 authorities; the first .* by 1 \
authority (two are wanted)$" "$dir/audit" && grep -q ^VERIFIED "$dir/audit"'
openssl ts -query -data "$dir/one.pem" -sha256 -cert -out "$dir/x.tsq" 2>/dev/null
stamp one "$dir/x.tsq" "$dir/x.tsr"
check "a stamp over something else is refused" '! "$TRUCE" anchor "$dir/m" \
	"$dir/x.tsr" 2>"$dir/err" && grep -q "no checkpoint of this log" "$dir/err"'
if nm "$TRUCE" 2>/dev/null | grep -q '__[at]san_init'; then
	n=$((n + 1))
	echo "ok $n - a wrong clock # SKIP a sanitizer must be loaded first"
elif [ "$preload" ]; then
	check "a clock behind a stamp logs nothing" '! LD_PRELOAD=$dir/preload.so \
		FAULT_CLOCK_S=-3600 "$TRUCE" anchor "$dir/m" "$dir/two.tsr" \
		--ca "$dir/two.pem" 2>"$dir/err" &&
		grep -q "clock is behind: the stamp is of" "$dir/err"'
fi

# -- in others' hands --
web=${WEB:-web/build}
node=
[ -e "$web/verify.js" ] && command -v node >/dev/null && node=1
verdict() { # WHERE OPTION...: both verifiers' last lines are one, in $said
	said=$("$TRUCE" audit "$@" 2>&1 | tee "$dir/c" | tail -1)
	[ -z "$node" ] && return
	other=$(node "$web/verify.js" mirror "$@" 2>&1 | tee "$dir/ts" | tail -1)
	[ "$said" = "$other" ] || said="$said | $other"
}
stamped() { # TEXT of the program, TEXT of the page
	grep -q "$1" "$dir/c" && { [ -z "$node" ] || grep -q "$2" "$dir/ts"; }
}
[ "$node" ] || echo "# no node, or no web/build: the second verifier is not asked"
index=$("$TRUCE" anchor "$dir/m" "$dir/one.tsr" | sed 's/.*entry \([0-9]*\):.*/\1/')
token=stamps/$(printf %03d "$index").tsr
mirror=$dir/m/ledger/pub
check "the token is shown beside the log" 'cmp -s "$mirror/$token" "$dir/one.tsr"'
for level in public parties full; do
	"$TRUCE" export "$dir/m" --level $level -o "$dir/$level" >/dev/null 2>&1
done
: >"$dir/says"
"$TRUCE" serve "$dir/m" --closed --listen 127.0.0.1:0 >"$dir/says" 2>&1 &
server=$!
for _ in $(seq 300); do
	url=$(sed -n 's/^open *\(http[^ ]*[^ /]\).*/\1/p' "$dir/says")
	[ -n "$url" ] && break
	sleep 0.1
done
for where in "$mirror" "$dir/public" "$dir/parties" "$dir/full" "$url"; do
	verdict "$where" --authority "$dir/both"
	check "by both, of ${where#"$dir/"}: $said" 'case $said in
		VERIFIED*" | "*) false;; VERIFIED*) stamped "time stamps: 3, 0 of \
.* by 2 authorities; the first" "by 2 authorities";; *) false; esac'
done
check "nor has the page" '[ -z "$node" ] || { node "$web/verify.js" mirror \
	"$mirror" --authority "$dir/empty" >"$dir/err" 2>&1; [ $? = 3 ]; }'
mkfifo "$dir/stop" # it ends with who holds the other end
python3 -u tests/faults/webserver.py "$dir/full" <"$dir/stop" >"$dir/port" &
server="$server $!"
exec 9>"$dir/stop"
for _ in $(seq 300); do
	[ -s "$dir/port" ] && break
	sleep 0.1
done
pack=http://127.0.0.1:$(cat "$dir/port")
verdict "$pack/good/" --authority "$dir/both"
check "of a pack at an address: $said" 'stamped "time stamps: 3, 0 of .* by 2 \
authorities; the first" "by 2 authorities" && [ "${said% |*}" = "$said" ] &&
	[ "${said#VERIFIED}" != "$said" ]'
"$TRUCE" audit "$pack/error" >"$dir/err" 2>&1
code=$?
check "a server that fails shows nothing" '[ $code = 4 ] && { [ -z "$node" ] || {
	node "$web/verify.js" mirror "$pack/error" >"$dir/err" 2>&1; [ $? = 3 ]; }; }'
# A log of stamps alone, 17 bundles of 256: what it says is another matter.
python3 - "$dir/many" <<'P'
import base64, os, sys
d, n = sys.argv[1], 17 * 256
b64 = lambda b: base64.b64encode(b).decode()
def put(path, b):
    os.makedirs(os.path.dirname(f"{d}/{path}"), exist_ok=True)
    open(f"{d}/{path}", "wb").write(b)
put("checkpoint", f"a/b\n{n}\n{b64(bytes(32))}\n\n\u2014 a/b {b64(bytes(68))}\n"
    .encode())
entry = b"\0\xa8CFE1\x0c" + bytes(163)
for i in range(17):
    put(f"tile/entries/{i:03}", 256 * entry)
    put(f"tile/0/{i:03}", bytes(8192))
put("tile/1/000.p/17", bytes(17 * 32))
P
python3 -u -c 'import functools, http.server as h, sys
class S(h.ThreadingHTTPServer):
    request_queue_size = 64
s = S(("127.0.0.1", 0), functools.partial(h.SimpleHTTPRequestHandler,
                                          directory=sys.argv[1]))
print(s.server_port)
s.serve_forever()' "$dir/many" >"$dir/manyport" 2>"$dir/asked" &
server="$server $!"
for _ in $(seq 300); do
	[ -s "$dir/manyport" ] && break
	sleep 0.1
done
timeout 100 "$TRUCE" audit "http://127.0.0.1:$(cat "$dir/manyport")" \
	>"$dir/err" 2>&1
asked=$(grep -c 'GET /stamps/' "$dir/asked")
check "of an address each stamp is asked for: $asked of 4352" \
	'[ "$asked" = 4352 ] && grep -q "NOT VERIFIED" "$dir/err"'
"$TRUCE" import "$dir/copy" "$dir/full" >"$dir/err" 2>&1
"$TRUCE" import "$dir/far" --mirror "$mirror" >"$dir/err" 2>&1
for where in "$dir/copy/ledger/pub" "$dir/far/ledger/pub"; do
	verdict "$where" --authority "$dir/both"
	check "what an import shows, ${where#"$dir/"}: $said" 'stamped "time \
stamps: 3, 0 of .* by 2 authorities; the first" "by 2 authorities" &&
		[ "${said% |*}" = "$said" ] && [ "${said#VERIFIED}" != "$said" ]'
done
rm -rf "$dir/x"
cp -r "$mirror" "$dir/x"
cp "$dir/none.tsr" "$dir/x/$token"
"$TRUCE" import "$dir/far2" --mirror "$dir/x" >"$dir/err" 2>&1
code=$?
check "a token that was exchanged is not taken" '[ $code = 1 ] &&
	grep -q "^NOT VERIFIED - anchor" "$dir/err" && [ ! -e "$dir/far2" ]'
verdict "$mirror"
check "to whom names nobody, by nobody" 'stamped "3, 3 of them by nobody" \
	"3 of them by nobody" && [ "${said% |*}" = "$said" ] &&
	[ "${said#VERIFIED}" != "$said" ]'
verdict "$mirror" --authority "$dir/none.pem"
check "nor by another authority" 'stamped "3, 3 of them by nobody" \
	"3 of them by nobody" && [ "${said#VERIFIED}" != "$said" ]'
copy() { # of the mirror
	rm -rf "$dir/x"
	cp -r "$mirror" "$dir/x"
}
refused() { # INDEX WHAT OPTION...
	i=$1 what=$2
	shift 2
	verdict "$dir/x" --authority "$dir/both" "$@"
	check "$what: $said" '[ "$said" = "NOT VERIFIED $i anchor" ]'
}
copy
cp "$mirror/stamps/$(printf %03d $((index + 1))).tsr" "$dir/x/$token"
refused "$index" 'a stamp in the place of another'
copy
cp "$dir/none.tsr" "$dir/x/$token"
refused "$index" 'one by somebody else'
copy
printf x >>"$dir/x/$token"
refused "$index" 'a byte more'
copy
head -c 1100000 /dev/zero >"$dir/x/$token"
refused "$index" 'endless'
copy
rm "$dir/x/$token"
refused "$index" 'one that was taken away'
copy
rm -r "$dir/x/stamps"
verdict "$dir/x" --authority "$dir/both"
check "without any: $said" 'stamped "0, 0 of them .*; 3 more are not at hand" \
	"; 3 more are not" && [ "${said#VERIFIED}" != "$said" ]'
rm "$dir/x/disclosures/$(printf %03d "$index").disclosure"
verdict "$dir/x" --authority "$dir/both"
check "nor what they are over" 'stamped "; 3 more are not at hand" \
	"; 3 more are not" && [ "${said#VERIFIED}" != "$said" ]'
cp -r "$dir/m" "$dir/o"
"$TRUCE" disclose "$dir/o" "$index" --open size -o "$dir/part" >"$dir/err" 2>&1
rm -rf "$dir/x"
cp -r "$dir/o/ledger/pub" "$dir/x"
cp "$dir/part" "$dir/x/disclosures/$(printf %03d "$index").disclosure"
verdict "$dir/x" --authority "$dir/both"
check "of one that is shown in part nothing is said: $said" \
	'stamped "2, 0 of them .*; 1 more are not at hand" "2 time stamps.*; 1 more" &&
	[ "${said% |*}" = "$said" ] && [ "${said#VERIFIED}" != "$said" ]'

rm -rf "$dir/o"
cp -r "$dir/m" "$dir/o"
stamp one "$dir/q.tsq" "$dir/again.tsr"
"$TRUCE" anchor "$dir/o" "$dir/again.tsr" >/dev/null
verdict "$dir/o/ledger/pub" --authority "$dir/both"
check "one of fewer entries than the last: $said" 'stamped "4, 0 of them" \
	"4 time stamps" && [ "${said% |*}" = "$said" ] &&
	[ "${said#VERIFIED}" != "$said" ]'

# What only an operator can do, who has the engine's key: log it.
logged() { # WHAT TOKEN [SIZE]: into the folder x, as entry $i
	rm -rf "$dir/o" "$dir/x"
	cp -r "$dir/m" "$dir/o"
	i=$("$BUILD/tests/branch_stamp" "$dir/o" "$2" ${3:+"$3"} | tail -1)
	cp -r "$dir/o/ledger/pub" "$dir/x"
	refused "$i" "$1"
	"$TRUCE" audit "$dir/o" --authority "$dir/both" >"$dir/audit"
	check "and in its own folder" '[ "$(tail -1 "$dir/audit")" = \
		"NOT VERIFIED $i anchor" ]'
}
bend() { # TOKEN PYTHON OUT: of b, its bytes
	python3 -c 'import re, sys
b = bytearray(open(sys.argv[1], "rb").read())
exec(sys.argv[2])
open(sys.argv[3], "wb").write(b)' "$1" "$2" "$3"
}
bend "$dir/one.tsr" 'b[-1] ^= 1' "$dir/forged.tsr"
logged 'forged: the signature of one who is known does not hold' \
	"$dir/forged.tsr"
bend "$dir/one.tsr" 'm = re.search(rb"20\d{12}Z", b)
b[m.start():m.start() + 4] = b"2025"' "$dir/dated.tsr"
logged 'another time' "$dir/dated.tsr"
logged 'over something else' "$dir/x.tsr"
stamp none "$dir/x.tsq" "$dir/y.tsr"
logged 'the same, by somebody who is not known' "$dir/y.tsr"
logged 'sound, and of nothing of this log' "$dir/x.tsr" 1
logged 'of no entry' "$dir/x.tsr" 0
: >"$dir/nothing.tsr"
logged 'of no bytes' "$dir/nothing.tsr"
if [ "$preload" ]; then
	stamp one "$dir/q2.tsq" "$dir/before.tsr" -172800
	logged 'back-dated to before the certificate was good' "$dir/before.tsr"
	stamp one "$dir/q2.tsq" "$dir/early.tsr" -7200
	rm -rf "$dir/o"
	cp -r "$dir/m" "$dir/o"
	i=$("$BUILD/tests/branch_stamp" "$dir/o" "$dir/early.tsr" | tail -1)
	for where in "$dir/o" "$dir/o/ledger/pub"; do
		verdict "$where" --authority "$dir/both"
		check "back-dated by the authority itself, of ${where#"$dir/"}" \
			'grep -q "1 time stamps are earlier .* entry $i, says" \
			"$dir/c" && [ "${said#VERIFIED}" != "$said" ]'
	done
	check "and the page says so" '[ -z "$node" ] || grep -q "1 time stamp is \
earlier than .* of entry $i:" "$dir/ts"'
fi
echo "1..$n"
exit $bad

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# anchor.sh - time stamps over checkpoints: asked for, taken in, audited, by
# two authorities that openssl plays.
set -u
command -v openssl >/dev/null || {
	echo "ok 1 - no openssl command: no authority to ask # SKIP"
	echo 1..1
	exit 0
}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
n=0 bad=0
check() {
	n=$((n + 1))
	if eval "$2"; then echo "ok $n - $1"; else
		echo "not ok $n - $1"; echo "# $2"; bad=1; fi
}
authority() {
	openssl req -x509 -newkey rsa:2048 -nodes -subj "/CN=$1/O=Test" \
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
stamp() { # AUTHORITY REQUEST REPLY
	openssl ts -reply -config "$dir/$1.cnf" -section t -queryfile "$2" \
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
check "two authorities" 'grep -q "2, 0 of them by nobody .* by 2 author\
ities$" "$dir/audit" && grep -q ^VERIFIED "$dir/audit"'
"$TRUCE" audit "$dir/m" >"$dir/audit"
check "to whom does not know the second, one" 'grep -q "2, 1 of them by nobody" \
	"$dir/audit" && grep -q ^VERIFIED "$dir/audit"'
"$TRUCE" anchor "$dir/m" --request -o "$dir/q2.tsq"
stamp one "$dir/q2.tsq" "$dir/later.tsr"
"$TRUCE" anchor "$dir/m" "$dir/later.tsr" >/dev/null
"$TRUCE" audit "$dir/m" --ca "$dir/two.pem" >"$dir/audit"
check "one alone has seen more" 'grep -q "by 2 authorities; the first .* by 1 \
authority (two are wanted)$" "$dir/audit" && grep -q ^VERIFIED "$dir/audit"'
openssl ts -query -data "$dir/one.pem" -sha256 -cert -out "$dir/x.tsq" 2>/dev/null
stamp one "$dir/x.tsq" "$dir/x.tsr"
check "a stamp over something else is refused" '! "$TRUCE" anchor "$dir/m" \
	"$dir/x.tsr" 2>"$dir/err" && grep -q "no checkpoint of this log" "$dir/err"'
if nm "$TRUCE" 2>/dev/null | grep -q '__[at]san_init'; then
	n=$((n + 1))
	echo "ok $n - a wrong clock # SKIP a sanitizer must be loaded first"
elif ${CC:-gcc} -O1 -shared -fPIC -o "$dir/preload.so" tests/faults/preload.c \
	-ldl; then
	check "a clock behind a stamp logs nothing" '! LD_PRELOAD=$dir/preload.so \
		FAULT_CLOCK_S=-3600 "$TRUCE" anchor "$dir/m" "$dir/two.tsr" \
		--ca "$dir/two.pem" 2>"$dir/err" &&
		grep -q "clock is behind: the stamp is of" "$dir/err"'
fi
echo "1..$n"
exit $bad

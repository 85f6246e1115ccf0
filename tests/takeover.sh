#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# takeover.sh - another operator goes on with a log: keys of its own, that the
# root persons name; both verifiers follow; what the old key signs afterwards,
# and whoever goes on with it, is found; a witness takes the new key by hand.
set -u
cd "$(dirname "$0")/.."
TRUCE=${TRUCE:-build/truce}
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-takeover.XXXXXX")
server= web=
trap 'kill $server $web 2>/dev/null; rm -rf "$t"' EXIT
n=0
ok() { # STATUS TEXT
	n=$((n + 1))
	[ "$1" = 0 ] && echo "ok $n - $2" || {
		echo "not ok $n - $2"
		sed 's/^/# /' "$t/out" "$t/err" | tail -5
	}
}
truce() { "$TRUCE" --quiet "$@" >"$t/out" 2>"$t/err"; code=$?; }
says() { cat "$t/out" "$t/err" | grep -q -e "$1"; }
both() { # WORD FOLDER ARGS: both verifiers say so
	local word=$1 one two=
	shift
	truce audit "$@"
	one=$(tail -1 "$t/out" | sed 's/ entries.*//')
	two=$one
	if [ -e web/build/verify.js ] && command -v node >/dev/null; then
		two=$(node web/build/verify.js mirror "$@" 2>&1 | tail -1 |
			sed 's/ entries.*//')
	fi
	[ "$one" = "$two" ] || echo "# C says $one, the page $two"
	[ "$one" = "$two" ] && [[ $one = $word ]]
}
key() { sed -n 's/^log //p' "$1/PACK"; }

# -- one root person, witnesses on the machine --
"$TRUCE" sim demo --seed 1 --out "$t/a" >/dev/null 2>&1
rm -rf "$t"/a/inbox/XT_IS1_* "$t"/a/inbox/XT_W0[1-5]_* # for speed
mkdir "$t/late"
mv "$t/a/inbox/XT_E01_00" "$t/a/inbox/XT_E02_00" "$t/late/"
truce replay "$t/a"
truce export "$t/a" -o "$t/pack"
cp "$t/a/ledger/pub/checkpoint" "$t/before"
truce import "$t/a" "$t/pack" --take-over
says 'was not imported' && [ $code = 3 ]
ok $? "nobody takes over what is theirs"
truce import "$t/b" "$t/pack" --take-over
[ $code = 0 ] && says 'wait for the root persons'
ok $? "keys are made beside what was imported"
truce audit "$t/b"
[ $code = 0 ] && says '^VERIFIED'
ok $? "which is verified as it was"
mkdir -p "$t/b/inbox"
cp -r "$t/late/XT_E01_00" "$t/b/inbox/"
truce replay "$t/b"
[ $code = 3 ] && says 'key that nobody enrolled'
ok $? "they sign nothing yet: $(cut -c1-60 "$t/err" | tail -1)"
truce key new stranger -o "$t/stranger"
truce key take-over "$t/b" --root "$t/stranger"
[ $code = 3 ] && says 'refused: author'
ok $? "a stranger names none"
truce import "$t/b" "$t/pack" --take-over --root "$t/a/ledger/keys/root"
[ $code = 0 ] && [ "$(grep -c counts "$t/out")" = 3 ]
ok $? "the root person does: policy, log, engine"
truce audit "$t/b" --since "$t/before"
[ $code = 0 ] && says '^VERIFIED' && says 'accepted by its policy'
ok $? "a checkpoint of the old key is a beginning of it"
truce replay "$t/b"
[ $code = 0 ] && truce audit "$t/b" --recompute && says ' 0 different; 0 in'
ok $? "and it goes on: $(grep '^VERIFIED' "$t/out")"
truce key take-over "$t/b" --root "$t/a/ledger/keys/root"
[ $code = 0 ] && says 'taken over already' &&
	truce import "$t/b" "$t/pack" --take-over && [ $code = 0 ] &&
	says 'taken over already' && [ ! -e "$t/b/ledger/policy/next.policy" ]
ok $? "once"
truce export "$t/b" -o "$t/next"
[ "$(key "$t/next")" = "$(key "$t/pack")" ] &&
	both VERIFIED* "$t/next" --key "$(key "$t/pack")" --since "$t/before"
ok $? "its pack has the key of entry 0, and both verifiers follow"
truce import "$t/c" "$t/next"
[ $code = 0 ] && truce audit "$t/c" && says '^VERIFIED'
ok $? "and is a mission again"
both VERIFIED* "$t/c/ledger/pub" --key "$(key "$t/pack")"
ok $? "which shows, too, who named the key"
cp -r "$t/b/ledger/pub" "$t/mirror"
both VERIFIED* "$t/mirror" --key "$(key "$t/pack")"
ok $? "what it publishes shows who named the key"
find "$t/mirror/disclosures" -type f ! -name 000.disclosure -delete
both 'NOT VERIFIED - checkpoint' "$t/mirror" --key "$(key "$t/pack")"
ok $? "a mirror that does not show who named the key is not believed"
cp "$t/next"/disclosures/*.disclosure "$t/mirror/disclosures/"
both VERIFIED* "$t/mirror" --key "$(key "$t/pack")"
ok $? "one that does is"

# -- the old operator goes on --
cp -r "$t/late/XT_E02_00" "$t/a/inbox/"
truce replay "$t/a"
cp "$t/a/ledger/pub/checkpoint" "$t/later"
both 'NOT VERIFIED * checkpoint' "$t/next" --since "$t/later"
ok $? "a later note of the old key is of no such log: $(tail -1 "$t/out")"
truce audit "$t/b" --since "$t/later"
[ $code = 1 ] && says '^NOT VERIFIED'
ok $? "nor does the mission have it"
truce import "$t/b" --mirror "$t/a/ledger/pub" \
	--policy "$t/pack/policy/accepted.policy"
[ $code = 1 ] && says 'fork$' && [ "$(ls "$t/b/ledger/evidence" | wc -l)" = 2 ]
ok $? "their log is a fork, and both notes are kept"
# The old key signs the new history too: it is not its word any more.
old_signs() { # TEXT NOTE: files
	python3 - "$t" "$1" "$2" >"$t/out" 2>"$t/err" <<'P'
import base64, subprocess, sys
t, text, note = sys.argv[1:]
seed = open(t + "/a/ledger/keys/log").read().strip().split("+", 4)[-1]
raw = base64.b64decode(seed)
der = bytes.fromhex("302e020100300506032b657004220420") + raw[-32:]
pem = base64.b64encode(der).decode()
open(t + "/pem", "w").write(f"-----BEGIN PRIVATE KEY-----\n{pem}\n"
                            "-----END PRIVATE KEY-----\n")
s = subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey",
                    t + "/pem", "-in", text], capture_output=True,
                   check=True).stdout
vkey = open(t + "/pack/PACK").read().split("\nlog ")[1].split("\n")[0]
name, ident = vkey.split("+")[:2]
line = base64.b64encode(bytes.fromhex(ident) + s).decode()
open(note, "w", encoding="utf-8").write(
    open(text).read() + f"\n\u2014 {name} {line}\n")
P
}
sed '/^$/,$d' "$t/b/ledger/pub/checkpoint" >"$t/text"
old_signs "$t/text" "$t/usurped"
both 'NOT VERIFIED - checkpoint' "$t/next" --since "$t/usurped"
ok $? "nor is what the old key says of the new entries: $(head -c 80 "$t/out" |
	tail -1 | cut -c1-30)"
cp -r "$t/next" "$t/signed"
cp "$t/usurped" "$t/signed/checkpoint"
both 'NOT VERIFIED - checkpoint' "$t/signed"
ok $? "nor a pack under it"

# -- who follows it from afar --
mkdir "$t/site"
(cd "$t/site" && exec python3 -u -m http.server --bind 127.0.0.1 0 \
	>"$t/http" 2>&1) &
web=$!
for _ in $(seq 100); do
	grep -q 'port [0-9]' "$t/http" && break
	sleep 0.1
done
site=http://127.0.0.1:$(sed -n 's/.* port \([0-9]*\) .*/\1/p' "$t/http")
shows() { # FOLDER
	rm -rf "$t/site/log"
	cp -r "$1" "$t/site/log"
}
follows() { truce witness monitor "$t/$1" "$site/log" "$(key "$t/pack")"; }
shows "$t/pack"
follows mon && shows "$t/b/ledger/pub"
follows mon
[ $code = 0 ] && says "handed over, as its root persons say, to $(sed -n \
	1p "$t/mon/keys")" && says ': [1-9][0-9]* entries'
ok $? "a monitor follows to the new key: $(tail -1 "$t/out" | cut -c1-60)"
follows mon
[ $code = 0 ] && ! says 'handed over'
ok $? "and knows it then"
find "$t/site/log/disclosures" -type f ! -name 000.disclosure -delete
follows alone
[ $code = 3 ] && says 'not handed over to it'
ok $? "not where it is not shown who named the key: $(tail -1 "$t/err" |
	cut -c1-70)"
shows "$t/a/ledger/pub"
follows late
[ $code = 0 ] && shows "$t/b/ledger/pub" && truce replay "$t/b" &&
	cp -r "$t/late/XT_E02_00" "$t/b/inbox/" && truce replay "$t/b" &&
	shows "$t/b/ledger/pub" && follows late
[ $code = 1 ] && says '^FORKED: .* by two of its keys' &&
	cmp -s "$t/late"/*.first "$t/later" &&
	both 'NOT VERIFIED * checkpoint' "$t/site/log" --since \
		"$(ls "$t"/late/*.first)"
ok $? "who saw the old key go on has both notes, and both verifiers agree"
truce audit "$site/log" --key "$(key "$t/pack")" --since "$t/late"/*.first
[ $code = 1 ] && says '^NOT VERIFIED .* checkpoint'
ok $? "as an audit of the address does: $(tail -1 "$t/out")"

# Of what it signed before it handed over one file is the proof.
{
	head -1 "$t/text"
	echo 3
	head -c 32 /dev/zero | base64
} >"$t/other"
mkdir "$t/one"
old_signs "$t/other" "$t/one/checkpoint"
follows one
proof=$(ls "$t"/one/*.equivocation)
[ $code = 1 ] && says '^FORKED: .*\.equivocation' && [ ! -e "$t"/one/*.first ]
ok $? "who saw it sign another beginning has one proof: $(grep -o '[^ ]*$' "$t/out")"
truce audit "$proof" --key "$(key "$t/pack")"
[ $code = 1 ] && says '^FORKED: .* signed two histories'
ok $? "which needs the old key alone: $(tail -1 "$t/out")"
if [ -e web/build/verify.js ] && command -v node >/dev/null; then
	node web/build/verify.js proof "$proof" --key "$(key "$t/pack")" \
		>"$t/out" 2>"$t/err"
	[ $? = 1 ] && says '^FORKED: .* signed two histories'
	ok $? "as the page says: $(tail -1 "$t/out")"
fi

# -- two root persons, a witness elsewhere --
for r in 1 2; do
	truce key new "root$r" -o "$t/root$r"
	hex=$(sed -n 's/^public key //p' "$t/out")
	echo "$(printf '%032d' "$r") $hex org$r"
done | sort >"$t/roots"
truce witness init "$t/w" far.example/w
wkey=$(cat "$t/out")
truce init "$t/m" --roots "$t/roots" --threshold 2
cp -r "$t/late/XT_E01_00" "$t/m/inbox/"
cp "$t/a/sensors.csv" "$t/m/"
mkdir -p "$t/m/ledger/policy"
"$TRUCE" witness run "$t/w" 0 >"$t/port" 2>&1 &
server=$!
for _ in $(seq 100); do
	grep -q http "$t/port" && break
	sleep 0.1
done
url=$(grep -o 'http://[0-9.:]*' "$t/port")
printf 'witness far %s %s\nquorum far\n' "$wkey" "$url" \
	>"$t/m/ledger/policy/accepted.policy"
restart() { # the witness, after WORDS to its folder
	kill $server
	wait $server 2>/dev/null
	truce "$@"
	local ok=$code
	"$TRUCE" witness run "$t/w" "${url##*:}" >"$t/port" 2>&1 &
	server=$!
	for _ in $(seq 100); do
		grep -q http "$t/port" && break
		sleep 0.1
	done
	code=$ok
}
truce replay "$t/m"
vkey=$("$TRUCE" audit "$t/m" --json | sed 's/.*"log":"\([^"]*\)".*/\1/')
restart witness add "$t/w" "$vkey"
truce replay "$t/m"
truce audit "$t/m"
[ $code = 0 ] && says 'far.example/w: cosigned last'
ok $? "a mission with a witness elsewhere: $(tail -1 "$t/out")"
truce doctor "$t/m"
! says 'root key' && ! says 'root persons: one' && ! says 'none is elsewhere' &&
	! says 'lies on this machine' && says 'authorities/, 2 are wanted' &&
	says "^  *$vkey\$"
ok $? "the doctor asks for nothing that it has, and says what goes on paper"
truce export "$t/m" -o "$t/mp"
truce import "$t/m2" "$t/mp" --take-over --root "$t/root1"
lkey=$(sed -n "s/.*accept FOLDER '\(.*\)'/\1/p" "$t/out")
[ $code = 0 ] && says 'have not handed the log over' &&
	[ ! -e "$t/m2/ledger/policy/next.policy" ]
ok $? "one of two root persons is not enough; the policy may stay"
for i in $(sed -n 's/^entry \([0-9]*\): counts when.*/\1/p' "$t/out"); do
	truce review "$t/m2" "$i" confirm --key "$t/root2"
	[ $code = 0 ] || cat "$t/err"
done
[ $code = 0 ] && truce audit "$t/m2" && says '^VERIFIED'
ok $? "with the second it counts"
truce replay "$t/m2"
! grep -qF "$(sed -n 3p "$t/m2/ledger/signer/HEAD")" \
	"$t/m2/ledger/pub/checkpoint"
ok $? "the witness does not cosign a key that it does not know"
restart witness accept "$t/w" "$lkey"
[ $code = 0 ] && truce witness status "$t/w" && says ': [1-9][0-9]* entries'
ok $? "told by hand it keeps what it saw: $(tail -1 "$t/out" | cut -c1-60)"
mkdir -p "$t/m2/inbox"
cp -r "$t/late/XT_E02_00" "$t/m2/inbox/"
truce replay "$t/m2"
truce audit "$t/m2"
[ $code = 0 ] && says '^VERIFIED' && says 'accepted by its policy' &&
	grep -qF "$(sed -n 3p "$t/m2/ledger/signer/HEAD")" \
	"$t/m2/ledger/pub/checkpoint"
ok $? "and cosigns on: $(tail -1 "$t/out")"
cp -r "$t/late/XT_E02_00" "$t/m/inbox/"
truce replay "$t/m"
says 'witness' || says 'fork' || says 'restored'
ok $? "but the old operator no more: $(tail -1 "$t/err" | cut -c1-70)"
echo "1..$n"

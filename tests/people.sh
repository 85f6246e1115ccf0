#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# people.sh - a life with persons: enrolled, an incident proposed, confirmed by
# another, published, shown in part; sealed and lifted; erased; keys replaced
# and revoked; the audit after each.  What a program without scruples wrote
# instead is named (tests/forge.c).
set -u
cd "$(dirname "$0")/.."
TRUCE=$(realpath "${TRUCE:-build/truce}")
FORGE=$(realpath "${BUILD:-build/release}/tests/forge")
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-people-test.XXXXXX")
trap 'rm -rf "$t"' EXIT
n=0
ok() { # STATUS TEXT
	n=$((n + 1))
	[ "$1" = 0 ] && echo "ok $n - $2" || {
		echo "not ok $n - $2"
		sed 's/^/# /' "$t/out" "$t/err"
	}
}
run() { # sets code, $t/out, $t/err
	"$TRUCE" --quiet "$@" >"$t/out" 2>"$t/err"
	code=$?
}
says() { grep -q -- "$1" "$t/out" "$t/err"; }
entry() { sed -n 's/^entry \([0-9]*\):.*/\1/p' "$t/out" | tail -1; }
sound() { # TEXT
	run audit "$m"
	[ $code = 0 ] && says '^VERIFIED'
	ok $? "audit: $1: $(grep ' keys of ' "$t/out" | cut -c3-)"
}

m=$t/m
"$TRUCE" sim demo --seed 1 --out "$m" >/dev/null 2>&1
rm -rf "$m"/inbox/XT_IS1_* "$m"/inbox/XT_W0[1-5]_* # for speed
"$TRUCE" --quiet replay "$m" >/dev/null 2>&1
sound 'nobody yet'

# -- keys --
cd "$t" || exit 1
for x in ann rev chi lia boris; do
	run key new $x
	[ $code = 0 ] && [ "$(stat -c %a $x.key)" = 600 ] || ok 1 "key $x"
done
run key new ann
[ $code = 3 ] && says 'there already'
ok $? 'a key file is never overwritten'
for x in ann:analyst rev:reviewer chi:chief boris:analyst; do
	run key enrol "$m" --new ${x%%:*}.key --org mission --role ${x##*:}
	[ $code = 0 ] && says ': counts$' || ok 1 "enrol $x"
done
run key enrol "$m" --new lia.key --org A --role liaison
[ $code = 0 ]
ok $? 'five are enrolled by the root key'
run key enrol "$m" --new ann.key --org mission --role chief
[ $code = 3 ] && says 'refused: key'
ok $? 'a key bears one role'
chmod 644 boris.key
run key show boris.key
[ $code = 3 ] && says 'chmod go='
ok $? 'a key file that others can read is refused'
chmod 600 boris.key
sound 'enrolled'

# -- an incident: two persons, and not the same twice --
id=$("$TRUCE" incidents "$m" --json | grep -o '"id":"i-[^"]*"' | head -1 |
	cut -d'"' -f4)
run review "$m" "$id" confirm --key rev.key
p=$(sed -n 's/.*confirms entry \([0-9]*\),.*/\1/p' "$t/out")
[ $code = 0 ] && says 'which is proposed'
ok $? 'one person does not make it reviewed'
run review "$m" "$id" confirm --key rev.key
[ $code = 0 ] && says 'confirmed already'
ok $? 'the same said again is answered, not written'
size=$("$TRUCE" audit "$m" --json | grep -o '"entries":[0-9]*')
run review "$m" "$id" confirm --key lia.key
[ $code = 3 ] && says 'refused: role'
ok $? 'a liaison does not confirm incidents'
run review "$m" "$id" take --key ann.key
[ $code = 0 ]
ok $? 'an analyst takes it'
run review "$m" "$id" confirm --key boris.key
[ $code = 3 ] && says 'is taken by the analyst' && says ' until 20'
ok $? 'another within the lease hears who has it, and until when'
run review "$m" "$id" confirm --key ann.key
[ $code = 0 ] && says 'which is reviewed'
ok $? 'analyst and reviewer: reviewed'
"$TRUCE" incidents "$m" --status reviewed --json >"$t/out"
says "\"id\":\"$id\"" && says '"status":"reviewed"'
ok $? 'its status follows'
sound 'reviewed'

run review "$m" "$id" publish --key chi.key
pub=$(entry)
[ $code = 0 ]
ok $? 'a chief publishes it'
run review "$m" "$pub" confirm --key chi.key
[ $code = 3 ] && says 'refused: self'
ok $? 'but confirms not herself'
run review "$m" "$pub" confirm --key rev.key
"$TRUCE" incidents "$m" --id "$id" --json >"$t/out"
says '"status":"published"'
ok $? 'with a reviewer it is published'
sound 'published'

# -- rejected --
fid=$("$TRUCE" findings "$m" --json | grep -o '"id":"f-[^"]*"' | head -1 |
	cut -d'"' -f4)
run review "$m" "$fid" reject --key rev.key
[ $code = 2 ]
ok $? 'who rejects says why'
run review "$m" "$fid" reject --key rev.key --why 'thunder'
run review "$m" "$fid" confirm --key ann.key
run review "$m" "$fid" confirm --key chi.key
says 'which is rejected'
ok $? 'what is rejected stays so, whoever confirms it later'
"$TRUCE" findings "$m" --id "$fid" --json >"$t/out"
says '"status":"rejected"'
ok $? 'its status follows'

# -- shown in part --
run disclose "$m" "$id" --open id,colour -o "$t/part.disclosure" --to 'Party A' \
	--why 'asked' --key chi.key
[ $code = 3 ] && says "no field 'colour'" && [ ! -e "$t/part.disclosure" ]
ok $? 'a field that is not there is said'
run disclose "$m" "$id" --open id,time.at -o "$t/part.disclosure" --to 'Party A' \
	--why 'asked' --key chi.key
[ $code = 0 ] && says 'says who is shown'
ok $? 'two fields are shown, and the log says to whom'
run audit "$t/part.disclosure"
[ $code = 0 ] && says 'names proven' && says "^VERIFIED entry $p of"
ok $? "it verifies by itself: $(grep withheld "$t/out" | cut -c3-)"
run disclose "$m" "$id" --open all -o "$t/all.disclosure"
entry_of() { sed -n 's/^entry //p' "$1" | head -1; }
[ $code = 0 ] && [ "$(entry_of "$t/part.disclosure")" = \
	"$(entry_of "$t/all.disclosure")" ]
ok $? 'what is withheld changes no byte of the entry, nor its root'
sound 'disclosed'

# -- embargo --
printf '{"kind":"explosion","count":3,"note":"secret-word"}' >"$t/body.json"
run disclose embargo "$m" --type 2 --body "$t/body.json" --key ann.key
s=$(entry)
[ $code = 0 ]
ok $? 'an entry is logged sealed'
"$TRUCE" export "$m" -o "$t/sealed" >/dev/null 2>&1
! grep -rql 'c2VjcmV0LXdvcmQ=' "$t/sealed"
ok $? 'an export does not show it'
run disclose lift "$m" "$s" --type 2 --subject 00112233445566778899aabbccddeeff \
	--key chi.key
l=$(entry)
run review "$m" "$l" confirm --key rev.key
[ $code = 0 ] && says 'which is reviewed'
ok $? 'two persons lift it'
"$TRUCE" export "$m" -o "$t/lifted" >/dev/null 2>&1
grep -rql 'c2VjcmV0LXdvcmQ=' "$t/lifted"
ok $? 'now an export shows it'
run audit "$t/lifted"
[ $code = 0 ] && says ' 2 reviewed\| 3 reviewed\| 4 reviewed'
ok $? "the export verifies: $(grep ' keys of ' "$t/out" | cut -c3-)"
sound 'lifted'

# -- erased --
run disclose erase "$m" "$s" --key chi.key --why 'names a witness'
e=$(entry)
sound 'an erasure proposed'
run disclose "$m" "$s" --open all -o "$t/s1.disclosure"
[ $code = 0 ]
ok $? 'until it is confirmed the body is there'
run review "$m" "$e" confirm --key rev.key
run disclose "$m" "$s" --open all -o "$t/s2.disclosure"
[ $code = 3 ] && says 'erased'
ok $? 'then it is gone'
run audit "$m"
[ $code = 0 ] && says '1 bodies erased'
ok $? 'and the audit counts it closed'
run audit "$t/s1.disclosure"
[ $code = 0 ]
ok $? 'whoever was shown it keeps what he can prove'

# -- keys replaced, revoked --
run key new ann2
run key rotate "$m" --old ann.key --new ann2.key
[ $code = 0 ] && says ': counts$'
ok $? 'a key is replaced'
run review "$m" "$fid" note --key ann.key --why 'x'
[ $code = 3 ] && says 'refused: key'
ok $? 'the old one signs no more'
run review "$m" "$fid" note --key ann2.key --why 'x'
[ $code = 0 ]
ok $? 'the new one does'
run key revoke "$m" rev.key --since 2026-01-01T00:00:00Z
[ $code = 0 ]
ok $? 'a key is revoked as of a time before all it signed'
"$TRUCE" incidents "$m" --id "$id" --json >"$t/out"
says '"status":"automatic"'
ok $? 'what rested on it is reviewed no more'
run review "$m" "$id" confirm --key chi.key
"$TRUCE" incidents "$m" --id "$id" --json >"$t/out"
says '"status":"reviewed"'
ok $? 'until somebody else confirms anew'
sound 'revoked'
run key show "$m"
says 'revoked at entry'
ok $? 'the directory says so'

# -- sensors --
run key new s1
run key sensor "$m" XT_S01_00 s1.key --party A
k=$(entry)
[ $code = 0 ] && ! says ': counts$'
ok $? "the root alone enrols no sensor"
run review "$m" "$k" confirm --key lia.key
[ $code = 0 ] && says 'in force'
ok $? 'with the liaison of its host it counts'
sound 'a sensor'

# -- what was not written by us --
[ -x "$FORGE" ] || ok 1 "tests/forge is built"
for kind in role self flags author key proof body prev late erase; do
	rm -rf "$t/bad"
	cp -r "$m" "$t/bad"
	want=$kind
	[ $kind = late ] && want=key
	[ $kind = erase ] && want=secret
	"$FORGE" "$t/bad" "$kind" ann2.key chi.key boris.key >"$t/forged" 2>&1
	at=$(cat "$t/forged")
	run audit "$t/bad"
	[ $code = 1 ] && says "^NOT VERIFIED $at $want\$"
	ok $? "forged ($kind): $(tail -1 "$t/out")"
done

# -- two root persons --
run key new r1
run key new r2
r1=$("$TRUCE" key show r1.key | sed -n 's/public key //p')
r2=$("$TRUCE" key show r2.key | sed -n 's/public key //p')
printf '%032d %s a\n%031d1 %s b\n' 0 "$r1" 0 "$r2" >"$t/roots"
run init "$t/two" --roots "$t/roots" --threshold 2 --two-orgs
[ $code = 0 ]
ok $? 'a mission begins with two root keys'
"$TRUCE" --quiet replay "$t/two" >/dev/null 2>&1
[ ! -e "$t/two/ledger/keys/root" ]
ok $? 'no root key lies on the machine'
run key enrol "$t/two" --new ann.key --org mission --role analyst --root r1.key
k=$(entry)
[ $code = 0 ] && ! says ': counts$'
ok $? 'one of them enrols nobody'
run review "$t/two" "$k" confirm --key r1.key
[ $code = 3 ] && says 'refused: self'
ok $? 'nor twice the same'
run review "$t/two" "$k" confirm --key r2.key
[ $code = 0 ] && says 'in force'
ok $? 'both do'
m=$t/two
sound 'two roots'
echo "1..$n"

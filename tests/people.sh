#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# people.sh - a life with persons: enrolled, an incident proposed, confirmed by
# another, published, shown in part; sealed and lifted; erased; keys replaced
# and revoked; the audit after each.  What a program without scruples wrote
# instead is named (tests/forge.c).
set -u
cd "$(dirname "$0")/.."
name=people
. tests/faults/persons.sh
FORGE=$(realpath "${BUILD:-build/release}/tests/forge")
sound() { # TEXT
	run audit "$m"
	[ $code = 0 ] && says '^VERIFIED'
	ok $? "audit: $1: $(grep ' keys of ' "$t/out" | cut -c3-)"
}

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

run review "$m" "$id" publish --key chi.key --why 'day 1'
[ $code = 3 ] && says 'the parties may reply until 20' &&
	says 'publish early'
ok $? 'a chief does not publish it while the parties may reply'
run review "$m" "$id" publish early --key chi.key
[ $code = 3 ]
ok $? 'nor without a reason'
run review "$m" "$id" publish early --key chi.key --why 'shells still fall'
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

# -- people's version of an incident --
iid() { # N: the n-th incident's id
	"$TRUCE" incidents "$m" --kind explosion --json |
		grep -o '"id":"i-[^"]*","kind"' | sed -n "$1p" | cut -d'"' -f4
}
fields() { # ID: of the incident that stands
	"$TRUCE" incidents "$m" --id "$1" --json
}
two=$(iid 20) three=$(iid 21) four=$(iid 22)
was=$("$TRUCE" findings "$m" --incident "$two" --json | grep -c '"id"')
run review "$m" "$two" amend kind=burst --key ann.key
[ $code = 2 ] && says 'wants --why'
ok $? 'who amends says why'
run review "$m" "$two" amend kind=song --key ann.key --why x
[ $code = 3 ] && says 'wants a kind'
ok $? 'a kind that there is not is said'
run review "$m" "$two" amend kind=burst --key chi.key --why x
[ $code = 3 ] && says 'refused: role'
ok $? 'a chief does not write versions: analysts do'
run review "$m" "$two" amend kind=burst count=about:2 --key ann.key \
	--why 'a storm, says the radar of Secretname'
v=$(entry)
[ $code = 0 ] && says 'version 2 of'
ok $? "an analyst amends it: $(cut -c1-60 "$t/out")"
fields "$two" >"$t/out"
! says '"burst":1' && says '"version":1'
ok $? 'which changes nothing yet'
"$TRUCE" explain "$m" "$two" >"$t/out"
says 'amend by .* a storm' && says '^\* what .*explosion.*burst 100'
ok $? 'explain shows both side by side'
run review "$m" "$v" confirm --key ann.key
[ $code = 3 ] && says 'refused: '
ok $? 'she does not confirm it herself'
run review "$m" "$v" confirm --key rev.key
[ $code = 0 ] && says 'which is reviewed' && says ' changed$'
ok $? "a reviewer does, and findings follow: $(tail -1 "$t/out")"
fields "$two" >"$t/out"
says '"kind":{"burst":1' && says '"version":2' &&
	says '"status":"reviewed"' && says '"does":"amend"'
ok $? 'now it is what lists show'
"$TRUCE" incidents "$m" --id "$two" --all-versions --json >"$t/out"
[ "$(grep -c '"version"' "$t/out")" = 2 ] && says '"explosion":'
ok $? 'the machine has its version still'
"$TRUCE" findings "$m" --incident "$two" --json >"$t/out"
[ "$was" -gt 0 ] && says "is people's (amend)"
ok $? 'its findings are derived from it, and say so'
cp "$t/out" "$t/before"
"$TRUCE" --quiet replay "$m" >"$t/out" 2>&1
fields "$two" >"$t/out"
"$TRUCE" findings "$m" --incident "$two" --json >"$t/after"
says '"burst":1' && cmp -s "$t/before" "$t/after"
ok $? 'a replay leaves it, and makes the same findings'
sound 'amended'
rm -rf "$t/again"
cp -r "$m" "$t/again"
rm -f "$t/again"/index.db*
"$TRUCE" --quiet replay "$t/again" >"$t/out" 2>&1
"$TRUCE" incidents "$t/again" --json >"$t/x"
"$TRUCE" incidents "$m" --json >"$t/y"
"$TRUCE" findings "$t/again" --json >>"$t/x"
"$TRUCE" findings "$m" --json >>"$t/y"
cmp -s "$t/x" "$t/y"
ok $? 'an index made anew says the same'
run audit "$m" --recompute
[ $code = 0 ] && says '0 different; 0 in the log follow from nothing, 0 '
ok $? "and it recomputes: $(grep recomputed "$t/out" | cut -c1-70)"

run review "$m" "$three" merge "$four" --key ann.key --why 'one burst'
v=$(entry)
[ $code = 0 ] && [ "$(wc -l <"$t/out")" = 2 ]
ok $? 'two are merged: an entry each'
run review "$m" "$v" confirm --key rev.key
[ $code = 0 ] && [ "$(grep -c 'which is reviewed' "$t/out")" = 2 ]
ok $? 'and confirmed together'
fields "$four" >"$t/out"
says "\"id\":\"$three\",\"is\":\"part_of\""
ok $? 'the second is a part of the first'
"$TRUCE" findings "$m" --incident "$four" --json >"$t/out"
! grep '"id"' "$t/out" | grep -qv '"status":"rejected"'
ok $? 'and has no finding of its own'
"$TRUCE" explain "$m" "$four" >"$t/out"
says 'withdrawn, was ' && ! says '^  rule [^ ]*: [a-z_]* (f-'
ok $? 'explain does not list the withdrawn as current'
d=$("$TRUCE" incidents "$m" --id "$three" --json | grep -o '"d-[^"]*"' |
	tail -1 | tr -d '"')
run review "$m" "$three" split "$d" --key ann.key --why 'a dog'
v=$(entry)
new=$(sed -n 's/.*version 1 of \(i-[^,]*\),.*/\1/p' "$t/out")
[ $code = 0 ] && [ -n "$new" ]
ok $? 'one is split by its evidence'
run review "$m" "$v" confirm --key rev.key
fields "$new" >"$t/out"
says '"is":"split_from"' && says "\"evidence\":\[\"$d\"\]"
ok $? 'the part is an incident of its own'
run review "$m" "$new" link "near=$two" --key ann.key --why 'same storm'
run review "$m" "$new" reject --key rev.key --why 'not near'
fields "$new" >"$t/out"
[ $code = 0 ] && ! says '"is":"near"'
ok $? 'a version that is rejected changes nothing'
"$TRUCE" --quiet replay "$m" >"$t/out" 2>&1
fields "$new" >"$t/out"
says '"is":"split_from"' && says '"status":"reviewed"'
ok $? 'a replay withdraws nothing that people made'
sound 'merged, split, linked'
"$TRUCE" findings "$m" --id "$fid" --json >"$t/out"
says '"does":"reject","org":"mission","why":"thunder"'
ok $? 'a finding lists who did what, and why'
"$TRUCE" report "$m" --period last --format json >"$t/out" 2>"$t/err"
says '"status":"reviewed"' && says "is people's (amend)"
ok $? 'the report has the versions that stand'
"$TRUCE" report "$m" --period 024/2026 --format json >"$t/out" 2>"$t/err"
says '"reviews":\[\]' && ! says "\"id\":\"$fid\""
ok $? 'and not what people rejected'

# -- the index against the log --
run audit "$m"
[ $code = 0 ] && says 'records as the log has them'
ok $? "the index agrees: $(grep -o 'has [0-9]* records' "$t/out")"
says 'and [1-9][0-9]* detections, looks and words of health'
ok $? "its detections and looks too: $(grep -o 'and [0-9]* det' "$t/out")"
bend() { # SQL
	rm -rf "$t/bent"
	cp -r "$m" "$t/bent"
	python3 - "$t/bent/index.db" "$1" <<-'END'
	import sqlite3, sys
	db = sqlite3.connect(sys.argv[1])
	db.execute(sys.argv[2])
	db.commit()
	END
	run audit "$t/bent"
}
bend "UPDATE row SET body = replace(body, '\"verdict\":\"breach\"',
	'\"verdict\":\"no_breach\"') WHERE type = 102"
[ $code = 1 ] && says 'not what the log says: finding f-.*, entry'
ok $? "a verdict that was changed there is named: $(grep -o 'says: [^;]*' "$t/out" | cut -c7-)"
for type in 100 108; do # detections, looks
	bend "UPDATE row SET body = replace(body, '{', '{ ') WHERE key =
		(SELECT max(key) FROM row WHERE type = $type)"
	[ $code = 1 ] && says 'index.db is not what the log says: [dl]'
	ok $? "so is one of type $type: $(grep -o 'says: [^;]*' "$t/out" |
		cut -c7-60)"
done
bend "UPDATE row SET ledger = 1 WHERE key =
	(SELECT max(key) FROM row WHERE type = 100)"
[ $code = 1 ] && says 'detection .* is not what the log says, entry 1'
ok $? 'and one that says it is of another batch'
bend "DELETE FROM row WHERE type = 102 AND source = '$two'"
[ $code = 1 ] && says 'finding is not in it, entry'
ok $? 'a finding that is gone is named'
bend "INSERT INTO row (type, id, version, newest, t, u, lat, lon, kind, status,
	source, body, ledger) SELECT type, 'f-0', version, 1, t, u, lat, lon,
	kind, status, source, body, -1 FROM row WHERE type = 102 LIMIT 1"
[ $code = 1 ] && says 'finding f-0 is not in the log'
ok $? 'a finding that nobody logged is named'

derived() { # SQL WHAT
	bend "$1"
	[ $code = 1 ] && says "not what the log says: $2"
	ok $? "what rows are found by: $(grep -o 'says: [^;]*' "$t/out" | cut -c7-60)"
}
derived "UPDATE row SET cell = cell + 1 WHERE key = (SELECT max(key) FROM row
	WHERE type = 105 AND cell >= 0)" 'the cell of i-'
derived "UPDATE row SET fine = fine + 1 WHERE key = (SELECT max(key) FROM row
	WHERE type = 105 AND cell >= 0)" 'the cell of i-'
derived "UPDATE row SET near = -1 WHERE key = (SELECT max(key) FROM row
	WHERE type = 105 AND cell >= 0)" 'the cell of i-'
derived "UPDATE counts SET n = n - 1 WHERE level = 2" 'the number of incidents'
derived "INSERT INTO counts VALUES (0, 1, 1, 'explosion', 1, 1)" \
	'the number of incidents'
derived "DELETE FROM counts WHERE level = 1" 'the number of incidents'
derived "UPDATE spans SET ns = ns + 1 WHERE level = 1" 'its list of spans'
derived "UPDATE longest SET ns = 0 WHERE ns > 0" 'the bound of times of'
derived "DELETE FROM days WHERE type = 105" 'the day of i-'
derived "CREATE VIEW other AS SELECT 1" 'a view in its file'
derived "UPDATE row SET newest = 1 - newest WHERE type = 108" \
	'which version is newest of'

# What lists, filters and searches find records by: each column of each kind.
for x in 'd t' 'd u' 'd lat' 'd lon' 'd kind' 'd status' 'd source' 'l t' 'l u' \
	'l kind' 'l source' 'h t' 'h u' 'h status' 'h source' 'a t' 'a u' 'a lat' \
	'a kind' 'a source' 'c t' 'c lat' 'c kind' 'c source' \
	'd version' 'd id'; do
	set -- $x # cells, numbers and bounds that go with it are bent along
	bend "UPDATE row SET $2 = CASE typeof($2) WHEN 'text' THEN $2 || 'x' ELSE
		$2 - 1 END WHERE key = (SELECT max(key) FROM row WHERE type =
		unicode('$1') AND ledger > 0)"
	[ $code = 1 ] && says 'not what the log says'
	ok $? "$x: $(grep -o 'says: [^;]*' "$t/out" | cut -c7-70)"
done
derived "INSERT INTO words(rowid, text) SELECT max(key), 'unheard' FROM row
	WHERE type = 105" 'the list of words of i-'
derived "INSERT INTO words(rowid, text) VALUES (1000000000, 'unheard')" \
	'the list of words of a row that is not there'
derived "INSERT INTO words(words) VALUES ('delete-all')" 'the list of words of '
derived "INSERT INTO words(words, rowid, text) SELECT 'delete', max(key), kind
	FROM row WHERE type = 105" 'the list of words of i-'
derived "DELETE FROM words_idx" '[iw][th]'
derived "DELETE FROM words_data WHERE id > 10" 'its list of words, which is'
derived "DROP TABLE words" 'how it lists words'

# -- erased: nowhere in the folder --
run disclose erase "$m" "$two" --key chi.key --why 'names a person'
e=$(entry)
grep -rqa Secretname "$m" || ok 1 'it was there before'
run review "$m" "$e" confirm --key rev.key
[ $code = 0 ] && ! grep -rqa Secretname "$m"
ok $? 'an erased version is in no file of the folder'
"$TRUCE" --quiet replay "$m" >"$t/out" 2>&1
! grep -rqa Secretname "$m"
ok $? 'nor after a replay'
sound 'a version erased'

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
page=$OLDPWD/web/build/verify.js
[ -e "$page" ] && command -v node >/dev/null && for x in part all; do
	run audit "$t/$x.disclosure"
	[ "$(node "$page" proof "$t/$x.disclosure" 2>&1 | tail -1)" = \
		"$(tail -1 "$t/out")" ] && says "^VERIFIED entry $p of"
	ok $? "so it is to the page, $x shown"
done
sound 'disclosed'

# -- embargo --
printf '{"kind":"explosion","count":3,"note":"secret-word"}' >"$t/body.json"
run disclose embargo "$m" --type 2 --body "$t/body.json" --key ann.key
s=$(entry)
[ $code = 0 ]
ok $? 'an entry is logged sealed'
"$TRUCE" export "$m" -o "$t/sealed" >"$t/out" 2>&1
! grep -rql 'c2VjcmV0LXdvcmQ=' "$t/sealed"
ok $? 'an export does not show it'
says 'the log does not say that it was made, nor for whom'
ok $? 'one of all that is open to parties, for nobody named, says so'
run export "$m" --level public -o "$t/open"
[ $code = 0 ] && ! says 'the log does not say'
ok $? 'one that holds what is public has nothing to say'
run disclose read "$m" "$s" --why 'to review it'
[ $code = 3 ]
ok $? 'nobody reads what is sealed without a key'
run disclose "$m" "$s" --open all -o "$t/sealed.disclosure" --key chi.key
[ $code = 3 ] && says 'is sealed' && [ ! -e "$t/sealed.disclosure" ]
ok $? 'nor is it handed out before two persons lifted it'
run disclose read "$m" "$s" --key lia.key --why 'to know'
[ $code = 3 ] && says 'a liaison does not read it' && ! says secret-word
ok $? 'a party does not read it'
run disclose read "$m" "$s" --key rev.key --why 'to review it'
[ $code = 0 ] && says '^entry [0-9]*: says who is shown' && says '^[a-z.]*: '
ok $? 'a person reads it, and the log says so first'
run disclose told "$m" "$s"
[ $code = 0 ] && says 'why: to review it' && [ "$(grep -c ^entry "$t/out")" = 1 ]
ok $? 'who was told what is listed'
run disclose lift "$m" "$s" --type 2 --subject 00112233445566778899aabbccddeeff \
	--key chi.key
l=$(entry)
run review "$m" "$l" confirm --key rev.key
[ $code = 0 ] && says 'which is reviewed'
ok $? 'two persons lift it'
"$TRUCE" export "$m" -o "$t/lifted" >/dev/null 2>&1
grep -rql 'c2VjcmV0LXdvcmQ=' "$t/lifted"
ok $? 'now an export shows it'
run export "$m" --level parties --to 'Party A' --why 'article 5' -o "$t/handed"
h=$(entry)
[ $code = 0 ] && says "^entry $h: says who is handed it" &&
	! says 'the log does not say'
ok $? 'of a pack the log says first who is handed it'
run disclose told "$m"
[ $code = 0 ] && says '  to: Party A' && says '  why: article 5' &&
	says 'fields: a pack of level parties, from entry 0 on'
ok $? 'and lists it with what else was told'
run audit "$t/handed"
[ $code = 0 ] && says "^VERIFIED $((h + 1)) entries"
ok $? 'the pack has that entry'
run audit "$t/lifted"
[ $code = 0 ] && says ' [2-9] reviewed'
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
[ $code = 0 ] && says '2 bodies erased'
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
run disclose read "$m" "$p" --key ann.key --why 'x'
[ $code = 3 ] && says 'not good now'
ok $? 'nor reads it any more'
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

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# withdrawn.sh - what was published and is no more so: it stays at its address
# and says so, to everybody, with when, by which roles, and the words that two
# persons signed for everybody; and nothing else comes out.
set -u
cd "$(dirname "$0")/.."
schemas=$(realpath docs/schema)
name=withdrawn
. tests/faults/persons.sh
command -v curl >/dev/null || {
	echo "ok 1 - what was withdrawn: curl is not here # SKIP"
	echo "1..1"
	exit 0
}
for python in python3 /usr/bin/python3 no; do
	"$python" -c 'import jsonschema' 2>/dev/null && break
done
trap 'kill $server 2>/dev/null; rm -rf "$t"' EXIT
server=
singles
run replay "$m"
enrol ann:analyst bob:analyst rev:reviewer chi:chief
cd "$t" || exit 1
"$TRUCE" incidents "$m" --jsonl | grep -o '"id":"i-[^"]*"' | cut -d'"' -f4 \
	>ids
found() { # INCIDENT: its finding
	"$TRUCE" findings "$m" --incident "$1" --jsonl |
		grep -o '"id":"f-[^"]*"' | cut -d'"' -f4 | head -1
}
act() { # KEY ID WORD...
	key=$1
	shift
	run review "$m" "$@" --key "$key.key"
	[ $code = 0 ] || ok 1 "$key: $*"
}
publish() { # ID: sets $p
	act ann "$1" confirm
	act rev "$1" confirm
	act chi "$1" publish early --why 'the first day'
	p=$(entry)
}
serve() { # MISSION of $t
	"$TRUCE" serve "$t/$1" --closed --listen 127.0.0.1:0 >says 2>&1 &
	server=$!
	for _ in $(seq 100); do
		url=$(sed -n 's/^open *\(http[^ ]*[^ /]\).*/\1/p' says)
		[ -n "$url" ] && break
		sleep 0.1
	done
}
serve m
get() { # PATH: into $t/out
	curl -s -o "$t/out" -w '%{http_code}' "$url$1" >"$t/err"
}
status() { [ "$(cat "$t/err")" = "$1" ]; }
holds() { # EXPRESSION of d, the answer
	python3 -c 'import json, sys
d = json.load(open(sys.argv[1]))
sys.exit(0 if eval(sys.argv[2]) else 1)' "$t/out" "$1"
}
valid() { # PATH SCHEMA
	get "/public/v1/$1"
	if [ "$python" = no ]; then
		n=$((n + 1))
		echo "ok $n - $2: python3-jsonschema is not here # SKIP"
		return
	fi
	"$python" -W ignore - "$t/out" "$schemas" "$2" <<'P' 2>>"$t/err"
import json, os, sys
import jsonschema
all = {n: json.load(open(os.path.join(sys.argv[2], n)))
       for n in os.listdir(sys.argv[2]) if n.endswith(".json")}
s = all[sys.argv[3]]
r = jsonschema.RefResolver("", s, store=all)
jsonschema.Draft7Validator(s, resolver=r).validate(
    json.load(open(sys.argv[1])))
P
	ok $? "/public/v1/$1 is what $2 says"
}
cap() { # ID: an alert that is CAP 1.2
	get "/cap/$1"
	status 200 && { ! command -v xmllint >/dev/null ||
		xmllint --noout --schema "$schemas/cap-1.2.xsd" "$t/out" \
			2>>"$t/err"; }
}

one=$(sed -n 1p ids) two=$(sed -n 2p ids) three=$(sed -n 3p ids)
f1=$(found "$one") f2=$(found "$two") f3=$(found "$three")
publish "$f1"
p1=$p
get /public/v1/findings
holds 'd["findings"] == []'
ok $? 'what one person publishes is not published'
act rev "$p1" confirm
publish "$f2"
p2=$p
act rev "$p2" confirm
publish "$f3"
act chi "$f3" publish early --why again
p3=$(entry)
act rev "$p3" confirm
get /public/v1/findings
holds "[(x['id'], x['state'], x['changes'], x['why'])
for x in d['findings']] == [('p-$p1', 'stands', [], None), ('p-$p2', 'stands', [], None),
('p-$p3', 'stands', [], None)]"
ok $? 'three findings stand; a publication that nobody confirmed is none'
cp "$t/out" before

# -- its incident is rejected, by one person --
SECRET='the farmer Petrenko at 48.1234567'
run review "$m" "$one" reject --key rev.key --why "$SECRET"
ok $code 'the incident of a published finding is rejected'
get /public/v1/findings
holds "len(d['findings']) == 3 and d['findings'][1:] == json.load(open(
'before'))['findings'][1:]"
ok $? 'it does not go from the list, and the others are as they were'
holds "[(x['id'], x['state'], x['why'], x['changes'][0]['by'],
x['changes'][0]['does'], x['changed'] is not None, x['record']['index'] <
x['changes'][0]['entry']['index']) for x in d['findings'][:1]] == [(
'p-$p1', 'under_review', None, ['reviewer'], 'under_review', True, True)]"
ok $? 'one person withdraws nothing: it is under review, by whom, when, and where'
holds "all(d['findings'][0][k] == json.load(open('before'))['findings'][0][k]
for k in ('clause', 'verdict', 'party', 'kind', 'hour', 'place', 'record',
'publication'))"
ok $? 'what had been published is shown as it was'
! says Petrenko && ! says '48.1234567' && ! says rev.key &&
	! grep -q "$(grep -o '"by":"[0-9a-f]*"' "$t/out" || echo @)" "$t/err"
ok $? "one person's reason is for nobody outside"
get "/public/v1/findings/p-$p1"
status 200 && holds "[x['state'] for x in d['findings']] == ['under_review']"
ok $? 'it stays at its address'
get '/public/v1/findings?state=withdrawn'
holds "d['findings'] == []"
ok $? 'of what was withdrawn the list has none'
get '/public/v1/findings?state=under_review'
holds "[x['id'] for x in d['findings']] == ['p-$p1']"
ok $? 'it can be asked for what is under review'
get '/public/v1/findings?state=stands'
holds "[x['id'] for x in d['findings']] == ['p-$p2', 'p-$p3']"
ok $? 'or for what stands'
get '/public/v1/findings?state=gone'
status 400 && says 'wants stands, under_review, withdrawn or corrected'
ok $? 'of another state it says which there are'
get '/public/v1/findings/p-1'
status 404
ok $? 'what was not published is not there'
get '/public/v1/findings?f=csv'
says "^p-$p1,.*,under_review,20[^,]*Z,,,," && says ',state,changed,why,'
ok $? 'as CSV'
get /cap
says "<title>under review: breach" && ! says '<title>withdrawn' &&
	says "<id>urn:truce:[^<]*:p-$p1</id>"
ok $? 'the feed has the alert still, and that it is under review'
update=$(grep -o "/cap/p-$p1\.[0-9]*" "$t/out" | head -1)
cap "p-$p1"
ok $? 'the alert stays at its address'
id=$(sed -n 's|.*<identifier>\(.*\)</identifier>.*|\1|p' "$t/out")
sent=$(sed -n 's|.*<sent>\(.*\)</sent>.*|\1|p' "$t/out")
sender=$(sed -n 's|.*<sender>\(.*\)</sender>.*|\1|p' "$t/out")
cap "${update#/cap/}" && says '<msgType>Update</msgType>' &&
	says 'is under review' &&
	says "<references>$sender,$id,$sent</references>" &&
	! says "<identifier>$id</identifier>" && ! says Petrenko
ok $? 'another one updates it, names it, and is CAP 1.2'
# Periods are days, of which some join, and the year may end just now.
today() { # the public's reports of these days, into $t/out
	for p in $(python3 -c 'import datetime
d = datetime.date.today()
n = sum((datetime.date(d.year, 1, 1) + datetime.timedelta(k)).weekday() < 5
        for k in range(d.timetuple().tm_yday))
print(*(f"{k:03}/{d.year}" for k in range(max(1, n - 3), n + 4)),
      f"001/{d.year + 1}", f"002/{d.year + 1}")'); do
		"$TRUCE" report "$m" --period "$p" --level public \
			--format json 2>/dev/null
	done >"$t/out"
}
today
says "p-$p1, i-" && says '"does":"under review"' && ! says '"withdraw"' &&
	! says Petrenko
ok $? 'the report of the period says so too, and nothing else'

# -- words for everybody --
run review "$m" "$f1" withdraw --key ann.key --why 'It was thunder.'
ok $code "an analyst withdraws it: $(cat "$t/out")"
w=$(entry)
get /public/v1/findings
holds "d['findings'][0]['why'] is None"
ok $? 'the words of one person are not shown'
run review "$m" "$w" confirm --key bob.key
[ $code = 3 ] && says 'role'
ok $? 'another analyst does not confirm that'
act rev "$w" confirm
get /public/v1/findings
holds "[(x['state'], x['why'], x['changes'][-1]['by'],
x['changes'][-1]['entry']['index'], len(x['changes'])) for x in
d['findings'][:1]] == [('withdrawn', 'It was thunder.', ['analyst',
'reviewer'], $w, 2)]"
ok $? 'two persons withdraw it, and say why, to everybody'
get '/public/v1/findings?state=withdrawn'
holds "[x['id'] for x in d['findings']] == ['p-$p1']"
ok $? 'the list can be asked for what was withdrawn'
cap "p-$p1.$w" && says '<msgType>Cancel</msgType>' &&
	says "<references>$sender,$id,$sent</references>" &&
	says 'It was thunder\.'
ok $? 'the cancellation names the alert'
cap "${update#/cap/}" && says '<msgType>Update</msgType>'
ok $? 'and the one between is as it was'
run review "$m" "$f2" withdraw --key ann.key --why 'The clause is another.'
w=$(entry)
act chi "$w" confirm
get /public/v1/findings
holds "[(x['state'], x['why']) for x in d['findings']][1] == ('withdrawn',
'The clause is another.')"
ok $? 'what no incident was rejected for is withdrawn so too'
run review "$m" "$f2" withdraw --key chi.key --why no
[ $code = 3 ] && says role
ok $? 'by an analyst, not by a chief'
run review "$m" "$two" withdraw --key ann.key --why no
[ $code = 3 ] && says 'only what is published is withdrawn'
ok $? 'what was never published cannot be withdrawn'
cap "p-$p2.$w" &&
	says '<msgType>Cancel</msgType>' && says 'The clause is another\.'
ok $? 'its cancellation has the words'

# -- another version --
act ann "$three" amend kind=shot --why "$SECRET"
v=$(entry)
act rev "$v" confirm
get "/public/v1/findings/p-$p3"
holds "[(x['state'], x['kind'], x['changes'][-1]['by']) for x in
d['findings']] == [('under_review', 'explosion', ['analyst', 'reviewer'])]"
ok $? 'with another version of its incident it is under review, as it was'
cap "p-$p3" && says '<msgType>Alert</msgType>'
ok $? 'its alert is as it was'
act ann "$f3" confirm
act rev "$f3" confirm
act chi "$f3" publish early --why 'it was a shot'
p4=$(entry)
act rev "$p4" confirm
get /public/v1/findings
holds "[(x['id'], x['state'], x['corrected_by'], x['corrects'], x['kind'])
for x in d['findings'][2:]] == [('p-$p3', 'corrected', 'p-$p4', None,
'explosion'), ('p-$p4', 'stands', None, 'p-$p3', 'shot')]"
ok $? 'once that is published it is corrected, and each names the other'
cap "p-$p4" && says '<msgType>Update</msgType>' &&
	says '<references>[^<]*,f-[^,]*,20[^<]*-00:00</references>'
ok $? 'its alert updates the one before'
get /public/v1/incidents
holds "len([x for x in d['incidents'] if x['state'] == 'stands']) == 1"
ok $? 'of the incidents one stands'
get '/public/v1/findings?f=geojson'
holds "len(d['features']) == 4"
ok $? 'as GeoJSON'
valid findings public.json
valid incidents public_incidents.json
for x in findings incidents findings/p-"$p3" 'findings?f=csv' mission; do
	get "/public/v1/$x"
	cat "$t/out"
done >all
get /cap
for x in /cap $(grep -o '/cap/p-[0-9.]*' "$t/out"); do
	get "$x"
	cat "$t/out"
done >>all
! grep -q -e Petrenko -e '48\.1234567' -e 'the first day' all &&
	[ "$(grep -c '<alert' all)" = 8 ]
ok $? 'nothing that was said inside comes out by any of these'

# -- the report, the lists, the audit --
today
says "p-$p1, i-" && says 'It was thunder' && says "p-$p3, i-" &&
	! says Petrenko
ok $? 'the report of the period in which it was says what was withdrawn'
run report "$m" --level public --format json
! says "$f2" && says "$f3"
ok $? 'its own report, made anew, has what is withdrawn no more'
recomputed 'with all that'
cp -r "$m" "$t/again"
rm -f "$t/again"/index.db*
run replay "$t/again"
kill $server
serve again
get /public/v1/findings
grep -qxF -f "$t/out" all
ok $? 'an index made anew says the same'

# -- another agreement --
cp -r "$m" "$t/terms"
run audit "$t/terms"
! says 'agreements, one after the other'
ok $? 'all was judged under one agreement'
sed -i 's/WITHIN 30 km/WITHIN 3 km/' "$t/terms/agreement.terms"
run replay "$t/terms"
run review "$t/terms" "$(sed -n 4p ids)" reject --key "$t/rev.key" --why no
run audit "$t/terms"
[ $code = 0 ] && says 'judged under 2 agreements, one after the other: since'
ok $? 'who exchanges the agreement, and judges anew, is told on'

# -- the index says otherwise --
bend() { # TEXT SQL
	rm -rf "$t/bent"
	cp -r "$m" "$t/bent"
	python3 - "$t/bent/index.db" "$2" <<-'END'
	import sqlite3, sys
	db = sqlite3.connect(sys.argv[1])
	db.create_function("swap", 3, lambda b, x, y: b if b is None else (
	    b.encode() if isinstance(b, str) else bytes(b)).replace(
	    x.encode(), y.encode()))
	assert db.execute(sys.argv[2]).rowcount > 0
	db.commit()
	END
	run audit "$t/bent"
	[ $code = 1 ] && says 'index.db is not what the log says: '
	ok $? "found in it: $1"
}
bend 'a reason in other words' "UPDATE row SET body =
	swap(body, 'It was thunder', 'It was nothing') WHERE type = 101"
bend 'a rejection that is gone' \
	"DELETE FROM row WHERE type = 101 AND kind = 'reject'"
bend 'a word that nobody said' "INSERT INTO row (type, id, version, t, u, lat, lon,
	kind, status, source, body, ledger, leaf) SELECT type, id, 9999, t, u,
	lat, lon, kind, status, source, body, ledger, leaf FROM row
	WHERE type = 101 AND kind = 'confirm' LIMIT 1"
bend 'a status' "UPDATE named SET value =
	swap(value, 'published', 'reviewed') WHERE name = 'reviews'"
bend 'which were rejected' "UPDATE named SET value = '' WHERE name = 'rejected'"
bend 'a withdrawal that is gone' "UPDATE named SET value =
	swap(value, 'withdrawn', 'stands') WHERE name = 'published'"
bend 'a publication that is gone' \
	"UPDATE named SET value = '[]' WHERE name = 'published'"
bend 'the column of a verdict' \
	"UPDATE row SET status = 'no_breach' WHERE type = 102"
bend 'which version is shown' "UPDATE row SET newest = 0 WHERE type = 102"
bend 'the time of an incident' "UPDATE row SET t = t + 1 WHERE type = 105"
bend "a version of people's that is gone" \
	"DELETE FROM row WHERE type = 105 AND version > 1000000"

# -- keys --
run key revoke "$m" rev.key --since 2020-01-01T00:00:00Z
ok $code 'the key of the reviewer of all that is revoked'
kill $server
serve m
get /public/v1/findings
holds "[(x['id'], x['state'], x['why'], x['changes'][-1]['by'],
'entry' in x['changes'][-1]) for x in d['findings']] == [
('p-$p1', 'withdrawn', None, ['root'], False),
('p-$p2', 'withdrawn', 'The clause is another.', ['analyst', 'chief'], True),
('p-$p3', 'withdrawn', None, ['root'], False),
('p-$p4', 'withdrawn', None, ['root'], False)]"
ok $? 'what too few good keys stand behind is withdrawn, and stays'
cap "p-$p4.$p4" && says '<msgType>Cancel</msgType>'
ok $? 'its cancellation is there'
echo "1..$n"

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# obligations.sh - findings reach a trigger: what is opened, logged, derived
# again by an audit; reviewed, jointly accepted, withdrawn, and told.
set -u
cd "$(dirname "$0")/.."
name=obligations
. tests/faults/persons.sh
schema=$(realpath docs/schema/cap-1.2.xsd)
phrases=$(realpath src/publish/phrases.c)
lists() { # MISSION ARG...
	"$TRUCE" --quiet obligations "$@" --jsonl >"$t/list" 2>"$t/err"
}
count() { # PATTERN
	grep -c -- "$1" "$t/list"
}
singles
cat >"$m/pledges.pledges" <<'END'
REGISTER test/1
ACTORS FR "State F"  GB "State G"  US "State U"  UA "State V"
INSTRUMENT accord  DATE 2026-01-06  STATUS announced 2026-01-06
ENDORSED accord  BY FR GB  NOT BY US  SAID "not explicitly endorsed"
LADDER response  FROM first breach  STEP 24 h consult  STEP 72 h decide
PLEDGE all  FROM endorsers TO UA  ACT intelligence or logistics
       MODALITY "may include"  UNDER accord
       TRIGGER >= 3 findings CLAUSE 5.a WITHIN 1 h  DUE 24 h AFTER trigger
       BY LADDER response
PLEDGE seen  FROM FR TO UA  ACT monitoring
       TRIGGER >= 1 finding, reviewed  DUE 6 h AFTER trigger
PLEDGE joint  FROM US TO UA  ACT consultation  UNDER accord
       TRIGGER >= 1 finding, jointly accepted
PLEDGE none  FROM FR TO UA  ACT money  TRIGGER >= 1000 findings
END

mkdir -p "$m/inbox/A"
cat >"$m/inbox/A/notices.csv" <<'END'
notice_id,party,what,from,until,lat,lon,radius_m,text,received,pledge
N1,A,flight,2026-02-03T10:00:00Z,2026-02-03T14:00:00Z,48.2,37.4,500,<b>patrol</b>,2026-02-01T10:00:00Z,seen
N2,A,demining,2026-02-03T10:00:00Z,2026-02-03T14:00:00Z,48.2,37.4,500,,2026-02-01T10:00:00Z,
END

# -- opened --
run replay "$m" --jobs 2
[ $code = 0 ]
ok $? 'replayed'
lists "$m"
[ "$(wc -l <"$t/list")" = 6 ] && [ "$(count '"actor":"FR"')" = 3 ] &&
	[ "$(count '"step":"decide"')" = 2 ] &&
	[ "$(count '"stands":true')" = 6 ]
ok $? 'two endorsers owe an own due time and two steps each'
grep -q '"endorsed":"yes".*"modality":"may include".*"strength":"may"' "$t/list"
ok $? 'under which endorsement and wording'
python3 - "$t/list" <<'END'
import datetime, json, sys
def at(s):
    return datetime.datetime.strptime(s, '%Y-%m-%dT%H:%M:%S.%fZ')
for o in map(json.loads, open(sys.argv[1])):
    hours = {None: 24, 'consult': 24, 'decide': 72}[o['step']]
    for k in 'from', 'to':
        assert at(o['due'][k]) - at(o['opens'][k]) == \
            datetime.timedelta(hours=hours)
    assert o['opens']['from'] < o['opens']['to']
    assert o['ledger']['index'] > 0
END
ok $? 'the clock starts from an interval; each is logged'
cp "$t/list" "$t/first"
run replay "$m" --jobs 1
lists "$m"
cmp -s "$t/list" "$t/first"
ok $? 'a second replay, on one thread, adds nothing'
run audit "$m"
[ $code = 0 ] && says '^VERIFIED'
ok $? 'the log is sound'
recomputed 'they follow'
run pledges due "$m"
[ $code = 0 ] && says 'step consult' && says '6 obligations by 6 breaches'
ok $? 'what is due is told'

# -- reviewed --
cd "$t" || exit 1
for x in ann:analyst rev:reviewer; do
	run key new ${x%%:*}
	run key enrol "$m" --new ${x%%:*}.key --org mission --role ${x##*:}
done
f=$("$TRUCE" findings "$m" --jsonl | grep -o '"id":"f-[^"]*"' | sed -n 2p |
	cut -d'"' -f4)
run review "$m" "$f" confirm --key ann.key
run review "$m" "$f" confirm --key rev.key
says 'which is reviewed'
ok $? 'a finding is reviewed'
lists "$m" --kind seen
[ "$(count "\"finding\":\"$f\"")" = 1 ]
ok $? 'at once it calls up what asks for a reviewed one'
recomputed 'what people made of it counts'

# -- jointly accepted --
cp "$m/ledger/policy/accepted.policy" "$m/ledger/policy/joint.policy"
run replay "$m"
lists "$m" --kind joint
[ "$(wc -l <"$t/list")" = 1 ] && [ "$(count '"endorsed":"withheld"')" = 1 ] &&
	[ "$(count '"due":{"from":null,"to":null}')" = 1 ]
ok $? 'what all witnesses of the joint policy hold is jointly accepted'
recomputed 'so does what they accepted'
run export "$m" -o "$t/joint-pack" --level full
cmp -s "$m/ledger/policy/joint.policy" "$t/joint-pack/policy/joint.policy"
ok $? 'a pack says who accepts jointly'

# -- told --
printf 'The parties shall assist within a day.\n' >"$m/d1.txt"
printf 'The parties may assist.\n' >"$m/d2.txt"
sed -i '/^ENDORSED/i DRAFT accord/d1  DATE 2026-01-04  FILE d1.txt\nDRAFT accord/d2  DATE 2026-01-05  FILE d2.txt' "$m/pledges.pledges"
run pledges check "$m"
[ $code = 0 ] && says 'may after shall' && says 'withholds endorsement' &&
	says 'no source is stated'
ok $? 'weaker wording, a withheld endorsement, a pledge without source are told'
cat >"$t/over.pledges" <<'END'
REGISTER over/1 ACTORS P "State P"
PLEDGE p FROM P ACT funds SOURCE "x"
FLOW p COMMITTED 2026-01-06 EUR 5e6 ALLOCATED 2026-02-06 EUR 4e6
 COMMITTED 2026-01-06 USD 5e6 ALLOCATED 2026-02-06 USD 6e6
END
run pledges show "$t/over.pledges"
says 'EUR: .*still open 1,000,000$' &&
	says 'USD: .*; more than the step before says$'
ok $? 'an account that is over is told from one that is not'
sed -i "s/FILE d2.txt/& SHA256 $(printf %064d 1)/" "$m/pledges.pledges"
run pledges check "$m"
[ $code = 1 ] && says 'd2.txt is another text'
ok $? 'a draft of another hash is an error'
sed -i 's/ SHA256 0*1$//' "$m/pledges.pledges"
run replay "$m"
says '8 obligations stand, 8 of them wait'
ok $? 'a replay says how many wait'
: >"$t/alerts"
"$TRUCE" --quiet run "$m" --listen 127.0.0.1:0 --every 1 >"$t/alerts" \
	2>"$t/err" &
for i in $(seq 240); do
	[ "$(grep -c deadline_passed "$t/alerts")" -ge 7 ] && break
	sleep 0.5
done
kill -INT $! && wait $!
[ "$(grep -c '"warning":"trigger_reached"' "$t/alerts")" = 8 ] &&
	[ "$(grep -c '"warning":"deadline_passed"' "$t/alerts")" = 7 ] &&
	grep -q '"state":"lapsed".*"ledger":{"index"' "$t/alerts"
ok $? 'a running mission tells of each trigger and deadline once, with its proof'

# -- the board --
cp "$m/pledges.pledges" "$t/register"
cat >>"$m/pledges.pledges" <<'END'
INSTRUMENT evil  TITLE "<script>alert(1)</script>"  SOURCE "\"><img src=x onerror=alert(2)>"
PLEDGE javascript:alert  FROM FR TO UA  ACT aid  MODALITY "may <b onclick=x>"
       UNDER evil  AUTHORITY "</style><script>"
END
printf 'They may assist. <script>alert(3)</script>\n' >"$m/d2.txt"
run pledges board "$m" -o "$t/board.html" --at 2026-02-04T17:00:00Z
[ $code = 0 ] && ! grep -qi '<script\|<img\|<b on\|="javascript:' "$t/board.html" &&
	grep -q "default-src 'none'" "$t/board.html" &&
	grep -q '&lt;script&gt;alert(3)' "$t/board.html"
ok $? 'the board is inert, whatever is written into it'
[ "$(grep -c 'Notified</dt>' "$t/board.html")" = 1 ] &&
	grep -q 'flight by A.*&lt;b&gt;patrol' "$t/board.html"
ok $? 'what was notified under a pledge stands with it'
grep -q 'deadline near' "$t/board.html" && grep -q '<del>The parties shall' "$t/board.html" &&
	grep -q 'may include' "$t/board.html"
ok $? 'with clocks, words and what changed between drafts'
run pledges board "$m" --json --at 2026-02-04T17:00:00Z
cp "$t/out" "$t/one"
run pledges board "$m" --json --at 2026-02-04T17:00:00Z
cmp -s "$t/out" "$t/one" && says '"deadline":"near"' && says '"duty_was":"shall"'
ok $? 'the same as data, the same bytes each time'
grep -q '"f-[0-9a-v]\{26\}"' "$t/one" && grep -q '"a-[0-9a-v]\{26\}"' "$t/one"
ok $? 'with findings and what was notified'
run pledges board "$m" --level public --json --at 2026-02-04T17:00:00Z
[ $code = 0 ] && says '"obligations":null' && says '"deployed":null' &&
	says '"duty_was":"shall"' && ! grep -q '[aficod]-[0-9a-v]\{26\}' "$t/out"
ok $? 'the public sees what is promised, no finding and no notice'
run pledges board "$m" --level public -o "$t/board.html"
[ $code = 0 ] && grep -q '<del>The parties shall' "$t/board.html" &&
	! grep -q 'Notified</dt>\|obligations stand\|What is due\|[aficod]-[0-9a-v]\{26\}' \
		"$t/board.html"
ok $? 'nor does its page count any'
for l in uk ru fr; do
	run pledges board "$m" --lang $l -o "$t/$l.html" --at 2026-02-04T17:00:00Z
	[ $code = 0 ] && grep -q "<html lang=\"$l\">" "$t/$l.html" &&
		grep -q '<del>The parties shall' "$t/$l.html" && python3 - "$t/$l.html" "$phrases" <<'P'
import re, sys
page = open(sys.argv[1], encoding='utf-8').read()
table = open(sys.argv[2], encoding='utf-8').read()
rows = re.findall(r'\{\n\t\t"([^"\\]{9,})",\n((?:\t\t.*\n)+?)\t\}', table)
left = [en for en, rest in rows if en + '<' in page and
        '\t\t"%s",' % en not in rest.split('\n')]
print('# left in English:', left)
sys.exit(bool(left) or len(rows) < 200)
P
	ok $? "the board in $l: what is not the register's is in that language"
done
run pledges board "$m" --lang de
[ $code = 2 ]
ok $? 'and in no fifth one'
run pledges board "$m" --level parties
[ $code = 2 ]
ok $? 'no other level has a board of its own'
cp "$t/register" "$m/pledges.pledges"

# -- steps of guarantors --
for x in fr:FR gb:GB; do
	run key new ${x%%:*}
	run key enrol "$m" --new ${x%%:*}.key --org ${x##*:} --role guarantor
done
lists "$m" --kind all --source FR
own=$(grep '"step":null' "$t/list" | grep -o '"id":"o-[^"]*"' | cut -d'"' -f4)
says_state() { # STATE
	lists "$m" --id "$own" --at 2026-02-03T19:00:00Z
	grep -q "\"state\":\"$1\"" "$t/list"
}
says_state open && grep -q '"deadline":"ahead"' "$t/list"
ok $? 'open, and the deadline ahead'
lists "$m" --id "$own" --at 2026-02-04T17:00:00Z
grep -q '"state":"open","deadline":"near"' "$t/list"
ok $? 'near'
lists "$m" --id "$own" --at 2026-02-04T18:02:17.7Z
grep -q '"state":"open","deadline":"perhaps_passed"' "$t/list"
ok $? 'within the interval it has perhaps passed'
lists "$m" --id "$own" --at 2026-02-04T18:03:00Z
grep -q '"state":"lapsed","deadline":"passed"' "$t/list"
ok $? 'then it has lapsed, by the clock alone'
run pledges acknowledge "$m" "$own" --key gb.key --why 'seen'
[ $code = 3 ] && says 'refused: role'
ok $? 'only the authority that owes it speaks for it'
run pledges acknowledge "$m" "$own" --key ann.key --why 'seen'
[ $code = 3 ] && ! says_state acknowledged
ok $? 'an analyst does not'
run pledges acknowledge "$m" "$own" --key fr.key
[ $code = 2 ]
ok $? 'nobody without a reason'
run pledges acknowledge "$m" "$own" --key fr.key --why 'the cell was called'
[ $code = 0 ] && says 'is acknowledged' && says_state acknowledged
ok $? 'acknowledged'
run pledges acknowledge "$m" "$own" --key fr.key --why 'again'
[ $code = 3 ] && says 'refused: step'
ok $? 'and not twice'
run pledges decide "$m" "$own" --key fr.key --why 'council of 4 February'
says_state decided && grep -q '"why":"the cell was called"' "$t/list"
ok $? 'decided; the history stands beside it'
echo 'order of the day' >"$t/order.txt"
run pledges fulfil "$m" "$own" --key fr.key --why 'images were sent'
[ $code = 2 ] && says 'evidence'
ok $? 'fulfilment wants evidence'
run pledges fulfil "$m" "$own" --key fr.key --why 'images were sent' \
	--evidence "$t/order.txt"
says_state fulfilled &&
	grep -q "\"evidence\":\"$(sha256sum <"$t/order.txt" | cut -c1-64)\"" \
		"$t/list"
ok $? 'fulfilled, by the hash of a file that is kept'
run pledges contest "$m" "$own" --key fr.key --why 'no'
[ $code = 3 ] && says 'refused: role'
ok $? 'nobody contests what they did themselves'
run pledges contest "$m" "$own" --key gb.key --why 'nothing arrived'
says_state fulfilled && grep -q '"contested":true' "$t/list"
ok $? 'another authority contests it'
run pledges decline "$m" "$own" --key fr.key --why 'no'
[ $code = 3 ] && says 'refused: step'
ok $? 'what is fulfilled is not declined'
lists "$m" --state fulfilled
[ "$(wc -l <"$t/list")" = 1 ]
ok $? 'listed by state'
run pledges due "$m"
says '; fulfilled'
ok $? 'what is due knows it'
run explain "$m" "$own"
[ $code = 0 ] && says 'FR owes under pledge all' && says 'breach of 5.a' &&
	says 'state: fulfilled, contested' && says 'GB: contest, "nothing arr'
ok $? 'explained, from the breach to what people made of it'
run audit "$m"
[ $code = 0 ] && says '^VERIFIED'
ok $? 'the log is sound'
recomputed 'steps of people follow from nothing else'
"$TRUCE" --quiet export "$m" -o "$t/pack" --level public >/dev/null 2>&1
run audit "$t/pack"
[ $code = 0 ] && says '^VERIFIED' && ! grep -rqs "$(printf 'nothing arrived' |
	base64)" "$t/pack"
ok $? 'a public pack verifies, and keeps the reasons shut'

# -- papers of a finding --
run key new chi
run key enrol "$m" --new chi.key --org mission --role chief
run explain "$m" "$f" --cap "$t/alert.xml"
[ $code = 3 ] && says 'is not published' && [ ! -e "$t/alert.xml" ]
ok $? 'no alert of what is not published'
run review "$m" "$f" publish early --key chi.key --why urgent
p=$(sed -n 's/^entry \([0-9]*\):.*/\1/p' "$t/out")
run review "$m" "$p" confirm --key rev.key
run explain "$m" "$f" --sheet "$t/sheet.pdf"
[ $code = 2 ] && says 'name it .html' && [ ! -e "$t/sheet.pdf" ]
ok $? 'no page is called a PDF'
run explain "$m" "$f" --cap "$t/alert.xml" --sheet "$t/sheet.html"
[ $code = 0 ]
ok $? 'a published finding has a sheet and an alert'
if command -v chromium >/dev/null && command -v pdfinfo >/dev/null; then
	chromium --headless=new --no-sandbox --user-data-dir="$t/browser" \
		--no-pdf-header-footer --print-to-pdf="$t/sheet.pdf" \
		"file://$t/sheet.html" >"$t/out" 2>"$t/err"
	pdfinfo "$t/sheet.pdf" | grep -q '^Pages: *1$'
	ok $? 'which is one page on paper'
	# Its words are the longest.
	run explain "$m" "$f" --sheet "$t/fr.html" --lang fr
	chromium --headless=new --no-sandbox --user-data-dir="$t/browser" \
		--no-pdf-header-footer --print-to-pdf="$t/fr.pdf" \
		"file://$t/fr.html" >"$t/out" 2>"$t/err"
	pdfinfo "$t/fr.pdf" | grep -q '^Pages: *1$'
	ok $? 'in French too'
else
	n=$((n + 1)) && echo "ok $n - no chromium or pdfinfo # SKIP"
fi
if command -v xmllint >/dev/null; then
	xmllint --noout --schema "$schema" "$t/alert.xml" >"$t/out" 2>&1
	ok $? 'the alert is valid against the structure of CAP 1.2'
	sed 's/<status>.*//' "$t/alert.xml" | xmllint --noout \
		--schema "$schema" - >/dev/null 2>&1
	[ $? != 0 ]
	ok $? 'and one without a status is not'
else
	n=$((n + 1)) && echo "ok $n - no xmllint # SKIP"
fi
python3 - "$t/alert.xml" <<'END'
import re, sys, xml.etree.ElementTree as E
C = '{urn:oasis:names:tc:emergency:cap:1.2}'
a = E.parse(sys.argv[1]).getroot()
assert a.find(C + 'status').text == 'Exercise'
times = [e.text for e in a.iter() if e.tag[len(C):] in
         ('sent', 'effective', 'onset', 'expires')]
assert len(times) >= 3
for x in times:
    assert re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d', x)
    assert not x.endswith('+00:00')
for p in a.iter(C + 'polygon'):
    at = [tuple(map(float, x.split(','))) for x in p.text.split()]
    assert len(at) >= 4 and at[0] == at[-1]
    assert all(abs(lat) <= 90 and abs(lon) <= 180 for lat, lon in at)
assert list(a.iter(C + 'polygon'))
assert not re.search(r'[\s,<&]', a.find(C + 'identifier').text)
END
ok $? 'its polygon is closed, its times have numeric offsets; simulated: Exercise'
grep -q 'breach</b> of rule 5.a' "$t/sheet.html" &&
	grep -q 'Fire ceases' "$t/sheet.html" &&
	grep -q 'no reply yet; may reply until' "$t/sheet.html" &&
	grep -q '<td>seen' "$t/sheet.html" && ! grep -q '<script' "$t/sheet.html"
ok $? 'the sheet has facts, law, claims, and what it calls up'
for l in uk:порушення ru:нарушение fr:violation; do
	run explain "$m" "$f" --sheet "$t/${l%%:*}.html" --lang "${l%%:*}"
	[ $code = 0 ] && grep -q "<html lang=\"${l%%:*}\">" "$t/${l%%:*}.html" &&
		grep -q "<b>${l#*:}</b>" "$t/${l%%:*}.html" &&
		! sed '/<body>/,$!d' "$t/${l%%:*}.html" | grep -Eq \
			'The (law|facts)|What |Known by|Status|reply|As of|Log entry|Due'
	ok $? "and in ${l%%:*}, with none of the English left"
done
cp "$t/alert.xml" "$t/one.xml"
run explain "$m" "$f" --cap "$t/alert.xml"
cmp -s "$t/alert.xml" "$t/one.xml"
ok $? 'the same finding gives the same alert'

# -- withdrawn --
run review "$m" "$f" reject --key rev.key --why 'too late'
first=$("$TRUCE" findings "$m" --jsonl | grep -o '"id":"f-[^"]*"' |
	sed -n 1p | cut -d'"' -f4)
run review "$m" "$first" reject --key rev.key --why 'thunder'
lists "$m" --kind all
[ "$(count '"fell_by":"no_breach"')" = 6 ] &&
	[ "$(count '"replaced_by":"o-')" = 6 ] &&
	[ "$(count '"stands":true')" = 6 ]
ok $? 'a rejected finding calls nothing up; the next one does, and both say so'
recomputed 'what fell'
for x in t u kind status source; do
	rm -rf "$t/bent"
	cp -r "$m" "$t/bent"
	python3 - "$t/bent/index.db" $x <<-'END'
	import sqlite3, sys
	db = sqlite3.connect(sys.argv[1])
	x = sys.argv[2]
	assert db.execute(f"""UPDATE row SET {x} = CASE typeof({x}) WHEN 'text'
	    THEN {x} || 'x' ELSE {x} - 1 END WHERE key = (SELECT max(key) FROM
	    row WHERE type = unicode('o') AND ledger > 0)""").rowcount == 1
	db.commit()
	END
	run audit "$t/bent"
	[ $code = 1 ] && says 'says: obligation o-.* is found by what it does'
	ok $? "the index has another $x of an obligation: the audit names it"
done
sed -i 's/24 h AFTER/48 h AFTER/; s/, reviewed//' "$m/pledges.pledges"
run replay "$m"
lists "$m" --kind all --all-versions
[ "$(count '"version":2')" -ge 2 ]
ok $? 'another wording is another version'
sed -i '/^PLEDGE all/,/BY LADDER/d' "$m/pledges.pledges"
run replay "$m"
lists "$m" --kind all
[ "$(count '"stands":true')" = 0 ] && [ "$(count 'no_pledge')" -ge 6 ]
ok $? 'what the register says no more stands no more'
recomputed 'the register changed'
"$TRUCE" --quiet obligations "$m" --jsonl >"$t/before"
rm -f "$m"/index.db*
run replay "$m"
"$TRUCE" --quiet obligations "$m" --jsonl | cmp -s - "$t/before"
ok $? 'an index made anew has the same obligations and versions'
sed -i 's/FROM US/FROM GB/' "$m/pledges.pledges"
TMPDIR=$t "$TRUCE" --quiet audit "$m" --recompute >"$t/out" 2>"$t/err"
[ $? = 1 ] && says '^first: obligation o-'
ok $? 'another register than the log was made by is named'
echo "1..$n"

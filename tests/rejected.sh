#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# rejected.sh - an incident that people rejected supports no finding, and what
# the finding called up falls; nothing is deleted, later data count again.
set -u
cd "$(dirname "$0")/.."
name=rejected
. tests/faults/persons.sh
lists() { # NOUN ARG...: into $t/out
	noun=$1
	shift
	"$TRUCE" --quiet "$noun" "$m" --jsonl "$@" >"$t/out" 2>"$t/err"
}
listed() { # MISSION: all that its lists say
	for x in incidents findings obligations; do
		"$TRUCE" --quiet "$x" "$1" --jsonl --all-versions
	done
}

singles
cat >"$m/pledges.pledges" <<'END'
REGISTER test/1
ACTORS FR "State F"  UA "State V"
PLEDGE some  FROM FR TO UA  ACT monitoring
       TRIGGER >= 1 finding  DUE 6 h AFTER trigger
END
mkdir "$t/late"
mv "$m/inbox/XT_G003_00" "$t/late/"
run replay "$m"
cd "$t" || exit 1
enrol ann:analyst rev:reviewer chi:chief
"$TRUCE" incidents "$m" --jsonl | grep -o '"id":"i-[^"]*"' | cut -d'"' -f4 \
	>"$t/ids"
one=$(sed -n 1p "$t/ids") two=$(sed -n 2p "$t/ids")
lists obligations
grep -q "\"finding\":\"$("$TRUCE" findings "$m" --incident "$one" --jsonl |
	grep -o '"id":"f-[^"]*"' | cut -d'"' -f4)\".*\"stands\":true" "$t/out"
ok $? 'the first breach calls something up'

# -- rejected --
run review "$m" "$one" reject --key rev.key --why 'a door that slammed'
[ $code = 0 ] && says 'which is rejected' && says '^findings .* 1 changed'
ok $? "a reviewer rejects its incident: $(sed -n 2p "$t/out")"
lists findings --incident "$one"
says '"status":"rejected"' && says '"version":2' &&
	says 'incident version 1 was rejected by people'
ok $? 'its finding stays, is rejected with it, and says so'
lists findings --incident "$one" --all-versions
[ "$(grep -c '"verdict":"breach"' "$t/out")" = 2 ]
ok $? 'what it was stays too'
lists findings --incident "$two"
says '"status":"automatic"'
ok $? "others' findings are as they were"
lists obligations --all-versions
says '"fell_by":"no_breach".*"replaced_by":"o-.*"stands":false' &&
	says '"stands":true'
ok $? 'what it called up fell, and says why; the next breach calls it up'
"$TRUCE" report "$m" --format json >"$t/out" 2>"$t/err"
! says "$one" && says "$two" && says '"rejected":1'
ok $? 'the report has neither, and counts it'
run report "$m" --incident "$one" --format html -o "$t/spot.html"
[ $code = 3 ] && says 'was rejected'
ok $? 'nor is there a spot report of it'
recomputed 'it follows'
listed "$m" >"$t/before"
run replay "$m"
listed "$m" | cmp -s - "$t/before"
ok $? 'a replay adds nothing'
cp -r "$m" "$t/again"
rm -f "$t/again"/index.db*
run replay "$t/again"
listed "$t/again" | cmp -s - "$t/before"
ok $? 'an index made anew says the same'
run audit "$m"
[ $code = 0 ] && says '^VERIFIED' && says 'records as the log has them'
ok $? 'the log and its index are sound'
run export "$m" -o "$t/pack" --level full
TMPDIR=$t "$TRUCE" --quiet audit "$t/pack" --recompute >"$t/out" 2>"$t/err" &&
	says ' 0 different; 0 in the log follow from nothing, 0 that'
ok $? 'who has the pack comes to the same'
cp "$m/agreement.terms" "$t/same.terms"
run terms diff "$m/agreement.terms" "$t/same.terms" --mission "$m" --json
says '"incidents":5'
ok $? 'a draft is held against the five that stand'

# -- rejected before anything was found of it --
rm "$m/pledges.pledges"
run review "$m" "$two" reject --key ann.key --why 'the same door'
run replay "$m"
recomputed 'of two, and the register gone'

# -- more data --
mv "$t/late/XT_G003_00" "$m/inbox/"
run replay "$m"
lists findings --incident "$one"
tail -1 "$t/out" | grep -q '"status":"automatic"' &&
	tail -1 "$t/out" | grep -q '"incident_version":2'
ok $? 'another version of the incident is judged anew'
recomputed 'so it follows'
echo "1..$n"

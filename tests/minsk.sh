#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# minsk.sh - real clauses as law: every rule shown to break, to hold and to stay
# undetermined, the texts as their table has them, and what an invented week
# comes to under them.
set -u
cd "$(dirname "$0")/.." || exit 1
TRUCE=${TRUCE:-build/truce}
RULES=../shared/data/practice/agreement-rules/minsk_rules.csv
M=missions/minsk
n=0
t=$(mktemp -d) || exit 1
trap 'rm -rf "$t"' EXIT

ok() { # STATUS WHAT
	n=$((n + 1))
	[ "$1" -eq 0 ] && echo "ok $n - $2" || echo "not ok $n - $2"
}
is() { # GOT WANTED WHAT
	[ "$1" = "$2" ]
	ok $? "$3: $1"
	[ "$1" = "$2" ] || echo "# wanted $2"
}

"$TRUCE" check $M >"$t/said" 2>&1
ok $? "the folder is sound: $(tail -1 "$t/said")"
"$TRUCE" terms test $M >"$t/examples"
ok $? "$(tail -1 "$t/examples")"
for rule in $(sed -n 's/^RULE \([^ ]*\).*/\1/p' $M/agreement.terms); do
	shown=$(sed -n "s/^ok   $rule line .*: //p" "$t/examples" | sort -u |
		tr '\n' ' ')
	case "$shown" in
	*"breach no_breach"*undetermined* | *breach*not_applicable*undetermined*)
		ok 0 "$rule breaks, holds and stays undetermined" ;;
	*) ok 1 "$rule: only $shown" ;;
	esac
done

# Each row's own words stand in the article that names it, but for clauses of
# which no rule is made.
if [ -f $RULES ]; then
	python3 - $RULES $M/agreement.terms >"$t/quotes" <<'PY'
import csv, re, sys
texts = re.findall(r'^ARTICLE \S+ TEXT "(.*)"$', open(sys.argv[2]).read(), re.M)
for r in csv.DictReader(open(sys.argv[1])):
    if r["id"] in ("S1d", "S1e", "S1g"):
        continue
    at = [t for t in texts if re.search(r"[\[ ]%s[\],]" % r["id"], t)]
    for words in [r["subject"], (r["value"] + " " + r["unit"]).strip()]:
        if not at or words not in at[0]:
            print(r["id"], words)
PY
	is "$(cat "$t/quotes")" "" "words of the table that no article has"
else
	n=$((n + 1))
	echo "ok $n - $RULES is not here # SKIP"
fi

cp -r $M "$t/m"
"$TRUCE" --quiet replay "$t/m" >/dev/null 2>&1
ok $? "the week is replayed"
"$TRUCE" findings "$t/m" --csv >"$t/findings"
breaches() { awk -F, -v r="$1" '$3 == r && $4 == "breach"' "$t/findings" |
	grep -c .; }
# By hand: tanks within 15 km of the line are 12, 8, 13.5 and 14 km off and one
# in Avdiivka; 14.8 km is within the line's error; a howitzer on each side at 22
# km and one at 9 km; a Grad at 32 km on this one and one at 33 km on that.
is "$(breaches A1.a)" 5 "tanks too near"
is "$(breaches A1.b)" 2 "small guns and mortars"
is "$(breaches P2.a.ua)" 2 "howitzers of the one side"
is "$(breaches P2.b.ua)" 1 "rocket launchers"
is "$(breaches P2.c.ua)" 1 "the Uragan 60 km off"
is "$(breaches S1.c)" 1 "a tank by a school"
is "$(breaches P3.a)" 2 "patrols and drones hindered"
is "$(grep ',T1.a,no_breach,' "$t/findings" | grep -c .)" 2 \
	"training outside the zone, and demining"
is "$(grep ',P1.a,' "$t/findings" | grep -v ',undetermined,' |
	grep -c .)" 0 "findings on a zone without a map but undetermined ones"

# A lawyer changes 15 km to 10 km and asks what that would have meant.
sed -e '/^RULE A1/s/15 km/10 km/' -e 's/(stage 2), 15 km/(stage 2), 10 km/' \
	-e 's/prohibition of live-fire/parties should aim to avoid live-fire/' \
	$M/agreement.terms >"$t/ten.terms"
"$TRUCE" terms diff $M/agreement.terms "$t/ten.terms" --mission "$t/m" \
	>"$t/diff" 2>&1
for words in '^  5 breaches would be none any more: A1.a 3, A1.b 2; by UA 2; by AF 3$' \
	'^  0 findings would be a breach$' \
	'^  article T1: a way out is new, "aim to"$' \
	'^  article T1: its words changed, no rule of it did$' \
	'(stage 2), \[-15-\] {+10+} km' \
	'A1.a, by UA: breach (serious) -> not applicable$' \
	'was: distance to loc 12.0 km .* limit 15 km: P = 1.000' \
	'2020-08-04 09:10 EEST, tank (2), 11 km west of Avdiivka'; do
	grep -q -- "$words" "$t/diff"
	ok $? "the diff says: $words"
done
sed '/^RULE A1.a/s/15 km/10 km/' $M/agreement.terms >"$t/rule.terms"
"$TRUCE" terms diff $M/agreement.terms "$t/rule.terms" --html "$t/rule"
"$TRUCE" terms diff $M/agreement.terms "$t/rule.terms" >"$t/left"
grep -q '^  rule A1.a changed, the words of article A1 did not$' "$t/left"
ok $? "a rule that left its article's words behind is told"
law='Addendum, 29 September 2015: withdrawal of tanks'
grep -q "^  article A1 says: \"$law.*15 km" "$t/left" &&
	grep -q "Article A1 says: .*$law.*15 km" "$t/rule"
ok $? "and what it says stands beside the rule"
# The examples show what the rule meant: those that the number decides fail.
"$TRUCE" terms test "$t/rule.terms" 2>/dev/null |
	sed -n 's/^FAIL \([^ ]*\) line \([0-9]*\) .*: \(.*\), wanted \(.*\)/\1 \2 \4 \3/p' |
	tr _ ' ' >"$t/failing"
sed -n '/^Examples of the old/,/^$/s/^  \([^ ]*\) ".*" (line \([0-9]*\) of the old): \(.*\) -> /\1 \2 \3 /p' \
	"$t/left" >"$t/told"
[ -s "$t/failing" ] && cmp -s "$t/failing" "$t/told" &&
	grep -q '^A1.a [0-9]* breach not applicable$' "$t/told" &&
	grep -q '<h2 id="examples">Examples of the old text that fail' "$t/rule"
ok $? "$(wc -l <"$t/told") examples of the old text fail under the new"
few="$(wc -l <"$t/told") of the 62 examples of the old text fail.* the new: A1.a"
sed -n '/^In short/,/^$/p' "$t/left" | grep -q "^  $few" &&
	sed -n '/In short/,/<.div>/p' "$t/rule" | grep -q "$few"
ok $? "which is said in short"
"$TRUCE" terms diff $M/agreement.terms "$t/ten.terms" --mission "$t/m" \
	--json --html "$t/page" >"$t/json"
grep -q 'distance to line of contact[^<]* 12.0 km ± 173 m, limit' "$t/page"
ok $? "the page has lines by name"
python3 - "$t/json" <<'PY'
import json, sys
d = json.load(open(sys.argv[1]))
order = ["lost", "gained", "grade", "open", "neither"]
ranks = [order.index(v["effect"]) for v in d["verdicts"]]
assert ranks == sorted(ranks) and len(ranks) == d["verdicts_changed"] == 12
failing = {(e["rule"], e["was"], e["is"]) for e in d["examples_failing"]}
assert ("A1.a", "breach", "not applicable") in failing, failing
assert {v["party"] for v in d["verdicts"] if v["effect"] == "lost"} == {
    "UA", "AF"}
PY
ok $? "gravest first, all of them as data"
grep -q '<li class="lost">5 breaches would be none' "$t/page" &&
	grep -q '<summary>6 that are no breach' "$t/page" &&
	grep -q 'class="key">.Not applicable.: the rule does not' "$t/page"
ok $? "and as a page"
echo "1..$n"

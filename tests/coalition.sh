#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# coalition.sh - the worked example of guarantees: every line has its public
# source, a short week reaches a trigger once two persons stand behind the
# finding, and what is due is told with words, endorsement and clock.
# TRUCE_DAYS=7 plays the whole week.
set -u
cd "$(dirname "$0")/.." || exit 1
TRUCE=$(realpath "${TRUCE:-build/truce}")
M=missions/coalition
n=0
t=$(mktemp -d) || exit 1
trap 'rm -rf "$t"' EXIT

ok() { # STATUS WHAT
	n=$((n + 1))
	[ "$1" -eq 0 ] && echo "ok $n - $2" || {
		echo "not ok $n - $2"
		sed 's/^/# /' "$t/out"
	}
}
says() { grep -q -- "$1" "$t/out"; }
run() { "$TRUCE" --quiet "$@" >"$t/out" 2>&1; }

run check $M && run terms test $M
ok $? "the folder is sound, its examples come out: $(tail -1 "$t/out")"
run pledges check $M
ok $? "the register is sound: $(sed -n 1p "$t/out" | cut -d: -f2-)"
for words in 'monitoring-us: US withholds' 'us-backstop: .* suspended or ended' \
	'sea-tr: it stands under no instrument' 'response: FR has not endorsed'; do
	says "$words"
	ok $? "a guarantor is told: $words"
done
says 'paris after paris/d1, .*a US commitment to" stood (a promise went'
ok $? "and of the clause that the draft had and the final text has not"
says 'without a source'
[ $? -ne 0 ]
ok $? "no pledge is without a source"
# Each statement but the list of actors; the plan has one source in words.
"$TRUCE" pledges show $M --json >"$t/json"
python3 - "$t/json" >"$t/out" <<'PY'
import json, sys
def walk(x, path):
    if isinstance(x, list):
        for i, y in enumerate(x):
            walk(y, path + [i])
    elif isinstance(x, dict):
        if "source" in x:
            s = x["source"]
            if not s or not s.get("reported"):
                if path[:1] != ["drafts"] or x["id"] != "paris":
                    print("not reported:", path, s)
        for k, y in x.items():
            if k != "source":
                walk(y, path + [k])
walk(json.load(open(sys.argv[1])), [])
PY
[ ! -s "$t/out" ]
ok $? "every line has a source and is marked as reported"

tools/coalition "$t/m" --days "${TRUCE_DAYS:-4}" && run check "$t/m" &&
	run replay "$t/m"
ok $? "a week is played: $(tail -1 "$t/out")"
"$TRUCE" findings "$t/m" --csv >"$t/findings"
grep ',3.a,no_breach,' "$t/findings" | grep -q ',patrol,'
ok $? "a notified flight of the force is matched before it is judged"
run pledges due "$t/m" && says '^0 obligations by'
ok $? "findings of the engine alone call up nothing"

for x in ann:analyst rev:reviewer; do
	(cd "$t" && run key new "${x%%:*}" && run key enrol m \
		--new "${x%%:*}.key" --org mission --role "${x##*:}") ||
		ok 1 "a key for $x"
done
"$TRUCE" findings "$t/m" --jsonl | grep '"verdict":"breach"' |
	grep -E '"grade":"(serious|grave)"' |
	sed 's/.*"id":"\(f-[^"]*\)".*/\1/' >"$t/ids"
id=$(head -1 "$t/ids")
run review "$t/m" "$id" confirm --key "$t/ann.key" && run replay "$t/m" &&
	run pledges due "$t/m" && says '^0 obligations by'
ok $? "nor does one person"
run review "$t/m" "$id" confirm --key "$t/rev.key" && run replay "$t/m" &&
	run pledges due "$t/m" && says '^10 obligations by'
ok $? "two persons: the response of five, in two steps"
says '^response  US: .*, step diplomatic_warning$' &&
	says 'due 2026-06-04T17:03:21.300Z to 2026-06-04T17:06:38.700Z' &&
	says 'due 2026-06-06T17:03:21.300Z to 2026-06-06T17:06:38.700Z'
ok $? "24 and 72 hours from the interval of the first breach"
says '"would trigger" (strength: could), under plan, which US has not endorsed'
ok $? "in which words, how strong they are, and not endorsed"
for id in $(sed 1d "$t/ids"); do
	for k in ann rev; do
		run review "$t/m" "$id" confirm --key "$t/$k.key"
	done
done
run replay "$t/m" && run pledges due "$t/m" &&
	says '^response-tier-2  COW: forces_of_the_coalition$'
ok $? "three within 72 hours call up the second tier, at no stated hour"
if [ "${TRUCE_DAYS:-4}" -gt 4 ]; then
	says '"may include" (strength: may), under paris, which FR has endorsed'
	ok $? "a grave one: the acts of the declaration, by who endorsed it"
	says 'which US withholds; ended: told for the record, and owed by nobody'
	ok $? "a clause that was removed between drafts is owed by nobody"
fi
run obligations "$t/m" --jsonl && says '"endorsed":"no".*"instrument":"plan"'
ok $? "and the log has them"
(cd "$t" && run key new chi &&
	run key enrol m --new chi.key --org mission --role chief)
id=$(head -1 "$t/ids")
run review "$t/m" "$id" publish early --key "$t/chi.key" --why urgent
p=$(sed -n 's/^entry \([0-9]*\):.*/\1/p' "$t/out")
run review "$t/m" "$p" confirm --key "$t/rev.key" &&
	run explain "$t/m" "$id" --cap "$t/alert" --sheet "$t/sheet" --actual &&
	cp "$t/alert" "$t/out" && says '<status>Exercise</status>' &&
	says '<headline>breach of rule 1.a, serious, by Party B</headline>'
ok $? "no alert of an exercise is an actual one, whatever is asked"
cp "$t/sheet" "$t/out" && says '<td>United States (has not endorsed it)' &&
	says '“would trigger”, mentioned'
ok $? "the sheet says what was mentioned, and by whom not endorsed"
run pledges board "$t/m" && says '<em>no endorsement on record</em>' &&
	says '“would trigger”, mentioned'
ok $? "and so does the board"
run audit "$t/m" && says '^VERIFIED'
ok $? "which is sound"
echo "1..$n"

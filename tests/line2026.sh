#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# line2026.sh - two drafts of a monitored line: both are sound and their
# examples come out, and what was watered down between them is told.
set -u
cd "$(dirname "$0")/.." || exit 1
TRUCE=${TRUCE:-build/truce}
M=missions/line-2026
n=0
t=$(mktemp -d) || exit 1
trap 'rm -rf "$t"' EXIT

ok() { # STATUS WHAT
	n=$((n + 1))
	[ "$1" -eq 0 ] && echo "ok $n - $2" || echo "not ok $n - $2"
}

"$TRUCE" check $M >"$t/said" 2>&1
ok $? "the folder is sound: $(tail -1 "$t/said")"
for f in $M/agreement.terms $M/draft-2.terms; do
	"$TRUCE" terms check $f >/dev/null 2>&1 &&
		"$TRUCE" terms test $f >"$t/examples"
	ok $? "$(tail -1 "$t/examples")"
	for rule in $(sed -n 's/^RULE \([^ ]*\).*/\1/p' $f); do
		shown=$(sed -n "s/^ok   $rule line .*: //p" "$t/examples" |
			sort -u | tr '\n' ' ')
		case "$shown" in
		*breach\ *no*undetermined*) continue ;;
		esac
		ok 1 "$f: $rule: only $shown"
	done
done
"$TRUCE" terms test $M/agreement.terms | grep -q ' conflict$'
ok $? "a text that contradicts itself is shown to"

cp -r $M "$t/m"
"$TRUCE" --quiet replay "$t/m" >/dev/null 2>&1
"$TRUCE" terms diff $M/agreement.terms $M/draft-2.terms --mission "$t/m" \
	>"$t/diff" 2>&1
ok $? "the drafts are compared over a week"
sed -n '/^In short/,/^$/p' "$t/diff" >"$t/short"
cat >"$t/want" <<'END'
In short
  5 breaches would be none any more: 2.a 2, 3.a 2, 7.a 1; by A 1; by B 1; by undetermined 3
  0 findings would be a breach
  11 of the 37 examples of the old text fail under the new: 2.a 1, 3.a 4, 7.a 3, 7.b 3
  article 7: gone, and with it "shall"
  article 3: weaker, "shall" to "may"; a way out is new, "subject to"
  article 4: weaker, "shall" to "may"
  article 2: weaker, "shall" to "intends"; a way out is new, "where possible"
  article 1: weaker, "shall" to "will"
  article 1: its words changed, no rule of it did
  article 4: its words changed, no rule of it did

END
cmp -s "$t/short" "$t/want"
ok $? "in short, weakened most first"
cmp -s "$t/short" "$t/want" || diff "$t/want" "$t/short" | sed 's/^/# /'
"$TRUCE" terms diff $M/draft-2.terms $M/agreement.terms --mission "$t/m" |
	grep -q '^  5 findings would be a breach: 2.a 2, 3.a 2, 7.a 1; by A 1'
ok $? "and the other way round they would be new"
echo "1..$n"

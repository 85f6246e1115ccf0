#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# wording.sh - truce terms diff: words, and what another wording would have
# made of past incidents.
set -u
cd "$(dirname "$0")/.."
TRUCE=${TRUCE:-build/truce}
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-wording-test.XXXXXX")
trap 'rm -rf "$t"' EXIT
n=0
ok() { # STATUS TEXT
	n=$((n + 1))
	[ "$1" = 0 ] && echo "ok $n - $2" || echo "not ok $n - $2"
}
diff_of() { "$TRUCE" terms diff "$@" >"$t/out" 2>"$t/err"; }
says() { grep -q -- "$1" "$t/out"; }

"$TRUCE" sim demo --seed 1 --out "$t/m" >/dev/null 2>&1
rm -rf "$t"/m/inbox/XT_IS1_* "$t"/m/inbox/XT_W0[1-5]_* # for speed
"$TRUCE" --quiet replay "$t/m" >/dev/null 2>&1
a=$t/m/agreement.terms
sed 's/ 15 km OF loc/ 10 km OF loc/; s/at least 15 kilo/at least 10 kilo/' \
	"$a" >"$t/b"

diff_of "$a" "$a" --mission "$t/m"
[ $? = 0 ] && says 'No word differs' && says ' 0 of [0-9]* findings'
ok $? "the same wording changes nothing"
diff_of "$a" "$t/b"
[ $? = 0 ] && says '\[-15-\] {+10+}' && ! says 'Past incidents' &&
	says 'no past incident was judged'
ok $? "words without a mission"
diff_of "$a" "$t/b" --mission "$t/m"
[ $? = 0 ] && says '1  4.a: [a-z ]* -> not applicable' &&
	says 'was: distance to loc 12.*limit 15 km' &&
	says 'is:  distance to loc 12.*limit 10 km'
ok $? "a tank 12 km off is no longer within, and why"
cp "$t/out" "$t/first"
diff_of "$a" "$t/b" --mission "$t/m" && cmp -s "$t/out" "$t/first"
ok $? "twice the same"
diff_of "$a" "$t/b" --mission "$t/m" --json --html "$t/page.html"
[ $? = 0 ] && says '"schema":"truce.terms_diff/1"' &&
	says '"verdicts_changed":1,' && grep -q '<del>15</del>' "$t/page.html" &&
	! grep -qi '<script\|http[s]*://' "$t/page.html"
ok $? "as data, and as a page without scripts or remote parts"
sed 's/15 km/15 miles/' "$a" >"$t/c"
diff_of "$a" "$t/c"
[ $? = 3 ] && grep -q "$t/c:[0-9]*:[0-9]*: 'miles' stands here" "$t/err"
ok $? "a wording with errors is refused, with their place"
diff_of "$a" "$t/none"
[ $? -ge 3 ] && grep -q none "$t/err"
ok $? "a file that is not there is named"
diff_of "$a"
[ $? = 2 ]
ok $? "one file is one too few"
echo "1..$n"

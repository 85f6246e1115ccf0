# SPDX-License-Identifier: GPL-3.0-or-later
# persons.sh - for the tests of what persons do: a folder, and words to ask with.
# Sourced in the project's folder; wants $name, of the test.
#   $TRUCE, $t     the program; a folder that goes when the test ends
#   $m             the mission, $t/m
#   ok STATUS TEXT
#   run ARG...     truce; sets $code, $t/out, $t/err
#   says PATTERN   either of these has it
#   entry          the entry that the last run says it made
#   singles        makes $m: six shots, and ten nodes that heard them
#   enrol NAME:ROLE...   of the organisation mission, keys $t/NAME.key
#   recomputed TEXT      an audit of $m derives what is there, and no more
TRUCE=$(realpath "${TRUCE:-build/truce}")
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-$name-test.XXXXXX")
trap 'rm -rf "$t"' EXIT
m=$t/m
n=0
ok() {
	n=$((n + 1))
	[ "$1" = 0 ] && echo "ok $n - $2" || {
		echo "not ok $n - $2"
		sed 's/^/# /' "$t/out" "$t/err"
	}
}
run() {
	"$TRUCE" --quiet "$@" >"$t/out" 2>"$t/err"
	code=$?
}
says() { grep -q -- "$1" "$t/out" "$t/err"; }
entry() { sed -n 's/^entry \([0-9]*\):.*/\1/p' "$t/out" | tail -1; }
singles() {
	"$TRUCE" sim singles --seed 1 --nodes 10 --shots 6 --hours 0.1 \
		--out "$m" >/dev/null 2>&1
}
enrol() {
	for who; do
		(cd "$t" && "$TRUCE" --quiet key new "${who%%:*}" &&
			"$TRUCE" --quiet key enrol "$m" --org mission \
				--new "${who%%:*}.key" --role "${who##*:}") \
			>"$t/out" 2>"$t/err" || ok 1 "enrol $who"
	done
}
recomputed() {
	TMPDIR=$t "$TRUCE" --quiet audit "$m" --recompute >"$t/out" 2>"$t/err" &&
		says '^VERIFIED' &&
		says ' 0 different; 0 in the log follow from nothing, 0 that'
	ok $? "audit: $1: $(sed -n 's/recomputed from the evidence: //p' \
		"$t/out" | cut -c1-40)"
}

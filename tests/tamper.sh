#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tamper.sh - evidence that was altered makes no findings; what lies in the
# inbox and is no file is said; an index is thrown away without loss.
set -u
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
m=$dir/m
n=0
is() { # TEXT COMMAND... : ends in 0
	text=$1
	shift
	n=$((n + 1))
	if "$@" >"$dir/o" 2>&1; then
		echo "ok $n - $text"
	else
		echo "not ok $n - $text"
		head -5 "$dir/o" | sed 's/^/# /'
	fi
}
ends() { # CODE PATTERN COMMAND...
	want=$1 pattern=$2
	shift 2
	"$@" >"$dir/out" 2>&1 </dev/null
	code=$?
	cat "$dir/out"
	echo "ended with $code, wanted $want and '$pattern'"
	[ "$code" = "$want" ] && grep -q -e "$pattern" "$dir/out"
}
all() { # what the mission says, without the moments of the log
	for v in detections incidents findings; do
		"$TRUCE" "$v" "$m" --csv || return 1
	done
}
unchanged() { all >"$dir/b" && cmp "$dir/a" "$dir/b"; }

is "a mission" "$TRUCE" init "$m"
mkdir -p "$m/inbox/P-1"
cat >"$m/inbox/P-1/reports.csv" <<'END'
report_id,observer,lat,lon,position_err_m,at,means,kind,count,count_meaning,bearing,dist_min_m,dist_max_m
R1,P-1,48.30,37.40,20,2026-02-03T18:03:00Z,heard,explosion,3,at_least,S+SSW,600,4000
R2,P-1,48.30,37.40,20,2026-02-03T18:24:00Z,heard,explosion,1,exact,N,600,2000
END
is "replayed" ends 0 '2 incidents' "$TRUCE" replay "$m"
all >"$dir/a"

# A byte of the evidence: 3 explosions become 9.
blob=$(find "$m/blobs" -type f -size -2 -exec grep -l '^R1,P-1' {} +)
cp -p "$blob" "$dir/blob"
chmod u+w "$blob"
sed -i 's/explosion,3,/explosion,9,/' "$blob"
is "altered evidence ends the replay" \
	ends 4 "$(basename "$blob"): its bytes are not" "$TRUCE" replay "$m"
is "and changes nothing" unchanged
is "the audit names it" ends 1 "$(basename "$blob"): its bytes are not" \
	"$TRUCE" audit "$m"
rm -f "$blob"
is "removed, it comes back from the inbox" \
	ends 0 '0 records are new' "$TRUCE" replay "$m"
is "the same bytes" cmp "$blob" "$dir/blob"
is "the same findings" unchanged
is "verified" ends 0 '^VERIFIED' "$TRUCE" audit "$m"

rm -f "$m"/index.db*
is "without its index: replay is asked for" \
	ends 4 'truce replay' "$TRUCE" incidents "$m"
is "and makes it anew" ends 0 '2 incidents' "$TRUCE" replay "$m"
is "with the same answers" unchanged

# The operator takes a record in under a receipt of two days ago, and one now;
# the log and its witnesses go on by the house's own code.
forge=${BUILD:-build/release}/tests/forge
cp -r "$m" "$dir/late"
at=$("$forge" "$dir/late" received 0)
is "a record that came now is sound" ends 0 '^VERIFIED' \
	"$TRUCE" audit "$dir/late"
cp -r "$dir/late" "$dir/stale"
cp "$m/ledger/pub/checkpoint" "$dir/stale/ledger/pub/"
is "that readers are shown an older log is said" \
	ends 0 'published are [0-9]* entries, though witnesses cosigned' \
	"$TRUCE" audit "$dir/stale"
at=$("$forge" "$dir/late" received 48)
is "of one under a receipt of two days ago it is said" \
	ends 0 "1 spool records, the last in entry $at, say that they came" \
	"$TRUCE" audit "$dir/late"

# The log is gone, is another mission's, or is an older copy of itself.
cp -r "$m" "$dir/lost"
rm -rf "$dir/lost/ledger"
is "without its log nothing is taken in" ends 3 'index.db speaks of entry' \
	"$TRUCE" replay "$dir/lost"
"$TRUCE" init "$dir/other" >/dev/null 2>&1
cp -r "$m/inbox" "$dir/other/"
"$TRUCE" --quiet replay "$dir/other" >/dev/null 2>&1
rm -rf "$dir/lost/ledger"
cp -r "$dir/other/ledger" "$dir/lost/"
is "nor into another's" ends 3 'index.db is of another log' \
	"$TRUCE" replay "$dir/lost"
rm -f "$dir/lost"/index.db*
rm -rf "$dir/lost/ledger"
is "a new one is begun where no index speaks of the old" \
	ends 0 '2 incidents' "$TRUCE" replay "$dir/lost"

# What cannot be read is said and counted, and the rest is taken.
mkfifo "$m/inbox/P-1/pipe"
ln -s "$dir/nowhere" "$m/inbox/P-1/lost"
ln -s .. "$m/inbox/P-1/loop"
: >"$m/inbox/P-1/empty"
is "a pipe in the inbox" ends 3 'pipe: not a regular file' \
	"$TRUCE" replay "$m"
is "a link to nowhere" grep -q 'lost: No such file' "$dir/out"
is "a file without bytes" grep -q 'empty: no bytes in it' "$dir/out"
is "a link back up is not followed" \
	grep -q 'loop: not a regular file' "$dir/out"
is "they are counted" grep -q '3 unreadable' "$dir/out"
is "the rest stands" unchanged
# Sound of a sensor that the mission does not know.
cp "$(dirname "$0")/data/miniseed/2.in" "$m/inbox/strange.mseed"
is "sound of no source is said" \
	ends 3 'samples are kept but not heard: .*no source for XX_NODE_00' \
	"$TRUCE" replay "$m"
"$TRUCE" health "$m" --csv >"$dir/out"
is "and stands in health" \
	grep -q 'XX_NODE_00.*unknown,not in sensors.csv' "$dir/out"
echo "1..$n"

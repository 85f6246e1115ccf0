#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# replay.sh [HOURS...] - what one report more costs beside the first replay:
# 250 nodes at 100 Hz, processor time of `truce replay`, and where it goes on
# after another tenth of the data.  $TRUCE; hours 1, 2, 4 unless said.
set -eu
TRUCE=${TRUCE:-build/truce}
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-bench.XXXXXX")
trap 'rm -rf "$t"' EXIT
[ $# -gt 0 ] || set -- 1 2 4
spent() { # M: seconds of user and system time
	TIMEFORMAT='%U %S'
	{ time "$TRUCE" --quiet replay "$1" --jobs 2 >/dev/null 2>&1; } 2>&1 |
		awk '{printf "%.2f", $1 + $2}'
}
report() { # M NAME: somebody heard something
	mkdir -p "$1/inbox/P-1"
	cat >"$1/inbox/P-1/$2.csv" <<C
report_id,observer,lat,lon,position_err_m,at,until,means,kind,assessment,count,count_meaning,bearing,dist_min_m,dist_max_m,notes,received
$2,P-1,48.30,37.42,20,2026-02-03T18:02:10Z,2026-02-03T18:03:00Z,heard,explosion,undetermined,3,exact,N,1000,3000,,2026-02-03T20:00:00Z
C
}
echo "hours  first  a report more  nothing new  index MB"
for h; do
	"$TRUCE" sim singles --seed 5 --nodes 250 --rate 100 --hours "$h" \
		--out "$t/m" 2>/dev/null
	echo "P-1,patrol,,,,,,mission,,,50,," >>"$t/m/sensors.csv"
	first=$(spent "$t/m")
	report "$t/m" R1
	more=$(spent "$t/m")
	none=$(spent "$t/m")
	size=$(du -m "$t/m/index.db" | cut -f 1)
	printf '%5s %6s %14s %12s %9s\n' "$h" "$first" "$more" "$none" "$size"
	rm -rf "$t/m"
done

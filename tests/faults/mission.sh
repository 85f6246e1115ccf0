# SPDX-License-Identifier: GPL-3.0-or-later
# mission.sh - for the tests of faults: a small mission with every way in.
# Sourced; wants $TRUCE.
#   small_mission DIR [HOURS]   makes DIR/empty, a mission without any file,
#                               and DIR/files/SOURCE/..., what it may receive
#   take DIR/M FILE...          ingests files of DIR/files with their source
#   answers M OUT               what is asked of M, into the folder OUT
n=0
ok() { # STATUS TEXT
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else
		bad=1
		echo "not ok $n - $2"
	fi
}
bad=0

small_mission() {
	"$TRUCE" sim singles --seed 3 --nodes 5 --hours "${2:-0.3}" \
		--out "$1/empty" 2>/dev/null || return 1
	mv "$1/empty/inbox" "$1/files"
	rm -f "$1/empty/truth.jsonl"
	cat >>"$1/empty/sensors.csv" <<'C'
P-1,patrol,,,,,,mission,,,50,,
VIIRS-N20,satellite,,,,,,mission,,,400,,
C
	mkdir -p "$1/files/P-1" "$1/files/VIIRS-N20"
	cat >"$1/files/P-1/reports.csv" <<'C'
report_id,observer,lat,lon,position_err_m,at,until,means,kind,assessment,count,count_meaning,bearing,dist_min_m,dist_max_m,notes,received
R1,P-1,48.30,37.42,20,2026-02-03T18:02:10Z,2026-02-03T18:03:00Z,heard,explosion,undetermined,3,exact,N,1000,3000,"three, far",2026-02-03T20:00:00Z
R2,P-1,48.30,37.42,20,2026-02-03T18:10:00Z,2026-02-03T18:12:00Z,saw,damage,undetermined,2,exact,E,500,900,tanks,2026-02-03T20:00:00Z
C
	cat >"$1/files/P-1/notices.csv" <<'C'
notice_id,party,what,from,until,lat,lon,radius_m,place_name,text,received
N1,A,training,2026-02-03T18:00:00Z,2026-02-03T19:00:00Z,48.30,37.42,3000,,live fire,2026-01-31T09:00:00Z
C
	cat >"$1/files/P-1/claims.csv" <<'C'
claim_id,party,incident,at,kind,count,count_meaning,count_max,lat,lon,radius_m,says,received
C1,B,,2026-02-03T18:02:20Z,explosion,3,exact,,48.30,37.42,2000,shelled,2026-02-03T21:00:00Z
C
	cat >"$1/files/VIIRS-N20/fires.csv" <<'C'
latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,instrument,confidence,version,bright_ti5,frp,daynight
48.30000,37.42000,331.2,0.42,0.38,2026-02-03,1806,N20,VIIRS,n,2.0NRT,281.5,4.10,N
48.30300,37.42500,335.2,0.42,0.38,2026-02-03,1806,N20,VIIRS,h,2.0NRT,282.5,6.10,N
48.31000,37.47000,329.0,0.40,0.37,2026-02-03,1806,N20,VIIRS,l,2.0NRT,280.1,2.30,N
C
}

take() {
	take_m=$1
	shift
	for take_f; do
		"$TRUCE" ingest "$take_m" --source \
			"$(basename "$(dirname "$take_f")")" "$take_f" \
			2>>"$take_m.err" || return
	done
}

answers() {
	mkdir -p "$2"
	for v in incidents findings detections looks health; do
		"$TRUCE" $v "$1" --jsonl >"$2/$v"
	done
	for f in html txt csv json geojson; do
		"$TRUCE" report "$1" --format $f >"$2/report.$f"
	done
}

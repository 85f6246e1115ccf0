#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# cli.sh - manners of the commands: exit codes, words, what goes where.
set -u
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
n=0
t() { # CODE TEXT PATTERN COMMAND... : exit code and a pattern in all output
	want=$1 text=$2 pattern=$3
	shift 3
	n=$((n + 1))
	out=$("$@" 2>&1 </dev/null)
	code=$?
	if [ "$code" = "$want" ] && printf '%s\n' "$out" | grep -q -e "$pattern"
	then
		echo "ok $n - $text"
	else
		echo "not ok $n - $text"
		printf '%s\n' "$out" | head -5 | sed 's/^/# /'
		echo "# ended with $code, wanted $want and '$pattern'"
	fi
}
t 0 "no arguments: short help" 'usage: truce VERB' "$TRUCE"
t 0 "two examples in it" 'truce replay MISSION' "$TRUCE"
t 0 "--version" '^truce [0-9]' "$TRUCE" --version
t 2 "a wrong verb suggests the right one" "mean 'replay'" "$TRUCE" repaly
t 2 "a wrong option too" 'mean --jobs' "$TRUCE" replay x --job 2
t 2 "usage is shown" '^usage: truce replay' "$TRUCE" replay
t 2 "--jobs is checked" 'wants 1 to 64' "$TRUCE" replay x --jobs 0
t 2 "a time is checked" 'no zone' "$TRUCE" incidents x --from 2026-02-03T04:05
t 2 "a kind that is none" "mean 'explosion'" "$TRUCE" incidents x --kind explosoin
t 2 "a verdict that is none" "mean 'breach'" "$TRUCE" findings x --verdict breech
t 2 "a state that is none" "'away', wants up, degraded" "$TRUCE" health x --status away
t 2 "a span that ends before it begins" 'is before' \
	"$TRUCE" looks x --from 2026-02-04 --to 2026-02-03
t 2 "of a replay too" 'is before' \
	"$TRUCE" replay x --from 2026-02-04 --to 2026-02-03
t 2 "and of coverage" 'is not after' \
	"$TRUCE" coverage x --from 2026-02-04 --to 2026-02-03
t 2 "a box upside down" 'south' "$TRUCE" incidents x --bbox 36,49,37,48
t 2 "no word is near: none is suggested" "^truce: 'zebra' is no verb$" "$TRUCE" zebra
t 3 "no such mission to list" 'truce init' "$TRUCE" incidents "$dir/none"
t 3 "no such mission to audit" 'truce init' "$TRUCE" audit "$dir/none"
t 3 "no such mission" 'truce init' "$TRUCE" check "$dir/none"
for v in $("$TRUCE" | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
	t 0 "help $v" 'SYNOPSIS' "$TRUCE" help "$v"
	t 0 "$v --help" 'SYNOPSIS' "$TRUCE" "$v" --help
done
t 0 "init" . "$TRUCE" init "$dir/m"
t 0 "what init makes is sound" ': sound' "$TRUCE" check "$dir/m"
t 3 "init does not overwrite" . "$TRUCE" init "$dir/m"

# Everything wrong at once, each with its place.
cp -r "$dir/m" "$dir/bad"
printf 'nmae: x\n' >>"$dir/bad/mission.yaml"
sed -i 's/^cutoff:.*/cutoff: "25:99"/' "$dir/bad/mission.yaml"
printf 'S9,acustic,91,10,,,,,,,,,\n' >>"$dir/bad/sensors.csv"
printf 'nonsense here\n' >>"$dir/bad/agreement.terms"
t 1 "check: unknown key, with line" "mission.yaml:[0-9]*:[0-9]*: unknown key 'nmae'; did you mean 'name'" \
	"$TRUCE" check "$dir/bad"
t 1 "check: a cut-off that is no time" "mission.yaml:[0-9]*:[0-9]*: cutoff '25:99'" \
	"$TRUCE" check "$dir/bad"
t 1 "check: a kind that is none" "sensors.csv:[0-9]*: kind 'acustic'" \
	"$TRUCE" check "$dir/bad"
t 1 "check: a latitude off the Earth" "sensors.csv:[0-9]*: lat: '91'" \
	"$TRUCE" check "$dir/bad"
t 1 "check: the agreement, line and column" \
	'agreement.terms:[0-9]*:[0-9]*: ' "$TRUCE" check "$dir/bad"
cp -r "$dir/m" "$dir/worse"
tail -1 "$dir/worse/sensors.csv" >>"$dir/worse/sensors.csv"
sed -i 's/bbox:.*/bbox: [38, 48, 37, 49]/' "$dir/worse/mission.yaml"
rm "$dir/worse/geo/places.csv"
t 1 "check: a source given twice, with its line" \
	'sensors.csv:4: source .* given twice, first in line 3' \
	"$TRUCE" check "$dir/worse"
t 1 "check: an area that goes round the Earth" \
	'mission.yaml:[0-9]*:[0-9]*: west 38' "$TRUCE" check "$dir/worse"
t 1 "check: a gazetteer that is not there" 'places.csv: there is no' \
	"$TRUCE" check "$dir/worse"
printf 'name: [x\n' >"$dir/worse/mission.yaml"
t 1 "check: broken YAML, with its place" 'mission.yaml:2:1: YAML' \
	"$TRUCE" check "$dir/worse"
t 3 "replay refuses it" 'truce check' "$TRUCE" replay "$dir/bad"

printf 'at,lat,lon,temperature_c,wind_ms\n2026-02-03T04:00:00Z,48.1,37.2,3,1\nx,1,2,3,4\n' \
	>"$dir/weather.csv"
printf 'not of any format' >"$dir/junk"
t 0 "ingest: sound in part, exit 0" '1 taken.*1 damaged' \
	"$TRUCE" ingest "$dir/m" "$dir/weather.csv"
t 0 "ingest: again adds nothing" '0 taken, 1 known' \
	"$TRUCE" ingest "$dir/m" "$dir/weather.csv"
t 3 "ingest: no format, kept with its fault" 'no format knows' \
	"$TRUCE" ingest "$dir/m" "$dir/junk"
t 0 "replay of them" '2 damaged parts' "$TRUCE" replay "$dir/m"
t 0 "faults: the place and what was wanted" ",68,10,.*line 3: at" \
	"$TRUCE" faults "$dir/m" --csv
t 0 "faults: what no format knows, whole" 'junk,0,17,no format' \
	"$TRUCE" faults "$dir/m" --csv
# Several at once: one that is not there, two with the same bytes.
sed 's/,3,1$/,4,1/' "$dir/weather.csv" >"$dir/weather2.csv"
cp "$dir/weather2.csv" "$dir/weather3.csv"
t 3 "ingest: the same bytes twice at once, one file missing" \
	'1 taken, 1 known.*1 unreadable' "$TRUCE" ingest "$dir/m" \
	"$dir/weather2.csv" "$dir/none" "$dir/weather3.csv"
sha=$(sha256sum <"$dir/weather2.csv" | cut -c 1-64)
blob=$dir/m/blobs/sha256/$(echo "$sha" | cut -c 1-2)/$(echo "$sha" |
	cut -c 3-4)/$sha
rm -f "$blob"
t 0 "ingest: what the disk lost is put back" '0 taken, 1 known' \
	"$TRUCE" ingest "$dir/m" "$dir/weather2.csv"
t 0 "its bytes are there" "" cmp -s "$blob" "$dir/weather2.csv"
rm -f "$blob"
t 0 "ingest: the same of another source, put back too" '1 taken' \
	"$TRUCE" ingest "$dir/m" "$dir/weather2.csv" --source P-1
t 0 "its bytes are there" "" cmp -s "$blob" "$dir/weather2.csv"
t 3 "ingest: no such file" 'No such file' \
	"$TRUCE" ingest "$dir/m" "$dir/none"
t 0 "replay" 'incidents' "$TRUCE" replay "$dir/m"
t 0 "audit" '^VERIFIED' "$TRUCE" audit "$dir/m"
t 3 "report before there are data" 'no period has data' \
	"$TRUCE" report "$dir/m"
t 3 "report of nothing" . "$TRUCE" report "$dir/m" --period 400/2026
echo old >"$dir/kept"
t 3 "report -o: a failure" . "$TRUCE" report "$dir/m" --period 400/2026 \
	-o "$dir/kept"
t 3 "report -o: a failure again" . "$TRUCE" report "$dir/m" \
	--period 400/2026 -o "$dir/none-made"
t 0 "leaves what was there, and nothing new" "" sh -c \
	"grep -q old '$dir/kept' && ! ls '$dir'/none-made* '$dir'/kept.new"
t 2 "report: a week is laid out" "a weekly trend comes as html or pdf" \
	"$TRUCE" report "$dir/m" --week --format csv
t 2 "report: a week or an incident" "not both" \
	"$TRUCE" report "$dir/m" --week --incident abcd --format pdf
t 2 "report: format suggests" "mean 'html'" \
	"$TRUCE" report "$dir/m" --format htlm
t 3 "explain: too short" '4 letters' "$TRUCE" explain "$dir/m" abc
t 3 "explain: unknown" 'nothing has the id' "$TRUCE" explain "$dir/m" zzzzzz
# Each kind of record in words.
mkdir -p "$dir/m/inbox/P-1" "$dir/m/inbox/A"
cat >"$dir/m/inbox/P-1/reports.csv" <<'END'
report_id,observer,lat,lon,position_err_m,at,means,kind,count,count_meaning,bearing,dist_min_m,dist_max_m
R1,P-1,48.30,37.40,20,2026-02-03T18:03:00Z,heard,explosion,3,at_least,S+SSW,600,4000
R2,P-1,48.30,37.40,20,2026-02-03T18:24:00Z,saw,fire,,uncountable,N,600,2000
END
cat >"$dir/m/inbox/A/notices.csv" <<'END'
notice_id,party,what,from,until,lat,lon,radius_m,place_name,text,received
N1,A,demining,2026-02-03T17:30:00Z,2026-02-03T19:00:00Z,48.2,37.4,500,Quarry,blasts,2026-02-01T10:00:00Z
END
t 0 "replay of reports" '2 incidents' "$TRUCE" replay "$dir/m"
first() { "$TRUCE" "$1" "$dir/m" --csv --kind "$2" | sed -n '2s/,.*//p'; }
t 0 "explain: a count keeps its word" 'count:  at least 3$' \
	"$TRUCE" explain "$dir/m" "$(first incidents explosion)"
t 0 "explain: no rule speaks of it" 'none: no rule' \
	"$TRUCE" explain "$dir/m" "$(first incidents fire)"
t 0 "explain: health" '^source XX_S01_00 was down: no data' \
	"$TRUCE" explain "$dir/m" "$("$TRUCE" health "$dir/m" --csv \
		--source XX_S01_00 --status down | sed -n '2s/,.*//p')"
t 0 "explain: a notice" 'claimed, not proven' "$TRUCE" explain "$dir/m" \
	"$("$TRUCE" report "$dir/m" --format json | grep -o 'a-[0-9a-v]\{26\}' |
		head -1)"
t 3 "audit: a file that is not there" 'x.disclosure: there is no such' \
	"$TRUCE" audit "$dir/x.disclosure"
echo hello >"$dir/x.receipt"
t 3 "audit: a file that proves nothing" 'in its first line' \
	"$TRUCE" audit "$dir/x.receipt"
t 3 "disclose: names of fields that begin so" 'wants some of: time.at, ' \
	"$TRUCE" disclose "$dir/m" "$(first incidents explosion)" \
	--open kind,time -o "$dir/x.disclosure"
doctor='"$0" doctor "$1"; true' # the machine may have its own troubles
t 0 "doctor: keys are their owner's" 'ok *secret: .*/keys is for its owner' \
	sh -c "$doctor" "$TRUCE" "$dir/m"
t 0 "doctor: what a trial may lack" 'witnesses: none is elsewhere' \
	sh -c "$doctor" "$TRUCE" "$dir/m"
t 0 "doctor: whose root key it is" 'root key: lies in ledger/keys/root' \
	sh -c "$doctor" "$TRUCE" "$dir/m"
chmod 755 "$dir/m/ledger/keys"
t 0 "doctor: keys that others can read" 'WRONG secret: .*/keys' \
	sh -c "$doctor" "$TRUCE" "$dir/m"
chmod 700 "$dir/m/ledger/keys"
for v in audit incidents report health check; do
	t 4 "$v: an output that is full" 'No space left' \
		sh -c '"$0" "$1" "$2" --quiet >/dev/full' "$TRUCE" $v "$dir/m"
done
n=$((n + 1))
if "$TRUCE" incidents "$dir/m" | grep -q "$(printf '\033')"; then
	echo "not ok $n - no escape codes in a pipe"
else
	echo "ok $n - no escape codes in a pipe"
fi
echo "1..$n"

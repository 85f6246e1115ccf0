#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# associate.sh - truce associate on other people's picks: a day of aftershocks
# against two peers' catalogues, ten detections of four arrays against their
# grouping, and the command's manners.
set -u
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
n=0
ok() { # TEXT COMMAND...
	n=$((n + 1))
	text=$1
	shift
	if "$@" >"$dir/log" 2>&1; then
		echo "ok $n - $text"
	else
		echo "not ok $n - $text"
		sed 's/^/# /' "$dir/log" | head -5
	fi
}
code() { # WANT COMMAND...
	want=$1
	shift
	"$@"
	[ $? = "$want" ]
}

mkdir -p "$dir/none/20260203"
: >"$dir/none/20260203/XX.AAA.P.txt"
echo 'nonsense' >"$dir/junk"
ok "--picks is wanted" code 2 "$TRUCE" associate
ok "a format that is none" code 2 "$TRUCE" associate --picks x --format y
ok "no such file" code 4 "$TRUCE" associate --picks "$dir/missing"
ok "no format knows it" code 3 "$TRUCE" associate --picks "$dir/junk"
ok "no picks, no incidents" code 0 "$TRUCE" associate --picks "$dir/none"
ok "and no line" test ! -s "$dir/log"
ok "a model that is none" code 3 "$TRUCE" associate --picks "$dir/none" \
	--model constant:6
ok "--accept is a number" code 3 "$TRUCE" associate --picks "$dir/none" \
	--accept much

d=../shared/data/infrasound/association-set1
if [ -r $d/example1.dets.json ]; then
	"$TRUCE" associate --picks $d/example1.dets.json >"$dir/far" 2>"$dir/e"
	ok "ten detections: 4, 3 and three alone" python3 - "$dir/far" $d <<'P'
import json, sys
from datetime import datetime, timezone

dets = json.load(open(sys.argv[2] + '/example1.dets.json'))
def ms(d):
    t = datetime.fromisoformat(d['Peak F-Stat Time (UTC)'])
    return int(t.replace(tzinfo=timezone.utc).timestamp() * 1000)
number = {ms(d): i for i, d in enumerate(dets)}
def ms_of(id):  # 48 bits of milliseconds, in base32hex
    v = 0
    for c in id[2:12]:
        v = v * 32 + '0123456789abcdefghijklmnopqrstuv'.index(c)
    return v >> 2
groups = sorted(sorted(number[ms_of(e)] for e in json.loads(l)['evidence'])
                for l in open(sys.argv[1]))
print(groups)
sys.exit(groups != [[0, 1, 2, 3], [4, 5, 6]])
P
else
	n=$((n + 1))
	echo "ok $n - infrasound/association-set1 is not here # SKIP"
fi

d=../shared/data/seismic/amatrice-2016-10-14
if [ ! -r $d/station.dat ]; then
	n=$((n + 1))
	echo "ok $n - seismic/amatrice-2016-10-14 is not here # SKIP"
	echo "1..$n"
	exit 0
fi
ok "a day of 85,289 picks" timeout 300 sh -c '"$1" associate --stations \
	"$2/station.dat" --picks "$2/picks_stalta" --model "$2/ttdb.txt" \
	--day 2016-10-14 >"$3"' sh "$TRUCE" $d "$dir/day"
# The same lines in another order, in folders that say the day.
mkdir -p "$dir/all/20161014"
for f in $d/picks_stalta/*.txt; do
	awk '{ print (NR * 7919) % 9973, $0 }' "$f" | sort -n |
		cut -d' ' -f2- >"$dir/all/20161014/$(basename "$f")"
done
awk '{ print (NR * 31) % 61, $0 }' $d/station.dat | sort -n |
	cut -d' ' -f2- >"$dir/stations"
ok "the same, shuffled" timeout 300 sh -c '"$1" associate --stations \
	"$2/stations" --picks "$2/all" --model "$3/ttdb.txt" >"$2/day2"' \
	sh "$TRUCE" "$dir" $d
ok "gives the same bytes" cmp "$dir/day" "$dir/day2"

python3 - "$dir/day" $d $n <<'P'
import csv, json, math, sys
from datetime import datetime

ours_file, d, n = sys.argv[1], sys.argv[2], int(sys.argv[3])
cos = math.cos(math.radians(42.75))


def check(ok, what):
    global n
    n += 1
    print('%s %d - %s' % ('ok' if ok else 'not ok', n, what))


def km(a, b):
    return math.hypot((a[1] - b[1]) * 111.13, (a[2] - b[2]) * 111.32 * cos)


def match(a, b, s, dist):
    """One to one, the nearest first."""
    near = []
    for i, p in enumerate(a):
        for k, q in enumerate(b):
            if abs(p[0] - q[0]) <= s and km(p, q) <= dist:
                near.append((abs(p[0] - q[0]) / s + km(p, q) / dist, i, k))
    left, right, out = set(), set(), []
    for _, i, k in sorted(near):
        if i not in left and k not in right:
            left.add(i)
            right.add(k)
            out.append((i, k))
    return out


real = []
for line in open(d + '/expected_REAL_catalog_sel.txt'):
    w = line.split()
    real.append((float(w[5]), float(w[7]), float(w[8])))
pyocto = []
for r in csv.DictReader(open(d + '/expected_PyOcto_events.csv')):
    pyocto.append((float(r['time']), 42.75 + float(r['y']) / 111.13,
                   13.25 + float(r['x']) / (111.32 * cos)))
ours, evidence = [], []
for line in open(ours_file):
    j = json.loads(line)
    t = datetime.fromisoformat(j['time']['at'].replace('Z', '+00:00'))
    ours.append((t.hour * 3600 + t.minute * 60 + t.second +
                 t.microsecond * 1e-6, j['place']['lat'], j['place']['lon']))
    evidence += j['evidence']
agreed = [tuple((x + y) / 2 for x, y in zip(real[i], pyocto[k]))
          for i, k in match(real, pyocto, 3, 5)]
# Hours 0 to 8 chose the constants; the rest judges.
for begin, end, least in [(0, 24, 0.95), (8, 24, 0.95)]:
    part = [a for a in agreed if begin * 3600 <= a[0] < end * 3600]
    found = len(match(part, ours, 3, 5))
    check(found >= least * len(part),
          'hours %d-%d: %d of the %d on which both peers agree (3 s, 5 km)' %
          (begin, end, found, len(part)))
check(len(ours) <= 1049, '%d incidents, no more than 1,049' % len(ours))
check(len(evidence) == len(set(evidence)),
      '%d picks used, none twice' % len(evidence))
print('1..%d' % n)
P

#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The built-in basemap as it is made: readable by GDAL, seas where seas are,
# and nowhere a border or a name.
set -eu
n=0 bad=0
ok() { # STATUS WHAT
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2"; else
		echo "not ok $n - $2"
		bad=1
	fi
}
skip() {
	echo "ok 1 - $1 # SKIP"
	echo 1..1
	exit 0
}
tiles=web/build/basemap.mbtiles lines=web/build/basemap.geojsonl
[ -s "$tiles" ] || skip "no $tiles: make basemap"
command -v ogrinfo >/dev/null || skip "no ogrinfo (gdal-bin)"
layers=$(ogrinfo -q "$tiles" | sed -n 's/^[0-9]*: \([a-z]*\).*/\1/p' | sort |
	tr '\n' ' ')
[ "$layers" = "lake land river " ] && r=0 || r=1
ok $r "GDAL reads it: $layers"
for l in lake land river; do ogrinfo -so "$tiles" $l; done 2>/dev/null |
	grep -iq '^name[^:]*: string' && r=1 || r=0
ok $r "no name in it"
[ "$(grep -c '"class":"coast"' $lines)" -gt 1000 ] &&
	[ "$(grep -c '"class":"river"' $lines)" -gt 10000 ] &&
	[ "$(grep -c '"class":"lake"' $lines)" -gt 1000 ] && r=0 || r=1
ok $r "coasts, rivers and lakes as lines"
one='^{"type":"Feature","properties":{"role":"basemap",'
one=$one'"class":"(coast|lake|river)","level":[0-9]*},"geometry":'
grep -Evq "$one" $lines && r=1 || r=0
ok $r "and nothing else: no border"
echo "1..$n"
exit $bad

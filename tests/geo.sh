#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# truce geo: what missions bring, in other formats and projections.
set -eu
truce=${TRUCE:-build/truce}
command -v ogr2ogr >/dev/null || {
	echo "ok 1 - no ogr2ogr (gdal-bin) # SKIP"
	echo 1..1
	exit 0
}
n=0 bad=0
ok() { # STATUS WHAT
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2"; else
		echo "not ok $n - $2"
		bad=1
	fi
}
is() { # WHAT WANTED GOT
	[ "$2" = "$3" ] && r=0 || { echo "# $3" | head -5; r=1; }
	ok $r "$1"
}
says() { # WHAT CODE PATTERN COMMAND...
	local what=$1 code=$2 pattern=$3
	shift 3
	rc=0
	"$@" >"$d/out" 2>&1 || rc=$?
	if [ $rc = "$code" ] && grep -q "$pattern" "$d/out"; then
		ok 0 "$what"
	else
		sed 's/^/# /' "$d/out" | head -5
		echo "# code $rc"
		ok 1 "$what"
	fi
}
d=$(mktemp -d /tmp/truce-geo.XXXXXX)
trap 'rm -rf "$d"' EXIT
cp -r missions/coalition "$d/m"
cat >"$d/in.geojson" <<'J'
{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"name":"Alpha, \"x\"","name_UK":"Альфа",
 "POP_MAX":1200},"geometry":{"type":"Point","coordinates":[34.5,47]}},
{"type":"Feature","properties":{"name":"B","class":"administrative"},
 "geometry":{"type":"Polygon","coordinates":[
 [[34,47],[35,47],[35,47.5],[34,47]],
 [[34.6,47.1],[34.8,47.1],[34.8,47.2],[34.6,47.1]]]}},
{"type":"Feature","properties":{"name":"C","class":"disputed"},
 "geometry":{"type":"LineString","coordinates":[[34,46.5],[35,46.6]]}}]}
J
ogr2ogr -f GPKG -t_srs EPSG:3857 "$d/in.gpkg" "$d/in.geojson"
ogr2ogr -f "ESRI Shapefile" -t_srs EPSG:32636 -where "name = 'C'" "$d/c.shp" \
	"$d/in.geojson"

says "places out of a GeoPackage in another projection" 0 "1 places, 2 left" \
	"$truce" geo "$d/m" import "$d/in.gpkg" --as places --name towns
is "with their names and people" '"Alpha, ""x""","Альфа",,,,47.000000,34.500000,1200,' \
	"$(tail -1 "$d/m/geo/towns.csv")"
says "and it is said where to name them" 0 "mission.yaml, under gazetteer" \
	"$truce" geo "$d/m" import "$d/in.gpkg" --as places --name towns2
says "a zone with a hole is refused" 3 "feature 2 has a hole" \
	"$truce" geo "$d/m" import "$d/in.gpkg" --as zone --name z
[ ! -e "$d/m/geo/z.geojson" ] && r=0 || r=1
ok $r "and nothing is left of it"
says "a boundary is the lines about it, hole and all" 0 "2 features, 1 left" \
	"$truce" geo "$d/m" import "$d/in.gpkg" --as basemap --name b --version 2024
says "as the mission then reads it" 0 "^basemap  *B  *administrative  *2024  *2  *8 " \
	"$truce" geo "$d/m"
says "a shapefile of another projection" 0 "1 features" \
	"$truce" geo "$d/m" import "$d/c.shp" --as line --name c
is "comes back to where it was" "[[34.0000000,46.5000000],[35.0000000,46.6000000]]" \
	"$(grep -o '\[\[.*\]\]' "$d/m/geo/c.geojson")"
says "nothing is overwritten unasked" 3 "is there already; --replace" \
	"$truce" geo "$d/m" import "$d/c.shp" --as line --name c
says "but asked" 0 "1 features" \
	"$truce" geo "$d/m" import "$d/c.shp" --as line --name c --replace
says "lines are no zone" 3 "a zone wants polygons" \
	"$truce" geo "$d/m" import "$d/c.shp" --as zone --name x
says "no such file" 3 "GDAL: .*nothere" \
	"$truce" geo "$d/m" import "$d/nothere.shp" --as line --name x
says "a name that leaves geo/" 3 "wants letters" \
	"$truce" geo "$d/m" import "$d/c.shp" --as line --name ../x
says "an unknown role" 2 "wants line, zone" \
	"$truce" geo "$d/m" import "$d/c.shp" --as zne --name x
cat >"$d/v.shp" <<V
<OGRVRTDataSource><OGRVRTLayer name="in"><SrcDataSource>$d/in.geojson
</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>
V
says "a file that names other files" 3 "GDAL" \
	"$truce" geo "$d/m" import "$d/v.shp" --as basemap --name v
says "tiles that are none" 3 "not to be read as MBTiles" \
	"$truce" geo "$d/m" import "$d/in.geojson" --as tiles --name t
if [ -s web/build/basemap.geojsonl ]; then
	says "the built-in basemap of the area" 0 "features, 0 left out" \
		"$truce" geo "$d/m" basemap
	says "has its coast" 0 "^basemap  *basemap  *coast" "$truce" geo "$d/m"
	says "and its tiles can be brought" 0 "tiles pbf of zooms 0 to 6" \
		"$truce" geo "$d/m" import web/build/basemap.mbtiles --as tiles \
		--name world
fi
says "without a mission" 2 "wants a mission" "$truce" geo
echo "1..$n"
exit $bad

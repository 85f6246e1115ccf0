#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# picture.sh - explain's list of arrivals and its picture, of a small simulated
# mission: well-formed, whole, the same bytes twice, and honest about evidence
# that is missing or is not what it was.
set -u
cd "$(dirname "$0")/.."
truce=${TRUCE-build/truce}
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
m=$dir/m
n=0 bad=0
ok() { # STATUS TEXT
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else
		bad=1
		echo "not ok $n - $2"
	fi
}
# Well-formed, without script, link or anything from elsewhere; each name of a
# sensor stands in the section and on the map.
cat >"$dir/look.py" <<'P'
import sys
import xml.etree.ElementTree as X
from collections import Counter
root = X.parse(sys.argv[1]).getroot()
svg = root if root.tag.endswith('svg') else root.find('.//{*}svg')
tags = {e.tag.split('}')[1] for e in svg.iter()}
bad = tags - {'svg', 'title', 'rect', 'path', 'text', 'g', 'clipPath',
              'ellipse', 'circle'}
words = Counter(e.text for e in svg.iter() if e.tag.endswith('text'))
few = [s for s in sys.argv[2:] if words[s] < 1 or words[s] > 2]
out = [e for e in svg.iter() if e.tag.endswith('text')
       and not (0 <= float(e.get('x')) <= 1400 and
                0 <= float(e.get('y')) <= 990)]
plain = open(sys.argv[1]).read()
for what, wrong in (('tags', bad), ('sensors', few), ('outside', out),
                    ('nan', 'nan' in plain), ('url', 'href' in plain)):
    if wrong:
        print('#', what, wrong)
        sys.exit(1)
P
timeout 60 "$truce" sim singles --seed 7 --nodes 8 --shots 3 --hours 0.1 \
	--out "$m" >/dev/null 2>&1 &&
	timeout 120 "$truce" replay "$m" >/dev/null 2>&1
ok $? "a small mission"
id=$("$truce" incidents "$m" --csv --kind explosion | sed -n '2s/,.*//p')
sensors=$(sed -n 's/,acoustic,.*//p' "$m/sensors.csv")
"$truce" explain "$m" "$id" --svg "$dir/a.svg" >"$dir/told" 2>"$dir/err"
ok $? "explain --svg"
python3 "$dir/look.py" "$dir/a.svg" $sensors
ok $? "well-formed, each sensor in it, all on the sheet"
rows=$(grep -c ' km  .*[0-9] sigma$\| km  .*Pd ' "$dir/told")
[ "$rows" -eq "$(echo "$sensors" | wc -l)" ]
ok $? "the list has a line for each sensor ($rows)"
sed -n '/^  sensor /,/^what/s/.*  \([0-9.]*\) km.*/\1/p' "$dir/told" |
	sort -c -n
ok $? "nearest first"
awk '/sigma$/ { if ($(NF-1) > 4 || $(NF-1) < -4) bad = 1; k++ }
	END { exit bad || k < 3 }' "$dir/told"
ok $? "arrivals within four sigma of what was expected"
"$truce" explain "$m" "$id" --svg "$dir/b.svg" >/dev/null
cmp -s "$dir/a.svg" "$dir/b.svg"
ok $? "the same bytes again"
timeout 120 "$truce" replay "$m" --jobs 2 >/dev/null 2>&1
"$truce" explain "$m" "$id" --svg "$dir/b.svg" >/dev/null
cmp -s "$dir/a.svg" "$dir/b.svg"
ok $? "and after a replay with two jobs"
"$truce" explain "$m" "$id" --html "$dir/a.html" >/dev/null &&
	grep -q '^<!DOCTYPE html>' "$dir/a.html" &&
	[ "$(grep -c '</svg>' "$dir/a.html")" -eq 1 ]
ok $? "the same in a page"
for lang in en uk ru fr; do
	"$truce" explain "$m" "$id" --svg "$dir/$lang.svg" --lang $lang \
		>/dev/null && python3 "$dir/look.py" "$dir/$lang.svg" $sensors
	ok $? "--lang $lang: well-formed, all on the sheet"
done
cmp -s "$dir/a.svg" "$dir/en.svg" &&
	grep -q 'Записи, від найближчого' "$dir/uk.svg" &&
	! grep -q 'Records\|Sensors\|sigma\|Late' "$dir/uk.svg" "$dir/ru.svg"
ok $? "each in its own words"
"$truce" explain "$m" "$id" --html "$dir/fr.html" --lang fr >/dev/null &&
	grep -q '<html lang="fr">' "$dir/fr.html"
ok $? "and the page says its language"
"$truce" explain "$m" "$id" --svg "$dir/de.svg" --lang de 2>"$dir/err"
[ $? -eq 2 ] && [ ! -e "$dir/de.svg" ] && grep -q 'en, uk, ru' "$dir/err"
ok $? "another language: 2"
f=$("$truce" findings "$m" --csv | sed -n '2s/,.*//p')
[ -z "$f" ] || "$truce" explain "$m" "$f" --svg "$dir/f.svg" >/dev/null
ok $? "of a finding: its incident's"
grep -q 'Records.* to .* Hz' "$dir/a.svg" && grep -q 'peak .* Pa' "$dir/a.svg"
ok $? "band and largest values are stated"

# The daily report holds it, but not where sensors may not be shown.
for v in a b; do
	"$truce" report "$m" --format html -o "$dir/$v.report" 2>/dev/null
done
cmp -s "$dir/a.report" "$dir/b.report"
ok $? "the report with pictures: the same bytes again"
breaches=$("$truce" report "$m" --format json | python3 -c '
import json, sys
r = json.load(sys.stdin)
print(len({f["incident"] for f in r["findings"]
           if f["verdict"] == "breach"}))')
[ "$breaches" -gt 0 ] &&
	[ "$(grep -c 'class="picture"' "$dir/a.report")" -eq "$breaches" ]
ok $? "a picture for each sound in breach ($breaches)"
for v in public parties; do
	"$truce" report "$m" --format html --level $v -o "$dir/c.report"
	[ -s "$dir/c.report" ] && ! grep -q 'class="picture"' "$dir/c.report"
	ok $? "none at level $v"
done

# Evidence that is gone, and evidence that is another.
blobs=$("$truce" explain "$m" "$id" |
	sed -n 's/^ *\(blobs[^ ]*\) bytes.*/\1/p')
gone=$(echo "$blobs" | sed -n 1p)
other=$(echo "$blobs" | sed -n 2p)
mv "$m/$gone" "$dir/gone"
chmod u+w "$m/$other"
cp "$m/$other" "$dir/other"
printf 'x' | dd of="$m/$other" bs=1 seek=300 conv=notrunc 2>/dev/null
"$truce" explain "$m" "$id" --svg "$dir/c.svg" >/dev/null
ok $? "evidence missing: drawn all the same"
python3 "$dir/look.py" "$dir/c.svg" $sensors &&
	grep -q 'its evidence is not held here: blobs' "$dir/c.svg"
ok $? "and says whose is missing"
grep -q 'its evidence is not what it was: blobs' "$dir/c.svg"
ok $? "and whose is not what it was"
mv "$dir/gone" "$m/$gone"
cp "$dir/other" "$m/$other"
"$truce" explain "$m" "$id" --svg "$dir/c.svg" >/dev/null
cmp -s "$dir/a.svg" "$dir/c.svg"
ok $? "all there again: the same bytes again"

"$truce" explain "$m" zzzzzz --svg "$dir/d.svg" >/dev/null 2>"$dir/err"
[ $? -eq 3 ] && [ ! -e "$dir/d.svg" ] && grep -q "has the id" "$dir/err"
ok $? "an unknown id: 3, and no file"
h=$("$truce" health "$m" --csv | sed -n '2s/,.*//p')
"$truce" explain "$m" "$h" --svg "$dir/d.svg" >/dev/null 2>"$dir/err"
[ $? -eq 3 ] && [ ! -e "$dir/d.svg" ] && grep -q 'no picture' "$dir/err"
ok $? "a record of no sound: 3, and no file"
"$truce" explain "$m" "$id" --svg "$dir/none/d.svg" >/dev/null 2>"$dir/err"
[ $? -eq 4 ] && grep -q 'No such file' "$dir/err"
ok $? "a folder that is not there: 4"
if [ -e /dev/full ]; then
	"$truce" explain "$m" "$id" --svg /dev/full >/dev/null 2>"$dir/err"
	[ $? -eq 4 ] && [ -e /dev/full ] && grep -q 'No space' "$dir/err"
	ok $? "a full disk: 4, and what is no file stays"
fi
echo "1..$n"
exit $bad

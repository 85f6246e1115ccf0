#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# paper.sh - the report as PDF: sound, tagged, its fonts embedded; it says
# word for word what the page says, in four languages; the same bytes in
# another time zone, locale and home; hostile text stays text, and what the
# public may not see is not in it.
set -u
cd "$(dirname "$0")/.."
papers=${BUILD-build/release}/tests/publish
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
n=0 bad=0
ok() { # STATUS TEXT
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else
		bad=1
		echo "not ok $n - $2"
	fi
}
for tool in pdftotext pdfinfo pdffonts qpdf python3; do
	command -v $tool >/dev/null || {
		echo "1..0 # SKIP $tool is not installed (poppler-utils, qpdf)"
		exit 0
	}
done
# Words of a page, tags and styles away, against those of the paper: none less
# often, and none that the page has not.  On paper a long word may be broken,
# each sheet has a foot, and headings of tables are said again; single
# digits of drawings may touch what stands beside them.
cat >"$dir/words.py" <<'P'
import collections, html, re, sys
page = open(sys.argv[1], encoding='utf-8').read()
paper = open(sys.argv[2], encoding='utf-8').read()
page = re.sub(r'(?s)^.*?<body>', '', page)
page = re.sub(r'(?s)<summary>.*?</summary>', ' ', page)
page = re.sub(r'<title.*?</title>', ' ', page)
page = html.unescape(re.sub(r'<[^>]*>', ' ', page))
def words(s):
    s = s.replace('\u00a0', ' ').replace('\u00ad', '')
    return s.lower().split()
def squeeze(s):
    return ''.join(words(s))
a, b = words(page), words(paper)
all_a, all_b = squeeze(page), squeeze(paper)
have = collections.Counter(b)
lost = sorted(w for w, n in collections.Counter(a).items()
              if n > have[w] and (len(w) > 1 or w.isalpha())
              and (len(w) < 24 or w not in all_b))
more = sorted({w for w in b if w not in all_a} - set(sys.argv[3:])
              - {str(i) for i in range(400)} - {'•', 'every', 'step', 'кроки', 'висновків', 'шаги', 'выводов',
                  'toutes', 'étapes'})
print('# %d words of the page, %d of the paper; lost: %s; more: %s'
      % (len(a), len(b), lost[:12], more[:12]))
sys.exit(bool(lost or more or len(a) < 200))
P
mkdir "$dir/a" "$dir/b" "$dir/home"
"$papers" papers "$dir/a" >/dev/null
TZ=Pacific/Chatham LANG=fr_FR.UTF-8 LC_ALL=C.UTF-8 HOME=$dir/home \
	XDG_CACHE_HOME=$dir/home FONTCONFIG_FILE=/nonexistent \
	PANGOCAIRO_BACKEND=none "$papers" papers "$dir/b" >/dev/null
for f in "$dir"/a/*; do
	cmp -s "$f" "$dir/b/${f##*/}" || {
		ok 1 "${f##*/} differs in another zone, locale and home"
		continue
	}
done
ok "$(diff -rq "$dir/a" "$dir/b" >&2; echo $?)" \
	"the same bytes in another time zone, locale and home"
ok "$(find "$dir/home" -type f | grep -c .)" "no cache is written"
for f in "$dir"/a/*.pdf; do
	name=${f##*/}
	qpdf --check "$f" >"$dir/said" 2>&1
	ok $? "$name: sound"
	pdfinfo "$f" >"$dir/info"
	grep -q '^Tagged: *yes' "$dir/info"
	ok $? "$name: tagged"
	pdffonts "$f" | awk 'NR > 2 && ($1 !~ /NotoSans/ || $0 !~ / yes yes /) {
		bad = 1; print "#", $0 } END { exit bad || NR < 4 }'
	ok $? "$name: fonts embedded, Noto Sans, with their letters"
	pdftotext -enc UTF-8 "$f" "${f%.pdf}.words"
done
TZ=UTC pdfinfo "$dir/a/en.pdf" | grep -q '^CreationDate: *Tue Feb  3 17:40:00 2026'
ok $? "created when the log's last entry was"
for l in en uk ru fr week spot; do
	python3 "$dir/words.py" "$dir/a/$l.html" "$dir/a/$l.words" \
		mission of the
	ok $? "$l: the paper says what the page says"
done
grep -q 'Щоденний звіт' "$dir/a/uk.words" &&
	grep -q 'Ежедневный отчёт' "$dir/a/ru.words"
ok $? "Cyrillic can be copied out"
pdfinfo -struct "$dir/a/en.pdf" 2>/dev/null | awk '
	/^ *Document/ { d = 1 } /H1/ { h = 1 } /TH/ { th = 1 } /TD/ { td = 1 }
	/Figure/ { f = 1 } END { exit !(d && h && th && td && f) }'
ok $? "structure: a document with headings, tables and figures"
python3 - "$dir/a/uk.pdf" <<'P'
import re, sys
b = open(sys.argv[1], 'rb').read()
alt = [bytes.fromhex(x.decode()).decode('utf-16')
       for x in re.findall(rb'/S /Figure\n   /Alt <([0-9A-F]+)>', b)]
ok = (len(alt) == b.count(b'/S /Figure') == 3 and alt[0].startswith('Карта')
      and b.count(b'/S /TH') == b.count(b'/Scope /Column')
      and b'/Lang (uk)' in b)
print('#', alt)
sys.exit(not ok)
P
ok $? "each figure has a text, each head of a table a scope, all a language"
# Sorted, since a table's order is not that of the page's lines.
tr -s ' \n' '\n\n' <"$dir/a/hostile.words" | grep -q 'alert(1)'
ok $? "hostile text is shown as text"
! grep -aE '/(JavaScript|JS|OpenAction|AA|Launch|EmbeddedFile)\b' \
	"$dir/a/hostile.pdf" >&2
ok $? "and acts in no way"
! LC_ALL=C grep -aqP '\xe2\x80\xae|\x07|\x1b' "$dir/a/hostile.words"
ok $? "controls and marks of direction are gone"
for s in 48.3412 37.2312 'Secret Person' 'near the school' S01 P07 DR1 \
	'distance to loc' '27 km or more' 'two fields' 'said: no' 'door that slammed'; do
	! grep -qF "$s" "$dir"/a/public*.words
	ok $? "public, of a day, a week, an incident: no '$s'"
done
grep -qF 'Secret Person' "$dir/a/en.words" || grep -qF 'near the school' \
	"$dir/a/en.words"
ok $? "the mission's own paper has what the public's has not"
grep -q 'door that slammed' "$dir/a/week.words"
ok $? "a week says what was corrected, and why"
grep -q 'not comparable' "$dir/a/week.words"
ok $? "and which days cannot be compared"
echo "1..$n"
exit $bad

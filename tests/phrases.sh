#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# phrases.sh - every phrase that the reports say is in the table of phrases, in
# four languages; and a report in another language has no English left but
# what is part of a record or of the agreement.
set -u
cd "$(dirname "$0")/.."
command -v python3 >/dev/null || {
	echo "1..0 # SKIP python3 is not installed"
	exit 0
}
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
cat >"$dir/said.py" <<'P'
import glob, re, sys
lit = r'"(?:[^"\\]|\\.)*"'
run = re.compile(r'(?:(?:view_tr|SAY)\((?:\w+->)?v,|picture_tr\((?:s->|&)?p,|'
                 r'PICTURE_SAY\((?:s->)?p, &?\w+,)\s+((?:%s|[A-Z_]+|\s)+)[,)]'
                 % lit)
def plain(s, macros):
    s = re.sub(r'\b[A-Z_]{4,}\b', lambda m: macros.get(m[0], m[0]), s)
    t = ''.join(x[1:-1] for x in re.findall(lit, s))
    return re.sub(rb'\\x([0-9a-f]{2})', lambda m: bytes([int(m[1], 16)]),
                  t.encode()).decode()
table = open('src/publish/phrases.c', encoding='utf-8').read()
rows = re.findall(r'\{\s*((?:%s\s*,?\s*)+)\}' % lit, table)
def split(row):
    out = ['']
    for t in re.findall(lit + '|,', row):
        if t == ',':
            out.append('')
        else:
            out[-1] += t
    return [plain(c, {}) for c in out if c]
cells = [split(r) for r in rows]
english = {c[0] for c in cells}
wrong = [c[0] for c in cells if len(c) != 4 or not all(c)]
lost, said = [], 0
for f in glob.glob('src/publish/*.c'):
    s = open(f, encoding='utf-8').read()
    macros = dict(re.findall(r'#define ([A-Z_]+)\s+((?:\s*\\?\s*%s)+)' % lit, s))
    for m in run.findall(s):
        p = plain(m, macros)
        if p:
            said += 1
            if p not in english:
                lost.append(p)
print('# %d rows, %d phrases said; not in the table: %s; rows not whole: %s'
      % (len(cells), said, lost[:5], wrong[:5]))
order = [c[0].encode() for c in cells]
if order != sorted(order):
    print('# not in order, where phrase_in() would not find it')
sys.exit(bool(lost or wrong or order != sorted(order) or said < 60 or len(cells) < 200))
P
python3 "$dir/said.py"
ok $? "every phrase is in the table, in four languages"
# A word of a record reads alike on the page and in a report: nobody can cite
# one against the other.  Apart: what the page has on buttons, where a report
# says what was done, and words whose gender is that of what they speak of.
cat >"$dir/alike.py" <<'P'
import re, sys
lit = r'"((?:[^"\\]|\\.)*)"'
c = open('src/publish/phrases.c', encoding='utf-8').read()
said = {}
for row in re.findall(r'\{\s*((?:%s\s*,?\s*)+)\}' % lit, c):
    cells = [''.join(re.findall(lit, x)) for x in
             re.split(r',(?=\s*")', row[0]) if x.strip()]
    said[cells[0]] = cells[1:]
ts = open('web/desk/words.ts', encoding='utf-8').read()
ts = ts[ts.index('const records'):ts.index('export const isRecord')]
page = re.findall(r'[\t ]"?([a-z][\w ,]*?)"?: \[\s*%s,\s*%s,\s*%s\]' % (lit, lit, lit), ts)
apart = set("""confirm reject amend merge split link publish withdraw acknowledge
decide fulfil decline contest decided""".split()) | {"not stated"}
off = [(k, v, said[k.replace('_', ' ')]) for k, *v in page if k not in apart
       and k.replace('_', ' ') in said and said[k.replace('_', ' ')] != v]
cat = open('src/publish/catalogue.c', encoding='utf-8').read()
names = 'breach no_breach undetermined not_applicable conflict'.split()
verdicts = [re.findall(lit, x) for x in
            re.findall(r'\.verdict = \{([^}]*)\}', cat)][1:]
mine = {k: v for k, *v in page}
for i, n in enumerate(names):
    there = [v[i] for v in verdicts]
    if mine[n] != there:
        off.append((n, mine[n], there))
print('# %d words of the page, %d in both; apart: %s' % (len(page), sum(
    k.replace('_', ' ') in said for k, *_ in page), off))
sys.exit(bool(off) or len(page) < 150)
P
python3 "$dir/alike.py"
ok $? "words of records read alike on the page and in reports"
"${BUILD-build/release}/tests/publish" papers "$dir" >/dev/null
# Latin words of a report, less those of the records: what the fixtures of
# tests/publish.c hold as text (names, notes, the agreement), signs and units.
cat >"$dir/left.py" <<'P'
import html, re, sys
src = open('tests/publish.c', encoding='utf-8').read()
src = src[:src.index('struct page {')]
records = ' '.join(re.findall(r'"((?:[^"\\]|\\.)*)"', src))
signs = {'utc', 'eet', 'sha', 'wgs', 'proof', 'truce', 'audit', 'mission',
         'tzdata', 'europe', 'kyiv'}
page = open(sys.argv[1], encoding='utf-8').read()
page = re.sub(r'(?s)^.*?<body>', '', page)
page = html.unescape(re.sub(r'<[^>]*>', ' ', page))
page = re.sub(r'\b(?=\w*\d)\w+\b', ' ', page)
page = re.sub(r'[ia]-…\w+', ' ', page)
def words(s):
    return {w.lower() for w in re.findall(r'[A-Za-z]{3,}', s)}
left = sorted(words(page) - words(records) - signs)
print('# left in English:', left)
sys.exit(bool(left))
P
for l in uk ru; do
	python3 "$dir/left.py" "$dir/$l.html"
	ok $? "$l: no English word is left"
done
echo "1..$n"
exit $bad

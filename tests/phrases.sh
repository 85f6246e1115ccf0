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
run = re.compile(r'(?:view_tr|SAY)\((?:\w+->)?v, ((?:%s|[A-Z_]+|\s)+)[,)]'
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
    macros = dict(re.findall(r'#define ([A-Z_]+)\s+((?:\\?\s*%s)+)' % lit, s))
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
"${BUILD-build/release}/tests/publish" papers "$dir" >/dev/null
for l in uk ru; do
	# Lines that hold Latin words: records, the agreement, names.
	sed -e '1,/<body>/d' "$dir/$l.html" | sed 's/<[^>]*>/ /g' |
		grep -oE '(^|[^A-Za-z0-9-])[a-z]{3,}( [a-z]{2,})+' |
		grep -vE 'forbids|shooting|presence|of (any|the)|from the|shall|kilomet|weapons|line|heavy|region|activity|notified|distance|loc|limit|mortar rounds|other side|was fired|our pos|near|school|armed men|checkpoint|two fields|demining of|refrain|assessed as jamming|truce audit|cease|interference|signal|mission|been|lay' >"$dir/left"
	test ! -s "$dir/left"
	ok $? "$l: no English sentence is left"
	sed 's/^/# /' "$dir/left"
done
echo "1..$n"
exit $bad

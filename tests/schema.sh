#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# schema.sh - every JSON record that the program prints is what docs/schema/
# says, and each schema refuses a record that is not.
#
# The mission is small and made here: three explosions among ten microphones,
# with rows of every other kind beside them (below), so that each schema has
# something to hold.  DEMO names a replayed mission to validate as well.
set -u
cd "$(dirname "$0")/.."
truce=${TRUCE-build/truce}
python=
for p in python3 /usr/bin/python3; do
	"$p" -c 'import jsonschema' 2>/dev/null && python=$p && break
done
if [ -z "$python" ]; then
	echo "ok 1 - schemas: python3-jsonschema is not here # SKIP"
	echo "1..1"
	exit 0
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
m=$dir/m

fill() { # rows of witnesses, parties and a satellite
	mkdir -p "$m/inbox/P-1" "$m/inbox/firms" "$m/inbox/A" &&
	echo 'P-1,patrol,,,,,,mission,,,,,' >>"$m/sensors.csv" &&
	cat >"$m/inbox/P-1/reports.csv" <<-'END' &&
	report_id,observer,lat,lon,position_err_m,at,means,kind,count,count_meaning,bearing,dist_min_m,dist_max_m,weapon,notes
	R1,P-1,48.30,37.40,20,2026-02-03T18:03:00Z,heard,explosion,3,at_least,S+SSW,600,4000,,"said ""loud"""
	R2,P-1,48.30,37.40,20,2026-02-03T18:04:00Z,saw,weapon,1,exact,,,0,tank,
	END
	echo 'of no format' >"$m/inbox/P-1/junk" &&
	cat >"$m/inbox/A/notices.csv" <<-'END' &&
	notice_id,party,what,from,until,lat,lon,radius_m,place_name,text,received
	N1,A,demining,2026-02-03T17:30:00Z,2026-02-03T19:00:00Z,48.2,37.4,500,Quarry,controlled blasts,2026-02-01T10:00:00Z
	END
	cat >"$m/inbox/A/claims.csv" <<-'END' &&
	claim_id,party,incident,at,kind,count,count_meaning,count_max,lat,lon,radius_m,says,received
	C1,A,,2026-02-03T18:02:00Z,explosion,5,about,,48.1,37.2,1000,shelled from the south,2026-02-03T19:00:00Z
	END
	cat >"$m/pledges.pledges" <<-'END' &&
	REGISTER schema/1
	ACTORS FR "State F"  US "State U"  UA "State V"
	INSTRUMENT accord DATE 2026-01-06
	ENDORSED accord BY FR NOT BY US
	LADDER steps STEP 24 h consult STEP 72 h decide
	PLEDGE p FROM FR US TO UA ACT aid or arms UNDER accord
	  MODALITY "may" STATUS announced 2026-01-06 AUTHORITY "a council"
	  TRIGGER >= 1 finding BY LADDER steps
	PLEDGE q FROM FR TO UA ACT talks TRIGGER >= 1 finding
	END
	cat >"$m/inbox/firms/viirs.csv" <<-'END'
	latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,version,bright_ti5,frp,daynight
	48.30001,37.40002,346.3,0.38,0.36,2026-02-03,1810,N,nominal,2.0NRT,291.97,1.68,N
	48.40001,37.50002,316.3,0.38,0.36,2026-02-03,1810,N,nominal,2.0NRT,291.97,1.68,N
	48.25001,37.60002,316.3,0.38,0.36,2026-02-03,1810,N,nominal,2.0NRT,291.97,1.68,N
	END
}

n=1
if timeout 60 "$truce" sim singles --seed 1 --nodes 10 --shots 3 --hours 0.1 \
	--out "$m" 2>"$dir/err" && fill &&
	timeout 120 "$truce" replay "$m" >"$dir/out" 2>>"$dir/err"; then
	echo "ok 1 - a small mission, made and replayed"
else
	echo "not ok 1 - a small mission, made and replayed"
	sed 's/^/# /' "$dir/err"
	echo "1..1"
	exit 1
fi
demo=${DEMO-build/demo}
[ -e "$demo/index.db" ] || demo=

"$python" - "$truce" "$m" $demo <<'END'
import copy, glob, json, os, shutil, sqlite3, subprocess, sys, tempfile
import warnings

warnings.simplefilter('ignore')
import jsonschema

truce, missions, count, failed = sys.argv[1], sys.argv[2:], 1, 0
NAMES = ['common', 'incident', 'detection', 'finding', 'look', 'health',
         'fault', 'activity', 'claim', 'explanation', 'report', 'audit',
         'decoded', 'terms_diff', 'obligation', 'board', 'terms', 'pledges']
store = {n + '.json': json.load(open('docs/schema/%s.json' % n)) for n in NAMES}
validators = {}
for n in NAMES[1:]:
    s = store[n + '.json']
    jsonschema.Draft7Validator.check_schema(s)
    validators[n] = jsonschema.Draft7Validator(
        s, resolver=jsonschema.RefResolver(n + '.json', s, store=store))


def check(ok, what, why=''):
    global count, failed
    count += 1
    failed += not ok
    print('%s %d - %s' % ('ok' if ok else 'not ok', count, what))
    if why and not ok:
        print('# ' + why)


def wrong(name, record):
    for e in validators[name].iter_errors(record):
        return '%s: %s' % ('/'.join(map(str, e.path)), e.message[:200])
    return ''


def run(*args):
    p = subprocess.run([truce] + list(args), stdout=subprocess.PIPE,
                       timeout=120)
    if p.returncode:
        check(False, ' '.join(args), 'ended with %d' % p.returncode)
    return p.stdout.decode()


def each(name, records, what):
    why = next(filter(None, (wrong(name, r) for r in records)), '')
    check(not why, '%s: %d records are %s' % (what, len(records), name), why)


def indexed(mission, letter):
    # No verb lists activities and claims yet; the index has their bodies.
    db = sqlite3.connect('file:%s/index.db?mode=ro' % mission, uri=True)
    rows = db.execute('SELECT id FROM row WHERE type = ? ORDER BY id',
                      (ord(letter),)).fetchall()
    return [json.loads(run('explain', mission, i, '--json'))['record']
            for (i,) in rows[:20]]


first = {}
for mission in missions:
    label = 'small' if mission is missions[0] else mission
    seen = {}
    for verb in ['incidents', 'detections', 'findings', 'looks', 'health',
                 'faults', 'obligations']:
        name = verb if verb == 'health' else verb[:-1]
        seen[name] = [json.loads(x) for x in
                      run(verb, mission, '--jsonl').splitlines()]
        each(name, seen[name], label + ' ' + verb)
        whole = json.loads(run(verb, mission, '--json'))
        check(whole == {'schema': 'truce.%s/1' % name, verb: seen[name]},
              label + ' %s --json holds what --jsonl says' % verb)
        geo = json.loads(run(verb, mission, '--geojson'))
        check([f['properties'] for f in geo['features']] == seen[name],
              label + ' %s --geojson too' % verb)
    for letter, name in [('a', 'activity'), ('c', 'claim')]:
        seen[name] = indexed(mission, letter)
        each(name, seen[name], label)
    for level in ['mission', 'public']:
        seen['report'] = [json.loads(run('report', mission, '--format',
                                         'json', '--level', level))]
        each('report', seen['report'], label + ' ' + level)
    ids = [seen[n][0]['id'] for n in ['finding', 'incident', 'detection',
                                      'look'] if seen[n]]
    seen['explanation'] = [json.loads(run('explain', mission, i, '--json'))
                           for i in ids]
    each('explanation', seen['explanation'], label)
    seen['audit'] = [json.loads(run('audit', mission, *more, '--json'))
                     for more in ([], ['--recompute'])]
    each('audit', seen['audit'], label)
    was = mission + '/agreement.terms'
    now = os.path.join(tempfile.mkdtemp(), 'other.terms')
    text = open(was).read()
    open(now, 'w').write(text.replace('30 km OF loc', '1 km OF loc'))
    seen['terms_diff'] = [json.loads(run('terms', 'diff', was, now,
                                         '--mission', mission, '--json'))]
    shutil.rmtree(os.path.dirname(now))
    each('terms_diff', seen['terms_diff'], label)
    if os.path.exists(mission + '/pledges.pledges'):
        seen['board'] = [json.loads(run('pledges', 'board', mission,
                                        '--json'))]
        each('board', seen['board'], label)
    for name in seen:
        if seen[name]:
            first.setdefault(name, seen[name][0])

# The canonical forms of the missions in the tree.
for path in sorted(glob.glob('missions/*/agreement.terms')):
    folder = os.path.dirname(path)
    if not os.path.exists(folder + '/mission.yaml'):
        continue
    form = json.loads(run('terms', 'canonical', folder))
    each('terms', [form], folder)
    first['terms'] = form
    if os.path.exists(folder + '/pledges.pledges'):
        form = json.loads(run('pledges', 'show', folder, '--json'))
        each('pledges', [form], folder)
        first['pledges'] = form

# What the golden pairs hold.
for path in sorted(glob.glob('tests/data/*/*.out')):
    name, text = '', open(path).read()
    if text.startswith('{"schema":"truce.report/1"'):
        name, found = 'report', [json.loads(text)]
    elif text.startswith(('{"segment":', '{"observation":', '{"damage":')):
        name, found = 'decoded', [json.loads(x) for x in text.splitlines()]
        first.setdefault(name, found[0])
    if name:
        each(name, found, path)


def broken(name, record):
    """A record that is wrong in one place, and what is wrong with it."""
    for key in validators[name].schema.get('required', list(record)[:4]):
        r = copy.deepcopy(record)
        del r[key]
        yield r, 'without ' + key
    r = copy.deepcopy(record)
    r['surprise'] = 1
    yield r, 'with an unknown member'
    for key in record:
        r = copy.deepcopy(record)
        r[key] = True if not isinstance(r[key], bool) else 'yes'
        yield r, key + ' of another type'
    if 'place' in record:
        r = copy.deepcopy(record)
        r['place']['lat'] = 91
        yield r, 'off the Earth'
    for key, word in [('verdict', 'guilty'), ('kind', 'fire_mission'),
                      ('status', 'done'), ('state', 'fine')]:
        if isinstance(record.get(key), str):
            r = copy.deepcopy(record)
            r[key] = word
            yield r, '%s %s' % (key, word)


for name in NAMES[1:]:
    if name not in first:
        check(False, name + ': no record to break')
        continue
    taken = [what for r, what in broken(name, first[name])
             if not wrong(name, r)]
    check(not taken, name + ' refuses what is broken', ', '.join(taken))
print('1..%d' % count)
sys.exit(failed > 0)
END

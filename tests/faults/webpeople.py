# SPDX-License-Identifier: GPL-3.0-or-later
"""webpeople.py DIR - see tests/webpeople.sh."""
import base64, collections, os, random, re, shutil, subprocess, sys

t, truce = sys.argv[1], os.environ["TRUCE"]
web = os.environ.get("WEB", "web/build")
LOGS, BATCH = (20000 if os.environ.get("TRUCE_LONG") else int(os.environ.get("LOGS", "400"))), 100
FIRST = int(os.environ.get("FIRST", "1"))
BENT = 20000 if os.environ.get("TRUCE_LONG") else 1000
STATES = re.compile(r"(\d+) reviewed, (\d+) published, (\d+) rejected, "
                    r"(\d+) not decidable, (\d+) amended")
OURS = re.compile(r"reviewed (\d+) published (\d+) rejected (\d+) "
                  r"closed \d+ undecidable (\d+) amended (\d+)")


def run(*args):
    return subprocess.run(args, capture_output=True, text=True,
                          timeout=600).stdout.strip()


def words(line):
    return line.split(" entries")[0]


key = run("node", f"{web}/histories.js", "key")
differ, rules, states = [], collections.Counter(), [0] * 5
seen = 0
for first in range(FIRST, FIRST + LOGS, BATCH):
    for line in run("node", f"{web}/histories.js", t, str(first),
                    str(min(BATCH, FIRST + LOGS - first))).split("\n"):
        number, rest = line.split(" ", 1)
        ours, counts, where = (x.strip() for x in rest.split(";", 2))
        c = run(truce, "audit", f"{t}/{number}", "--key", key)
        theirs = c.split("\n")[-1]
        seen += 1
        rules[ours.split()[-1] if ours[0] == "N" else "verified"] += 1
        if words(ours) != words(theirs):
            differ.append((number, ours, where, theirs))
        elif ours[0] == "V":
            a, b = OURS.search(counts), STATES.search(c)
            if not a or not b or a.groups() != b.groups():
                differ.append((number, counts, b and b.group(0)))
            else:
                states = [x + int(y) for x, y in zip(states, a.groups())]
        shutil.rmtree(f"{t}/{number}")
for d in differ[:10]:
    print(f"# {d}")
print(f"{'not ' if differ or seen != LOGS else ''}ok 1 - {seen} random logs "
      f"of people: {len(differ)} disagreements")
print(f"# {dict(rules)}")
wide = len(rules) >= 9 and min(states) > 0 and all(
    rules[r] > 0 for r in ("step", "heartbeat", "access", "checkpoint"))
print(f"{'' if wide else 'not '}ok 2 - {len(rules) - 1} rules broken; "
      f"reviewed, published, rejected, not decidable, amended: {states}")

# -- files that stand alone --


def said(*args):
    p = subprocess.run(args, capture_output=True, text=True, timeout=60)
    return p.returncode, p.stdout.strip().split("\n")[-1]


kept = "tests/data/proof/single"
wrong, n = [], 0
for line in run("node", f"{web}/histories.js", "single", t).split("\n"):
    name, want = line.split(" ", 1) if " " in line else (line, "")
    if name in ("frames", "witnesses", "units"):
        wrong += [want] if want else []
        continue
    n += 1
    if open(f"{t}/{name}", "rb").read() != open(f"{kept}/{name}", "rb").read():
        wrong.append((name, "is not the one that tests/single.c reads"))
    ours = said("node", f"{web}/verify.js", "proof", f"{t}/{name}",
                "--key", key)
    theirs = said(truce, "audit", f"{t}/{name}", "--key", key)
    good = (ours[1].split()[-1] == want if want
            else re.match("VERIFIED|FORKED", ours[1]))
    # Of a single file C names no entry, of what proves nothing no rule.
    if not good or ours[0] != theirs[0] or not want and \
            ours[1] != theirs[1]:
        wrong.append((name, want, ours, theirs))
for w in wrong[:10]:
    print(f"# {w}")
print(f"{'not ' if wrong or n < 30 else ''}ok 3 - {n} receipts and proofs of "
      f"two histories, right and wrong; a sensor's frames; witnesses' times: "
      f"{len(wrong)} disagreements")

# -- texts, one wrong thing each --



def short(got):
    return got if got == "ok" or got.isdigit() else "refused"


def bend(b, dice):
    """One change: a bit, a byte, a piece gone, a piece twice."""
    b = bytearray(b)
    at = dice.randrange(len(b))
    how = dice.randrange(4)
    if how == 0:
        b[at] ^= 1 << dice.randrange(8)
    elif how == 1:
        b[at] = dice.choice((0, 1, 2, 4, 6, 0x30, 0x31, 0x80, 0x81, 0x82, 0xa0))
    elif how == 2:
        del b[at:at + dice.randrange(1, 9)]
    else:
        b[at:at] = b[at:at + dice.randrange(1, 9)]
    return bytes(b)


def bent_stamps(kept, n):
    """Sound ones, with the reply or the certificate bent: lines as those."""
    dice = random.Random(3161)
    sound = [x.split(" ") for x in kept.split("\n")
             if re.match("stamp [^ ]* ok ", x)]
    for k in range(n):
        _, _, _, reply, imprint, pem = dice.choice(sound)
        reply = base64.b64decode(reply)
        if k % 2:
            reply = bend(reply, dice)
        else:
            head, *body, end = base64.b64decode(pem).strip().split(b"\n")
            der = bend(base64.b64decode(b"".join(body)), dice)
            pem = base64.b64encode(b"\n".join(
                (head, base64.b64encode(der), end))).decode()
        yield (f"stamp {k} ? {base64.b64encode(reply).decode()} {imprint} "
               f"{pem}")


ours = run("node", f"{web}/histories.js", "rows", t).split("\n")
theirs = [x for name in ("rows", "more")
          for x in run(f"{os.environ['BUILD']}/tests/rows",
                       f"{t}/{name}").split("\n")]
odd = []
rows = open(f"{t}/rows").read()
if rows != open("tests/data/proof/rows").read():
    odd.append("rows: not those that tests/rows.c reads")
for a, b in zip(ours, theirs):
    kind, name, want, got = a.split(" ")
    if got != want or f"{kind} {name} {short(got)}" != b:
        odd.append((a, b))
with open(f"{t}/bent", "w") as f:
    for line in bent_stamps(rows, BENT):
        f.write(f"{line}\n")
page, program = (run(*x, f"{t}/bent").split("\n") for x in (
    ("node", f"{web}/histories.js", "say"),
    (f"{os.environ['BUILD']}/tests/rows",)))
page = [f"{x.rsplit(' ', 1)[0]} {short(x.rsplit(' ', 1)[1])}" for x in page]
odd += [x for x in zip(page, program) if x[0] != x[1]]
hold = sum(x.endswith(" ok") for x in program)
if len(page) != BENT or len(program) != BENT:
    odd.append(f"bent: {len(page)} and {len(program)} of {BENT}")
for o in odd[:10]:
    print(f"# {o}")
print(f"{'not ' if odd or len(ours) != len(theirs) or len(ours) < 380 else ''}"
      f"ok 4 - {len(ours)} hostile texts, keys to time stamps, and {BENT} "
      f"stamps bent at random ({hold} of them hold): {len(odd)} disagreements")

# -- logs that break one rule each, or keep it narrowly --

broken, names = [], set()
for line in run("node", f"{web}/histories.js", "laws", t).split("\n"):
    named, ours_, where = line.split("; ", 2)
    name, want = named.split(" ", 1)
    told = run(truce, "audit", f"{t}/{name}", "--key", key)
    last = told.split("\n")[-1]
    a, b = OURS.search(where), STATES.search(told)
    if ours_[0] == "V" and (a and a.groups()) != (b and b.groups()):
        broken.append((name, where, b and b.group(0)))
    got = "verified" if ours_[0] == "V" else ours_[len("NOT VERIFIED "):]
    if got != want or words(ours_) != words(last) or name in names:
        broken.append((name, want, ours_, where, last))
    names.add(name)
for b in broken[:10]:
    print(f"# {b}")
print(f"{'not ' if broken or len(names) < 200 else ''}ok 5 - {len(names)} logs "
      f"that break one rule, or keep it narrowly: {len(broken)} disagreements")
# -- what the page says --

says = subprocess.run(["node", f"{web}/histories.js", "summaries"],
                      capture_output=True, text=True, timeout=60).stdout
kept_says = open("tests/data/proof/summaries").read()
for a, b in list(zip(says.split("\n"), kept_says.split("\n")))[:2000]:
    if a != b:
        print(f"# {a} | {b}")
        break
print(f"{'' if says == kept_says else 'not '}ok 6 - what the page says of "
      f"{says.count('== ')} mirrors and files is what was read once")
print("1..6")
sys.exit(says != kept_says or bool(differ) or not wide or seen != LOGS or bool(wrong)
         or bool(odd) or len(ours) != len(theirs) or len(ours) < 380
         or bool(broken) or len(names) < 200)

# SPDX-License-Identifier: GPL-3.0-or-later
# push.py PORT FOLDER - sensors that push what FOLDER/SOURCE/... has, in turn, a
# connection each; ends when all is acknowledged.  For tests/day.sh.
import glob, os, sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from live import Node, records

channel = {}
for f in sorted(glob.glob(os.path.join(sys.argv[2], "XT*", "*"))):
    channel.setdefault(f.split(os.sep)[-2], []).extend(records(f))
nodes = {c: Node(int(sys.argv[1]), c) for c in channel}
for i in range(max(map(len, channel.values()))):
    for c, r in channel.items():
        if i < len(r):
            nodes[c].send(r[i])
for n in nodes.values():
    n.wait()

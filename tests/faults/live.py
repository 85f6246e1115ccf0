# SPDX-License-Identifier: GPL-3.0-or-later
# live.py - the other side of `truce run`, for tests/live.sh and bench: nodes
# that push, SeedLink servers sound and hostile.  Loopback only.
import os, socket, struct, sys, threading, time


def records(path):
    """Whole miniSEED records of a file (version 2 of 512 bytes, or 3)."""
    b = open(path, "rb").read()
    out, at = [], 0
    while at < len(b):
        if b[at:at + 2] == b"MS" and b[at + 2] == 3:
            extra, = struct.unpack_from("<H", b, at + 34)
            data, = struct.unpack_from("<I", b, at + 36)
            n = 40 + b[at + 33] + extra + data
        else:
            n = 512
        out.append(b[at:at + n])
        at += n
    return out


def start_of(record):
    """(year, day, second) of a record, to sort by."""
    if record[:2] == b"MS":
        ns, year, day, h, m, s = struct.unpack_from("<IHHBBB", record, 4)
        return (year, day, h * 3600 + m * 60 + s + ns * 1e-9)
    year, day, h, m, s, _, f = struct.unpack_from(">HHBBBBH", record, 20)
    return (year, day, h * 3600 + m * 60 + s + f * 1e-4)


class Node:
    """Pushes groups; knows how many were kept."""

    def __init__(self, port, name, tls=None):
        self.name = name
        self.s = socket.create_connection(("127.0.0.1", port), timeout=20)
        if tls:
            self.s = tls.wrap_socket(self.s, server_hostname="localhost")
        self.s.sendall(b"TRUCE 1 %s\n" % name.encode())
        self.have = b""
        self.kept = self.sent = 0
        line = self.line()
        if line != "OK":
            raise OSError(line)

    def line(self):
        while b"\n" not in self.have:
            more = self.s.recv(65536)
            if not more:
                raise OSError("closed")
            self.have += more
        line, self.have = self.have.split(b"\n", 1)
        return line.decode()

    def send(self, group):
        self.s.sendall(b"GROUP %d\n" % len(group) + group)
        self.sent += 1

    def lost(self, sensor, start, end, why):
        self.s.sendall(("LOST %s %s %s %s\n" %
                        (sensor, start, end, why)).encode())
        self.sent += 1

    def wait(self, n=None):
        n = self.sent if n is None else n
        while self.kept < n:
            word, number = self.line().split(" ", 1)
            if word != "KEPT":
                raise OSError(word + " " + number)
            self.kept = int(number)


class SeedLink:
    """A small server: stations {"XT_G000": [record, ...]}, sequence numbers
    from `first` on.  `drop` closes the n-th connection after drop[n] packets;
    `hole` are records that it
    no longer has; `again` sends that many of the last packets once more when resumed."""

    def __init__(self, stations, offers="4.0", refuse4=False, drop=(),
                 again=0, first=0x0000F0, bad=None, hole=(),
                 tls=None):
        self.stations, self.offers, self.refuse4 = stations, offers, refuse4
        self.drop, self.again, self.first, self.bad = drop, again, first, bad
        self.hole, self.tls = hole, tls
        self.said = []       # commands, in order
        self.connections = 0
        self.sent = 0
        self.all_sent = threading.Event()
        self.l = socket.create_server(("127.0.0.1", 0))
        self.port = self.l.getsockname()[1]
        self.over = False
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while not self.over:
            try:
                c, _ = self.l.accept()
            except OSError:
                return
            n = self.connections
            self.connections += 1
            threading.Thread(target=self.serve, args=(c, n),
                             daemon=True).start()

    def close(self):
        self.over = True
        self.l.close()

    def serve(self, c, n):
        try:
            if self.tls:
                c = self.tls.wrap_socket(c, server_side=True)
            if self.bad:
                self.bad(c)
            else:
                self.talk(c, n)
        except (OSError, UnicodeError):
            pass
        finally:
            c.close()

    def talk(self, c, n):
        f = c.makefile("rb")
        v, at, asked = 3, None, {}
        say = lambda s: c.sendall(s.encode() + b"\r\n")
        while True:
            line = f.readline().decode().strip()
            if not line:
                return
            self.said.append(line)
            w = line.split()
            if w[0] == "HELLO":
                say("SeedLink v3.1 (test) :: SLPROTO:%s CAP TIME"
                    % self.offers)
                say("a test")
            elif w[0] == "SLPROTO":
                v = 3 if self.refuse4 else 4
                say("ERROR UNSUPPORTED no" if self.refuse4 else "OK")
            elif w[0] == "STATION":
                at = w[1] if v == 4 else w[2] + "_" + w[1]
                known = at in self.stations or "*" in at
                say("OK" if known else "ERROR")
            elif w[0] == "SELECT":
                say("OK")
            elif w[0] == "DATA":
                q = int(w[1], 10 if v == 4 else 16) if len(w) > 1 else None
                asked[at or "*"] = q
                if at is None:
                    break  # one station: it begins at once
                say("OK")
            elif w[0] == "END":
                break
        self.stream(c, f, n, v, asked)

    def stream(self, c, f, n, v, asked):
        queue = []
        for name, q in asked.items():
            for station, records in self.stations.items():
                if name not in (station, "*", "*_*"):
                    continue
                for i, r in enumerate(records):
                    s = self.first + i
                    if i in self.hole:
                        continue
                    if q is None or s >= q - self.again:
                        queue.append((i, station, s, r))
        queue.sort(key=lambda x: (x[0], x[1]))
        for k, (_, station, s, r) in enumerate(queue):
            if n < len(self.drop) and k == self.drop[n]:
                c.sendall(b"SE2D\x00\x02" if v == 4 else b"SL0000")
                return
            if v == 4:
                head = struct.pack("<2s1s1sIQB", b"SE", b"2", b"D", len(r),
                                   s, len(station)) + station.encode()
            else:
                head = b"SL%06X" % (s & 0xffffff)
            c.sendall(head + r)
            self.sent += 1
            if k == 3:  # an answer to INFO among the data
                c.sendall(struct.pack("<2s1s1sIQB", b"SE", b"J", b"I", 2, 0,
                                      0) + b"{}" if v == 4
                          else b"SLINFO *" + b" " * 512)
        self.all_sent.set()
        while f.readline():
            pass

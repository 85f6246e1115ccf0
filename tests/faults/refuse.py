# SPDX-License-Identifier: GPL-3.0-or-later
"""refuse.py COMMAND... - runs it where seccomp and Landlock are refused, as in
some containers: a filter of our own answers EPERM to both."""
import ctypes, os, platform, struct, sys

SECCOMP = {"x86_64": 317, "aarch64": 277}[platform.machine()]
LANDLOCK = 444


def step(code, jt, jf, k):
    return struct.pack("HBBI", code, jt, jf, k)


program = b"".join([
    step(0x20, 0, 0, 0),            # the call's number
    step(0x15, 1, 0, SECCOMP),
    step(0x15, 0, 1, LANDLOCK),
    step(0x06, 0, 0, 0x00050001),   # EPERM
    step(0x06, 0, 0, 0x7fff0000),   # allowed
])
libc = ctypes.CDLL(None, use_errno=True)
block = ctypes.create_string_buffer(program)
filt = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(block))
if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, filt, 0, 0):
    sys.exit(77)
os.execvp(sys.argv[1], sys.argv[1:])

# SPDX-License-Identifier: GPL-3.0-or-later
# webserver.py DIR - shows DIR on loopback, and prints its port.  A first word
# in the path says how it misbehaves: /endless/checkpoint, /short/tile/...
import http.server
import os
import sys
import threading
import time

root = sys.argv[1]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        how, _, path = self.path[1:].partition("/")
        name = os.path.join(root, path.replace("%20", " "))
        tile = path.startswith("tile/")
        if how == "redirect" and tile:
            self.send_response(302)
            self.send_header("Location", f"/good/{path}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if how == "slow" and tile:
            time.sleep(40)
        if not os.path.isfile(name):
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        with open(name, "rb") as f:
            body = f.read()
        if how == "error" and tile:
            self.send_response(500)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if how == "short" and tile:
            body = body[:-7]
        if how == "long" and tile:
            body += bytes(100)
        if how == "huge" and path == "checkpoint":
            lines = body.split(b"\n")
            lines[1] = b"4611686018427387904"
            body = b"\n".join(lines)
        if how == "many" and path == "checkpoint":
            lines = body.split(b"\n")
            lines[1] = b"100000000"
            body = b"\n".join(lines)
        self.send_response(200)
        if how == "endless" and path == "checkpoint":
            self.send_header("Connection", "close")
            self.end_headers()
            self.close_connection = True
            try:
                while True:
                    self.wfile.write(body * 100)
            except OSError:
                return
        size = len(body) + 1000 if how == "cut" and tile else len(body)
        self.send_header("Content-Length", str(size))
        if how == "cut":
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        if how == "cut" and tile:
            self.close_connection = True


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_port, flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()  # until who started it ends

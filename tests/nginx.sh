#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# nginx.sh - the door for a network: the shipped configuration in a real nginx on
# loopback, TLS and HTTP/2, `truce serve --scgi` behind it; and what the public
# may see, crawled against every exact position of the mission.
set -u
cd "$(dirname "$0")/.."
TRUCE=$(realpath "${TRUCE:-build/truce}")
export TRUCE
export PATH=$PATH:/usr/sbin
for x in nginx openssl curl; do
	command -v $x >/dev/null || {
		echo "ok 1 - the door for a network: $x is not here # SKIP"
		echo "1..1"
		exit 0
	}
done
. tests/faults/mission.sh
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-nginx.XXXXXX")
trap 'kill $(cat "$t/nginx.pid" 2>/dev/null) 2>/dev/null; rm -rf "$t"' EXIT
chmod 755 "$t"
small_mission "$t" 0.3 || { echo "not ok 1 - truce sim"; exit 1; }
mv "$t/empty" "$t/m"
cat >>"$t/m/geo/places.csv" <<'C'
Somewhere,Десь,Где-то,,,48.30,37.40,5000,A
C
for f in "$t"/files/*/*; do
	case $f in */VIIRS-N20/*) ;; *) take "$t/m" "$f" 2>/dev/null ;; esac
done
"$TRUCE" --quiet replay "$t/m" >/dev/null 2>"$t/err" ||
	{ echo "not ok 1 - truce replay"; cat "$t/err"; exit 1; }
(cd "$t" && for x in ann:analyst:mission rev:reviewer:mission \
	chi:chief:mission lia:liaison:A lib:liaison:B gua:guarantor:G \
	fie:reporter:mission; do
	k=${x%%:*} r=${x#*:}
	"$TRUCE" key new "$k" >/dev/null && "$TRUCE" --quiet key enrol m \
		--new "$k.key" --org "${r#*:}" --role "${r%%:*}" >/dev/null ||
		{ echo "not ok 1 - enrol $k"; exit 1; }
done)
mkdir -p "$t/web/assets" "$t/m/out/public" "$t/tmp" "$t/run"
chmod 711 "$t" && chmod 755 "$t/run"
echo 'export const x = 1' >"$t/web/assets/worker.mjs"
echo '<!doctype html><title>Truce</title>' >"$t/web/index.html"
echo 'for all' >"$t/m/out/public/day.txt"
echo 'not for all: 48.1234567' >"$t/m/out/report.txt"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
	-keyout "$t/key.pem" -out "$t/cert.pem" 2>/dev/null
port=$(python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
sed -e "s|TRUCE_NAME|localhost|; s|TRUCE_CERT|$t/cert.pem|" \
	-e "s|TRUCE_KEY|$t/key.pem|; s|TRUCE_MISSION|$t/m|" \
	-e "s|TRUCE_WEB|$t/web|; s|TRUCE_SOCKET|$t/run/serve.sock|" \
	-e "s|TRUCE_PORT|127.0.0.1:$port|" \
	-e "s|TRUCE_PARAMS|$PWD/deploy/scgi_truce|" \
	deploy/nginx.conf >"$t/truce.conf"
# The same with certificates of clients, at another port: of machines, and one of
# somebody else.
certified=$(python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
for ca in machines others; do
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=$ca \
		-keyout "$t/$ca-ca.key" -out "$t/$ca-ca.pem" 2>/dev/null
	openssl req -newkey rsa:2048 -nodes -subj /CN=laptop \
		-keyout "$t/$ca.key" -out "$t/$ca.csr" 2>/dev/null
	openssl x509 -req -in "$t/$ca.csr" -CA "$t/$ca-ca.pem" -days 2 \
		-CAkey "$t/$ca-ca.key" -CAcreateserial -out "$t/$ca.pem" \
		2>/dev/null
done
sed -e "s|#mtls ||; s|TRUCE_CLIENT_CA|$t/machines-ca.pem|" \
	-e "s|127.0.0.1:$port|127.0.0.1:$certified|" "$t/truce.conf" |
	awk '/^server/ { on = 1 } on' >"$t/certified.conf"
cat >"$t/nginx.conf" <<C
daemon on;
pid $t/nginx.pid;
error_log $t/error.log;
$([ "$(id -u)" = 0 ] && echo "user root;")
events { worker_connections 4096; }
http {
	access_log off;
	client_body_temp_path $t/tmp/a; proxy_temp_path $t/tmp/b;
	fastcgi_temp_path $t/tmp/c; uwsgi_temp_path $t/tmp/d;
	scgi_temp_path $t/tmp/e;
	include $t/truce.conf;
	include $t/certified.conf;
}
C
nginx -t -q -c "$t/nginx.conf" 2>"$t/err" ||
	{ echo "not ok 1 - nginx -t"; sed 's/^/# /' "$t/err"; exit 1; }
PORT=$port CERTIFIED=$certified python3 tests/faults/network.py "$t"

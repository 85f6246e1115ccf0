#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# tls.sh - `truce run` in TLS: brokers, SeedLink servers and nodes, with
# certificates of an authority made here; one of another host, one that has
# ended, one of a stranger, an old version and no TLS at all are refused, and it
# is said why.
# alone: it waits for answers in real time
set -u
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin
if ! command -v openssl >/dev/null; then
	echo "ok 1 # SKIP no openssl here (Debian: openssl)"
	exit 0
fi
. tests/faults/mission.sh
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-tls.XXXXXX")
trap 'rm -rf "$t"' EXIT
small_mission "$t" 0.2 || { echo "not ok 1 - truce sim"; exit 1; }

new_ca() { # NAME
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-days 2 -subj "/CN=authority $1" -keyout "$t/$1.key" \
		-out "$t/$1.pem" 2>>"$t/openssl"
	mkdir -p "$t/$1.d"
	: >"$t/$1.d/index"
	echo 01 >"$t/$1.d/serial"
	cat >"$t/$1.conf" <<C
[ca]
default_ca = it
[it]
dir = $t/$1.d
database = $t/$1.d/index
serial = $t/$1.d/serial
new_certs_dir = $t/$1.d
certificate = $t/$1.pem
private_key = $t/$1.key
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
C
}
new_cert() { # CA NAME SUBJECT-ALT-NAME [START END]
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-subj "/CN=$2" -addext "subjectAltName=$3" \
		-keyout "$t/$2.key" -out "$t/$2.csr" 2>>"$t/openssl" &&
		openssl ca -batch -notext -config "$t/$1.conf" -in "$t/$2.csr" \
			-out "$t/$2.pem" -startdate "${4:-20200101000000Z}" \
			-enddate "${5:-20991231000000Z}" 2>>"$t/openssl"
}
new_ca ca && new_ca other && new_cert ca good DNS:localhost,IP:127.0.0.1 &&
	new_cert ca elsewhere DNS:elsewhere.example &&
	new_cert ca ended DNS:localhost 20200101000000Z 20210101000000Z &&
	new_cert other stranger DNS:localhost &&
	new_cert ca node DNS:node ||
	{ echo "not ok 1 - certificates"; sed 's/^/# /' "$t/openssl"; exit 1; }
python3 tests/faults/tlstest.py "$t"

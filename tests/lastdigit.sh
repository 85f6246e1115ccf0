#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# lastdigit.sh - the evaluator by two compilers, plain and optimised, and under
# valgrind: tests/lastdigit.c must find the hash that is written in it.  The
# other builds that the tests run in (asan, tsan) run it by itself.
set -u
cd "$(dirname "$0")/.." || exit 1
case ${BUILD:-} in
*/release) ;;
*)
	echo "1..0"
	exit 0
	;;
esac
n=0
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-lastdigit.XXXXXX")
trap 'rm -rf "$t"' EXIT

tell() { # STATUS WHAT
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		sed 's/^/# /' "$t/said"
	fi
}
make -s CONFIG=release "$BUILD/libtruce.a" "$BUILD/tests/lastdigit"
packs="jansson libsodium libcrypto sqlite3 yaml-0.1 libmicrohttpd kissfft-float
	libcurl"
for cc in gcc clang-14; do
	for o in -O0 -O2; do
		if ! command -v $cc >/dev/null; then
			n=$((n + 1))
			echo "ok $n - no $cc # SKIP"
			continue
		fi
		# shellcheck disable=SC2046,SC2086
		$cc -std=c17 -D_GNU_SOURCE -pthread -ffp-contract=off \
			-fno-math-errno $o -Isrc -Itests \
			-include src/base/banned.h \
			$(pkg-config --cflags $packs) \
			-o "$t/$cc" tests/lastdigit.c src/judge/*.c \
			"$BUILD/libtruce.a" $(pkg-config --libs $packs) -lm \
			>"$t/said" 2>&1 && "$t/$cc" >"$t/said" 2>&1
		tell $? "$cc $o"
	done
done
if command -v valgrind >/dev/null; then
	valgrind -q --error-exitcode=9 "$BUILD/tests/lastdigit" >"$t/said" 2>&1
	tell $? "valgrind"
else
	n=$((n + 1))
	echo "ok $n - no valgrind # SKIP"
fi
echo "1..$n"

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# units.sh - the units of deploy/systemd are sound to systemd, their sandbox is
# on, what they call is what the program takes, and the target starts them all.
set -u
cd "$(dirname "$0")/.."
TRUCE=$(realpath "${TRUCE:-build/truce}")
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-units.XXXXXX")
trap 'rm -rf "$t"' EXIT
n=0
ok() { # STATUS TEXT
	n=$((n + 1))
	[ "$1" = 0 ] && echo "ok $n - $2" || {
		echo "not ok $n - $2"
		sed 's/^/# /' "$t/out"
	}
}
for u in run serve witness; do
	f=deploy/systemd/truce-$u@.service
	# Without its options: usage must be in order, and no mission is there.
	cmd=$(sed -n 's/^ExecStart=truce //p' "$f" | sed "s|/var/lib|$t/none|
		s/%i/m/; s/ \$TRUCE_[A-Z]*//")
	# shellcheck disable=SC2086
	"$TRUCE" $cmd >"$t/out" 2>&1
	code=$?
	[ $code = 3 ] || [ $code = 4 ]
	ok $? "$u: its command is one: truce $cmd ($code)"
	grep -q '^LimitCORE=0$' "$f" && { [ $u = witness ] ||
		grep -q '^OOMPolicy=continue$' "$f"; }
	ok $? "$u: no key in a dump, no end of all for want of one's memory"
	if ! command -v systemd-analyze >/dev/null; then
		echo "ok $((n += 1)) # SKIP no systemd-analyze (Debian: systemd)"
		continue
	fi
	sed "s|^ExecStart=truce|ExecStart=$TRUCE|" "$f" >"$t/truce-$u@.service"
	cp "$t/truce-$u@.service" "$t/truce-$u@m.service"
	systemd-analyze verify --man=no "$t/truce-$u@m.service" >"$t/out" 2>&1
	code=$?
	[ $code = 0 ] && ! grep -q "truce-$u" "$t/out"
	ok $? "$u: systemd finds no fault in it"
	systemd-analyze security --offline=true --threshold=15 \
		"$t/truce-$u@m.service" >"$t/out" 2>&1
	ok $? "$u: its exposure is below 1.5 of 10"
	sed '/^ProtectSystem/d; /^SystemCallFilter/d; /^Capability/d' \
		"$t/truce-$u@m.service" >"$t/open@m.service"
	! systemd-analyze security --offline=true --threshold=15 \
		"$t/open@m.service" >"$t/out" 2>&1
	ok $? "$u: and would be seen if it were not"
done

f=deploy/systemd/truce@.target
wants=$(sed -n 's/^Wants=//p' $f)
for w in $wants; do
	u=deploy/systemd/$(echo "$w" | sed 's/%i//')
	grep -q '^PartOf=truce@%i.target$' "$u" &&
		grep -q '^Restart=always$' "$u"
	ok $? "target: $w ends with it, and is begun again by itself"
done
[ "$(echo "$wants" | wc -w)" = 2 ]
ok $? "target: it wants those that a mission needs: $wants"
if command -v systemd-analyze >/dev/null; then
	starts() { # TARGET: what systemd would start with it
		rm -rf "$t/units"
		mkdir "$t/units"
		cp "$t"/truce-*@.service "$t/units"
		cp "$1" "$t/units/truce@.target"
		cp "$1" "$t/units/truce@m.target"
		SYSTEMD_UNIT_PATH=$t/units: SYSTEMD_LOG_LEVEL=debug \
			systemd-analyze verify --man=no \
			"$t/units/truce@m.target" >"$t/out" 2>&1 &&
			grep -q 'new job truce-run@m.service/start' "$t/out" &&
			grep -q 'new job truce-serve@m.service/start' "$t/out"
	}
	starts $f
	ok $? "target: systemd finds no fault in it, and starts both"
	sed 's/^Wants=.* /Wants=/' $f >"$t/wrong"
	! starts "$t/wrong"
	ok $? "target: and would not if one were missing"
fi
if command -v systemd-sysusers >/dev/null; then
	mkdir -p "$t/root/etc"
	systemd-sysusers --root="$t/root" --inline \
		"$(grep -v '^#' deploy/systemd/truce.sysusers)" >"$t/out" 2>&1
	grep -q '^truce:.*:/var/lib/truce:' "$t/root/etc/passwd"
	ok $? "the user that they run as is made"
fi

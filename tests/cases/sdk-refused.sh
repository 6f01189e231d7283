#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a model that contradicts itself is refused, and the log names what clashes and the way out
# tier: quick
# timeout: 240
# shellcheck source=tests/lib.sh
. tests/lib.sh

expected=$SDK/tests/fixtures/refused/expected

# mistake|message, a line each.
mistakes() {
	grep -v '^#' "$expected"
}

# What the guest runs: each mistake in turn, marked in the log, nothing of it left behind.
guest_script() {
	local mistake
	for mistake in $(mistakes | cut -d '|' -f 1 | uniq); do
		echo "echo 'mistake $mistake' >/dev/kmsg"
		echo "insmod /lab/refused.ko bad=$mistake 2>/dev/null && echo '$mistake: loaded' && rmmod refused"
		echo "[ ! -e /sys/class/refused ] || echo '$mistake: left over'"
	done
	echo "echo 'mistake end' >/dev/kmsg"
	echo "insmod /lab/refused.ko || echo 'none: refused'"
	echo "[ -d /sys/class/mdev_bus/refused ] || echo 'none: not there'"
	echo "rmmod refused; insmod /lab/refused.ko bad=older || echo 'older: refused'"
	echo "echo '# mdev-conform: end'"
}

# The part of the log that belongs to one mistake.
log_of() {
	sed -n "/mistake $1\$/,/mistake /p" "$TMP/log" | sed '$d'
}

judge() {
	local mistake message
	while IFS='|' read -r mistake message; do
		if grep -q "^$mistake: " "$TMP/ktap"; then
			fail "$mistake is refused" "$(grep "^$mistake: " "$TMP/ktap")"
		elif ! log_of "$mistake" | grep -qF -- "$message"; then
			fail "$mistake: the log says why" "needed: $message" "$(log_of "$mistake")"
		else
			pass "$mistake"
		fi
	done < <(mistakes)
}

tree=$TMP/refused
mkdir "$tree"
cp tests/fixtures/refused/{Kbuild,refused.c} "$tree"
check "the driver builds" make --no-print-directory M="$tree"

# Each variant of the source must be expected, or it would prove nothing.
all_expected() {
	sed -n 's/^\t\(MODEL(\|{ \)"\([a-z_]*\)".*/\2/p' "$tree/refused.c" | grep -vx none | sort >"$TMP/made"
	mistakes | cut -d '|' -f 1 | grep -vx -e abi -e longer | sort -u >"$TMP/known"
	diff -u "$TMP/known" "$TMP/made"
}
check "each mistake that the driver can make is expected" all_expected

guest_script >"$TMP/script"
check "the kernel did not complain" "$MDEV" boot --kernel 6.1 --file "$tree/refused.ko:/lab/refused.ko" \
	--file "$TMP/script:/lab/script" --run 'sh /lab/script; true' --ktap "$TMP/ktap" \
	--log "$TMP/log" --timeout 60
judge
check "without a mistake it is there, one of an older SDK too, and the guest came to its end" sh -c "
	! grep -E '^(none|older): ' '$TMP/ktap' && grep -q '^# mdev-conform: end' '$TMP/ktap'"
finish

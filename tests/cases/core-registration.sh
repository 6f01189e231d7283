#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a registration that cannot work is refused, and the log says what to do; migration by layer 1
# tier: quick
# timeout: 240
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

# mistake ; errno of insmod as its message ; what the log must say
# Newest kernels say EBUSY (busy) to insmod where a module's init returned EEXIST (exists).
mistakes() {
	cat <<-'END'
	create;Invalid;mdev_parent_ops lacks create: set it
	remove;Invalid;mdev_parent_ops lacks remove: set it
	types;Invalid;mdev_parent_ops lacks supported_type_groups
	noname;Invalid;a type is named '': set .name
	slash;Invalid;a type is named 'a/b': set .name
	noattr;Invalid;type 'poor' has no attribute available_instances
	reset;Invalid;mdev_parent_ops lacks reset
	abi;not supported;install the newer mdev-sdk framework
	older;not supported;this framework serves ABI 1 to
	tail;not supported;install the newer mdev-sdk framework
	twice;exists|busy;MDEV: not registered
	migmember;Invalid;mdev_parent_ops.migration lacks get_data_size: set it
	migstop;Invalid;mdev_parent_ops.migration has the flags 0x2: needed is VFIO_MIGRATION_STOP_COPY
	migflags;Invalid;mdev_parent_ops.migration has the flags 0x9: needed is VFIO_MIGRATION_STOP_COPY
	END
}

# What the guest runs: each mistake in turn, marked in the log, nothing of it left behind.
guest_script() {
	local mistake
	while IFS=';' read -r mistake _; do
		echo "echo 'mistake $mistake' >/dev/kmsg"
		echo "insmod /lab/pinner.ko bad=$mistake 2>&1 | sed 's/^/$mistake: /'"
		echo "[ ! -e /sys/bus/platform/devices/pinner.0 ] || echo '$mistake: left over'"
	done < <(mistakes)
	cat <<-'END'
	echo 'mistake end' >/dev/kmsg
	insmod /lab/pinner.ko bad=zerotail || echo 'zerotail: refused'
	rmmod pinner && insmod /lab/pinner.ko || echo 'good: refused'
	END
	echo "insmod /lab/rawmig.ko && FLAGS=$(flags_of "$1") core-client migrate"
}

# What the kernel knows of VFIO_MIGRATION_*: PRE_COPY is newer than 6.1.
flags_of() {
	[ "$1" = 6.1 ] && echo 3 || echo 7
}

# The part of the log that belongs to one mistake.
log_of() {
	sed -n "/mistake $1\$/,/mistake /p" "$TMP/log" | sed '$d'
}

judge_mistakes() {
	local kernel=$1 mistake words message
	while IFS=';' read -r mistake words message; do
		if ! grep -Eq "^$mistake: .*($words)" "$TMP/ktap"; then
			fail "$kernel: $mistake: insmod fails" "$(cat "$TMP/ktap")"
		elif ! log_of "$mistake" | grep -qF -- "$message"; then
			fail "$kernel: $mistake: the log says why" "$(log_of "$mistake")"
		elif grep -q "^$mistake: left over" "$TMP/ktap"; then
			fail "$kernel: $mistake: nothing is left"
		else
			pass "$kernel: $mistake"
		fi
	done < <(mistakes)
	check "$kernel: a longer table with nothing in its tail is taken" \
		sh -c "! grep -q refused '$TMP/ktap'"
}

# Two of the three numbers that the fixture returned are neither file nor errno.
judge_migration() {
	guest_results "$1: migrate: " "$TMP/ktap"
	check "$1: migrate: the run" whole_ktap "$TMP/ktap"
	check "$1: migrate: what is no errno is told" \
		[ "$(grep -c 'migration.set_state of .* returned -\?50*, which is no errno.*\[K35\]' "$TMP/log")" = 2 ]
}

client_build || exit 3
for kernel in 6.1 newest; do
	if ! framework_for "$kernel" || ! ko=$(fixture_for "$kernel") ||
		! migrating=$(FIXTURE=rawmig fixture_for "$kernel"); then
		fail "$kernel: build" "$(tail -n 20 "$TMP"/*.log)"
		continue
	fi
	guest_script "$kernel" >"$TMP/script"
	check "$kernel: the kernel did not complain" \
		"$MDEV" boot --kernel "$kernel" --file "$ko:/lab/pinner.ko" \
		--file "$migrating:/lab/rawmig.ko" --file "$CLIENT:/bin/core-client" \
		--file "$TMP/script:/lab/script" --run 'sh /lab/script; true' --ktap "$TMP/ktap" \
		--log "$TMP/log" --timeout 60
	judge_mistakes "$kernel"
	judge_migration "$kernel"
done
finish

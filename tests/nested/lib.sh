# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For the cases that run a guest inside a guest; sourced after tests/lib.sh.
#
# The outer guest emulates a processor with virtualisation (QEMU's EPYC under TCG), so the inner one
# runs on KVM. It sees this machine's root file system, read-only, and runs this machine's QEMU.

# shellcheck source=tests/lspci.sh
. tests/lspci.sh

NESTED=$SDK/build/host/nested

nested_build() {
	make -s -C tests/nested O="$NESTED" >"$TMP/nested.log" 2>&1 ||
		{ cat "$TMP/nested.log" >&2; return 1; }
}

# The kernel of the outer guest.
NESTED_KERNEL=6.1

# driver_copy FOLDER: builds a copy of an example, prints its module.
driver_copy() { # folder [patch]
	local copy
	copy=$TMP/driver-$(basename "$1")${2:+-$(basename "$2" .patch)}
	rm -rf "$copy"
	cp -r "$1" "$copy"
	[ -z "${2:-}" ] || patch -s -p1 -d "$copy" <"$2" || return 1
	KVER=$NESTED_KERNEL framework/build.sh module "$copy" >"$TMP/driver.log" 2>&1 ||
		{ tail -n 20 "$TMP/driver.log" >&2; return 1; }
	ls "$copy"/*.ko
}

# QEMU warns at each start of a device that does not declare ERR.
qemu_is_content() {
	! grep 'Could not enable error recovery' "$TMP/said"
}

# What a second try was needed for, at the end of a case.
nested_retries() {
	[ ! -f "$TMP/retries" ] || diag <"$TMP/retries"
}

# What the outer guest needs of its kernel and that has as a module.
nested_modules() {
	local name builtin
	builtin=$("$MDEV" kernel "$NESTED_KERNEL" --print moddir)/modules.builtin
	for name in kvm_amd 9p 9pnet_virtio virtio_pci; do
		grep -q "/$name\.ko$" "$builtin" || echo "--kernel-module $name"
	done
}

# nested_boot MODULE INITRD VARS [BOOT OPTION...]: what the outer guest printed goes to $TMP/said.
# An inner guest freezes now and then on an emulated processor, on a busy host more often; two more
# tries, and it is said. One that does not freeze takes less than a minute; or NESTED_SECONDS.
# NESTED_L1: what runs in the outer guest, if not l1.sh.
nested_boot() {
	local module=$1 initrd=$2 vars=$3 seconds=${NESTED_SECONDS:-80} try
	shift 3
	for try in 1 2 3; do
		# shellcheck disable=SC2046 # several words
		"$MDEV" boot --kernel "$NESTED_KERNEL" --module "$module" $(nested_modules) --qemu '-cpu EPYC -m 1500' \
			--qemu '-virtfs local,path=/,mount_tag=root9p,security_model=none,readonly=on,multidevs=remap' \
			--file "${NESTED_L1:-tests/nested/l1.sh}:/l1.sh" \
			--file tests/nested/l1-root.sh:/l1-root.sh --file "$initrd:/l2.initrd" --timeout $((seconds + 40)) \
			--log "$TMP/l1.log" "$@" --run "export $vars L2_INITRD=/l2.initrd L2_SECONDS=$seconds \
				L2_KERNEL=$("$MDEV" kernel 6.1 --print vmlinux); sh /l1.sh" \
			>"$TMP/said" 2>&1 && grep -q 'l2: end' "$TMP/said" && return 0
		[ $try = 3 ] || echo "the inner guest did not come to its end; tried once more" >>"$TMP/retries"
	done
	tail -n 60 "$TMP/said"
	return 1
}

# nested_moves L1 MODULE INITRD VARS [BOOT OPTION...]: L1 runs in the outer guest, moves guests from
# one QEMU to another (l1-move.sh), and says how that went, for step().
nested_moves() {
	NESTED_L1=$1 nested_boot "$2" "$3" "QEMU=$(tools/lab/qemu-newest) $4" "${@:5}" \
		--file tests/nested/l1-move.sh:/l1-move.sh --file "$NESTED/nested-qmp:/bin/nested-qmp"
}

# step NAME ERE: a line of what was printed between the beginning of a step and that of the next one.
step() {
	sed -n "/^step $1\$/,/^step /p" "$TMP/said" >"$TMP/step"
	cat "$TMP/step"
	grep -Eq -- "$2" "$TMP/step"
}

# nested_refused TYPE: a stream of that type came to another one, whose kernel says so.
nested_refused() {
	grep 'migration:' "$TMP/l1.log"
	grep -Eq "type '$1', .* was refused, as it is of another type.* \[K257\]" "$TMP/l1.log"
}

# nested_figures STEP...: of each that moved a guest what QEMU says of it: milliseconds in all, and those
# without a running guest, bytes of the device's stream.
nested_figures() {
	local name total down vfio
	for name; do
		step "$name" . >/dev/null
		total=$(grep -Eo '"total-time": [0-9]+' "$TMP/step" | tail -n 1)
		down=$(grep -Eo '"downtime": [0-9]+' "$TMP/step")
		vfio=$(grep -Eo '"vfio": \{[^}]*\}' "$TMP/step" | tail -n 1)
		echo "$name: $total, $down, $vfio"
	done
}

# nested_broken PATCH: a copy of the SDK in $TMP/sdk whose framework has the fault, and no earlier one.
nested_broken() {
	local copy=$TMP/sdk
	if [ ! -d "$copy" ]; then
		mkdir -p "$copy/tools/lab" && cp -r framework sdk mdev-sdk "$copy/" &&
			cp tools/lab/guest-init.sh "$copy/tools/lab/" || return 1
	else
		patch -s -R -p1 -d "$copy" <"$copy/fault" || return 1
	fi
	cp "$1" "$copy/fault" && patch -s -p1 -d "$copy" <"$1" || return 1
	KVER=6.1 "$copy/framework/build.sh" framework >"$TMP/framework.log" 2>&1 ||
		{ tail -n 20 "$TMP/framework.log"; return 1; }
}

# nested_received NAME: a file that the outer guest has printed, between "begin NAME" and "end NAME".
nested_received() {
	sed -n "/^begin $1\$/,/^end $1\$/p" "$TMP/said" | sed '1d;$d' | base64 -d | gunzip >"$TMP/$1" &&
		[ -s "$TMP/$1" ]
}

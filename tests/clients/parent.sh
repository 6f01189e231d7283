# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For the sdk-parent* cases: a guest with QEMU's edu behind a port and an emulated IOMMU, and a trace
# of what is done to it. Sourced after tests/clients/lib.sh.

# shellcheck disable=SC2034
FIXTURE=mdkpci
# shellcheck disable=SC2034
PATCHES=tests/broken/sdk

printf '%s\n' memory_region_ops_read memory_region_ops_write >"$TMP/events"

# Without KVM a guest may be slow just when the kernel looks whether its timer ticks.
PARENT=(--append 'intel_iommu=on no_timer_check'
	--qemu '-M q35,kernel-irqchip=split -device intel-iommu,intremap=on'
	--qemu '-device pcie-root-port,id=port0,chassis=1 -device edu,bus=port0,id=edu0'
	--qemu "-trace events=$TMP/events,file=$TMP/trace")

# The fixture writes to I/O port 0x80 when the SDK has promised that nobody touches the device, and
# when that ends. Accesses before prove that the trace sees any.
untouched() {
	awk 'BEGIN { away = 0 }
		/ioport80/ && /value 0xa5 / { away = 1 }
		/ioport80/ && /value 0x5a / { away = 0 }
		/edu-mmio/ { n[away]++; if (away) print "touched while away: " $0 }
		END { print n[0] + 0 " accesses to edu, " n[1] + 0 " while it was away"
			exit !(n[0] && !n[1]) }' "$TMP/trace"
}

# Nothing was written to memory that had been taken from the device.
nothing_refused() {
	! grep 'DMAR: .*fault addr' "$TMP/log"
}

# parent_piece KERNEL PIECE: as run_piece, and what the trace says.
parent_piece() {
	rm -f "$TMP/trace"
	run_piece "$1" "$2" "${PARENT[@]}" "${@:3}"
	check "$1: $2: QEMU saw no access while the device was away" untouched
}

qmp_build() {
	make -s -C tests/nested ../../build/host/nested/nested-qmp >"$TMP/nested.log" 2>&1 || cat "$TMP/nested.log" >&2
}

# Whoever is in the guest says when, on a serial port of its own.
pull_the_plug() {
	local i
	for ((i = 0; i < 1200; i++)); do
		if grep -qs unplug "$TMP/asked"; then
			exec "$SDK/build/host/nested/nested-qmp" "$TMP/qmp" \
				'{"execute": "device_del", "arguments": {"id": "edu0"}}'
		fi
		sleep 0.1
	done
}

# plug_piece KERNEL: the device is unplugged while two users have it.
plug_piece() {
	rm -f "$TMP/asked"
	pull_the_plug &
	parent_piece "$1" pciplug --qemu "-serial file:$TMP/asked" \
		--qemu "-qmp unix:$TMP/qmp,server=on,wait=off"
	wait
}

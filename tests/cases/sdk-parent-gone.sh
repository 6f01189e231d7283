#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a PCI device in use is unplugged through QMP and removed through sysfs; instances that do not come back
# tier: full
# timeout: 600
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh
# shellcheck source=tests/clients/parent.sh
. tests/clients/parent.sh

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

client_build
make -s -C tests/nested ../../build/host/nested/nested-qmp >"$TMP/nested.log" 2>&1 || cat "$TMP/nested.log" >&2
for kernel in newest 6.1; do
	parent_piece "$kernel" pcilost
	parent_piece "$kernel" pciremove
	rm -f "$TMP/asked"
	pull_the_plug &
	parent_piece "$kernel" pciplug --qemu "-serial file:$TMP/asked" \
		--qemu "-qmp unix:$TMP/qmp,server=on,wait=off"
	wait
done
finish

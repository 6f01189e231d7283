#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: create, open, remove and unregister against each other; uevents show complete devices only
# tier: quick
# timeout: 300
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

client_build
for kernel in "${KERNELS[@]}"; do
	# Drivers that are probed behind the back of whoever creates a device change nothing either.
	run_piece "$kernel" uevents --append 'driver_async_probe=*'
	run_piece "$kernel" lifetime
done
finish

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For the legacy cases: a driver of Linux 4.10 that is careless with its notifier. Sourced after
# tests/clients/lib.sh; MDEV is the command of the SDK that is looked at.

careless_is_told() {
	LEGACY410_CARELESS=y expect 0 ' 0 failed' "$MDEV" test tests/fixtures/legacy410 --kernel 6.1 \
		--only dma.unmap_pinned --log "$TMP/log" &&
		grep 'vfio_register_notifier: the device is not open, refused.*\[K131\]' "$TMP/log" &&
		grep 'only VFIO_IOMMU_NOTIFY with VFIO_IOMMU_NOTIFY_DMA_UNMAP is served' "$TMP/log" &&
		grep 'closed with a notifier registered' "$TMP/log"
}

# Who opens and closes without end does not fill the host's log with what its driver forgot.
log_is_not_filled() {
	local ko lines
	ko=$(LEGACY410_CARELESS=y FIXTURE=legacy410 fixture_for 6.1) || return 1
	# shellcheck disable=SC2016 # the guest's shell expands it
	expect 0 '^opened 60 times$' "$MDEV" boot --kernel 6.1 --module "$ko" --log "$TMP/log" \
		--file "$SDK/build/host/conform/mdev-poke:/bin/mdev-poke" --timeout 120 --run '
			u=83b8f4f2-509f-382f-3c1e-e6bfe0fa1001
			echo $u >"$(echo /sys/devices/legacy410/mdev_supported_types/*/create)"
			for i in $(seq 60); do mdev-poke $u info >/dev/null || exit; done
			echo opened 60 times' --ktap /dev/stdout
	lines=$(grep -c 'closed with a notifier registered' "$TMP/log")
	echo "$lines lines of it"
	[ "$lines" -gt 0 ] && [ "$lines" -lt 40 ]
}

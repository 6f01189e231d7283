# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For the sdk-reach* cases: a device, QEMU's edu, that names 28 bits of an address, in a machine that
# has more memory. Sourced after tests/clients/lib.sh.

# shellcheck disable=SC2034
FIXTURE=mdkreach
# shellcheck disable=SC2034
PATCHES=tests/broken/sdk

# shellcheck disable=SC2034
EDU=(--qemu '-m 640 -device pcie-root-port,id=port0,chassis=1 -device edu,bus=port0')
IOMMU=(--qemu '-M q35,kernel-irqchip=split -device intel-iommu,intremap=on')

# shellcheck disable=SC2034
PASS_THROUGH=("${IOMMU[@]}" --append 'intel_iommu=on iommu=pt')
# shellcheck disable=SC2034
BOUNCED=(--append swiotlb=force)
# No false alarm: what the kernel bounces elsewhere it does not bounce here.
# shellcheck disable=SC2034
TRANSLATED=("${IOMMU[@]}" --append 'intel_iommu=on swiotlb=force')

# vgpu_for KERNEL: prints the path of a driver that exports dma-bufs.
vgpu_for() {
	local copy=$TMP/vgpu-$1
	rm -rf "$copy"
	mkdir "$copy"
	cp examples/vgpu-stub/{Kbuild,*.[ch]} "$copy"
	KVER=$1 framework/build.sh module "$copy" >"$TMP/driver.log" 2>&1 || return 1
	echo "$copy/vgpu_stub.ko"
}

# Each of IDS as often as it is named, and no other of the kind: what a guest asks for again and
# again is told of once.
said() { # ID...
	grep -o 'K16[0-9]\]' "$TMP/log" | tr -d ']' >"$TMP/said"
	cat "$TMP/said"
	printf '%s\n' "$@" | cmp - "$TMP/said"
}

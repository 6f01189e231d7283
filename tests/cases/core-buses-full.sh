#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: every piece and the suite on the kernel's bus and on a private one, on both kernels
# tier: full
# timeout: 3600
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

passes_suite() { # DRIVER
	expect 0 ' 0 failed' "$MDEV" test "$1" --kernel "$kernel" --bus "$bus" --timeout 240
}

# A kernel like that of the cloud flavours: it has the headers of an mdev core and no such core.
without_core() {
	local kdir name
	kdir=$("$MDEV" kernel 6.1 --print kdir)
	cp -a "$kdir" "$TMP/kdir" || return 1
	for name in scripts tools; do
		ln -sfn "$(realpath "$kdir/$name")" "$TMP/kdir/$name" || return 1
	done
	sed -i '/drivers\/vfio\/mdev\/mdev/d' "$TMP/kdir/Module.symvers" &&
		KDIR=$TMP/kdir MDK_OUT=$TMP/coreless expect 0 \
			'NOTE .* has no mdev core of its own.*mdk_mdev_kernel.ko is left out' \
			framework/build.sh framework || return 1
	(cd "$TMP/coreless/framework" && echo *.ko) >"$TMP/built"
	cat "$TMP/built"
	[ "$(cat "$TMP/built")" = 'mdk_legacy.ko mdk_mdev.ko mdk_model.ko mdk_net.ko mdk_vfio_mdev.ko' ]
}

# lifetime with the kernel's bus is what core-buses does.
client_build
export RAWV11_NATIVE_REGION_INFO=y
for kernel in 6.1 newest; do
	for bus in kernel private; do
		FIXTURE=pinner
		run_piece "$kernel" uevents --bus $bus
		run_piece "$kernel" pins --bus $bus
		run_piece "$kernel" unmap --bus $bus
		[ $bus = kernel ] || run_piece "$kernel" lifetime --bus $bus
		FIXTURE=mdkirq
		run_piece "$kernel" irqs --bus $bus
		FIXTURE=mdkgone
		run_piece "$kernel" gone --bus $bus
		FIXTURE=mdkpin
		run_piece "$kernel" sdkpins --bus $bus
		check "$kernel, $bus: rawv11 passes the suite" passes_suite tests/fixtures/rawv11
		check "$kernel, $bus: legacy410 passes the suite" passes_suite tests/fixtures/legacy410
		check "$kernel, $bus: mtty passes the suite" passes_suite examples/mtty
		check "$kernel, $bus: the vgpu-stub passes the suite" passes_suite examples/vgpu-stub
	done
done
check "without a core of the kernel's the framework is built without mdk_mdev_kernel" without_core
finish

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a customer's machine: DKMS builds the framework and a generated driver from what a vendor ships
# tier: full
# timeout: 900
# shellcheck source=tests/lib.sh
. tests/lib.sh

version=$(cat VERSION)
kernel=
release=

# Its trees are our own; nothing of the machine's is touched.
dkms_() { # VERB NAME/VERSION
	env MDEV_SDK="$TMP/src/mdev-sdk-$version" dkms "$@" --dkmstree "$TMP/tree" --sourcetree "$TMP/src" \
		--installtree "$TMP/lib/modules"
}

built() { # NAME/VERSION
	dkms_ build "$1" -k "$release" --kernelsourcedir "$("$MDEV" kernel "$kernel" --print kdir)" && return
	cat "$TMP/tree/$1/build/make.log"
	return 1
}

# No folder of the SDK where the driver was generated: only what `make dkms` made.
ship() {
	mkdir -p "$TMP/src" "$TMP/tree" "$TMP/lib/modules"
	cp -r "$(tools/dkms/make "$TMP/dkms")" "$TMP/src/" &&
		"$MDEV" new --name shipped --kind serial --dir "$TMP/src/shipped-0.1" &&
		rm "$TMP/src/shipped-0.1/local.mk" &&
		! grep -rF "$SDK" "$TMP/src/mdev-sdk-$version" "$TMP/src/shipped-0.1/dkms.conf" &&
		dkms_ add "mdev-sdk/$version" && dkms_ add shipped/0.1
}

modules() { # NAME/VERSION
	find "$TMP/tree/$1/$release" -name '*.ko*' | sed 's|.*/||; s|\.ko.*||' | sort | tr '\n' ' '
}

drives() {
	local name dir modules=()
	for name in mdk_mdev mdk_vfio_mdev mdk_model; do
		modules+=(--module "$(find "$TMP/tree/mdev-sdk/$version/$release" -name "$name.ko")")
	done
	dir=/sys/class/mdev_bus/shipped/mdev_supported_types/shipped-1
	"$MDEV" boot --kernel "$kernel" --no-framework "${modules[@]}" \
		--module "$(find "$TMP/tree/shipped/0.1/$release" -name shipped.ko)" \
		--run "echo 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001 >$dir/create && ls $dir/devices | grep 83b8"
}

check "what a vendor ships names no folder of his" ship
for kernel in 6.1 6.1-cloud; do
	release=$("$MDEV" kernel "$kernel" --print release)
	check "$kernel: DKMS builds the framework" built "mdev-sdk/$version"
	check "$kernel: DKMS builds the driver" built shipped/0.1
	check "$kernel: a guest drives what it built" drives
done
release=$("$MDEV" kernel 6.1 --print release)
check "6.1: all modules" [ "$(modules "mdev-sdk/$version")" = \
	'mdk_legacy mdk_mdev mdk_mdev_kernel mdk_model mdk_net mdk_vfio_mdev ' ]
release=$("$MDEV" kernel 6.1-cloud --print release)
check "6.1-cloud: but the one for the kernel's core" [ "$(modules "mdev-sdk/$version")" = \
	'mdk_legacy mdk_mdev mdk_model mdk_net mdk_vfio_mdev ' ]
check "gone without a trace: the driver" dkms_ remove shipped/0.1 --all
check "gone without a trace: the framework" dkms_ remove "mdev-sdk/$version" --all
finish

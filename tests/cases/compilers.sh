#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: for a kernel that clang has built the framework and each kind of driver are built by clang without being asked, under DKMS too, and run
# tier: full
# timeout: 2400
# shellcheck source=tests/lib.sh
. tests/lib.sh

by_clang() { # FILE.ko...
	local file
	for file in "$@"; do
		readelf -p .comment "$file" | grep -F 'clang version' || return 1
	done
}

# Nobody has asked for clang: the kernel's configuration has.
quietly() { # WORDS FOR MAKE...
	local status=0
	make --no-print-directory -s KDIR="$kdir" MDK_OUT="$out" W=1 "$@" >"$TMP/build.out" 2>&1 || status=$?
	cat "$TMP/build.out"
	[ $status = 0 ] && ! grep -Eq '(warning|error):' "$TMP/build.out"
}

framework() {
	quietly framework && by_clang "$out"/framework/*.ko
}

driver() { # KIND
	local tree=$TMP/generated/$1
	quietly M="$tree" && by_clang "$tree"/*.ko
}

# The words that DKMS puts behind the line of dkms.conf.
as_dkms() {
	local tree=$TMP/generated/vgpu
	(cd "$SDK" && KDIR=$kdir MDK_OUT=$TMP/dkms framework/build.sh framework CC=clang LD=ld.lld) &&
		by_clang "$TMP"/dkms/framework/*.ko &&
		make -C "$tree" KDIR="$kdir" MDK_OUT="$TMP/dkms" MDEV_SDK="$SDK" CC=clang LD=ld.lld &&
		by_clang "$tree/myvgpu.ko"
}

# A folder of commands with make and a shell's, and no clang.
no_clang() {
	local word
	mkdir -p "$TMP/bin"
	for word in sh make sed grep find cksum head mkdir dirname gcc flock cat ls tr env rm mktemp; do
		ln -sf "$(command -v "$word")" "$TMP/bin/$word"
	done
	expect 3 "was built by clang [0-9]+, .* apt-get install clang-[0-9]+ lld-[0-9]+ llvm-[0-9]+" \
		env PATH="$TMP/bin" KDIR="$kdir" MDK_OUT="$TMP/none" framework/build.sh framework
}

# A word of the user's comes first, and a wrong one is not taken back silently.
as_said() {
	! LLVM=-nosuch KDIR=$kdir MDK_OUT=$TMP/none framework/build.sh framework >"$TMP/said" 2>&1 &&
		grep 'clang-nosuch' "$TMP/said"
}

# As a user has it: nothing says which compiler it is.
runs() { # KIND
	expect 0 '^[1-9][0-9]* passed, 0 failed, ' "$MDEV" test "$TMP/generated/$1" --kernel "$release" &&
		by_clang "$TMP/generated/$1/my$1.ko"
}

check "a kernel that clang builds" tools/lab/debug-kernel --clang
release=$(tools/lab/debug-kernel --clang)
kdir=$("$MDEV" kernel "$release" --print kdir)
out=$TMP/out
check "its configuration says so" grep -x CONFIG_CC_IS_CLANG=y "$kdir/include/config/auto.conf"
check "the framework builds with W=1 without a warning" framework
check "a driver of each kind is generated" tools/new-each "$TMP/generated" my --irq intx --irq msix:4
for kind in minimal nic pci serial vgpu virtio-net virtio-rng; do
	check "$kind: builds with W=1 without a warning" driver "$kind"
done
check "in that kernel: the suite passes on vgpu" runs vgpu
check "the lines of DKMS, and its words for clang" as_dkms
check "without clang: what to install" no_clang
check "with LLVM=: that one" as_said
finish

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: the framework's modules live beside the kernel's own mdev core, and never in its way
# tier: quick
# timeout: 300
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh
# shellcheck source=tests/clients/together.sh
. tests/clients/together.sh

# As modprobe would load it from the staged tree.
kvmgt_loads() { # BOOT-OPTION...
	local options=() file
	while read -r _ file _; do
		options+=(--module "$file")
	done < <(modprobe -d "$TMP/root" -S "$release" --show-depends kvmgt | grep ^insmod)
	echo "${options[*]}"
	[ ${#options[@]} -ge 4 ] && "$MDEV" boot --kernel "$kernel" "$@" "${options[@]}" \
		--timeout 90 --run 'grep "^kvmgt " /proc/modules'
}

refuses() {
	"$MDEV" boot --no-framework --kernel "$kernel" --kernel-module mdev --timeout 60 \
		--file "$(find "$ours" -name mdk_mdev.ko):/lab/mdk_mdev.ko" --log "$TMP/log" \
		--run 'echo begin >/dev/kmsg; insmod /lab/mdk_mdev.ko && exit 9; echo end >/dev/kmsg' ||
		return 1
	# busybox' insmod tries a second system call where the first one failed; the clocks of a
	# young kernel speak whenever they like.
	sed -n '/ begin$/,/ end$/p' "$TMP/log" | sed '1d;$d;s/^\[[^]]*\] //' |
		grep -v 'taints kernel\|verification failed' |
		grep -vE '^(tsc|clocksource|random|workqueue|hrtimer|perf): ' | sort -u >"$TMP/said"
	cat "$TMP/said"
	[ "$(wc -l <"$TMP/said")" = 1 ] && grep -q "bus 'mdev' belongs to another module" "$TMP/said"
}

for kernel in "${KERNELS[@]}"; do
	kdir=$("$MDEV" kernel "$kernel" --print kdir)
	moddir=$("$MDEV" kernel "$kernel" --print moddir)
	release=$("$MDEV" kernel "$kernel" --print release)
	ours=build/$release/framework
	framework_for "$kernel" || cat "$TMP/framework.log" >&2
	check "$kernel: no exported symbol of ours is one of the kernel's" no_common_symbol
	check "$kernel: no module of ours has the name of one of the kernel's" no_common_module
	check "$kernel: installed, our modules change no line of modules.dep" only_our_lines
	check "$kernel: kvmgt loads with ours installed" kvmgt_loads --no-framework
	check "$kernel: kvmgt loads after ours with bus=kernel" kvmgt_loads --bus kernel
	check "$kernel: beside the kernel's mdev our core says one sentence and goes" refuses
done
finish

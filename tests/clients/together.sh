# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For the cases about our modules among the kernel's: names, symbols, modules.dep. Sourced after
# tests/lib.sh. The caller sets: kdir, moddir and release of the kernel; ours, the framework's folder.
# shellcheck disable=SC2154

# shellcheck source=tests/tool/kernel-root.sh
. tests/tool/kernel-root.sh

symbols() {
	cut -f2 "$1" | sort -u
}

no_common_symbol() {
	[ -s "$ours/Module.symvers" ] && [ -s "$kdir/Module.symvers" ] || return 1
	comm -12 <(symbols "$ours/Module.symvers") <(symbols "$kdir/Module.symvers") >"$TMP/common"
	cat "$TMP/common"
	[ ! -s "$TMP/common" ]
}

module_names() { # from lines of modules.dep
	sed 's/:.*//; s|.*/||; s/\.ko.*//; s/-/_/g' | sort -u
}

no_common_module() {
	[ -s "$moddir/modules.dep" ] || return 1
	comm -12 <(find "$ours" -name '*.ko' | module_names) <(module_names <"$moddir/modules.dep") \
		>"$TMP/common"
	cat "$TMP/common"
	[ ! -s "$TMP/common" ]
}

# The whole tree of the kernel's modules, and ours where dkms would put them.
stage() {
	local tree=$TMP/root/lib/modules/$release
	kernel_root
	mkdir -p "$tree/updates/dkms"
	find "$ours" -name '*.ko' -exec cp {} "$tree/updates/dkms/" \;
	depmod -b "$TMP/root" "$release"
	sort "$tree/modules.dep" >"$TMP/after"
}

# And of those only the one for bus=kernel brings the kernel's core along.
only_our_lines() {
	stage || return 1
	comm -3 "$TMP/before" "$TMP/after" | sed 's/^\t//' >"$TMP/changed"
	cat "$TMP/changed"
	[ "$(grep -c kvmgt "$TMP/before")" -ge 1 ] &&
		[ "$(wc -l <"$TMP/changed")" = "$(find "$ours" -name '*.ko' | wc -l)" ] &&
		! grep -v '^updates/dkms/mdk_' "$TMP/changed" &&
		[ "$(grep '/mdev\.ko' "$TMP/changed" | module_names)" = mdk_mdev_kernel ]
}

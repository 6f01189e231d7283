# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For the cases that install modules. Sourced after tests/lib.sh. The caller sets moddir and release of
# the kernel.
# shellcheck disable=SC2154

# The modules of the kernel, as its package leaves them, below $TMP/root; its index, sorted.
kernel_root() {
	local tree=$TMP/root/lib/modules/$release
	rm -rf "$TMP/root"
	mkdir -p "$tree"
	ln -s "$moddir/kernel" "$tree/kernel"
	cp "$moddir"/modules.{order,builtin} "$tree/"
	cp "$moddir/modules.builtin.modinfo" "$tree/" 2>/dev/null
	depmod -b "$TMP/root" "$release"
	sort "$tree/modules.dep" >"$TMP/before"
}

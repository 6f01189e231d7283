#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: make modules_install and modules_uninstall: what modprobe finds, what is left, what is refused
# tier: quick
# timeout: 300
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/tool/kernel-root.sh
. tests/tool/kernel-root.sh

release=$("$MDEV" kernel 6.1 --print release)
moddir=$("$MDEV" kernel 6.1 --print moddir)
root=$TMP/root
tree=$root/lib/modules/$release

install_it() { # make arguments
	make --no-print-directory KVER=6.1 DESTDIR="$root" "$@" modules_install
}

# All that modprobe would load for a driver, in its order: paths below the root.
needs() { # MODULE
	modprobe -d "$root" -S "$release" --show-depends "$1" | sed -n 's/^insmod //p' | tr -s ' ' '\n'
}

brings() { # MODULE NAME...
	local name
	needs "$1" >"$TMP/needs"
	cat "$TMP/needs"
	for name in "${@:2}"; do
		grep -q "/updates/mdev-sdk/$name\.ko$" "$TMP/needs" || return 1
	done
}

# A guest loads what was installed, and nothing else of ours.
drives() {
	local name path modules=()
	for name in mdk_vfio_mdev mtty; do
		while read -r path; do
			case $path in */updates/mdev-sdk/*) modules+=(--module "$path") ;; esac
		done < <(needs "$name")
	done
	"$MDEV" boot --kernel 6.1 --no-framework "${modules[@]}" --run '
		cd /sys/class/mdev_bus/mtty/mdev_supported_types/* &&
			echo 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001 >create && ls /sys/bus/mdev/devices | grep 83b8'
}

same_as_before() {
	diff "$TMP/before" <(sort "$tree/modules.dep") && [ -z "$(find "$tree" -path '*mdev-sdk*')" ]
}

by_uninstall() {
	install_it && expect 0 'updates/mdev-sdk; what is loaded stays so until rmmod' make DESTDIR="$root" uninstall &&
		same_as_before
}

# As somebody who may not write there. Root may, but not on a file system that is mounted so.
# shellcheck disable=SC2016 # dollars of the other shell
read_only() { # command...
	unshare --mount sh -c 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && "$@"' \
		sh "$root" "$@"
}

# Who does not write modprobe's index has installed nothing.
index_is_missed() {
	mkdir -p "$TMP/bin"
	ln -s /bin/true "$TMP/bin/depmod"
	PATH=$TMP/bin:$PATH install_it -s && ! brings mdk_model mdk_mdev mdk_model
}

beside_dkms() {
	local status=0
	mkdir -p "$tree/updates/dkms"
	touch "$tree/updates/dkms/mdk_mdev.ko"
	expect 2 'updates/dkms/mdk_mdev.ko is there already; remove it first' \
		make KVER=6.1 DESTDIR="$root" modules_install || status=1
	rm -r "$tree/updates/dkms"
	return $status
}

kernel_root
check "a kernel that is not in DESTDIR" expect 2 'no folder .*: the kernel .* is not installed there' \
	make KVER=6.1 DESTDIR="$TMP/nowhere" modules_install
check "caught: the index is not written" index_is_missed
check "the framework" expect 0 "installed for $release: mdk_legacy.ko mdk_mdev.ko .*mdk_vfio_mdev.ko$" \
	install_it
check "modprobe finds the driver's side" brings mdk_model mdk_mdev mdk_model
check "beside what DKMS installed: refused" beside_dkms
check "a driver with it, by the name install too" expect 0 'mdk_vfio_mdev.ko mtty.ko$' \
	make --no-print-directory KVER=6.1 DESTDIR="$root" M=examples/mtty install
check "modprobe of the driver brings what it needs" brings mtty mdk_mdev mdk_model mtty
check "a guest that has nothing else has a device" drives
check "the framework again: the driver stays" expect 0 'mtty.ko$' install_it
if [ "$(id -u)" = 0 ] && unshare --mount true 2>/dev/null; then
	check "a root that cannot be written: said, and nothing is lost" \
		expect 2 'cannot write to .*DESTDIR=' read_only make KVER=6.1 DESTDIR="$root" modules_install
else
	skip "a root that cannot be written: said, and nothing is lost" "only root can mount"
fi
check "what was there before that is there" brings mtty mdk_mdev mdk_model mtty
check "modules_uninstall" expect 0 'stays so until rmmod' make KVER=6.1 DESTDIR="$root" modules_uninstall
check "the kernel's modules are as before" same_as_before
check "uninstall takes modules away as well" by_uninstall
finish

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Puts the framework, and a driver built against it, where modprobe finds them, or takes all of it away:
# /lib/modules/<release>/updates/mdev-sdk.
# usage: install.sh install [TREE] | uninstall
# environment: KVER or KDIR, as for build.sh; without both the kernel that runs. DESTDIR: another root. Of keys: see sign.sh
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
build=$top/framework/build.sh

die() {
	echo "mdev-sdk: $*" >&2
	exit 3
}

case ${1:-} in
install | uninstall) ;;
*)
	echo "mdev-sdk: usage: install.sh install [TREE] | uninstall" >&2
	exit 2
	;;
esac
[ -n "${KVER:-}${KDIR:-}" ] || {
	running=$(uname -r)
	KDIR=/lib/modules/$running/build
	export KDIR
	[ -d "$KDIR" ] || die "no headers of the kernel that runs, $running: install linux-headers-$running, or name others with KDIR= or KVER="
}
release=$("$build" release)
out=$("$build" out)
modules=${DESTDIR:-}/lib/modules/$release
to=$modules/updates/mdev-sdk

update_index() {
	depmod -b "${DESTDIR:-/}" "$release"
}

# Of two copies modprobe takes one, and nobody knows which.
refuse_twice() {
	other=$(find "$modules/updates" -name 'mdk_mdev.ko*' ! -path "$to/*" 2>/dev/null | head -n 1)
	[ -z "$other" ] ||
		die "$other is there already; remove it first, what DKMS put there by: dkms remove mdev-sdk/VERSION -k $release"
}

# All of it is copied before any of it is seen.
install_all() { # [TREE]
	[ -d "$modules" ] || die "no folder $modules: the kernel $release is not installed there"
	refuse_twice
	# A driver's build makes the framework as well.
	if [ -n "${1:-}" ]; then
		"$build" module "$1"
	else
		"$build" framework unless-built
	fi
	tmp=$(mkdir -p "$modules/updates" && mktemp -d "$modules/updates/.mdev-sdk.XXXXXX") ||
		die "cannot write to $modules/updates; installing takes root, or DESTDIR= names another root"
	trap 'rm -rf "$tmp"' EXIT
	chmod 755 "$tmp"
	# A driver that was installed with an earlier call stays. `find -exec … \;` would not say that
	# the disk is full.
	[ ! -d "$to" ] || find "$to" -maxdepth 1 -name '*.ko' ! -name 'mdk_*' -exec cp -p -t "$tmp/" {} +
	find "$out/framework" ${1:+"$1"} -maxdepth 1 -name '*.ko' -exec cp -t "$tmp/" {} +
	"$top/framework/sign.sh" if-key "$tmp"/*.ko
	rm -rf "$to"
	mv "$tmp" "$to"
	update_index
	cd "$to"
	echo "installed for $release:" *.ko
	echo "load them with modprobe; make modules_uninstall takes them away"
}

uninstall() {
	[ -d "$to" ] || die "nothing of mdev-sdk is in $modules/updates"
	rm -rf "$to"
	update_index
	echo "removed $to; what is loaded stays so until rmmod"
}

case ${1:-} in
install) install_all "${2:-}" ;;
uninstall) uninstall ;;
esac

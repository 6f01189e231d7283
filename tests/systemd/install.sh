#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# On the disk of the fresh Debian, before it boots: what takes a compiler, which an emulated processor is too
# slow for. usage: /job/install.sh STEP
set -eu

as_user() {
	runuser -u vendor -- env -C /home/vendor HOME=/home/vendor "$@"
}

install() { # PACKAGE...
	apt-get install -q -y --no-install-recommends "$@"
}

# installed KERNEL: framework and driver, as DKMS sees it, and where modprobe looks.
installed() {
	dkms status
	for name in mdev-sdk shipped; do
		dkms status "$name" | grep -F "$1" | grep -q ': installed'
	done
	for name in mdk_mdev mdk_vfio_mdev mdk_model mdk_net mdk_legacy shipped; do
		ls "/lib/modules/$1/updates/dkms/$name.ko"*
	done
}

# Its headers are what DKMS waits for; no more of it is needed.
kernel() {
	install /var/local/later/*.deb
	installed "$(basename /lib/modules/*-cloud-amd64)"
}

case $1 in
sdk) install /job/debs/mdev-sdk_*.deb /job/debs/mdev-sdk-d*.deb ;;
new)
	useradd -m vendor
	as_user mdev-sdk new --name demo
	;;
make)
	as_user make -C demo KDIR="$(echo /lib/modules/*[0-9]-amd64/build)"
	ls /home/vendor/demo/demo.ko
	;;
test) as_user mdev-sdk test demo --user ;;
driver)
	install /job/debs/shipped-dkms_*.deb
	installed "$(basename /lib/modules/*[0-9]-amd64)"
	;;
kernel) kernel ;;
esac

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# Sourced in the outer guest: mounts the machine's root file system at /mnt, read-only, with a /tmp.

busybox mkdir -p /mnt
mount -t 9p -o trans=virtio,version=9p2000.L,msize=524288,cache=loose,ro root9p /mnt || exit 3
mount -t tmpfs tmp /mnt/tmp
for dir in dev proc sys; do
	mount -o bind "/$dir" "/mnt/$dir"
done

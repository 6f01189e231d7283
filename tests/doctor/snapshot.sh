# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# In a guest: prints, as text, a tar of the files that doctor looks at. Files of /proc and /sys say
# a wrong size of themselves, so they are read first.
shot=/snapshot

keep() { # PATH...: links stay links, unreadable files are left out
	for path; do
		mkdir -p "$shot/$(dirname "$path")"
		if [ -L "$path" ]; then
			ln -s "$(readlink "$path")" "$shot$path"
		else
			cat "$path" >"$shot$path" 2>/dev/null || rm -f "$shot$path"
		fi
	done
}

keep /proc/modules /proc/sys/kernel/osrelease
for pid in /proc/[0-9]*; do
	keep "$pid/comm"
	for fd in "$pid"/fd/*; do
		[ ! -L "$fd" ] || keep "$fd"
	done
done
find /sys/class/mdev_bus /sys/bus/mdev /sys/class/iommu -type l -o -type f -name '[a-z]*' |
	while read -r path; do keep "$path"; done
for parent in /sys/class/mdev_bus/*; do
	parent=$(readlink -f "$parent")
	find "$parent" -type l -o -name available_instances -o -name dev |
		while read -r path; do keep "$path"; done
done
mountpoint -q /sys/kernel/debug || mount -t debugfs none /sys/kernel/debug
find /sys/kernel/debug/mdk -maxdepth 1 -type f | while read -r path; do keep "$path"; done
mkdir -p $shot/dev
dmesg >$shot/dev/kmsg
echo 'snapshot begins'
tar -c -C $shot . | busybox gzip | base64
echo 'snapshot ends'

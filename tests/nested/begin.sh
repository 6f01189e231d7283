# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# The beginning of process 1 of an inner guest, which sources it: what the kernel shows, where it prints,
# and the modules that the image has.
export PATH=/bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs tmp /tmp
exec </dev/null >/dev/ttyS0 2>&1

say() {
	echo "l2: $*"
}

while read -r file options; do
	# shellcheck disable=SC2086 # several words
	insmod "$file" $options || say "insmod $file failed"
done </lab/modules

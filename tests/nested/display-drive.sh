#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In the outer guest, beside QEMU: takes pictures of the inner guest's screen when it says so, reads
# the frame through the device's own region, and prints both.
export PATH=/bin
tmp=/mnt/tmp

wait_for() { # words, seconds
	tries=$(($2 * 5))
	until grep -q "l2: $1" $tmp/console 2>/dev/null; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || { echo "the inner guest did not say '$1'"; return 1; }
		sleep 0.2
	done
}

qmp() {
	nested-qmp $tmp/qmp "$@"
}

send() { # name file
	echo "begin $1"
	busybox gzip -c "$2" | busybox base64
	echo "end $1"
}

take() { # name
	# QEMU looks at the device's plane when it is asked for a picture, and shows it the next time.
	qmp '{"execute": "screendump", "arguments": {"filename": "/tmp/first.png", "format": "png"}}'
	sleep 1
	qmp "{\"execute\": \"screendump\", \"arguments\": {\"filename\": \"/tmp/$1.png\", \"format\": \"png\"}}" \
		"{\"execute\": \"pmemsave\", \"arguments\": {\"val\": $((bar0)), \"size\": $size, \"filename\": \"/tmp/$1.raw\"}}" ||
		return 1
	send "$1.png" "$tmp/$1.png"
	send "$1.raw" "$tmp/$1.raw"
}

key() {
	qmp '{"execute": "send-key", "arguments": {"keys": [{"type": "qcode", "data": "ret"}]}}'
}

wait_for ready 90 || exit 1
bar0=$(sed -n 's/.*l2: bar0 \(0x[0-9a-f]*\).*/\1/p' $tmp/console)
height=$(sed -n 's/.*l2: mode [0-9]*,\([0-9]*\) .*/\1/p' $tmp/console)
stride=$(sed -n 's/.*l2: mode [0-9,]* \([0-9]*\).*/\1/p' $tmp/console)
size=$((height * stride))
take text || exit 1
key
wait_for painted 60 || exit 1
take scene || exit 1
key

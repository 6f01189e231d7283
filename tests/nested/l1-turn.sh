#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In the outer guest: a machine goes from one QEMU to another while its display, the vgpu-stub, is at
# work. When that has ended, its picture is taken.
# Environment: STEPS, what is done in turn; that of l1-move.sh.

# shellcheck source=tests/nested/l1-move.sh
. /l1-move.sh

type=vgpu_stub/vgpu_stub-4m
other=vgpu_stub/vgpu_stub-8m
card=display=on
options="-vga none"
# All video memory goes over while the guest stands still.
limit=3000

# QEMU looks at the device's plane when it is asked for a picture, and shows it the next time.
picture() {
	say "$here" '{"execute": "screendump", "arguments": {"filename": "/tmp/first.png", "format": "png"}}'
	sleep 1
	say "$here" '{"execute": "screendump", "arguments": {"filename": "/tmp/turned.png", "format": "png"}}' ||
		return 1
	echo 'begin turned.png'
	busybox gzip -c /mnt/tmp/turned.png | busybox base64
	echo 'end turned.png'
}

# shellcheck disable=SC2086 # several words
start first "$type" $options
begins first
steps
echo 'step end'
say "$here" '{"execute": "send-key", "arguments": {"keys": [{"type": "qcode", "data": "ret"}]}}'
eventually 100 has_printed 'the ticks ended' && picture
quit "$here"
ends

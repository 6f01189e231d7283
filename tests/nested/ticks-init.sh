#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Process 1 of a guest that is migrated: ticks through the card's first port until it is stopped.
# TICK of the command line: how long each is.

# shellcheck source=tests/nested/begin.sh
. /begin.sh

dmesg | grep -o 'ttyS[0-9] at .*' | sed 's/^/l2: /'
[ -c /dev/ttyS1 ] || mknod /dev/ttyS1 c 4 65
nested-ticks /dev/ttyS1 "${TICK:-16}"
echo 'l2: the ticks ended'
sleep 1000

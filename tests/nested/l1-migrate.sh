#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In the outer guest: a machine whose guest ticks (ticks.c) goes from one QEMU to another, each with an
# instance of its own.
# Environment: STEPS, what is done in turn; that of l1-move.sh.

# shellcheck source=tests/nested/l1-move.sh
. /l1-move.sh

type=mtty/mtty-2
# A card with one port.
other=mtty/mtty-1

start first "$type"
begins first
steps
quit "$here"
ends

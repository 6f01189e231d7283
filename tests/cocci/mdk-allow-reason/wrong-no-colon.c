// SPDX-License-Identifier: GPL-2.0-only
static int x; /* mdev-sdk: allow mdev-irq-count0 */ /* finds: mdk-allow-reason */

// SPDX-License-Identifier: GPL-2.0-only
/* finds: mdk-allow-reason */ /* mdev-sdk: allow */
static int x;

/* SPDX-License-Identifier: GPL-2.0-only */
#include_next <linux/if_ether.h>
#include <user/net.h>

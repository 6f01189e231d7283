// SPDX-License-Identifier: GPL-2.0-only
#include <mdk/mdk.h>

static const struct mdk_reg broken_regs[] = {
	MDK_REG_RO(0, "ID", SOME_ID),
};

// SPDX-License-Identifier: GPL-2.0-only
static const struct mdk_region my_regions[] = {
	MDK_BAR_MEM(0, "memory", SZ_64K, MDK_MMAP),
};

// SPDX-License-Identifier: GPL-2.0-only
/* A value by the names that a register's bits have. */
#include <linux/bits.h>
#include <linux/kernel.h>

#include "bits.h"

static size_t mdk_bits_name_one(const struct mdk_bits *bits, u32 value, bool first, char *text,
				size_t size)
{
	const char *before = first ? " (" : " ";

	if (bits->high == bits->low)
		return scnprintf(text, size, "%s%s", before, bits->name);
	return scnprintf(text, size, "%s%s=0x%x", before, bits->name, value >> bits->low);
}

void mdk_bits_name(const struct mdk_desc *desc, const struct mdk_reg *reg, u32 value, u32 known,
		   char *text, size_t size)
{
	const struct mdk_bits *bits = NULL;
	u32 i, mask, nr = mdk_desc_bits(desc, reg, &bits);
	size_t used = 0;

	text[0] = '\0';
	for (i = 0; i < nr; i++) {
		mask = GENMASK(bits[i].high, bits[i].low);
		if (value & mask && (known & mask) == mask)
			used += mdk_bits_name_one(&bits[i], value & mask, !used, text + used,
						  size - used - 1);
	}
	if (used)
		scnprintf(text + used, size - used, ")");
}

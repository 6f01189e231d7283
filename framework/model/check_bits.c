// SPDX-License-Identifier: GPL-2.0-only
/* Names of bits: tests and tools write NAME.BITS, and the register page has them in one cell. */
#include "check.h"
#include "fault.h"
#include "plain.h"

#define MDK_BITS_NAME_MAX 32

static bool mdk_bits_name_ok(const char *name)
{
	u32 i;

	for (i = 0; name && name[i]; i++)
		if (!(name[i] >= 'a' && name[i] <= 'z') && !(name[i] >= 'A' && name[i] <= 'Z') &&
		    !(name[i] >= '0' && name[i] <= '9') && name[i] != '_')
			return false;
	return name && i && i <= MDK_BITS_NAME_MAX;
}

/* What two rows of one register must not have in common, or NULL. */
static const char *mdk_bits_clash(const struct mdk_bits *a, const struct mdk_bits *b)
{
	if (a->high >= b->low && b->high >= a->low)
		return "overlap those of another row";
	if (a->name && b->name && !strcmp(a->name, b->name))
		return "have the name of another row";
	return NULL;
}

static const char *mdk_bits_wrong(const struct mdk_bits *bits, u32 i)
{
	const char *wrong = NULL;
	u32 j;

	if (!mdk_bits_name_ok(bits[i].name))
		return "need a name of 1 to 32 letters, digits and _";
	if (bits[i].high > 31 || bits[i].low > bits[i].high)
		return "are not bits of 31 down to 0, the highest first";
	for (j = 0; j < i && !wrong; j++)
		wrong = mdk_bits_clash(&bits[j], &bits[i]);
	return wrong;
}

int mdk_bits_check(const struct mdk_desc *desc, const struct mdk_region *region,
		   const struct mdk_reg *reg)
{
	const struct mdk_bits *bits = NULL;
	u32 i, nr = mdk_desc_bits(desc, reg, &bits);
	const char *wrong;
	int bad = 0;

	if (nr > 32)
		return mdk_fault(desc, "M163", "region '%s': register '%s' has %u rows of bits: 32 are possible",
				 region->name, reg->name ?: "(no name)", nr);
	for (i = 0; i < nr; i++) {
		wrong = mdk_bits_wrong(bits, i);
		if (wrong)
			bad += mdk_fault(desc, "M162", "region '%s': register '%s': bits '%s', %u to %u, %s",
					 region->name, reg->name ?: "(no name)",
					 bits[i].name ?: "(no name)", bits[i].high, bits[i].low, wrong);
	}
	return bad;
}

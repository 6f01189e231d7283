// SPDX-License-Identifier: GPL-2.0-only
/* Tables of attributes: see check.c. */
#include "check.h"
#include "fault.h"
#include "plain.h"

static bool mdk_attr_word_ok(const char *word)
{
	return word && *word && !strchr(word, '/');
}

int mdk_attrs_check(const struct mdk_desc *desc, const struct mdk_attr *attrs, u32 nr)
{
	int bad = 0;
	u32 i, j;

	for (i = 0; i < nr; i++) {
		if (!mdk_attr_word_ok(attrs[i].group) || !mdk_attr_word_ok(attrs[i].name))
			return mdk_fault(desc, "M80", "attribute %u has group '%s' and name '%s': both are needed, without '/'",
					 i, attrs[i].group ?: "", attrs[i].name ?: "");
		if (!attrs[i].show && !attrs[i].store)
			bad += mdk_fault(desc, "M81", "attribute '%s/%s' has neither .show nor .store",
					 attrs[i].group, attrs[i].name);
		for (j = 0; j < i; j++) {
			if (strcmp(attrs[i].group, attrs[j].group))
				continue;
			if (!strcmp(attrs[i].name, attrs[j].name))
				bad += mdk_fault(desc, "M82", "attribute '%s/%s' is there twice: rename one",
						 attrs[i].group, attrs[i].name);
			if (strcmp(attrs[i].group, attrs[i - 1].group))
				bad += mdk_fault(desc, "M83", "attributes '%s/%s' and '%s/%s' stand apart: put the rows of a group together",
						 attrs[j].group, attrs[j].name, attrs[i].group,
						 attrs[i].name);
		}
	}
	return bad;
}

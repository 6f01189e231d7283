// SPDX-License-Identifier: GPL-2.0-only
/* Parameters: see check.c. */
#include "check.h"
#include "fault.h"
#include "plain.h"

static bool mdk_param_word_ok(const char *word)
{
	return word && *word && !strchr(word, '/');
}

static bool mdk_param_is(const struct mdk_param *param, const char *group, const char *name)
{
	return group && name && !strcmp(param->group, group) && !strcmp(param->name, name);
}

/* One directory has one file of a name, whichever table it comes from. */
static bool mdk_param_has_twin(const struct mdk_desc *desc, u32 i)
{
	const struct mdk_param *param = mdk_desc_param(desc, i), *other;
	const struct mdk_attr *attr = desc->model->attrs;
	u32 j;

	for (j = 0; j < desc->model->nr_attrs; j++)
		if (mdk_param_is(param, attr[j].group, attr[j].name))
			return true;
	for (j = 0; j < i; j++) {
		other = mdk_desc_param(desc, j);
		if (mdk_param_is(param, other->group, other->name))
			return true;
	}
	return false;
}

static bool mdk_param_fits(const struct mdk_param *param, size_t state_size)
{
	return !(param->offset % sizeof(u32)) && state_size >= sizeof(u32) &&
	       param->offset <= state_size - sizeof(u32);
}

static int mdk_param_check(const struct mdk_desc *desc, u32 i)
{
	const struct mdk_param *param = mdk_desc_param(desc, i);
	int bad = 0;

	if (!mdk_param_word_ok(param->group) || !mdk_param_word_ok(param->name))
		return mdk_fault(desc, "M84", "parameter %u has group '%s' and name '%s': both are needed, without '/'",
				 i, param->group ?: "", param->name ?: "");
	if (param->min > mdk_param_max(param) || param->dflt < param->min ||
	    param->dflt > mdk_param_max(param))
		bad += mdk_fault(desc, "M86", "parameter '%s/%s' is %u at creation and may be %u to %u: set .min, .max and .dflt so that .dflt is in between",
				 param->group, param->name, param->dflt, param->min,
				 mdk_param_max(param));
	if (!mdk_param_fits(param, desc->model->state_size))
		bad += mdk_fault(desc, "M87", "parameter '%s/%s' is at byte %zu of a state of %zu bytes: name the struct whose size is .state_size",
				 param->group, param->name, param->offset, desc->model->state_size);
	if (param->when > MDK_PARAM_AT_CREATION)
		bad += mdk_fault(desc, "M88", "parameter '%s/%s' has .when %d: use MDK_PARAM_ANY_TIME, _WHILE_CLOSED or _AT_CREATION",
				 param->group, param->name, param->when);
	if (mdk_param_has_twin(desc, i))
		bad += mdk_fault(desc, "M85", "parameter '%s/%s' is there twice, in MDK_PARAMS() or in MDK_ATTRS() too: rename one",
				 param->group, param->name);
	return bad;
}

int mdk_params_check(const struct mdk_desc *desc)
{
	int bad = 0;
	u32 i;

	for (i = 0; i < desc->model->nr_params; i++)
		bad += mdk_param_check(desc, i);
	return bad;
}

// SPDX-License-Identifier: GPL-2.0-only
/* Faults of a model in the kernel's log. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/printk.h>

#include "model/desc.h"
#include "model/fault.h"

int mdk_fault(const struct mdk_desc *desc, const char *id, const char *fmt, ...)
{
	struct va_format vaf = { .fmt = fmt };
	va_list args;

	va_start(args, fmt);
	vaf.va = &args;
	pr_err("model '%s': %pV [%s]\n", desc->model->name ?: "(no name)", &vaf, id);
	va_end(args);
	return 1;
}

// SPDX-License-Identifier: GPL-2.0-only
/* A pin that rows of causes drive is driven by hand beside them. */
#define _GNU_SOURCE
#include <string.h>

#include "questions.h"

static bool has_row(const struct file *file, const char *name)
{
	for (unsigned int t = 0; t + 1 < file->first_macro; t++)
		if (token_is(file, t, name) && token_is(file, t + 1, "("))
			return true;
	return false;
}

/* A driver has one model as a rule: rows in any of its files count. */
static bool driver_has_row(const struct flow *flow, const struct function *fn, const char *name)
{
	for (size_t i = 0; i < flow->nr_files; i++)
		if (files_near(flow->files[i], fn->file) && has_row(flow->files[i], name))
			return true;
	return false;
}

void ask_causes(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		const struct function *fn = asked->flow->functions[i];

		for (unsigned int n = 1; n < fn->nr_nodes; n++)
			for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++)
				if (!strcmp(fn->nodes[n].calls[c].name, "mdk_intx_set") &&
				    driver_has_row(asked->flow, fn, "MDK_CAUSES"))
					report_line(asked, fn->file,
						    call_line(fn, &fn->nodes[n].calls[c]),
						    "the pin belongs to the model's causes: raise or "
						    "lower one of them");
	}
}

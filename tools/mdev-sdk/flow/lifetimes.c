// SPDX-License-Identifier: GPL-2.0-only
/* Made where it cannot have the time it is for: until close in init, until remove in open. */
#define _GNU_SOURCE
#include <string.h>

#include "questions.h"

#define NOT_INIT (WHEN_OPEN | WHEN_USED | WHEN_CLOSE)

static bool gets(const struct file *file, const struct call *call, const char *until)
{
	bool makes = !strcmp(call->name, "mdk_action") || !strcmp(call->name, "mdk_zalloc");

	return makes && call->count > 1 && token_is(file, call->args[1].first, until);
}

static bool is_unregister(void *data, const struct function *fn, const struct call *call)
{
	(void)data;
	return !strcmp(call->name, "vfio_unregister_notifier") && !runs_only(fn, WHEN_BEGIN);
}

static void ask_call(const struct asked *asked, const struct function *fn, const struct call *call)
{
	unsigned int line = call_line(fn, call);

	if (runs_only(fn, NOT_INIT) && !strcmp(call->name, "mdk_work_create"))
		report_line(asked, fn->file, line,
			    "a worker is made outside of init: it stays until the removal");
	else if (runs_only(fn, NOT_INIT) && gets(fn->file, call, "MDK_UNTIL_REMOVE"))
		report_line(asked, fn->file, line,
			    "%s() for MDK_UNTIL_REMOVE outside of init: it piles up with each user",
			    call->name);
	else if (runs_only(fn, WHEN_BIRTH | WHEN_DEATH) && gets(fn->file, call, "MDK_UNTIL_CLOSE"))
		report_line(asked, fn->file, line,
			    "%s() for MDK_UNTIL_CLOSE where nobody has opened yet", call->name);
	else if (!strcmp(call->name, "vfio_register_notifier") && runs_only(fn, WHEN_OPEN) &&
		 !each_call_near(asked->flow, fn->file, is_unregister, NULL))
		report_line(asked, fn->file, line,
			    "the notifier is registered in open, and release unregisters none");
}

void ask_lifetimes(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		const struct function *fn = asked->flow->functions[i];

		for (unsigned int n = 1; !fn->macro && n < fn->nr_nodes; n++)
			for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++)
				ask_call(asked, fn, &fn->nodes[n].calls[c]);
	}
}

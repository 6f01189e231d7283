// SPDX-License-Identifier: GPL-2.0-only
/*
 * When a function runs: as something begins, for a user or a guest, or as it ends. By the member of
 * the table of operations that it is put into, and by who calls it.
 */
#define _GNU_SOURCE
#include <string.h>

#include "code.h"

static const struct {
	const char *word;
	unsigned int when;
} words[] = {
	{ "init", WHEN_BEGIN }, { "open", WHEN_BEGIN }, { "open_device", WHEN_BEGIN },
	{ "probe", WHEN_BEGIN }, { "create", WHEN_BEGIN }, { "module_init", WHEN_BEGIN },
	{ "ioctl", WHEN_USED }, { "unlocked_ioctl", WHEN_USED }, { "compat_ioctl", WHEN_USED },
	{ "read", WHEN_USED }, { "write", WHEN_USED }, { "read_iter", WHEN_USED },
	{ "write_iter", WHEN_USED }, { "mmap", WHEN_USED }, { "written", WHEN_USED },
	{ "store", WHEN_USED }, { "show", WHEN_USED }, { "poll", WHEN_USED },
	{ "device_feature", WHEN_USED }, { "dma_unmap", WHEN_USED }, { "work", WHEN_USED },
	{ "mdk_work_create", WHEN_USED },
	{ "close", WHEN_END }, { "close_device", WHEN_END }, { "release", WHEN_END },
	{ "remove", WHEN_END }, { "fini", WHEN_END }, { "reset", WHEN_END },
	{ "destroy", WHEN_END }, { "disconnect", WHEN_END }, { "shutdown", WHEN_END },
	{ "scrub", WHEN_END }, { "module_exit", WHEN_END }, { "kref_put", WHEN_END },
	{ "devm_add_action", WHEN_END }, { "devm_add_action_or_reset", WHEN_END },
	{ "mdk_action", WHEN_END }, { "mdk_at_reset", WHEN_END },
};

static unsigned int when_of_word(const struct file *file, unsigned int at)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(words); i++)
		if (token_is(file, at, words[i].word))
			return words[i].when;
	return WHEN_UNKNOWN;
}

/* The name of the call whose argument the token is; 0: of none. */
static unsigned int call_around(const struct file *file, unsigned int at)
{
	while (at-- > 1) {
		if (file->tokens[at].match && file->tokens[at].match < at)
			at = file->tokens[at].match;
		else if (token_is(file, at, "("))
			return file->tokens[at - 1].kind == TOKEN_NAME ? at - 1 : 0;
		else if (token_is(file, at, ";") || token_is(file, at, "{"))
			return 0;
	}
	return 0;
}

/* A name of a function that is not called: somebody gets its address. */
static void note_use(struct flow *flow, const struct file *file, unsigned int at)
{
	struct function *fn;
	unsigned int word = 0;

	if (file->tokens[at].kind != TOKEN_NAME || token_is(file, at + 1, "(") ||
	    token_is(file, at - 1, ".") || token_is(file, at - 1, "->"))
		return;
	fn = function_of(flow, token_text(flow, file, at), file);
	if (!fn)
		return;
	if (token_is(file, at - 1, "=") || (token_is(file, at - 1, "&") &&
					    token_is(file, at - 2, "=")))
		word = at - (token_is(file, at - 1, "=") ? 2 : 3);
	else
		word = call_around(file, at);
	fn->when |= word ? when_of_word(file, word) : WHEN_UNKNOWN;
}

static bool tell_callees(struct function *fn)
{
	bool more = false;

	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++) {
			struct function *callee = fn->nodes[n].calls[c].callee;

			if (!callee || !(fn->when & ~callee->when))
				continue;
			callee->when |= fn->when;
			more = true;
		}
	return more;
}

/* Nobody calls it here: who knows when it runs. */
static void note_unused(struct function *fn)
{
	if (!fn->when && !fn->nr_callers)
		fn->when = WHEN_UNKNOWN;
}

void learn_when(struct flow *flow)
{
	bool more = true;

	for (size_t i = 0; i < flow->nr_files; i++)
		for (unsigned int at = 3; at < flow->files[i]->nr_tokens; at++)
			note_use(flow, flow->files[i], at);
	for (size_t i = 0; i < flow->nr_functions; i++)
		note_unused(flow->functions[i]);
	while (more) {
		more = false;
		for (size_t i = 0; i < flow->nr_functions; i++)
			more |= tell_callees(flow->functions[i]);
	}
}

bool runs_only(const struct function *fn, unsigned int when)
{
	return fn->when && !(fn->when & ~when);
}

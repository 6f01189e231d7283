// SPDX-License-Identifier: GPL-2.0-only
/* A copy from a place inside of a mapped page, as long as nobody cut at the page's end. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

static const struct copier {
	const char *name;
	unsigned int to, from, length;
} copiers[] = {
	{ "memcpy", 0, 1, 2 }, { "memmove", 0, 1, 2 }, { "memset", 0, 0, 2 },
	{ "copy_to_user", 1, 1, 2 }, { "copy_from_user", 0, 0, 2 },
};

static bool is_mapped_page(const struct function *fn, const char *name)
{
	static const char *const maps[] = {
		"kmap_local_page", "kmap_atomic", "kmap", "page_address", "page_to_virt",
	};

	return is_given_by(fn, name, maps, LAB_ARRAY_SIZE(maps));
}

static bool says_page(const char *text)
{
	return strstr(text, "offset_in_page") || strstr(text, "PAGE_");
}

/* Some test says where the page ends. */
static bool is_tested(const struct function *fn, const char *length)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		if (fn->nodes[n].kind == NODE_TEST && fn->nodes[n].text &&
		    has_word(fn->nodes[n].text, length) && strstr(fn->nodes[n].text, "PAGE_"))
			return true;
	return false;
}

static void look_at(const struct asked *asked, const struct function *fn, const struct call *call,
		    const struct copier *copier, unsigned int arg)
{
	struct flow *flow = asked->flow;
	const char *place = call->objects[arg], *length = call->objects[copier->length];
	const char *plus = strchr(place, '+'), *page;

	if (!plus || strpbrk(length, "(") || !variable_of(fn, length))
		return;
	page = keep(flow, place, plus - place);
	if (!is_mapped_page(fn, page) || !is_made_of(flow, fn, plus + 1, says_page) ||
	    is_made_of(flow, fn, length, says_page) || is_tested(fn, length))
		return;
	report_line(asked, fn->file, call_line(fn, call), "%s() reaches from inside of a page as far "
		    "as '%s', which is not cut at the page's end", call->name, length);
}

void ask_page_end(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		const struct function *fn = asked->flow->functions[i];

		for (unsigned int n = 1; !fn->macro && n < fn->nr_nodes; n++)
			for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++)
				for (size_t k = 0; k < LAB_ARRAY_SIZE(copiers); k++) {
					const struct call *call = &fn->nodes[n].calls[c];

					if (strcmp(call->name, copiers[k].name) ||
					    call->count <= copiers[k].length)
						continue;
					look_at(asked, fn, call, &copiers[k], copiers[k].to);
					if (copiers[k].from != copiers[k].to)
						look_at(asked, fn, call, &copiers[k],
							copiers[k].from);
				}
	}
}

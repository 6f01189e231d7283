// SPDX-License-Identifier: GPL-2.0-only
/* A loop that ends when a guest, or a user, writes a word, and that nothing else ends. */
#define _GNU_SOURCE
#include <string.h>

#include "questions.h"

#define DEPTH 2	/* helpers of helpers */

/* What reads a word that others write; of ordinary memory only with a conversion or READ_ONCE(). */
static const char *const reads[] = {
	"READ_ONCE", "mdk_dma_read", "mdk_pinned_read", "vfio_dma_rw", "get_user", "mdk_ram_read",
	"smp_load_acquire", "readl_guest",
};

static const char *const pauses[] = {
	"cpu_relax", "usleep_range", "udelay", "ndelay", "mdelay", "msleep", "cond_resched",
	"schedule", "fsleep", "yield", "rep_nop", "barrier", "smp_rmb", "rmb", "virt_rmb",
};

static bool is_one_of(const char *name, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(name, words[i]))
			return true;
	return false;
}

static bool reads_guest(const struct node *node, unsigned int depth);

/* A helper that does nothing else. */
static bool helper_reads(const struct function *fn, unsigned int depth)
{
	for (unsigned int n = 1; fn && depth && n < fn->nr_nodes; n++)
		if (fn->nodes[n].kind == NODE_RETURN && reads_guest(&fn->nodes[n], depth - 1))
			return true;
	return false;
}

static bool reads_guest(const struct node *node, unsigned int depth)
{
	bool shared = false, word = false;

	for (unsigned int i = 0; i < node->nr_calls; i++) {
		const char *name = node->calls[i].name;

		word |= lab_has_prefix(name, "le") && lab_has_suffix(name, "_to_cpu");
		shared |= is_one_of(name, reads, LAB_ARRAY_SIZE(reads));
		if (helper_reads(node->calls[i].callee, depth))
			return true;
	}
	for (unsigned int i = 0; shared && i < node->nr_calls; i++)
		if (strcmp(node->calls[i].name, "READ_ONCE"))
			word = true;
	return shared && word;
}

/* Of what is in the loop: only reads and pauses. */
static bool only_waits(const struct flow *flow, const struct node *node, unsigned int depth)
{
	for (unsigned int i = 0; i < node->nr_calls; i++) {
		const struct call *call = &node->calls[i];

		if (is_one_of(call->name, pauses, LAB_ARRAY_SIZE(pauses)) ||
		    is_one_of(call->name, reads, LAB_ARRAY_SIZE(reads)) ||
		    call_row(call, family_of(flow, "harmless"), ROLE_USE))
			continue;
		if (!call->callee || !depth)
			return false;
		for (unsigned int n = 1; n < call->callee->nr_nodes; n++)
			if (!only_waits(flow, &call->callee->nodes[n], depth - 1))
				return false;
	}
	return true;
}

struct looping {
	const struct flow *flow;
	const struct function *fn;
	unsigned int head;
	bool back, out, guest;
	unsigned int steps;
};

/* All ways from the head back to it; one that leaves by anything but the test is a bound. */
static void follow(struct looping *looping, unsigned int at, unsigned int depth)
{
	while (at && !looping->out && ++looping->steps < 1000) {
		const struct node *node = &looping->fn->nodes[at];

		if (at == looping->head) {
			looping->back = true;
			return;
		}
		/* That the read fails is no bound: he sees to it that it does not. */
		if (node->kind == NODE_TEST && node->nr_calls &&
		    node->calls[0].at == node->span.first &&
		    is_one_of(node->calls[0].name, reads, LAB_ARRAY_SIZE(reads))) {
			looping->guest |= reads_guest(node, DEPTH);
			at = node->other;
			continue;
		}
		if (node->kind == NODE_RETURN || node->kind == NODE_EXIT ||
		    node->kind == NODE_CASE || node->kind == NODE_TEST || !depth ||
		    !only_waits(looping->flow, node, 1)) {
			looping->out = true;
			return;
		}
		/* A count, or a word that was read anew. */
		for (unsigned int i = 0; i < node->nr_assigns; i++)
			looping->out |= !reads_guest(node, DEPTH);
		looping->guest |= reads_guest(node, DEPTH);
		at = node->next;
	}
}

static void look_at(const struct asked *asked, const struct function *fn, unsigned int at)
{
	const struct node *test = &fn->nodes[at];

	for (int side = 0; side < 2; side++) {
		struct looping looping = {
			.flow = asked->flow, .fn = fn, .head = at,
			.guest = reads_guest(test, DEPTH),
		};

		if (strstr(test->text, "for_each") || test->nr_assigns)
			continue;
		if (!only_waits(asked->flow, test, 1))
			continue;
		follow(&looping, side ? test->other : test->next, 1);
		if (looping.back && !looping.out && looping.guest)
			report_line(asked, fn->file, fn->file->tokens[test->span.first].line,
				    "this waits for somebody else's word for as long as he likes");
	}
}

void ask_endless(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		const struct function *fn = asked->flow->functions[i];

		for (unsigned int n = 1; !fn->macro && n < fn->nr_nodes; n++)
			if (fn->nodes[n].kind == NODE_TEST)
				look_at(asked, fn, n);
	}
}

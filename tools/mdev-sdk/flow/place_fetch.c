// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that the guest or the user sees and writes at any time: a word there is judged in place,
 * or as a copy, and read there once more to be used.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "questions.h"

#define MAX_COPIES 4

/* Pages of these are shared where the driver pins or maps some. */
static const char *const shared[] = { "mdk_ram", "mdk_pinned_map", "vmap" };
static const char *const mapped[] = { "kmap_local_page", "kmap_atomic", "kmap", "page_address" };

struct place {
	const struct asked *asked;
	struct function *fn;
	const char *word;			/* "box.len" */
	const char *copies[MAX_COPIES];		/* locals that have its value */
	unsigned int nr_copies;
};

static bool is_in(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

static bool is_shared(const struct function *fn, const struct call *call)
{
	return is_in(call->name, shared, LAB_ARRAY_SIZE(shared)) ||
	       (is_in(call->name, mapped, LAB_ARRAY_SIZE(mapped)) &&
		(strstr(fn->file->text, "vfio_pin_pages") || strstr(fn->file->text, "mdk_pin")));
}

/* How often a text reads the word: WRITE_ONCE(x, …) and "x = …" do not. */
static unsigned int reads_of(struct flow *flow, const struct function *fn, const struct node *node,
			     const char *word)
{
	unsigned int count = 0;
	size_t len = strlen(word);
	const char *text = object_of(flow, fn->file, node->span);

	for (const char *hit = text; (hit = strstr(hit, word)); hit++) {
		bool starts = hit == text || !(strchr("._", hit[-1]) ||
			      isalnum((unsigned char)hit[-1]));
		const char *rest = hit + len;

		if (!starts || (*rest && strchr("._[", *rest)) || isalnum((unsigned char)*rest))
			continue;
		if (hit >= text + 11 && !strncmp(hit - 11, "WRITE_ONCE(", 11))
			continue;
		count += !(*rest == '=' && rest[1] != '=');
	}
	return count;
}

static void gather_copies(struct place *place)
{
	const struct function *fn = place->fn;

	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int k = 0; k < fn->nodes[n].nr_assigns; k++) {
			const struct assign *assign = &fn->nodes[n].assigns[k];

			if (variable_of(fn, assign->object) &&
			    says_object(object_of(place->asked->flow, fn->file, assign->from),
					place->word))
				names_add(place->copies, &place->nr_copies, MAX_COPIES,
					  assign->object);
		}
}

/* "<" or ">" of it, or of what has its value. */
static bool judges(const struct place *place, const struct node *node)
{
	if (node->kind != NODE_TEST || !strpbrk(node->text, "<>"))
		return false;
	if (says_object(node->text, place->word) || strstr(node->text, place->word))
		return true;
	for (unsigned int i = 0; i < place->nr_copies; i++)
		if (says_object(node->text, place->copies[i]))
			return true;
	return false;
}

/* It goes into a call, a subscript, or another variable. */
static bool uses(const struct place *place, unsigned int n)
{
	const struct function *fn = place->fn;
	const struct node *node = &fn->nodes[n];

	if (node->kind != NODE_EXPR && node->kind != NODE_RETURN)
		return false;
	return reads_of(place->asked->flow, fn, node, place->word) > 0;
}

/* What is read anew is compared with something itself. */
static bool judged_again(const struct place *place, unsigned int use)
{
	const struct function *fn = place->fn;

	for (unsigned int k = 0; k < fn->nodes[use].nr_assigns; k++)
		for (unsigned int n = 1; n < fn->nr_nodes; n++)
			if (fn->nodes[n].kind == NODE_TEST &&
			    says_object(fn->nodes[n].text, fn->nodes[use].assigns[k].object) &&
			    leads_to(fn, use, n, NULL, NULL))
				return true;
	return false;
}

/* Before the test it was read: there, or into a copy. */
static bool was_read(const struct place *place, unsigned int test, unsigned int use)
{
	const struct function *fn = place->fn;
	struct flow *flow = place->asked->flow;

	if (reads_of(flow, fn, &fn->nodes[test], place->word))
		return true;
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		if (n != use && reads_of(flow, fn, &fn->nodes[n], place->word) &&
		    leads_to(fn, n, test, NULL, NULL))
			return true;
	return false;
}

static bool ask_word(struct place *place)
{
	struct function *fn = place->fn;

	gather_copies(place);
	for (unsigned int t = 1; t < fn->nr_nodes; t++)
		for (unsigned int u = 1; judges(place, &fn->nodes[t]) && u < fn->nr_nodes; u++) {
			if (u == t || !uses(place, u) || !leads_to(fn, t, u, NULL, NULL) ||
			    judged_again(place, u) || !was_read(place, t, u))
				continue;
			report_line(place->asked, fn->file,
				    fn->file->tokens[fn->nodes[u].span.first].line,
				    "%s lies in memory that others write, was judged before and is read "
				    "there again", place->word);
			return true;
		}
	return false;
}

static void ask_pointer(const struct asked *asked, struct function *fn, const char *name)
{
	const struct variable *variable = variable_of(fn, name);
	const struct record *record = variable && variable->is_struct ?
				      record_of(asked->flow, variable->type) : NULL;

	for (unsigned int m = 0; record && m < record->count; m++) {
		struct place place = {
			.asked = asked, .fn = fn,
			.word = keep_fmt(asked->flow, "%s.%s", name, record->members[m].name),
		};

		if (!record->members[m].array && ask_word(&place))
			return;
	}
}

void ask_place_fetch(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		struct function *fn = asked->flow->functions[i];

		for (unsigned int n = 1; !fn->macro && n < fn->nr_nodes; n++)
			for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++)
				if (fn->nodes[n].calls[c].result &&
				    is_shared(fn, &fn->nodes[n].calls[c]))
					ask_pointer(asked, fn, fn->nodes[n].calls[c].result);
	}
}

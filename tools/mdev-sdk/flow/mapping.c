// SPDX-License-Identifier: GPL-2.0-only
/*
 * An mmap callback maps as much as the user asks for. Only where the size, or the place of each
 * page, is taken from his vma, and nobody on the way from the callback compares it.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

#define DEPTH 3		/* callers of callers */
#define MAX_NAMES 16

/* What maps, and which argument says how much, or where a page goes. */
static const struct mapper {
	const char *name;
	unsigned int vma, size;
} mappers[] = {
	{ "remap_pfn_range", 0, 3 }, { "io_remap_pfn_range", 0, 3 }, { "vm_insert_page", 0, 1 },
	{ "vm_insert_pages", 0, 1 }, { "vmf_insert_pfn", 0, 1 }, { "vm_insert_pfn", 0, 1 },
	{ "dma_mmap_coherent", 1, 4 }, { "dma_mmap_attrs", 1, 4 },
};

struct mapping {
	const struct asked *asked;
	const struct function *fn;
	const char *vma;
	const char *lengths[MAX_NAMES], *starts[MAX_NAMES];	/* computed from the vma */
	unsigned int nr_lengths, nr_starts;
};

static const struct mapper *mapper_of(const struct call *call)
{
	/* A function of the tree of that name is another one. */
	for (size_t i = 0; !call->callee && i < LAB_ARRAY_SIZE(mappers); i++)
		if (!strcmp(mappers[i].name, call->name) && call->count > mappers[i].size)
			return &mappers[i];
	return NULL;
}

/* Who is given one of these: a page fault is for one page that is there, their cores compare. */
static const char *const compared[] = { "vm_fault", "dma_buf", "drm_gem_object" };

/* NULL: it has none, or somebody has compared its size. */
static const char *vma_of(const struct function *fn)
{
	const char *vma = NULL;

	for (unsigned int i = 0; i < fn->nr_params; i++) {
		if (!fn->param_types[i] || !fn->param_pointers[i])
			continue;
		for (size_t k = 0; k < LAB_ARRAY_SIZE(compared); k++)
			if (!strcmp(fn->param_types[i], compared[k]))
				return NULL;
		if (!strcmp(fn->param_types[i], "vm_area_struct"))
			vma = fn->params[i];
	}
	return vma;
}

static bool has_one_of(const char *text, const char *const *names, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		if (has_word(text, names[i]))
			return true;
	return false;
}

/* How long the mapping is; that it begins somewhere says nothing of that. */
static bool has_length(const struct mapping *mapping, const char *text)
{
	if (has_one_of(text, mapping->lengths, mapping->nr_lengths))
		return true;
	/* vma_pages(vma), and a macro of the driver's. */
	return mapping->vma && has_word(text, mapping->vma) &&
	       (has_word(text, "vm_end") || strcasestr(text, "pages(") ||
		strcasestr(text, "size(") || strcasestr(text, "len("));
}

static bool has_start(const struct mapping *mapping, const char *text)
{
	return has_one_of(text, mapping->starts, mapping->nr_starts) ||
	       (mapping->vma && has_word(text, mapping->vma) && has_word(text, "vm_start"));
}

static void add_name(const char **names, unsigned int *count, const char *name)
{
	if (*count < MAX_NAMES && !strpbrk(name, ".[*") && !has_one_of(name, names, *count))
		names[(*count)++] = name;
}

static void read_sizes(struct mapping *mapping)
{
	struct flow *flow = mapping->asked->flow;

	for (unsigned int round = 0; round < 3; round++)
		for (unsigned int i = 1; i < mapping->fn->nr_nodes; i++) {
			const struct node *node = &mapping->fn->nodes[i];

			for (unsigned int k = 0; k < node->nr_assigns; k++) {
				const struct assign *assign = &node->assigns[k];
				const char *text = span_text(flow, mapping->fn->file, assign->from);

				if (has_length(mapping, text))
					add_name(mapping->lengths, &mapping->nr_lengths,
						 assign->object);
				else if (has_start(mapping, text))
					add_name(mapping->starts, &mapping->nr_starts,
						 assign->object);
			}
		}
}

/* Of a loop: the variable is counted on in it. */
static bool is_counted(const struct mapping *mapping, const bool *loop, const char *name)
{
	for (unsigned int i = 1; i < mapping->fn->nr_nodes; i++) {
		const struct node *node = &mapping->fn->nodes[i];

		for (unsigned int k = 0; loop[i] && k < node->nr_assigns; k++)
			if (node->assigns[k].object == name &&
			    !token_is(mapping->fn->file, node->assigns[k].at, "="))
				return true;
	}
	return false;
}

/* "at < vma->vm_end", "i < pages", "left > 0": only how a loop goes over all of the mapping. */
static bool is_way_through(const struct mapping *mapping, unsigned int at)
{
	struct flow *flow = mapping->asked->flow;
	const struct file *file = mapping->fn->file;
	struct span span = mapping->fn->nodes[at].span;
	unsigned int sign = span.first;
	bool *loop = nodes_after(mapping->fn, at), is = false;

	while (sign < span.end && !strchr("<>=!", *file->tokens[sign].at))
		sign++;
	if (loop && loop[at] && sign > span.first && sign + 1 < span.end) {
		struct span left = { span.first, sign }, right = { sign + 1, span.end };
		bool length = has_length(mapping, span_text(flow, file, right));
		struct span other = length ? left : right;
		const char *text = object_of(flow, file, other);

		is = !strcmp(text, "0") || is_counted(mapping, loop, text) ||
		     has_start(mapping, span_text(flow, file, other));
	}
	free(loop);
	return is;
}

/* The page that goes in was looked for, or what one counts by has an end of its own. */
static bool judges_page(const struct mapping *mapping, const struct call *call)
{
	const struct function *fn = mapping->fn;

	for (unsigned int i = 1; i < fn->nr_nodes; i++) {
		const struct node *node = &fn->nodes[i];
		bool *loop = node->kind == NODE_TEST ? nodes_after(fn, i) : NULL, is = false;
		const char *sign = loop && loop[i] ? strpbrk(node->text, "<>=") : NULL;
		const char *name = sign ? keep(mapping->asked->flow, node->text,
					       sign - node->text) : NULL;

		if (node->kind == NODE_TEST && call->count > 2 && *call->objects[2] &&
		    !(call >= node->calls && call < node->calls + node->nr_calls))
			is = has_word(node->text, call->objects[2]);
		if (sign && !is_way_through(mapping, i) &&
		    !has_one_of(name, mapping->starts, mapping->nr_starts))
			is |= is_counted(mapping, loop, name);
		free(loop);
		if (is)
			return true;
	}
	return false;
}

static bool compares(const struct mapping *mapping)
{
	static const char *const signs[] = { "<", ">", "==", "!=" };
	static const char *const cuts[] = { "min", "clamp", "check", "overflow", "valid", "range" };

	for (unsigned int i = 1; i < mapping->fn->nr_nodes; i++) {
		const struct node *node = &mapping->fn->nodes[i];
		const char *text = span_text(mapping->asked->flow, mapping->fn->file, node->span);

		/* Whether it is a multiple of something is another question. */
		if (!has_length(mapping, text) || strchr(text, '&') || strchr(text, '%'))
			continue;
		for (size_t s = 0; node->kind == NODE_TEST && s < LAB_ARRAY_SIZE(signs); s++)
			if (strstr(text, signs[s]) && !is_way_through(mapping, i))
				return true;
		for (unsigned int c = 0; c < node->nr_calls; c++)
			for (size_t w = 0; w < LAB_ARRAY_SIZE(cuts); w++)
				if (!mapper_of(&node->calls[c]) &&
				    strstr(node->calls[c].name, cuts[w]))
					return true;
	}
	return false;
}

static bool judges(struct mapping *mapping, unsigned int depth);

static bool maps(const struct function *fn)
{
	for (unsigned int i = 1; i < fn->nr_nodes; i++)
		for (unsigned int c = 0; c < fn->nodes[i].nr_calls; c++)
			if (mapper_of(&fn->nodes[i].calls[c]))
				return true;
	return false;
}

/*
 * What a helper is given of the vma; one of which nothing is known may well look. What one that
 * maps compares is for its own mapping.
 */
static bool helper_judges(const struct mapping *mapping, const struct call *call,
			  unsigned int depth)
{
	struct mapping inside = { .asked = mapping->asked, .fn = call->callee };
	bool given = false;

	for (unsigned int i = 0; i < call->count; i++) {
		bool vma = call->objects[i] == mapping->vma;
		bool length = has_length(mapping, call->objects[i]);

		given |= length && !mapper_of(call) && !only_logs(call->name);
		if (!inside.fn || i >= inside.fn->nr_params || !(vma || length))
			continue;
		if (vma)
			inside.vma = inside.fn->params[i];
		else
			inside.lengths[inside.nr_lengths++] = inside.fn->params[i];
	}
	if (!inside.fn)
		return given;
	if (!depth || maps(inside.fn) || !(inside.vma || inside.nr_lengths))
		return false;
	return judges(&inside, depth - 1);
}

static bool judges(struct mapping *mapping, unsigned int depth)
{
	read_sizes(mapping);
	if (compares(mapping))
		return true;
	for (unsigned int i = 1; i < mapping->fn->nr_nodes; i++)
		for (unsigned int c = 0; c < mapping->fn->nodes[i].nr_calls; c++)
			if (helper_judges(mapping, &mapping->fn->nodes[i].calls[c], depth))
				return true;
	return false;
}

/* It stands in a table, or is handed to somebody: a callback. */
static bool is_callback(const struct flow *flow, const struct function *fn)
{
	for (size_t f = 0; f < flow->nr_files; f++) {
		const struct file *file = flow->files[f];

		for (unsigned int i = 0; i + 1 < file->nr_tokens; i++)
			if (token_is(file, i, fn->name) && !token_is(file, i + 1, "("))
				return true;
	}
	return false;
}

/* A way from a callback to here on which nobody compares. */
static bool is_open(const struct asked *asked, const struct function *fn, unsigned int depth)
{
	struct mapping mapping = { .asked = asked, .fn = fn, .vma = vma_of(fn) };
	const struct flow *flow = asked->flow;

	if (judges(&mapping, 1))
		return false;
	if (is_callback(flow, fn))
		return true;
	for (size_t i = 0; depth && fn->nr_callers && i < flow->nr_functions; i++) {
		const struct function *caller = flow->functions[i];

		if (caller != fn && vma_of(caller) && calls_function(caller, fn) &&
		    is_open(asked, caller, depth - 1))
			return true;
	}
	return false;
}

static void check_mapper(const struct mapping *mapping, const struct call *call)
{
	const struct mapper *mapper = mapper_of(call);
	const char *size = mapper ? call->objects[mapper->size] : NULL;

	if (!size || call->objects[mapper->vma] != mapping->vma ||
	    !(has_length(mapping, size) || (mapper->size == 1 && has_start(mapping, size))) ||
	    (mapper->size == 1 && judges_page(mapping, call)) ||
	    !is_open(mapping->asked, mapping->fn, DEPTH))
		return;
	report_line(mapping->asked, mapping->fn->file, call_line(mapping->fn, call),
		    "%s() maps a size that was compared with nothing", call->name);
}

static bool is_signed(const struct variable *variable)
{
	static const char *const types[] = { "int", "long", "short", "s32", "s64", "ssize_t" };

	if (!variable || variable->pointer || variable->is_unsigned)
		return false;
	for (size_t i = 0; i < LAB_ARRAY_SIZE(types); i++)
		if (!strcmp(variable->type, types[i]))
			return true;
	return false;
}

static bool is_tested(const struct mapping *mapping, const char *name, const char *sign)
{
	const char *want = keep_fmt(mapping->asked->flow, "%s%s", name, sign);

	for (unsigned int i = 1; i < mapping->fn->nr_nodes; i++) {
		const struct node *node = &mapping->fn->nodes[i];

		if (node->kind == NODE_TEST && lab_has_prefix(node->text, want))
			return true;
	}
	return false;
}

/* "int index = vma->vm_pgoff >> n", of which only the upper end is compared. */
static void check_index(const struct mapping *mapping, const struct assign *assign)
{
	const struct file *file = mapping->fn->file;
	const char *text = span_text(mapping->asked->flow, file, assign->from);

	if (!strstr(text, "vm_pgoff>>") || !is_signed(variable_of(mapping->fn, assign->object)) ||
	    !is_tested(mapping, assign->object, ">=") || is_tested(mapping, assign->object, "<0"))
		return;
	report_line(mapping->asked, file, file->tokens[assign->at].line,
		    "a signed index from vm_pgoff can be negative: make it unsigned");
}

void ask_mapping(const struct asked *asked)
{
	for (size_t f = 0; f < asked->flow->nr_functions; f++) {
		const struct function *fn = asked->flow->functions[f];
		struct mapping mapping = { .asked = asked, .fn = fn, .vma = vma_of(fn) };

		if (fn->macro || !mapping.vma)
			continue;
		read_sizes(&mapping);
		for (unsigned int i = 1; i < fn->nr_nodes; i++) {
			const struct node *node = &fn->nodes[i];

			for (unsigned int c = 0; c < node->nr_calls; c++)
				check_mapper(&mapping, &node->calls[c]);
			for (unsigned int k = 0; k < node->nr_assigns; k++)
				check_index(&mapping, &node->assigns[k]);
		}
	}
	ask_lazy_map(asked);
}

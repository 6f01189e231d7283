// SPDX-License-Identifier: GPL-2.0-only
/* A request of VFIO is copied in, be it by a helper, and nobody looks at its argsz. */
#define _GNU_SOURCE
#include <string.h>

#include "questions.h"
#include "values.h"

static const char *const requests[] = {
	"vfio_device_info", "vfio_region_info", "vfio_irq_info", "vfio_irq_set",
	"vfio_device_gfx_plane_info", "vfio_device_feature", "vfio_pci_hot_reset_info",
	"vfio_pci_hot_reset", "vfio_device_ioeventfd",
};

static bool is_request(const char *type)
{
	for (size_t i = 0; type && i < LAB_ARRAY_SIZE(requests); i++)
		if (!strcmp(type, requests[i]))
			return true;
	return false;
}

/* Its type where it is an object of this function: a parameter is its caller's. */
static const char *request_type(const struct function *fn, const char *name)
{
	const struct variable *variable = variable_of(fn, name);
	int param = param_of(fn, name);

	if (variable)
		return variable->is_struct ? variable->type : NULL;
	return param >= 0 && !fn->nr_callers ? fn->param_types[param] : NULL;
}

static bool looks(struct flow *flow, const struct function *fn, const char *name,
		  unsigned int depth)
{
	if (mentions(flow, fn, keep_fmt(flow, "%s.argsz", name)))
		return true;
	for (unsigned int i = 1; i < fn->nr_nodes; i++)
		for (unsigned int c = 0; c < fn->nodes[i].nr_calls; c++) {
			const struct call *call = &fn->nodes[i].calls[c];

			for (unsigned int k = 0; k < call->count; k++) {
				if (call->objects[k] != name || call->nr_rows)
					continue;
				if (!call->callee || !depth || k >= call->callee->nr_params ||
				    looks(flow, call->callee, call->callee->params[k], depth - 1))
					return true;
			}
		}
	return false;
}

struct copying {
	const struct asked *asked;
	const struct function *fn;
	size_t nr;
};

static bool is_copied(void *data, const struct touch *touch)
{
	const struct copying *copying = data;

	if (is_request(request_type(copying->fn, touch->object)) &&
	    !looks(copying->asked->flow, copying->fn, touch->object, 2))
		report_line(copying->asked, copying->fn->file, call_line(copying->fn, touch->call),
			    "nobody compares the argsz of %s with what is copied", touch->object);
	return false;
}

/* What a local that is set once is set to. */
static struct span value_of(const struct function *fn, const char *name, struct span otherwise)
{
	struct span value = otherwise;
	unsigned int count = 0;

	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int k = 0; k < fn->nodes[n].nr_assigns; k++)
			if (fn->nodes[n].assigns[k].object == name) {
				value = fn->nodes[n].assigns[k].from;
				count++;
			}
	return count == 1 ? value : otherwise;
}

/* "minsz" of another struct: more than the one has that it is copied to or from. */
static void ask_length(const struct asked *asked, const struct function *fn,
		       const struct call *call)
{
	static const struct {
		const char *name;
		unsigned int buffer;
	} copies[] = { { "copy_from_user", 0 }, { "copy_to_user", 1 } };
	const struct bound bound = { .fn = fn };

	for (size_t i = 0; i < LAB_ARRAY_SIZE(copies) && call->count == 3; i++) {
		const char *object = call->objects[copies[i].buffer];
		const struct variable *variable = variable_of(fn, object);
		long long bytes, size;

		if (strcmp(call->name, copies[i].name) || !variable || variable->pointer ||
		    variable->array || !variable->is_struct)
			continue;
		size = size_of_record(asked->flow, variable->type);
		bytes = most_of(asked->flow, fn->file,
				value_of(fn, call->objects[2], call->args[2]), &bound);
		if (size > 0 && bytes > size)
			report_line(asked, fn->file, call_line(fn, call),
				    "%s() copies %lld bytes, and %s has %lld", call->name, bytes,
				    object, size);
	}
}

/* "argsz > minsz" and an error: who has a newer and larger struct is refused, an older one not. */
static void ask_sense(const struct asked *asked, const struct function *fn,
		      const struct node *node)
{
	const char *text = node->kind == NODE_TEST ? node->text : "", *sign = strchr(text, '>');
	unsigned int yes = past_joins(fn, node->next);
	struct walk walk = { .flow = asked->flow, .fn = (struct function *)fn };

	if (!sign || sign - text < 6 || strncmp(sign - 6, ".argsz", 6) || sign[1] == '=' ||
	    strpbrk(text, "&|?") || fn->nodes[yes].kind != NODE_RETURN ||
	    !(has_word(sign, "minsz") || strstr(sign, "sizeof") || strstr(sign, "offsetofend")) ||
	    returns_error(&walk, &fn->nodes[yes]) != 1)
		return;
	report_line(asked, fn->file, fn->file->tokens[node->span.first].line,
		    "an argsz that is larger is refused here, and one that is too small is not");
}

/* A chain of capabilities goes to the user behind his struct, whatever room he has. */
static void ask_chain(const struct asked *asked, struct function *fn, const struct call *call)
{
	const char *length = call->count == 3 ? call->objects[2] : "";
	const char *root = object_root(asked->flow, length);
	const struct variable *chain = variable_of(fn, root);

	if (strcmp(call->name, "copy_to_user") || !chain || !chain->type ||
	    strcmp(chain->type, "vfio_info_cap") || !lab_has_suffix(length, ".size"))
		return;
	for (unsigned int n = 1; n < fn->nr_nodes; n++) {
		const char *text = node_text(asked->flow, fn, &fn->nodes[n]);

		if (strstr(text, "argsz") && (says_object(text, length) || has_word(text, root)))
			return;
	}
	report_line(asked, fn->file, call_line(fn, call),
		    "the capabilities of %s go to the user, and nobody compares argsz with their size",
		    root);
}

static void ask_node(const struct copying *copying, unsigned int n)
{
	struct function *fn = copying->asked->flow->functions[copying->nr];
	const struct node *node = &fn->nodes[n];

	node_touches(copying->asked->flow, fn, node, family_of(copying->asked->flow, "copyin"),
		     ROLE_USE, is_copied, (void *)copying);
	ask_sense(copying->asked, fn, node);
	for (unsigned int c = 0; c < node->nr_calls; c++) {
		ask_length(copying->asked, fn, &node->calls[c]);
		ask_chain(copying->asked, fn, &node->calls[c]);
	}
}

void ask_request(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		const struct copying copying = { asked, asked->flow->functions[i], i };

		for (unsigned int n = 1; n < copying.fn->nr_nodes; n++)
			ask_node(&copying, n);
	}
}

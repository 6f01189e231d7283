// SPDX-License-Identifier: GPL-2.0-only
/* A request of VFIO is copied in, be it by a helper, and nobody looks at its argsz. */
#define _GNU_SOURCE
#include <string.h>

#include "questions.h"

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
static const char *type_of(const struct function *fn, const char *name)
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
};

static bool is_copied(void *data, const struct touch *touch)
{
	const struct copying *copying = data;

	if (is_request(type_of(copying->fn, touch->object)) &&
	    !looks(copying->asked->flow, copying->fn, touch->object, 2))
		report_line(copying->asked, copying->fn->file, call_line(copying->fn, touch->call),
			    "nobody compares the argsz of %s with what is copied", touch->object);
	return false;
}

void ask_request(const struct asked *asked)
{
	int family = family_of(asked->flow, "copyin");

	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		struct copying copying = { asked, asked->flow->functions[i] };

		for (unsigned int n = 1; n < copying.fn->nr_nodes; n++)
			node_touches(asked->flow, copying.fn, &copying.fn->nodes[n], family,
				     ROLE_USE, is_copied, &copying);
	}
}

// SPDX-License-Identifier: GPL-2.0-only
/* Two locks of a driver that are taken in both orders. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

/* second is taken while first is held. */
struct order {
	const char *first, *second;
	const struct file *file;
	unsigned int line;
};

struct orders {
	const struct asked *asked;
	struct order *all;
	size_t count;
	const struct held_lock *lock;
	const char *first;
	const struct node *node;
};

/* NULL: of a struct of which nothing is known. */
static const char *name_of(struct flow *flow, const struct function *fn, const char *object)
{
	const char *name = typed_name(flow, fn, object);

	return strchr(name, '.') || (name == object && !variable_of(fn, name) &&
				     param_of(fn, name) < 0) ? name : NULL;
}

static void add_order(struct orders *orders, const struct function *fn, const char *object)
{
	const char *second = name_of(orders->asked->flow, fn, object);

	if (!second || second == orders->first)
		return;
	orders->all = lab_grow(orders->all, orders->count + 1, sizeof(*orders->all));
	orders->all[orders->count++] = (struct order){
		orders->first, second, fn->file, fn->file->tokens[orders->node->span.first].line,
	};
}

struct within {
	struct orders *orders;
	const struct function *fn;
};

static bool at_get(void *data, const struct touch *touch)
{
	const struct within *within = data;
	const char *family = within->orders->asked->flow->families.items[touch->family];

	if (touch->fails != FAILS_ZERO && (!strcmp(family, "mutex") || !strcmp(family, "spin") ||
					   !strcmp(family, "writer")))
		add_order(within->orders, within->fn, touch->object);
	return false;
}

static bool at_node(void *data, struct function *fn, const struct node *node)
{
	struct orders *orders = data;
	struct within within = { orders, fn };

	orders->node = node;
	node_touches(orders->asked->flow, fn, node, -1, ROLE_GET, at_get, &within);
	node_touches(orders->asked->flow, fn, node, -1, ROLE_TAKE, at_get, &within);
	return true;
}

static void at_lock(void *data, struct function *fn, const struct held_lock *lock)
{
	struct orders *orders = data;

	orders->first = name_of(orders->asked->flow, fn, lock->object);
	if (!orders->first)
		return;
	walk_below(orders->asked->flow, fn, lock, at_node, orders);
}

static void tell(const struct orders *orders, const struct order *order)
{
	report_line(orders->asked, order->file, order->line,
		    "'%s' is taken below '%s' here, and elsewhere the other way round",
		    order->second, order->first);
}

void ask_lock_order(const struct asked *asked)
{
	struct orders orders = { .asked = asked };

	for (size_t i = 0; i < asked->flow->nr_functions; i++)
		if (!asked->flow->functions[i]->macro)
			each_lock(asked->flow, asked->flow->functions[i], at_lock, &orders);
	for (size_t i = 0; i < orders.count; i++)
		for (size_t k = 0; k < orders.count; k++)
			if (orders.all[i].first == orders.all[k].second &&
			    orders.all[i].second == orders.all[k].first) {
				tell(&orders, &orders.all[i]);
				break;
			}
	free(orders.all);
}

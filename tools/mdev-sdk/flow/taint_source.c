// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where numbers of a guest or a user come in: copies, reads of guest memory, callbacks of the SDK,
 * descriptors, the position of a file, and members that one of them was put into.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "taint.h"

#define MAX_ROUNDS 2	/* by way of members */
#define MAX_HELPERS 3	/* by which a copy comes in */
#define MOST_OF_STORE 4096

struct entry {
	struct tainting *run;
	struct function *fn;
	struct taint users;	/* what is the user's in all of the function */
	bool look;		/* only gather those */
	bool in_place;		/* what is pointed to is the user's, and not the pointer */
	/* Of a helper: what it makes of the number that it gives to its caller by this name. */
	const char *watched;
	struct outcome seen;
	unsigned int depth;
};

static void gather(struct entry *entry);
static void spread_users(struct entry *entry);

/* A number comes in at a node. */
static void comes_in(struct entry *entry, const char *name, unsigned int node, long long most)
{
	struct taint taint = entry->users;
	int fresh;

	if (!name || strpbrk(name, "([+=?&") || (*name == '*' && strpbrk(name + 1, ".*"))) {
		if (!name || *name != '*')
			return;
	}
	taint.name = name;
	taint.type = type_of(entry->run->flow, entry->fn, name);
	if (entry->look) {
		taint_add(entry->users.users, &entry->users.nr_users, name);
		return;
	}
	if (entry->watched && name != entry->watched)
		return;
	fresh = taint_fresh(entry->run, taint.type, most);
	/* The kernel lets no negative position through. */
	if (*name == '*' && !strcmp(taint.fn->param_types[taint.fn->nr_params - 1] ?: "", "loff_t"))
		fresh |= FACT_LOWER;
	taint.outcome = taint_follow(&taint, node, fresh);
	if (entry->watched)
		entry->seen = taint.outcome;
}

/* A number comes in by a helper, which may have judged it. */
static void comes_judged(struct entry *entry, struct function *helper, const char *inside,
			 const char *name, unsigned int node)
{
	struct entry below = {
		.run = entry->run, .fn = helper, .look = true, .depth = entry->depth + 1,
	};
	struct taint taint = entry->users;

	below.users = (struct taint){ .run = entry->run, .fn = helper };
	gather(&below);
	spread_users(&below);
	below.look = false;
	below.watched = inside;
	gather(&below);
	taint.name = name;
	taint.type = type_of(entry->run->flow, entry->fn, name);
	if (!below.seen.reached[1]) {
		comes_in(entry, name, node, ENDLESS);
		return;
	}
	if (entry->watched && name != entry->watched)
		return;
	taint.outcome = taint_follow(&taint, node, below.seen.state[1]);
	if (entry->watched)
		entry->seen = taint.outcome;
}

/* How a helper calls what its caller has by the touch's object. */
static const char *inner_name(const struct touch *touch)
{
	const struct function *helper = touch->helper;
	bool returned = touch->object == touch->call->result;

	for (unsigned int n = 1; returned && n < helper->nr_nodes; n++) {
		const struct node *node = &helper->nodes[n];

		if (node->kind == NODE_RETURN && node->span.first + 1 == node->span.end &&
		    variable_of(helper, node->text))
			return node->text;
	}
	for (unsigned int i = 0; i < touch->call->count && i < helper->nr_params; i++)
		if (touch->call->objects[i] == touch->object)
			return helper->params[i];
	return NULL;
}

/* All numbers of a struct that was copied in. */
static void struct_comes_in(struct entry *entry, const char *object, const char *type,
			    unsigned int node, const struct touch *touch)
{
	const struct record *record = record_of(entry->run->flow, type);
	const char *inside = touch && touch->helper && entry->depth < MAX_HELPERS ?
			     inner_name(touch) : NULL;

	if (entry->look && !entry->in_place) {
		taint_add(entry->users.users, &entry->users.nr_users, object);
		return;
	}
	for (unsigned int i = 0; record && i < record->count; i++) {
		const struct member *member = &record->members[i];

		const char *name = keep_fmt(entry->run->flow, "%s.%s", object, member->name);

		if (member->array || member->pointer || member->is_struct)
			continue;
		if (inside)
			comes_judged(entry, touch->call->callee,
				     keep_fmt(entry->run->flow, "%s.%s", inside, member->name), name,
				     node);
		else
			comes_in(entry, name, node, ENDLESS);
	}
}

static void object_comes_in(struct entry *entry, const struct touch *touch, unsigned int node)
{
	struct declared declared;
	const char *object = touch->object;

	if (!declared_as(entry->run->flow, entry->fn, object, &declared) ||
	    (declared.what.array && !declared.element))
		return;
	if (record_of(entry->run->flow, declared.what.type))
		struct_comes_in(entry, object, declared.what.type, node, touch);
	else if (!declared.what.pointer)
		comes_in(entry, object, node, ENDLESS);
	else if (*object != '*')
		comes_in(entry, keep_fmt(entry->run->flow, "*%s", object), node, ENDLESS);
}

struct arrival {
	struct entry *entry;
	unsigned int node;
};

/* vfio_dma_rw(…, write): only one way is from the guest. */
static bool is_written(const struct call *call)
{
	return strstr(call->name, "dma_rw") && call->count > 4 && strcmp(call->objects[4], "false");
}

static bool is_copied(void *data, const struct touch *touch)
{
	const struct arrival *arrival = data;

	if (!(touch->direct && is_written(touch->call)))
		object_comes_in(arrival->entry, touch, arrival->node);
	return false;
}

static void by_calls(struct entry *entry, unsigned int node)
{
	static const char *const ways[] = { "copyin", "fetch" };
	struct flow *flow = entry->run->flow;
	struct arrival arrival = { entry, node };

	for (size_t w = 0; w < LAB_ARRAY_SIZE(ways); w++)
		node_touches(flow, entry->fn, &entry->fn->nodes[node], family_of(flow, ways[w]),
			     ROLE_USE, is_copied, &arrival);
	node_touches(flow, entry->fn, &entry->fn->nodes[node], family_of(flow, "userdata"), ROLE_GET,
		     is_copied, &arrival);
}

/* Only where somebody speaks with a guest "le32_to_cpu(x)" says that x is a guest's. */
static bool is_guests(const struct file *file)
{
	return strstr(file->text, "mdk_") || strstr(file->text, "vfio_dma_rw");
}

/* "x = mdk_ram(dev, region)": the guest has it mapped. */
static void in_place(struct entry *entry, const char *name, unsigned int node)
{
	entry->in_place = true;
	struct_comes_in(entry, name, variable_of(entry->fn, name)->type, node, NULL);
	entry->in_place = false;
}

/* "x = le32_to_cpu(y)" is a guest's; "x = mdk_reg_get(dev, bar, R)" is at most what R has. */
static void by_result(struct entry *entry, const struct call *call, unsigned int node)
{
	struct flow *flow = entry->run->flow;

	if (!call->result || strpbrk(call->result, ".[*="))
		return;
	if (!strcmp(call->name, "mdk_ram") && variable_of(entry->fn, call->result))
		in_place(entry, call->result, node);
	else if (!strcmp(call->name, "mdk_reg_get") && call->count > 2) {
		long long most = most_of_rows(flow, call->objects[2], false);

		if (most >= 0)
			comes_in(entry, call->result, node, most);
	} else if (lab_has_prefix(call->name, "le") && lab_has_suffix(call->name, "_to_cpu") &&
		   is_guests(entry->fn->file)) {
		unsigned int bits = atoi(call->name + 2);

		comes_in(entry, call->result, node,
			 bits < 40 ? (1LL << bits) - 1 : ENDLESS);
	}
}

/* "desc = job->desc" */
static void by_descriptor(struct entry *entry, const struct assign *assign, unsigned int node)
{
	struct flow *flow = entry->run->flow;
	const char *from = object_of(flow, entry->fn->file, assign->from);
	const char *root = object_root(flow, from);
	int param = param_of(entry->fn, root);
	const struct variable *variable = variable_of(entry->fn, assign->object);

	if (param < 0 || !entry->fn->param_types[param] || !variable ||
	    strcmp(entry->fn->param_types[param], "mdk_job") || strcmp(from + strlen(root), ".desc"))
		return;
	struct_comes_in(entry, assign->object, variable->type, node, NULL);
}

static bool has_type(const struct function *fn, unsigned int param, const char *type, bool pointer)
{
	return param < fn->nr_params && fn->param_types[param] &&
	       !strcmp(fn->param_types[param], type) && fn->param_pointers[param] == pointer;
}

/* Callbacks of the SDK: of a register the value, of a region the offset and what is written. */
static void by_callback(struct entry *entry, unsigned int param)
{
	struct flow *flow = entry->run->flow;
	struct function *fn = entry->fn;
	bool region = has_type(fn, param, "mdk_region", true);
	const char *word = region ? table_of(flow, fn) : fn->name;
	unsigned int value = !region && fn->nr_params == param + 3 ? param + 2 : param + 1;
	long long most;

	if (!word || value >= fn->nr_params)
		return;
	most = most_of_rows(flow, word, region);
	if (most >= 0)
		comes_in(entry, fn->params[value], NO_NODE, most);
	if (region && fn->nr_params == param + 4)
		comes_in(entry, fn->params[param + 2], NO_NODE, ENDLESS);
}

static bool is_op(const struct function *fn, const char *word)
{
	const struct file *file = fn->file;

	for (unsigned int i = 3; i < file->nr_tokens; i++)
		if (token_is(file, i, fn->name) && token_is(file, i - 1, "=") &&
		    token_is(file, i - 2, word) && token_is(file, i - 3, "."))
			return true;
	return false;
}

/* read, write and mmap of a device's file. */
static void by_file(struct entry *entry)
{
	const struct function *fn = entry->fn;
	unsigned int last = fn->nr_params - 1;
	struct flow *flow = entry->run->flow;

	if (fn->nr_params > 3 && has_type(fn, last, "loff_t", true) &&
	    has_type(fn, last - 1, "size_t", false) && (is_op(fn, "read") || is_op(fn, "write"))) {
		/* How far an access reaches from there is asked for by its own rule. */
		entry->users.position = true;
		if (entry->run->harms != HARM_LENGTH || entry->look)
			comes_in(entry, keep_fmt(flow, "*%s", fn->params[last]), NO_NODE, ENDLESS);
		entry->users.position = false;
		comes_in(entry, fn->params[last - 1], NO_NODE, 0x7ffff000);
	}
	for (unsigned int i = 0; i < fn->nr_params; i++)
		if (has_type(fn, i, "vm_area_struct", true) && is_op(fn, "mmap"))
			comes_in(entry, keep_fmt(flow, "%s.vm_pgoff", fn->params[i]), NO_NODE,
				 ENDLESS);
}

/* The node that gives a local its value; NO_NODE: it has one from the beginning. */
static unsigned int assigned_at(const struct function *fn, const char *name)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int k = 0; k < fn->nodes[n].nr_assigns; k++)
			if (fn->nodes[n].assigns[k].object == name)
				return n;
	return NO_NODE;
}

/* What one function has put there another finds. */
static void by_member(struct entry *entry, const struct kept *kept)
{
	struct flow *flow = entry->run->flow;
	const struct file *file = entry->fn->file;
	struct declared declared;

	for (unsigned int i = entry->fn->body.first + 1; i < entry->fn->body.end; i++) {
		const char *outer;
		struct taint taint = entry->users;

		if (!token_is(file, i, kept->member) || i < entry->fn->body.first + 2 ||
		    !(token_is(file, i - 1, "->") || token_is(file, i - 1, ".")) ||
		    file->tokens[i - 2].kind != TOKEN_NAME || token_is(file, i - 3, "->") ||
		    token_is(file, i - 3, "."))
			continue;
		outer = token_text(flow, file, i - 2);
		if (!declared_as(flow, entry->fn, outer, &declared) ||
		    declared.what.type != kept->record)
			continue;
		taint.name = keep_fmt(flow, "%s.%s", outer, kept->member);
		taint.type = type_of(flow, entry->fn, taint.name);
		taint_follow(&taint, assigned_at(entry->fn, outer), kept->state);
	}
}

static bool has_text(const struct function *fn, unsigned int param)
{
	const struct file *file = fn->file;

	for (unsigned int i = fn->head.first; i + 1 < fn->head.end; i++)
		if (token_is(file, i, "const") && token_is(file, i + 1, "char"))
			return has_type(fn, param, "char", true);
	return false;
}

/* Its length is asked for, or what sysfs says of it compared; not whether the bound is right. */
static bool is_measured(const struct function *fn, const char *text)
{
	static const char *const names[] = { "strlen", "strnlen" };
	static const char *const signs[] = { "<", ">", "<=", ">=" };
	const struct file *file = fn->file;
	const char *size = fn->params[fn->nr_params - 1];

	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++) {
			const struct call *call = &fn->nodes[n].calls[c];

			if (taint_is_in(call->name, names, LAB_ARRAY_SIZE(names)) && call->count &&
			    call->objects[0] == text)
				return true;
		}
	for (unsigned int i = fn->body.first; i + 1 < fn->body.end; i++)
		for (unsigned int s = 0; token_is(file, i, size) && s < LAB_ARRAY_SIZE(signs); s++)
			if (token_is(file, i + 1, signs[s]))
				return true;
	return false;
}

/* "strcpy(x->name, buf)", where the text may be as long as a page. */
static void copy_of_text(struct entry *entry, const char *text)
{
	static const char *const names[] = { "strcpy", "strcat", "sprintf" };
	struct function *fn = entry->fn;

	for (unsigned int n = 1; n < fn->nr_nodes && !is_measured(fn, text); n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++) {
			const struct call *call = &fn->nodes[n].calls[c];
			long long bytes;

			if (!taint_is_in(call->name, names, LAB_ARRAY_SIZE(names)) ||
			    call->count < 2 || call->objects[call->count - 1] != text)
				continue;
			bytes = bytes_of(entry->run->flow, fn, call->objects[0]);
			if (bytes > 0 && bytes < MOST_OF_STORE)
				taint_tell(&entry->users, call_line(fn, call),
					   "%s() copies a text that may have %u bytes, and %s has "
					   "%lld", call->name, MOST_OF_STORE, call->objects[0],
					   bytes);
		}
}

/* An attribute's text, and how long it is: sysfs lets through a page. */
static void by_store(struct entry *entry)
{
	const struct function *fn = entry->fn;
	unsigned int last = fn->nr_params - 1;
	bool sysfs = fn->nr_params == 4 && (has_type(fn, 1, "device_attribute", true) ||
					    has_type(fn, 1, "kobj_attribute", true) ||
					    has_type(fn, 1, "driver_attribute", true) ||
					    has_type(fn, 1, "mdev_type_attribute", true));
	bool own = fn->nr_params == 3 && has_type(fn, 0, "mdk_dev", true) && is_op(fn, "store");

	if ((sysfs || own) && has_type(fn, last, "size_t", false) && has_text(fn, last - 1)) {
		entry->users.stored = true;
		comes_in(entry, fn->params[last], NO_NODE, MOST_OF_STORE);
		if (entry->run->harms & HARM_LENGTH && !entry->look)
			copy_of_text(entry, fn->params[last - 1]);
		entry->users.stored = false;
	}
}

/* Numbers that are read out of a text. */
static void by_text(struct entry *entry, const struct call *call, unsigned int node)
{
	bool scans = !strcmp(call->name, "sscanf");
	unsigned int first = scans ? 2 : call->count - 1;

	if (!(scans || lab_has_prefix(call->name, "kstrto")) || call->count < 3)
		return;
	for (unsigned int i = first; i < call->count; i++)
		if (token_is(entry->fn->file, call->args[i].first, "&"))
			comes_in(entry, call->objects[i], node, ENDLESS);
}

/* A member that some copy fills with what the user has. */
static bool is_filled(const struct flow *flow, const char *member)
{
	int family = family_of(flow, "copyin");

	for (size_t i = 0; i < flow->nr_functions; i++)
		for (unsigned int n = 1; n < flow->functions[i]->nr_nodes; n++)
			for (unsigned int c = 0; c < flow->functions[i]->nodes[n].nr_calls; c++) {
				const struct call *call = &flow->functions[i]->nodes[n].calls[c];

				if (call_row(call, family, ROLE_USE) && call->count > 1 &&
				    has_word(call->objects[0], member))
					return true;
			}
	return false;
}

/* "hdr = (struct x *)file->buffer" */
static void by_cast(struct entry *entry, const struct assign *assign, unsigned int node)
{
	struct flow *flow = entry->run->flow;
	const struct file *file = entry->fn->file;
	const char *from = object_of(flow, file, assign->from);
	const char *member = object_member(flow, from);
	const struct variable *variable = variable_of(entry->fn, assign->object);

	if (member && variable && variable->pointer && variable->is_struct &&
	    token_is(file, assign->from.first, "(") && token_is(file, assign->from.first + 1, "struct") &&
	    is_filled(flow, member))
		struct_comes_in(entry, assign->object, variable->type, node, NULL);
}

static void gather(struct entry *entry)
{
	struct function *fn = entry->fn;

	for (unsigned int p = 0; p < fn->nr_params; p++)
		if (has_type(fn, p, "mdk_reg", true) || has_type(fn, p, "mdk_region", true))
			by_callback(entry, p);
	by_file(entry);
	by_store(entry);
	for (unsigned int n = 1; n < fn->nr_nodes; n++) {
		by_calls(entry, n);
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++) {
			by_result(entry, &fn->nodes[n].calls[c], n);
			by_text(entry, &fn->nodes[n].calls[c], n);
		}
		for (unsigned int k = 0; k < fn->nodes[n].nr_assigns; k++) {
			by_descriptor(entry, &fn->nodes[n].assigns[k], n);
			by_cast(entry, &fn->nodes[n].assigns[k], n);
		}
	}
}

/* Copies of what is the user's are the user's too. */
static void spread_users(struct entry *entry)
{
	struct taint *users = &entry->users;

	for (unsigned int n = 1; n < entry->fn->nr_nodes; n++)
		for (unsigned int k = 0; k < entry->fn->nodes[n].nr_assigns; k++) {
			const struct assign *assign = &entry->fn->nodes[n].assigns[k];
			const char *from = object_of(entry->run->flow, entry->fn->file,
						     assign->from);

			if (taint_is_user(users, from) && !strpbrk(assign->object, ".[*"))
				taint_add(users->users, &users->nr_users, assign->object);
		}
}

static void ask_function(struct tainting *run, struct function *fn)
{
	struct entry entry = { .run = run, .fn = fn, .look = true };

	entry.users = (struct taint){ .run = run, .fn = fn };
	gather(&entry);
	spread_users(&entry);
	entry.look = false;
	gather(&entry);
}

static void ask_collected(struct tainting *run, size_t first, size_t end)
{
	for (size_t i = 0; i < run->asked->flow->nr_functions; i++) {
		struct entry entry = { .run = run, .fn = run->flow->functions[i] };

		entry.users = (struct taint){ .run = run, .fn = entry.fn };
		for (size_t k = first; k < end; k++) {
			const struct kept kept = run->kept[k];

			by_member(&entry, &kept);
		}
	}
}

static void ask_harms(const struct asked *asked, unsigned int harms)
{
	struct tainting run = { .asked = asked, .flow = asked->flow, .harms = harms };
	size_t done = 0;

	for (size_t i = 0; i < asked->flow->nr_functions; i++)
		ask_function(&run, asked->flow->functions[i]);
	for (unsigned int round = 0; round < MAX_ROUNDS && done < run.nr_kept; round++) {
		size_t end = run.nr_kept;

		ask_collected(&run, done, end);
		done = end;
	}
	free(run.mosts);
	free(run.memos);
	free(run.kept);
	free(run.told);
}

void ask_guest_number(const struct asked *asked)
{
	ask_harms(asked, HARM_INDEX);
}

void ask_guest_length(const struct asked *asked)
{
	ask_harms(asked, HARM_LENGTH);
}

void ask_guest_sum(const struct asked *asked)
{
	ask_harms(asked, HARM_SUM);
}

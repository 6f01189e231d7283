// SPDX-License-Identifier: GPL-2.0-only
/* What an object is by its declaration: how wide a number, how many elements. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "values.h"

#define MAX_NESTED 6

static const struct width {
	const char *type;
	unsigned int bits;
	bool is_signed;
} widths[] = {
	{ "u8", 8, false }, { "__u8", 8, false }, { "uint8_t", 8, false }, { "bool", 8, false },
	{ "s8", 8, true }, { "char", 8, true }, { "int8_t", 8, true }, { "__s8", 8, true },
	{ "u16", 16, false }, { "__u16", 16, false }, { "uint16_t", 16, false },
	{ "__le16", 16, false }, { "__be16", 16, false }, { "s16", 16, true },
	{ "__s16", 16, true }, { "short", 16, true }, { "int16_t", 16, true },
	{ "u32", 32, false }, { "__u32", 32, false }, { "uint32_t", 32, false },
	{ "__le32", 32, false }, { "__be32", 32, false }, { "uint", 32, false },
	{ "unsigned", 32, false }, { "s32", 32, true }, { "__s32", 32, true },
	{ "int", 32, true }, { "int32_t", 32, true },
	{ "u64", 64, false }, { "__u64", 64, false }, { "uint64_t", 64, false },
	{ "__le64", 64, false }, { "__be64", 64, false }, { "__aligned_u64", 64, false },
	{ "size_t", 64, false }, { "dma_addr_t", 64, false }, { "phys_addr_t", 64, false },
	{ "resource_size_t", 64, false }, { "uintptr_t", 64, false }, { "pgoff_t", 64, false },
	{ "gfn_t", 64, false }, { "ulong", 64, false }, { "s64", 64, true }, { "__s64", 64, true },
	{ "int64_t", 64, true }, { "long", 64, true }, { "loff_t", 64, true },
	{ "ssize_t", 64, true }, { "off_t", 64, true },
};

struct value_type type_of_name(const char *name, bool is_unsigned)
{
	for (size_t i = 0; name && i < LAB_ARRAY_SIZE(widths); i++)
		if (!strcmp(widths[i].type, name))
			return (struct value_type){ widths[i].bits,
						    widths[i].is_signed && !is_unsigned };
	return (struct value_type){ 0 };
}

/* The variable, parameter or array of the file that an object begins with. */
static bool find_root(struct flow *flow, const struct function *fn, const char *name,
		      struct declared *declared)
{
	const struct variable *variable = variable_of(fn, name);
	int param = param_of(fn, name);

	*declared = (struct declared){ .file = fn->file };
	if (variable) {
		declared->what = (struct member){
			.name = name, .type = variable->type, .pointer = variable->pointer,
			.is_struct = variable->is_struct, .is_unsigned = variable->is_unsigned,
			.array = variable->array ? "" : NULL, .length = variable->length,
		};
		return true;
	}
	if (param >= 0) {
		declared->what = (struct member){
			.name = name, .type = fn->param_types[param],
			.pointer = fn->param_pointers[param],
			.is_unsigned = fn->param_unsigned[param],
		};
		return declared->what.type;
	}
	for (size_t i = 0; i < flow->nr_globals; i++)
		if (flow->globals[i].name == name && flow->globals[i].file == fn->file) {
			declared->what = flow->globals[i].what;
			return declared->what.type;
		}
	return false;
}

static bool step_into(struct flow *flow, struct declared *declared, const char *name)
{
	const struct record *record = record_of(flow, declared->what.type);

	for (unsigned int i = 0; record && i < record->count; i++)
		if (record->members[i].name == name) {
			declared->what = record->members[i];
			declared->file = record->file;
			declared->element = false;
			return true;
		}
	return false;
}

static const char *past_brackets(const char *at)
{
	unsigned int depth = 0;

	for (; *at == '[' || (*at && depth); at++) {
		depth += *at == '[';
		depth -= *at == ']';
	}
	return at;
}

bool declared_as(struct flow *flow, const struct function *fn, const char *object,
		 struct declared *declared)
{
	const char *root, *at = object + strspn(object, "*&(");

	root = object_root(flow, at);
	if (!*root || !find_root(flow, fn, root, declared))
		return false;
	at += strlen(root);
	for (;;) {
		if (*at == '[') {
			declared->element = true;
			at = past_brackets(at);
		}
		if (*at != '.')
			return !*at;
		root = object_root(flow, at + 1);
		if (!*root || !step_into(flow, declared, root))
			return false;
		at += 1 + strlen(root);
	}
}

struct value_type type_of(struct flow *flow, const struct function *fn, const char *object)
{
	struct declared declared;
	bool star = *object == '*';

	if (!declared_as(flow, fn, object, &declared) ||
	    (declared.what.array && !declared.element) ||
	    (declared.what.pointer && !star && !declared.element))
		return (struct value_type){ 0 };
	return type_of_name(declared.what.type, declared.what.is_unsigned);
}

long long most_of_type(struct value_type type)
{
	if (!type.bits || type.bits > 61)
		return ENDLESS;
	return (1LL << (type.bits - type.is_signed)) - 1;
}

long long elements_of(struct flow *flow, const struct function *fn, const char *object)
{
	struct declared declared;
	long long count;

	if (!declared_as(flow, fn, object, &declared) || !declared.what.array || declared.element)
		return -1;
	count = most_of(flow, declared.file, declared.what.length, NULL);
	return count > 0 ? count : -1;
}

unsigned int size_of_member(const struct member *member)
{
	if (member->pointer)
		return 8;
	return member->is_struct ? 0 : type_of_name(member->type, false).bits / 8;
}

static long long record_bytes(struct flow *flow, const char *name, unsigned int depth,
			      long long *align);

static long long member_bytes(struct flow *flow, const struct record *record,
			      const struct member *member, unsigned int depth, long long *align)
{
	long long size = size_of_member(member), count = 1;

	*align = size;
	if (!size && member->is_struct && depth)
		size = record_bytes(flow, member->type, depth - 1, align);
	/* What may follow the struct is not of its size. */
	if (member->array && member->length.first >= member->length.end)
		return size > 0 ? 0 : -1;
	if (member->array)
		count = most_of(flow, record->file, member->length, NULL);
	return size > 0 && count > 0 ? size * count : -1;
}

/* Up to the end of the member, or of all where last is NULL. */
static long long bytes_up_to(struct flow *flow, const char *name, const char *last,
			     unsigned int depth, long long *align)
{
	const struct record *record = record_of(flow, name);
	long long at = 0, most = 1;

	if (!record || record->odd)
		return -1;
	for (unsigned int i = 0; i < record->count; i++) {
		long long own, size = member_bytes(flow, record, &record->members[i], depth, &own);

		if (size < 0)
			return -1;
		at = (at + own - 1) / own * own + size;
		most = own > most ? own : most;
		if (record->members[i].name == last)
			return at;
	}
	*align = most;
	return last ? -1 : (at + most - 1) / most * most;
}

static long long record_bytes(struct flow *flow, const char *name, unsigned int depth,
			      long long *align)
{
	return bytes_up_to(flow, name, NULL, depth, align);
}

long long bytes_to_end_of(struct flow *flow, const char *name, const char *member)
{
	long long align;

	return bytes_up_to(flow, name, member, MAX_NESTED, &align);
}

long long size_of_record(struct flow *flow, const char *name)
{
	long long align;

	return record_bytes(flow, name, MAX_NESTED, &align);
}

long long pointed_bytes(struct flow *flow, const struct function *fn, const char *object)
{
	struct declared declared;
	long long size;

	if (!declared_as(flow, fn, object, &declared) || !declared.what.pointer)
		return -1;
	size = type_of_name(declared.what.type, false).bits / 8;
	return size ? size : size_of_record(flow, declared.what.type);
}

long long bytes_of(struct flow *flow, const struct function *fn, const char *object)
{
	struct declared declared;
	long long size, count = 1;

	if (!declared_as(flow, fn, object, &declared) ||
	    (declared.what.pointer && !declared.what.array))
		return -1;
	size = size_of_member(&declared.what);
	if (declared.what.is_struct && !declared.what.pointer)
		size = size_of_record(flow, declared.what.type);
	if (declared.what.array && !declared.element)
		count = most_of(flow, declared.file, declared.what.length, NULL);
	return size > 0 && count > 0 ? size * count : -1;
}

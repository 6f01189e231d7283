// SPDX-License-Identifier: GPL-2.0-only
/* What stands at the top of a file: functions, macros with arguments, structs. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "code.h"

static const char *const keywords[] = {
	"if", "else", "while", "for", "do", "switch", "case", "default", "return", "goto", "break",
	"continue", "sizeof", "typeof", "__typeof__", "struct", "union", "enum", "const",
	"volatile", "static", "extern", "inline", "unsigned", "signed", "register", "typedef",
	"__attribute__", "__always_inline", "__aligned", "__packed", "offsetof", "offsetofend",
};

/* Words that a type ends with; all others are one where a star or another word follows. */
static const char *const types[] = {
	"char", "short", "int", "long", "unsigned", "signed", "void", "bool", "float", "double",
	"u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "__u8", "__u16", "__u32", "__u64",
	"__s8", "__s16", "__s32", "__s64", "__le16", "__le32", "__le64", "__be16", "__be32",
	"__be64", "size_t", "ssize_t", "loff_t", "dma_addr_t", "phys_addr_t", "uintptr_t",
	"resource_size_t", "pgoff_t", "gfp_t", "uint8_t", "uint16_t", "uint32_t", "uint64_t",
	"int8_t", "int16_t", "int32_t", "int64_t",
};

static bool is_one_of(const struct file *file, unsigned int at, const char *const *words,
		      size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (token_is(file, at, words[i]))
			return true;
	return false;
}

bool is_keyword(const struct file *file, unsigned int at)
{
	return is_one_of(file, at, keywords, LAB_ARRAY_SIZE(keywords));
}

bool is_type(const struct file *file, unsigned int at)
{
	return is_one_of(file, at, types, LAB_ARRAY_SIZE(types));
}

/* "(struct x *)" before an operand; at itself where there is no cast. */
unsigned int skip_cast(const struct file *file, unsigned int at, unsigned int end)
{
	unsigned int close = file->tokens[at].match;
	bool type = false;

	if (!token_is(file, at, "(") || close <= at + 1 || close + 1 >= end)
		return at;
	if (file->tokens[close + 1].kind == TOKEN_PUNCT && !token_is(file, close + 1, "(") &&
	    !token_is(file, close + 1, "&") && !token_is(file, close + 1, "*"))
		return at;
	for (unsigned int i = at + 1; i < close; i++) {
		bool star = token_is(file, i, "*");

		if (!star && file->tokens[i].kind != TOKEN_NAME)
			return at;
		type |= is_type(file, i) || token_is(file, i, "struct") || token_is(file, i, "union");
		type |= star && i + 1 == close && i > at + 1;
	}
	return type ? close + 1 : at;
}

/* Struct members. */

unsigned int next_at(const struct file *file, unsigned int at, unsigned int end, const char *sign)
{
	for (; at < end; at++) {
		if (token_is(file, at, sign))
			return at;
		if (file->tokens[at].match > at)
			at = file->tokens[at].match;
	}
	return end;
}

static void add_member(struct flow *flow, const struct file *file, struct record *record,
		       struct span span, struct member base)
{
	struct member member = base;

	for (unsigned int i = span.first; i < span.end; i++) {
		if (token_is(file, i, "*"))
			member.pointer = true;
		else if (token_is(file, i, "[") && member.name)
			member.length = span_inside(file, i),
			member.array = span_text(flow, file, member.length);
		else if (token_is(file, i, ":"))
			record->odd = true;
		else if (file->tokens[i].kind == TOKEN_NAME && !member.array &&
			 !token_is(file, i, "__user") && !lab_has_prefix(file->tokens[i].at, "__"))
			member.name = token_text(flow, file, i);
		if (file->tokens[i].match > i)
			i = file->tokens[i].match;
	}
	if (!member.name)
		return;
	record->members = lab_grow(record->members, record->count + 1, sizeof(member));
	record->members[record->count++] = member;
}

static unsigned int read_type(struct flow *flow, const struct file *file, struct span span,
			      struct member *base)
{
	unsigned int at = span.first;

	for (; at < span.end && file->tokens[at].kind == TOKEN_NAME; at++) {
		bool record = token_is(file, at, "struct") || token_is(file, at, "union");

		base->is_unsigned |= token_is(file, at, "unsigned");
		if (is_keyword(file, at) && !record && !token_is(file, at, "unsigned"))
			continue;
		if (record || token_is(file, at, "enum")) {
			base->is_struct = record;
			base->type = token_text(flow, file, at + 1);
			return at + 2;
		}
		base->type = token_text(flow, file, at);
		if (!is_type(file, at + 1))
			return at + 1;
	}
	return at;
}

static void read_member_line(struct flow *flow, const struct file *file, struct record *record,
			     struct span span)
{
	struct member base = { .line = file->tokens[span.first].line };
	unsigned int at = read_type(flow, file, span, &base), comma;

	if (next_at(file, span.first, span.end, "{") < span.end || !base.type)
		record->odd = true;
	for (; at < span.end; at = comma + 1) {
		comma = next_at(file, at, span.end, ",");
		add_member(flow, file, record, (struct span){ at, comma }, base);
	}
}

static void read_struct(struct flow *flow, struct file *file, unsigned int name, unsigned int open)
{
	struct span inside = span_inside(file, open);
	struct record record = { .name = token_text(flow, file, name), .file = file };
	unsigned int at = inside.first, end;

	for (; at < inside.end; at = end + 1) {
		end = next_at(file, at, inside.end, ";");
		read_member_line(flow, file, &record, (struct span){ at, end });
	}
	record.odd |= token_is(file, inside.end + 1, "__packed") ||
		      token_is(file, inside.end + 1, "__attribute__");
	flow->records = lab_grow(flow->records, flow->nr_records + 1, sizeof(record));
	flow->records[flow->nr_records++] = record;
}

/* Functions. */

static void read_param(struct flow *flow, struct function *fn, struct span span)
{
	const struct file *file = fn->file;
	unsigned int nr = fn->nr_params;
	struct member base = { 0 };

	if (nr == MAX_ARGS || span.first == span.end)
		return;
	read_type(flow, file, span, &base);
	fn->param_types[nr] = base.type;
	fn->param_unsigned[nr] = base.is_unsigned;
	for (unsigned int i = span.first; i < span.end && !token_is(file, i, "["); i++) {
		if (token_is(file, i, "*"))
			fn->param_pointers[nr] = true;
		/* void (*name)(int) */
		if (token_is(file, i, "(") && token_is(file, i + 1, "*")) {
			fn->params[nr] = token_text(flow, file, i + 2);
			break;
		}
		if (file->tokens[i].kind == TOKEN_NAME)
			fn->params[nr] = token_text(flow, file, i);
	}
	fn->nr_params += fn->params[nr] != NULL;
}

static void read_params(struct flow *flow, struct function *fn)
{
	unsigned int at = fn->head.first, comma;

	for (; at < fn->head.end; at = comma + 1) {
		comma = next_at(fn->file, at, fn->head.end, ",");
		read_param(flow, fn, (struct span){ at, comma });
	}
}

static void add_function(struct flow *flow, struct file *file, unsigned int name, unsigned int open)
{
	struct function *fn = lab_grow(NULL, 1, sizeof(*fn));

	*fn = (struct function){
		.name = token_text(flow, file, name), .file = file,
		.line = file->tokens[name].line, .macro = name >= file->first_macro,
		.head = span_inside(file, name + 1), .body = span_inside(file, open),
	};
	read_params(flow, fn);
	flow->functions = lab_grow(flow->functions, flow->nr_functions + 1, sizeof(fn));
	flow->functions[flow->nr_functions++] = fn;
}

/* The name of the function whose body opens here, or 0; __must_hold(x) may stand between. */
static unsigned int function_name(const struct file *file, unsigned int open)
{
	unsigned int at = open, name = 0;

	while (at > 1 && token_is(file, at - 1, ")") && file->tokens[at - 1].match > 1) {
		name = file->tokens[at - 1].match - 1;
		at = name;
	}
	if (!name || file->tokens[name].kind != TOKEN_NAME || is_keyword(file, name))
		return 0;
	return name;
}

static unsigned int struct_name(const struct file *file, unsigned int open)
{
	if (open < 2 || file->tokens[open - 1].kind != TOKEN_NAME)
		return 0;
	return token_is(file, open - 2, "struct") || token_is(file, open - 2, "union") ? open - 1 : 0;
}

/* "static u32 x[N];" and "... x[N] = {": the name is at - 1, the bracket at. */
static void add_global(struct flow *flow, struct file *file, unsigned int at)
{
	unsigned int first = at - 1, close = file->tokens[at].match;
	struct global global = { .name = token_text(flow, file, at - 1), .file = file };

	if (close <= at + 1 || !(token_is(file, close + 1, ";") || token_is(file, close + 1, "=")))
		return;
	while (first && !token_is(file, first - 1, ";") && !token_is(file, first - 1, "}") &&
	       !token_is(file, first - 1, ")"))
		first--;
	read_type(flow, file, (struct span){ first, at - 1 }, &global.what);
	global.what.length = span_inside(file, at);
	global.what.array = span_text(flow, file, global.what.length);
	flow->globals = lab_grow(flow->globals, flow->nr_globals + 1, sizeof(global));
	flow->globals[flow->nr_globals++] = global;
}

static void add_constant(struct flow *flow, struct file *file, unsigned int open)
{
	struct constant constant = {
		.name = token_text(flow, file, open - 1), .file = file,
		.body = span_inside(file, open),
	};

	constant.body.end--;
	flow->constants = lab_grow(flow->constants, flow->nr_constants + 1, sizeof(constant));
	flow->constants[flow->nr_constants++] = constant;
}

static bool is_enum(const struct file *file, unsigned int open)
{
	return (open && token_is(file, open - 1, "enum")) ||
	       (open > 1 && file->tokens[open - 1].kind == TOKEN_NAME &&
		token_is(file, open - 2, "enum"));
}

static void add_enum(struct flow *flow, const struct file *file, unsigned int open)
{
	struct span inside = span_inside(file, open);
	struct constant constant = { .file = file, .counted = true };
	unsigned int end;

	for (unsigned int at = inside.first; at < inside.end; at = end + 1) {
		unsigned int equal;

		end = next_at(file, at, inside.end, ",");
		equal = next_at(file, at, end, "=");
		constant.name = token_text(flow, file, at);
		if (equal < end) {
			constant.body = (struct span){ equal + 1, end };
			constant.plus = 0;
		}
		flow->constants = lab_grow(flow->constants, flow->nr_constants + 1,
					   sizeof(constant));
		flow->constants[flow->nr_constants++] = constant;
		constant.plus++;
	}
}

void parse_file(struct flow *flow, struct file *file)
{
	for (unsigned int i = 0; i < file->nr_tokens; i++) {
		unsigned int name;

		if (i && token_is(file, i, "[") && file->tokens[i - 1].kind == TOKEN_NAME)
			add_global(flow, file, i);
		if (!token_is(file, i, "{") || !file->tokens[i].match)
			continue;
		name = function_name(file, i);
		if (name)
			add_function(flow, file, name, i);
		else if ((name = struct_name(file, i)))
			read_struct(flow, file, name, i);
		else if (is_enum(file, i))
			add_enum(flow, file, i);
		else if (i > file->first_macro && file->tokens[i - 1].kind == TOKEN_NAME)
			add_constant(flow, file, i);
		i = file->tokens[i].match;
	}
}

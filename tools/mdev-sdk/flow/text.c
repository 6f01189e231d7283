// SPDX-License-Identifier: GPL-2.0-only
/* Strings that are kept once, and what an expression calls its object. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "code.h"

static size_t hash_of(const char *text, size_t len)
{
	size_t hash = 5381;

	for (size_t i = 0; i < len; i++)
		hash = hash * 33 + (unsigned char)text[i];
	return hash;
}

static void place(struct flow *flow, char *text)
{
	size_t at = hash_of(text, strlen(text)) % flow->room;

	while (flow->strings[at])
		at = (at + 1) % flow->room;
	flow->strings[at] = text;
}

static void make_room(struct flow *flow)
{
	char **old = flow->strings;
	size_t room = flow->room;

	if (2 * (flow->nr_strings + 1) < room)
		return;
	flow->room = room ? 2 * room : 4096;
	flow->strings = lab_grow(NULL, flow->room, sizeof(*flow->strings));
	memset(flow->strings, 0, flow->room * sizeof(*flow->strings));
	for (size_t i = 0; i < room; i++)
		if (old[i])
			place(flow, old[i]);
	free(old);
}

const char *keep(struct flow *flow, const char *text, size_t len)
{
	size_t at;
	char *copy;

	make_room(flow);
	at = hash_of(text, len) % flow->room;
	for (; flow->strings[at]; at = (at + 1) % flow->room)
		if (!strncmp(flow->strings[at], text, len) && !flow->strings[at][len])
			return flow->strings[at];
	copy = lab_fmt("%.*s", (int)len, text);
	flow->strings[at] = copy;
	flow->nr_strings++;
	return copy;
}

const char *keep_fmt(struct flow *flow, const char *fmt, ...)
{
	va_list args;
	char *text = NULL;
	const char *kept;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		text = NULL;
	va_end(args);
	kept = keep(flow, text ? text : "", text ? strlen(text) : 0);
	free(text);
	return kept;
}

const char *token_text(struct flow *flow, const struct file *file, unsigned int at)
{
	return keep(flow, file->tokens[at].at, file->tokens[at].len);
}

static bool is_word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Two words stay apart, nothing else has blanks. */
static void add_text(struct lab_buf *buf, const char *text, size_t len)
{
	if (buf->len && len && is_word_char(buf->data[buf->len - 1]) && is_word_char(*text))
		lab_buf_add(buf, " ", 1);
	lab_buf_add(buf, text, len);
}

const char *span_text(struct flow *flow, const struct file *file, struct span span)
{
	struct lab_buf buf = { 0 };
	const char *kept;

	for (unsigned int i = span.first; i < span.end; i++)
		add_text(&buf, file->tokens[i].at, file->tokens[i].len);
	kept = keep(flow, buf.data ? buf.data : "", buf.len);
	lab_buf_free(&buf);
	return kept;
}

/* Brackets that only group are left out; those of a call or a subscript say something. */
static bool only_groups(const struct file *file, unsigned int at, unsigned int first)
{
	return token_is(file, at, "(") &&
	       (at == first || !(file->tokens[at - 1].kind == TOKEN_NAME ||
				 token_is(file, at - 1, ")") || token_is(file, at - 1, "]")));
}

static void add_object(struct lab_buf *buf, const struct file *file, struct span span);

static unsigned int add_group(struct lab_buf *buf, const struct file *file, unsigned int at,
			      unsigned int end)
{
	unsigned int close = file->tokens[at].match;

	if (!close || close >= end)
		return at + 1;
	add_object(buf, file, (struct span){ at + 1, close });
	return close + 1;
}

/* Who calls what &x names "*" means x. */
static bool cancels(const struct lab_buf *buf, const struct file *file, unsigned int at)
{
	return buf->len && buf->data[buf->len - 1] == '*' && token_is(file, at, "&");
}

static void add_object(struct lab_buf *buf, const struct file *file, struct span span)
{
	unsigned int i = span.first;

	while (i < span.end) {
		unsigned int after = skip_cast(file, i, span.end);

		if (after > i) {
			i = after;
		} else if (only_groups(file, i, span.first)) {
			i = add_group(buf, file, i, span.end);
		} else if (cancels(buf, file, i)) {
			buf->len--;
			i++;
		} else if (token_is(file, i, "&") && i == span.first) {
			i++;
		} else {
			bool arrow = token_is(file, i, "->");

			add_text(buf, arrow ? "." : file->tokens[i].at,
				 arrow ? 1 : file->tokens[i].len);
			i++;
		}
	}
}

const char *object_of(struct flow *flow, const struct file *file, struct span span)
{
	struct lab_buf buf = { 0 };
	const char *kept;

	add_object(&buf, file, span);
	kept = keep(flow, buf.data ? buf.data : "", buf.len);
	lab_buf_free(&buf);
	return kept;
}

const char *object_root(struct flow *flow, const char *object)
{
	size_t len;

	object += strspn(object, "*&!(-");
	for (len = 0; is_word_char(object[len]) || object[len] == '$'; len++)
		;
	return keep(flow, object, len);
}

/* The last member, without subscripts; NULL where there is none. */
const char *object_member(struct flow *flow, const char *object)
{
	const char *end = object + strlen(object), *start;
	unsigned int depth = 0;

	while (end > object && (end[-1] == ']' || depth)) {
		depth += end[-1] == ']';
		depth -= end[-1] == '[';
		end--;
	}
	for (start = end; start > object && is_word_char(start[-1]); start--)
		;
	if (start == object || start[-1] != '.' || start == end)
		return NULL;
	return keep(flow, start, end - start);
}

bool has_word(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (const char *hit = text; len && (hit = strstr(hit, word)); hit++)
		if ((hit == text || !is_word_char(hit[-1])) && !is_word_char(hit[len]))
			return true;
	return false;
}

bool says_object(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *hit = text; len && (hit = strstr(hit, name)); hit++) {
		bool starts = hit == text || !(is_word_char(hit[-1]) || hit[-1] == '.');

		if (starts && !is_word_char(hit[len]) && hit[len] != '.' && hit[len] != '(')
			return true;
	}
	return false;
}

/* Is it that object, or a part of it. */
bool object_within(const char *object, const char *outer)
{
	size_t len = strlen(outer);

	return len && !strncmp(object, outer, len) &&
	       (!object[len] || object[len] == '.' || object[len] == '[');
}

bool names_have(const char *const *names, unsigned int count, const char *name)
{
	for (unsigned int i = 0; i < count; i++)
		if (names[i] == name)
			return true;
	return false;
}

void names_add(const char **names, unsigned int *count, unsigned int most, const char *name)
{
	if (*count < most && !names_have(names, *count, name))
		names[(*count)++] = name;
}

// SPDX-License-Identifier: GPL-2.0-only
/* Messages, strings, lists and buffers. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lab.h"

static void out_of_memory(void)
{
	fputs("mdev-sdk: out of memory\n", stderr);
	exit(LAB_CANNOT);
}

const char *(*lab_label)(const char *message);

/* The id stands behind the first line: what follows are somebody else's words. */
static void message(const char *fmt, va_list ap, const char *tail)
{
	const char *label;
	char *words, *text;
	size_t line;

	if (vasprintf(&words, fmt, ap) < 0)
		out_of_memory();
	text = lab_fmt("%s%s", words, tail);
	line = strcspn(text, "\n");
	label = lab_label ? lab_label(text) : NULL;
	fflush(stdout);
	fprintf(stderr, "mdev-sdk: %.*s", (int)line, text);
	if (label)
		fprintf(stderr, " [%s]", label);
	fprintf(stderr, "%s\n", text + line);
	free(text);
	free(words);
}

void lab_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message(fmt, ap, "");
	va_end(ap);
}

void lab_errno(const char *fmt, ...)
{
	int err = errno;
	bool full = err == ENOSPC || err == EDQUOT;
	char *tail = lab_fmt(": %s%s", strerror(err), full ? "; free some space and repeat" : "");
	va_list ap;

	va_start(ap, fmt);
	message(fmt, ap, tail);
	va_end(ap);
	free(tail);
	errno = err;
}

void lab_note(const char *fmt, ...)
{
	va_list ap;

	fflush(stdout);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

char *lab_fmt(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	if (vasprintf(&s, fmt, ap) < 0)
		out_of_memory();
	va_end(ap);
	return s;
}

char *lab_strdup(const char *s)
{
	char *copy = strdup(s);

	if (!copy)
		out_of_memory();
	return copy;
}

void *lab_grow(void *array, size_t count, size_t size)
{
	void *grown = reallocarray(array, count, size);

	if (!grown)
		out_of_memory();
	return grown;
}

bool lab_has_prefix(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

bool lab_has_suffix(const char *s, const char *suffix)
{
	size_t len = strlen(s), tail = strlen(suffix);

	return len >= tail && !strcmp(s + len - tail, suffix);
}

static void list_take(struct lab_list *list, char *item)
{
	list->items = lab_grow(list->items, list->count + 2, sizeof(*list->items));
	list->items[list->count++] = item;
	list->items[list->count] = NULL;
}

void lab_list_add(struct lab_list *list, const char *item)
{
	list_take(list, lab_strdup(item));
}

void lab_list_addf(struct lab_list *list, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	if (vasprintf(&s, fmt, ap) < 0)
		out_of_memory();
	va_end(ap);
	list_take(list, s);
}

bool lab_list_has(const struct lab_list *list, const char *item)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->items[i], item))
			return true;
	return false;
}

void lab_list_free(struct lab_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i]);
	free(list->items);
	*list = (struct lab_list){ 0 };
}

void lab_buf_add(struct lab_buf *buf, const void *data, size_t len)
{
	buf->data = lab_grow(buf->data, buf->len + len + 1, 1);
	if (len)
		memcpy(buf->data + buf->len, data, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
}

void lab_buf_addf(struct lab_buf *buf, const char *fmt, ...)
{
	va_list ap;
	char *s;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&s, fmt, ap);
	va_end(ap);
	if (len < 0)
		out_of_memory();
	lab_buf_add(buf, s, len);
	free(s);
}

void lab_buf_free(struct lab_buf *buf)
{
	free(buf->data);
	*buf = (struct lab_buf){ 0 };
}

double lab_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

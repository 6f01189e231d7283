// SPDX-License-Identifier: GPL-2.0-only
/* Events to text. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "event.h"

struct text {
	char *at;
	size_t left;
	size_t len;
};

static void __attribute__((format(printf, 2, 3))) add(struct text *text, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(text->at, text->left, fmt, args);
	va_end(args);
	if ((size_t)len >= text->left)
		len = text->left ? text->left - 1 : 0;
	text->at += len;
	text->left -= len;
	text->len += len;
}

static void add_number(struct text *text, uint64_t value)
{
	static const char digits[] = "0123456789abcdef";
	char buf[20], *at = buf + sizeof(buf);

	/* Much of a fuzzer's time would go into printf(). */
	*--at = '\0';
	do
		*--at = digits[value & 15];
	while (value >>= 4);
	*--at = 'x';
	*--at = '0';
	*--at = ' ';
	add(text, "%s", at);
}

static void add_named(struct text *text, const char *const *names, unsigned int nr, uint32_t value)
{
	if (value < nr)
		add(text, " %s", names[value]);
	else
		add(text, " %u", value);
}

static uint64_t value_of(const uint8_t *bytes, unsigned int nr)
{
	uint64_t value = 0;

	while (nr--)
		value = value << 8 | bytes[nr];
	return value;
}

/* As words where they are whole, and the rest as bytes. */
static void add_bytes(struct text *text, const struct event *event)
{
	uint32_t i, words = event->len / 4 * 4;

	if (words)
		add(text, " u32");
	for (i = 0; i < words; i += 4)
		add_number(text, value_of(event->data + i, 4));
	if (words && i < event->len)
		add(text, " u8");
	for (; i < event->len; i++)
		add_number(text, event->data[i]);
}

static void add_word(struct text *text, const struct event *event, char letter)
{
	switch (letter) {
	case 'r':
		add_named(text, event_regions, event_nr_regions, event->region);
		break;
	case 'i':
		add_named(text, event_irqs, event_nr_irqs, event->region);
		break;
	case 'A':
		add(text, " %s", event_actions[event->width % IRQS_ACTIONS]);
		break;
	case 'h':
		add(text, " %s", event_parents[event->width % PARENT_EVENTS]);
		break;
	case 'a':
		add_number(text, event->at);
		break;
	case 'w':
		add(text, " %u", event->width);
		break;
	case 's':
	case 'n':
		add_number(text, event->size);
		break;
	case 'v':
		add_number(text, event->value);
		break;
	case 'p':
		add(text, " %s%s", event->width & PROT_READ ? "r" : "",
		    event->width & PROT_WRITE ? "w" : "");
		break;
	case 't':
		add(text, " %.*s", (int)event->len, (const char *)event->data);
		break;
	case 'b':
		add_bytes(text, event);
		break;
	}
}

/* Are the words behind the | there? */
static bool has_rest(const struct event *event)
{
	switch (event->kind) {
	case EVENT_IRQS:
		return event->width != IRQS_OFF;
	case EVENT_MAP:
		return event->value != event->at;
	default:
		return event->expects;
	}
}

size_t event_print(const struct event *event, char *to, size_t size)
{
	struct text text = { to, size, 0 };
	const char *form = event_forms[event->kind].form;

	if (event->timed)
		add(&text, "@%llu ", (unsigned long long)event->time);
	add(&text, "%s", event_forms[event->kind].name);
	for (; *form && (*form != '|' || has_rest(event)); form++)
		add_word(&text, event, *form);
	if (event->expects && has_rest(event)) {
		add(&text, " =");
		add_number(&text, event->expected);
	}
	return text.len;
}

/* Longest line that event_print() makes. */
#define LINE_MOST 1600

size_t events_print(const struct events *events, char *text, size_t size)
{
	char line[LINE_MOST];
	size_t i, len, all = 0;

	for (i = 0; i < events->nr; i++) {
		len = event_print(&events->list[i], line, sizeof(line) - 1);
		line[len++] = '\n';
		if (all + len > size)
			break;
		memcpy(text + all, line, len);
		all += len;
	}
	return all;
}

// SPDX-License-Identifier: GPL-2.0-only
/* Text to events. A line that is wrong is refused: where, what was found, what is needed. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "event.h"

/* Characters of the longest line: bytes as words of hex, and a comment. */
#define LINE_MOST 2048
#define WORD_MOST 64

/**
 * struct line - a line that is being read
 * @at: what comes next
 * @word: the last word that was read; empty at the end of the line
 * @name: of the file
 * @nr: of the line
 * @fault: for what is wrong with it
 * @event: what it becomes
 */
struct line {
	const char *at;
	char word[WORD_MOST];
	const char *name;
	unsigned int nr;
	struct event_fault *fault;
	struct event *event;
};

struct event *events_add(struct events *events)
{
	struct event *grown;

	if (events->nr == events->room) {
		grown = realloc(events->list, (events->room + 64) * sizeof(*grown));
		if (!grown)
			return NULL;
		events->list = grown;
		events->room += 64;
	}
	grown = &events->list[events->nr++];
	memset(grown, 0, sizeof(*grown));
	return grown;
}

void events_free(struct events *events)
{
	free(events->list);
	*events = (struct events){ 0 };
}

struct events events_copy(const struct events *events)
{
	size_t room = events->nr + 1;
	struct events copy = { calloc(room, sizeof(*copy.list)), events->nr, room };

	if (!copy.list)
		exit(3);
	memcpy(copy.list, events->list, events->nr * sizeof(*copy.list));
	return copy;
}

static bool wrong(struct line *line, const char *needed)
{
	snprintf(line->fault->text, sizeof(line->fault->text),
		 "%s:%u: found %s%.40s%s, needed is %s [U30]", line->name, line->nr,
		 *line->word ? "'" : "the end of the line", line->word, *line->word ? "'" : "",
		 needed);
	return false;
}

/* Return: there is one. */
static bool next_word(struct line *line)
{
	size_t len;

	line->at += strspn(line->at, " \t\r");
	len = *line->at == '#' ? 0 : strcspn(line->at, " \t\r");
	snprintf(line->word, sizeof(line->word), "%.*s", (int)len, line->at);
	line->at += len;
	return len;
}

/* strcmp() is one that libFuzzer takes its hints from: they are to be the driver's. */
static bool same(const char *one, const char *two)
{
	while (*one && *one == *two) {
		one++;
		two++;
	}
	return *one == *two;
}

static bool number_in(const char *word, uint64_t most, uint64_t *value)
{
	char *end;

	if (*word < '0' || *word > '9')
		return false;
	*value = strtoull(word, &end, 0);
	return !*end && *value <= most && strlen(word) <= 20;
}

static bool number(struct line *line, uint64_t *value, const char *needed)
{
	return number_in(line->word, UINT64_MAX, value) || wrong(line, needed);
}

static bool name_or_number(struct line *line, const char *const *names, unsigned int nr,
			   uint32_t *value, const char *needed)
{
	uint64_t found;

	for (*value = 0; *value < nr; ++*value)
		if (same(names[*value], line->word))
			return true;
	if (!number_in(line->word, 255, &found))
		return wrong(line, needed);
	*value = found;
	return true;
}

static bool width(struct line *line, uint32_t *value)
{
	uint64_t found;

	if (!number_in(line->word, 8, &found) || !found || found & (found - 1))
		return wrong(line, "a width: 1, 2, 4 or 8");
	*value = found;
	return true;
}

static bool action(struct line *line, uint32_t *value)
{
	for (*value = 0; *value < IRQS_ACTIONS; ++*value)
		if (same(event_actions[*value], line->word))
			return true;
	return wrong(line, "off, on, mask, unmask, trigger, wire or signal");
}

static bool happening(struct line *line, uint32_t *value)
{
	for (*value = 0; *value < PARENT_EVENTS; ++*value)
		if (same(event_parents[*value], line->word))
			return true;
	return wrong(line, "suspend, resume, reset-prepare, reset-done or error");
}

static bool protection(struct line *line, uint32_t *value)
{
	*value = strchr(line->word, 'r') ? PROT_READ : 0;
	*value |= strchr(line->word, 'w') ? PROT_WRITE : 0;
	if (!same(line->word, "r") && !same(line->word, "w") && !same(line->word, "rw"))
		return wrong(line, "r, w or rw");
	return true;
}

static bool file_name(struct line *line)
{
	struct event *event = line->event;

	event->len = strlen(line->word);
	memcpy(event->data, line->word, event->len);
	return true;
}

static bool expectation(struct line *line)
{
	line->event->expects = true;
	if (!same(line->word, "="))
		return wrong(line, "= and a value, or the line's end");
	next_word(line);
	return number(line, &line->event->expected, "a number");
}

/* Little-endian, @bytes of them. */
static bool put(struct line *line, uint64_t value, unsigned int bytes)
{
	struct event *event = line->event;

	if (event->len + bytes > EVENT_BYTES)
		return wrong(line, "at most 256 bytes in a line: begin another one");
	for (; bytes; bytes--, value >>= 8)
		event->data[event->len++] = value;
	return true;
}

/* "u8", "u16", "u32" and "u64": values of that many bits follow. Return: bytes, 0: no such word. */
static unsigned int unit_of(const char *word)
{
	static const char *const units[] = { "u8", "u16", "u32", "u64" };
	unsigned int i;

	for (i = 0; i < 4; i++)
		if (same(word, units[i]))
			return 1 << i;
	return 0;
}

static bool bytes(struct line *line)
{
	unsigned int unit = 1;
	uint64_t value, most;

	do {
		if (unit_of(line->word)) {
			unit = unit_of(line->word);
			continue;
		}
		most = unit == 8 ? UINT64_MAX : (1ULL << 8 * unit) - 1;
		if (!number_in(line->word, most, &value))
			return wrong(line, "u8, u16, u32 or u64, or a number that has room in such");
		if (!put(line, value, unit))
			return false;
	} while (next_word(line));
	return true;
}

static bool word_as(struct line *line, char letter)
{
	struct event *event = line->event;
	uint64_t value;

	switch (letter) {
	case 'r':
		return name_or_number(line, event_regions, event_nr_regions, &event->region,
				      "a region: bar0 to bar5, rom, config, vga or its index");
	case 'i':
		return name_or_number(line, event_irqs, event_nr_irqs, &event->region,
				      "interrupts: intx, msi, msix, err, req or their index");
	case 'A':
		return action(line, &event->width);
	case 'h':
		return happening(line, &event->width);
	case 'a':
		return number(line, &event->at, "an address or offset");
	case 'w':
		return width(line, &event->width);
	case 's':
		return number(line, &event->size, "a size in bytes");
	case 'n':
		if (!number_in(line->word, 64, &value))
			return wrong(line, "how many interrupts, at most 64");
		event->size = value;
		return true;
	case 'v':
		return number(line, &event->value, "a number");
	case 'p':
		return protection(line, &event->width);
	case 't':
		return file_name(line);
	case 'b':
		return bytes(line);
	default:
		return expectation(line);
	}
}

static const char *needed_by(char letter)
{
	static const struct { char letter; const char *what; } table[] = {
		{ 'r', "a region" }, { 'i', "an index of interrupts" }, { 'A', "what to do with them" },
		{ 'a', "an address or offset" }, { 'w', "a width" }, { 's', "a size" },
		{ 'n', "how many" }, { 'v', "a number" }, { 'p', "r, w or rw" },
		{ 't', "a file's name, GROUP/NAME" }, { 'b', "bytes" },
		{ 'h', "what happens to the parent" },
	};
	unsigned int i;

	for (i = 0; table[i].letter != letter; i++)
		;
	return table[i].what;
}

static bool words(struct line *line, const char *form)
{
	bool optional = false;

	for (; *form; form++) {
		if (*form == '|') {
			optional = true;
			continue;
		}
		if (!next_word(line))
			return optional || wrong(line, needed_by(*form));
		/* Of what may be left out the first word decides. */
		optional = false;
		if (!word_as(line, *form))
			return false;
	}
	return !next_word(line) || wrong(line, "the end of the line, or # and a comment");
}

/* A map without a third number has its memory where its address is. */
static void complete(struct event *event, bool with_value)
{
	if (event->kind == EVENT_MAP && !with_value)
		event->value = event->at;
}

static bool kind_of(struct line *line)
{
	for (unsigned int i = 0; i < EVENT_KINDS; i++) {
		line->event->kind = i;
		if (same(event_forms[i].name, line->word))
			return true;
	}
	return wrong(line, "an event: open, close, reset, step, run, memory, read, write, peek, poke, "
			   "irqs, map, unmap, fill, attr, plane or parent");
}

/* "@1234" before it: when it happened. */
static bool time_of(struct line *line)
{
	if (*line->word != '@')
		return true;
	line->event->timed = true;
	if (!number_in(line->word + 1, UINT64_MAX / 1000, &line->event->time))
		return wrong(line, "@ and microseconds");
	return next_word(line) || wrong(line, "an event");
}

static bool parse_line(struct events *events, struct line *line)
{
	if (!next_word(line))
		return true;
	line->event = events_add(events);
	if (!line->event)
		return wrong(line, "memory: there is none left");
	line->event->value = UINT64_MAX;
	if (!time_of(line) || !kind_of(line) || !words(line, event_forms[line->event->kind].form))
		return false;
	complete(line->event, line->event->value != UINT64_MAX);
	return true;
}

static bool take_line(const char *text, size_t len, char *copy, struct line *line)
{
	if (len >= LINE_MOST || memchr(text, '\0', len)) {
		snprintf(line->fault->text, sizeof(line->fault->text),
			 "%s:%u: found %s, needed are lines of text of at most %d characters [U30]",
			 line->name, line->nr, len >= LINE_MOST ? "a longer line" : "a zero byte",
			 LINE_MOST - 1);
		return false;
	}
	memcpy(copy, text, len);
	copy[len] = '\0';
	line->at = copy;
	return true;
}

bool events_parse(struct events *events, const char *name, const char *text, size_t len,
		  struct event_fault *fault)
{
	struct line line = { .name = name, .fault = fault };
	const char *end = text + len, *next;
	char copy[LINE_MOST];

	for (; text < end; text = next + 1) {
		next = memchr(text, '\n', end - text) ?: end;
		line.nr++;
		if (!take_line(text, next - text, copy, &line) || !parse_line(events, &line))
			return false;
	}
	return true;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text that rules see in the place of one with aliases. Only names in calls are replaced, so
 * lines stay as they are; what is defined or declared keeps its name, and so does a row of a table.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include "aliases.h"

struct rewrite {
	struct aliases *aliases;
	bool bodies;
	const char *p;
	struct lab_buf out;
	unsigned int depth;	/* of braces */
	bool line_start, in_macro;
	size_t count;
};

static void copy_to(struct rewrite *rewrite, const char *end)
{
	lab_buf_add(&rewrite->out, rewrite->p, end - rewrite->p);
	rewrite->p = end;
}

static const char *comment_end(const char *p)
{
	const char *end = p[1] == '*' ? strstr(p + 2, "*/") : NULL;

	if (p[1] == '/')
		return p + strcspn(p, "\n");
	return end ? end + 2 : p + strlen(p);
}

static const char *literal_end(const char *p)
{
	char quote = *p++;

	while (*p && *p != quote && *p != '\n')
		p += *p == '\\' && p[1] ? 2 : 1;
	return *p == quote ? p + 1 : p;
}

static void take_word(struct rewrite *rewrite)
{
	const char *p = rewrite->p;
	size_t len = strspn(p, SOURCE_WORD);
	struct alias *alias = NULL;

	if ((rewrite->depth || rewrite->in_macro) && p[len + strspn(p + len, " \t")] == '(')
		alias = aliases_find_name(rewrite->aliases, p, len);
	if (!alias || (alias->by == ALIAS_BODY && !rewrite->bodies)) {
		copy_to(rewrite, p + len);
		return;
	}
	lab_buf_addf(&rewrite->out, "%s", alias->api);
	rewrite->p += len;
	rewrite->count++;
	alias->uses += rewrite->bodies;
}

/* Of #define the body is code, but not its name; of others nothing is. */
static void take_directive(struct rewrite *rewrite)
{
	const char *p = rewrite->p + 1;

	p += strspn(p, " \t");
	if (!lab_has_prefix(p, "define")) {
		while (*p && !(*p == '\n' && p[-1] != '\\'))
			p++;
		copy_to(rewrite, p);
		return;
	}
	p += strlen("define");
	p += strspn(p, " \t");
	copy_to(rewrite, p + strspn(p, SOURCE_WORD));
	rewrite->in_macro = true;
}

static void take_sign(struct rewrite *rewrite)
{
	const char *p = rewrite->p;

	if (*p == '{' && !rewrite->in_macro)
		rewrite->depth++;
	/* Branches of #if may each have half of a pair; who begins a line ends a function. */
	if (*p == '}' && !rewrite->in_macro)
		rewrite->depth = rewrite->line_start || !rewrite->depth ? 0 : rewrite->depth - 1;
	if (*p == '\n' && rewrite->out.len && rewrite->out.data[rewrite->out.len - 1] != '\\')
		rewrite->in_macro = false;
	rewrite->line_start = *p == '\n';
	copy_to(rewrite, p + 1);
}

static void step(struct rewrite *rewrite)
{
	const char *p = rewrite->p;
	bool start = rewrite->line_start;

	if (*p == '/' && (p[1] == '*' || p[1] == '/')) {
		copy_to(rewrite, comment_end(p));
	} else if (*p == '"' || *p == '\'') {
		copy_to(rewrite, literal_end(p));
	} else if (isalnum((unsigned char)*p) || *p == '_') {
		rewrite->line_start = false;
		take_word(rewrite);
	} else if (*p == '#' && start && !rewrite->in_macro) {
		rewrite->line_start = false;
		take_directive(rewrite);
	} else if (isblank((unsigned char)*p) && start) {
		/* A directive may stand behind blanks; the brace that ends a function does not. */
		const char *end = p + strspn(p, " \t");

		copy_to(rewrite, end);
		rewrite->line_start = *end == '#';
	} else {
		take_sign(rewrite);
	}
}

char *aliases_text(struct aliases *aliases, const char *text, bool bodies)
{
	struct rewrite rewrite = {
		.aliases = aliases, .bodies = bodies, .p = text, .line_start = true,
	};

	if (!aliases->count)
		return NULL;
	while (*rewrite.p)
		step(&rewrite);
	if (rewrite.count)
		return rewrite.out.data;
	lab_buf_free(&rewrite.out);
	return NULL;
}

static int write_copy(const struct aliases *aliases, struct source *source)
{
	const char *text = source->seen ? source->seen : source->text;
	char *path = lab_fmt("%s/%s", aliases->folder, source->name), *folder = lab_strdup(path);
	int ret = lab_mkdir_p(dirname(folder));

	if (!ret)
		ret = lab_write_file(path, text, strlen(text), 0600);
	free(folder);
	source->copy = path;
	return ret;
}

/* All files, for they may include one another. */
int aliases_apply(struct aliases *aliases, struct sources *sources)
{
	size_t count = 0;
	int ret = LAB_OK;

	for (size_t i = 0; i < sources->count; i++) {
		struct source *source = &sources->items[i];
		char *seen = source->text ? aliases_text(aliases, source->text, true) : NULL;

		if (seen)
			source_set_seen(source, seen);
		count += seen != NULL;
	}
	for (size_t i = 0; i < sources->count && count && !ret; i++)
		if (sources->items[i].text)
			ret = write_copy(aliases, &sources->items[i]);
	return ret;
}

static const char *line_of(const char *text, unsigned int line)
{
	while (line > 1 && *text) {
		text += strcspn(text, "\n");
		text += *text == '\n';
		line--;
	}
	return text;
}

/* Both lines have the same words and signs, but for names. */
unsigned int aliases_column(const struct source *source, unsigned int line, unsigned int column)
{
	const char *seen = line_of(source->seen, line), *text = line_of(source->text, line);
	const char *start = text, *end = seen + column - 1;

	while (seen < end && *seen && *text && *text != '\n') {
		size_t one = strspn(seen, SOURCE_WORD), two = strspn(text, SOURCE_WORD);

		if (seen + (one ? one : 1) > end)
			break;
		seen += one ? one : 1;
		text += two ? two : 1;
	}
	return text - start + 1;
}

/* What is said of a finding. */

static void add_note(struct lab_buf *note, const struct alias *alias)
{
	char *words = lab_fmt("%s is taken for %s", alias->name, alias->api);

	if (!note->data || !strstr(note->data, words))
		lab_buf_addf(note, "%s%s", note->len ? ", " : "; ", words);
	free(words);
}

/* Those of the lines from one to another; message: only those whose API it names, or NULL. */
static void add_notes(struct lab_buf *note, const struct aliases *aliases, const char *p,
		      const char *end, const char *message)
{
	while (p < end) {
		size_t len = strspn(p, SOURCE_WORD);
		const struct alias *alias = len ? aliases_find_name(aliases, p, len) : NULL;

		if (alias && (!message || strstr(message, alias->api)))
			add_note(note, alias);
		p = *p == '"' ? literal_end(p) : p + (len ? len : 1);
	}
}

char *aliases_note(const struct aliases *aliases, const struct source *source, unsigned int line,
		   const char *message)
{
	const char *at, *start, *end;
	struct lab_buf note = { 0 };

	if (!source || !source->seen)
		return NULL;
	at = line_of(source->text, line);
	add_notes(&note, aliases, at, at + strcspn(at, "\n"), NULL);
	if (note.len)
		return note.data;
	for (start = at; start > source->text && !(*start == '}' && start[-1] == '\n'); start--)
		;
	end = strstr(at, "\n}");
	add_notes(&note, aliases, start, end ? end : at + strlen(at), message);
	return note.data;
}

bool aliases_excuse(const struct aliases *aliases, const struct source *source, unsigned int line,
		    enum rule_aliases which)
{
	const char *p, *end;

	if (!source || which == RULE_ALIASES_ALL)
		return false;
	for (size_t i = 0; i < aliases->count; i++) {
		const struct alias *alias = &aliases->items[i];

		if (alias->path && !strcmp(alias->path, source->path) && line >= alias->line &&
		    line <= alias->end)
			return true;
	}
	p = line_of(source->text, line);
	for (end = p + strcspn(p, "\n"); p < end; p++) {
		size_t len = strspn(p, SOURCE_WORD);
		const struct alias *alias = len ? aliases_find_name(aliases, p, len) : NULL;

		if (alias && (which == RULE_ALIASES_PLAIN ? !alias->plain :
			      alias->by == ALIAS_BODY))
			return true;
		p += len;
	}
	return false;
}

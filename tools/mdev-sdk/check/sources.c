// SPDX-License-Identifier: GPL-2.0-only
/* The files that are checked, and the index of their words. */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>

#include "common/tree.h"
#include "sources.h"

/* nftw() has no argument for its caller. */
static struct lab_list *found, *links;

static bool is_source(const char *name)
{
	return (lab_has_suffix(name, ".c") || lab_has_suffix(name, ".h")) && !tree_is_product(name);
}

static int take(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	const char *name = path + ftw->base;

	(void)st;
	if (ftw->level && *name == '.')
		return FTW_SKIP_SUBTREE;
	if (flag == FTW_SL && lab_is_dir(path))
		lab_list_add(links, path);
	if (flag == FTW_DNR || flag == FTW_NS ||
	    ((flag == FTW_F || flag == FTW_SL) && is_source(name)))
		lab_list_add(found, path);
	return FTW_CONTINUE;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static int compare_words(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Letters, digits and underscores; numbers do no harm. */
static void index_words(struct source *source)
{
	char *p = source->word_text = lab_strdup(source->seen ? source->seen : source->text);
	size_t count = 0, room = 0, unique = 0;

	source->words = NULL;
	while (*p) {
		while (*p && !is_word(*p))
			p++;
		if (count == room) {
			room = room ? 2 * room : 256;
			source->words = lab_grow(source->words, room, sizeof(*source->words));
		}
		source->words[count] = p;
		count += *p != '\0';
		while (is_word(*p))
			p++;
		if (*p)
			*p++ = '\0';
	}
	if (count)
		qsort(source->words, count, sizeof(*source->words), compare_words);
	for (size_t i = 0; i < count; i++)
		if (!unique || strcmp(source->words[unique - 1], source->words[i]))
			source->words[unique++] = source->words[i];
	source->word_count = unique;
}

void source_set_seen(struct source *source, char *seen)
{
	source->seen = seen;
	free(source->words);
	free(source->word_text);
	index_words(source);
}

static void load(struct source *source)
{
	source->text = lab_read_file(source->path, &source->len);
	/* The list for spatch has a name a line. */
	if (strchr(source->path, '\n')) {
		free(source->text);
		source->text = NULL;
	}
	if (source->text)
		index_words(source);
}

static void add(struct sources *sources, const char *path)
{
	struct source source = { .path = lab_strdup(path) };
	size_t len = strlen(sources->folder);

	source.name = source.path;
	if (!strncmp(path, sources->folder, len) && path[len] == '/')
		source.name += len + 1;
	load(&source);
	sources->items = lab_grow(sources->items, sources->count + 1, sizeof(source));
	sources->items[sources->count++] = source;
}

static int compare_sources(const void *a, const void *b)
{
	return strcmp(((const struct source *)a)->path, ((const struct source *)b)->path);
}

static void load_folder(struct sources *sources)
{
	struct lab_list paths = { 0 };

	found = &paths;
	links = &sources->links;
	nftw(sources->folder, take, 32, FTW_PHYS | FTW_ACTIONRETVAL);
	for (size_t i = 0; i < paths.count && !lab_interrupted(); i++)
		add(sources, paths.items[i]);
	lab_list_free(&paths);
}

int sources_load(struct sources *sources, const char *operand)
{
	size_t len = strlen(operand);

	while (len > 1 && operand[len - 1] == '/')
		len--;
	sources->folder = strndup(operand, len);
	if (!lab_exists(operand)) {
		lab_error("there is no %s to check; name a folder or a file of C", operand);
		return LAB_USAGE;
	}
	if (lab_is_dir(operand)) {
		load_folder(sources);
	} else {
		char *slash = strrchr(sources->folder, '/');

		if (slash)
			*slash = '\0';
		add(sources, operand);
	}
	if (!sources->count) {
		lab_error("there is no C file below %s, so nothing was checked", operand);
		return LAB_USAGE;
	}
	qsort(sources->items, sources->count, sizeof(*sources->items), compare_sources);
	return LAB_OK;
}

const char *sources_dir(const struct sources *sources)
{
	return lab_is_dir(sources->folder) ? sources->folder : ".";
}

struct source *sources_find(const struct sources *sources, const char *path)
{
	const struct source key = { .path = (char *)path };

	return sources->count ? bsearch(&key, sources->items, sources->count,
					sizeof(*sources->items), compare_sources) : NULL;
}

struct source *sources_find_copy(const struct sources *sources, const char *path)
{
	for (size_t i = 0; i < sources->count; i++)
		if (sources->items[i].copy && !strcmp(sources->items[i].copy, path))
			return &sources->items[i];
	return NULL;
}

bool source_changed(const struct source *source, unsigned int line)
{
	if (source->same || !source->nr_changed || !line)
		return !source->same;
	for (size_t i = 0; i < source->nr_changed; i++)
		if (line >= source->changed[i].first && line <= source->changed[i].last)
			return true;
	return false;
}

void sources_free(struct sources *sources)
{
	for (size_t i = 0; i < sources->count; i++) {
		free(sources->items[i].path);
		free(sources->items[i].text);
		free(sources->items[i].seen);
		free(sources->items[i].copy);
		free(sources->items[i].changed);
		free(sources->items[i].words);
		free(sources->items[i].word_text);
	}
	lab_list_free(&sources->links);
	free(sources->items);
	free(sources->folder);
	*sources = (struct sources){ 0 };
}

static bool has_word(const struct source *source, const char *word)
{
	return bsearch(&word, source->words, source->word_count, sizeof(*source->words),
		       compare_words);
}

static bool has_one_of(const struct source *source, const char *line)
{
	char *words = lab_strdup(line), *save = NULL;
	bool hit = false;

	for (char *word = strtok_r(words, " \t", &save); word && !hit;
	     word = strtok_r(NULL, " \t", &save))
		hit = has_word(source, word);
	free(words);
	return hit;
}

bool source_concerns(const struct source *source, const struct rule *rule)
{
	if (!source->text || !source->word_count || source->same)
		return false;
	for (size_t i = 0; i < rule->needs.count; i++)
		if (!has_one_of(source, rule->needs.items[i]))
			return false;
	return true;
}

static const char *line_start(const struct source *source, unsigned int line)
{
	const char *p = source && source->text ? source->text : "";

	while (line > 1 && *p) {
		p += strcspn(p, "\n");
		p += *p == '\n';
		line--;
	}
	return p;
}

char *source_line(const struct source *source, unsigned int line)
{
	const char *p = line_start(source, line);
	size_t len = strcspn(p, "\n"), out = 0;
	char *text = lab_grow(NULL, len + 1, 1);

	for (size_t i = 0; i < len; i++) {
		bool blank = isspace((unsigned char)p[i]);

		if (!blank)
			text[out++] = p[i];
		else if (out && text[out - 1] != ' ')
			text[out++] = ' ';
	}
	while (out && text[out - 1] == ' ')
		out--;
	text[out] = '\0';
	return text;
}

/* The last name before the first parenthesis; NULL: it is no head of a function. */
static char *name_in(const char *line)
{
	size_t len = strcspn(line, "\n(");
	const char *end = line + len, *start;

	if (*end != '(' || !(isalpha((unsigned char)*line) || *line == '_'))
		return NULL;
	while (end > line && isblank((unsigned char)end[-1]))
		end--;
	for (start = end; start > line && is_word(start[-1]); start--)
		;
	return start < end ? strndup(start, end - start) : NULL;
}

static bool ends_statement(const char *line)
{
	size_t len = strcspn(line, "\n");

	while (len && isspace((unsigned char)line[len - 1]))
		len--;
	return len && line[len - 1] == ';';
}

/* Kernel style: whatever begins a function begins a line, and so does the brace that ends it. */
char *source_function(const struct source *source, unsigned int line)
{
	const char *p = line_start(source, line);
	char *name = NULL;

	for (; p && source && source->text && !name; ) {
		if (*p == '}' && line_start(source, line) != p)
			break;
		if (!ends_statement(p))
			name = name_in(p);
		if (p == source->text)
			break;
		for (p--; p > source->text && p[-1] != '\n'; p--)
			;
	}
	return name ? name : lab_strdup("");
}

/* Where a comment or a literal that starts at p ends. */
static const char *skip_comment(const char *p)
{
	const char *end;

	if (p[1] == '*') {
		end = strstr(p + 2, "*/");
		return end ? end + 2 : p + strlen(p);
	}
	return p + strcspn(p, "\n");
}

static const char *skip_literal(const char *p)
{
	char quote = *p++;

	while (*p && *p != quote && *p != '\n')
		p += *p == '\\' && p[1] ? 2 : 1;
	return *p == quote ? p + 1 : p;
}

char *source_code(const struct source *source)
{
	const char *p = source->seen ? source->seen : source->text, *end;
	char *code = lab_strdup(p), *out = code;

	while (*p) {
		bool comment = *p == '/' && (p[1] == '*' || p[1] == '/');

		end = comment ? skip_comment(p) : *p == '"' || *p == '\'' ? skip_literal(p) : p + 1;
		for (; p < end; p++, out++)
			if (comment && *p != '\n')
				*out = ' ';
	}
	return code;
}

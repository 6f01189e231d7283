// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "template.h"

static const struct word *word_at(const char *text, size_t len, const struct word *words,
				  size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(words[i].from) <= len &&
		    !memcmp(text, words[i].from, strlen(words[i].from)))
			return &words[i];
	return NULL;
}

/* One line, its line break included. */
static void expand_line(struct lab_buf *out, const char *line, size_t len, const struct word *words,
			size_t count)
{
	size_t at = 0, start = out->len;

	while (at < len) {
		const char *mark = memchr(line + at, '@', len - at);
		size_t plain = mark ? (size_t)(mark - line) - at : len - at;
		const struct word *word;

		lab_buf_add(out, line + at, plain);
		at += plain;
		if (!mark)
			break;
		word = word_at(mark, len - at, words, count);
		if (word && !word->to) {
			out->len = start;
			return;
		}
		lab_buf_add(out, word ? word->to : "@", word ? strlen(word->to) : 1);
		at += word ? strlen(word->from) : 1;
	}
}

char *template_expand(const char *text, size_t *len, const struct word *words, size_t count)
{
	struct lab_buf out = { 0 };

	lab_buf_add(&out, "", 0);
	for (size_t at = 0; at < *len;) {
		const char *end = memchr(text + at, '\n', *len - at);
		size_t line = end ? (size_t)(end - text) + 1 - at : *len - at;

		expand_line(&out, text + at, line, words, count);
		at += line;
	}
	out.data[out.len] = '\0';
	*len = out.len;
	return out.data;
}

static int expand_file(const char *from, const char *to, mode_t mode, const struct word *words,
		       size_t count)
{
	size_t len;
	char *text = lab_read_file(from, &len), *expanded;
	int ret;

	if (!text) {
		lab_errno("cannot read the template %s", from);
		return LAB_CANNOT;
	}
	expanded = template_expand(text, &len, words, count);
	ret = lab_write_file(to, expanded, len, mode & 0777);
	free(expanded);
	free(text);
	return ret;
}

static int expand_entry(const char *from, const char *to, const struct word *words, size_t count,
			struct lab_list *made)
{
	struct stat st;
	int ret = LAB_CANNOT;

	if (stat(from, &st))
		lab_errno("cannot read the template %s", from);
	else if (S_ISDIR(st.st_mode))
		ret = template_copy(from, to, words, count, made);
	else
		ret = expand_file(from, to, st.st_mode, words, count);
	if (!ret && !S_ISDIR(st.st_mode))
		lab_list_add(made, to);
	return lab_interrupted() ? LAB_CANNOT : ret;
}

int template_copy(const char *from, const char *to, const struct word *words, size_t count,
		  struct lab_list *made)
{
	DIR *dir = opendir(from);
	struct dirent *entry;
	int ret = dir ? lab_mkdir_p(to) : LAB_CANNOT;

	if (!dir)
		lab_errno("cannot read the template %s", from);
	while (!ret && (entry = readdir(dir))) {
		size_t len = strlen(entry->d_name);
		char *name = template_expand(entry->d_name, &len, words, count);
		char *source = lab_fmt("%s/%s", from, entry->d_name);
		char *target = lab_fmt("%s/%s", to, name);

		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			ret = expand_entry(source, target, words, count, made);
		free(target);
		free(source);
		free(name);
	}
	if (dir)
		closedir(dir);
	return ret;
}

// SPDX-License-Identifier: GPL-2.0-only
/* Files of the machine that doctor looks at, below $MDK_ROOT: a test shows it another machine. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doctor.h"
#include "root.h"

static char *root_vpath(const struct doctor *doctor, const char *fmt, va_list ap)
{
	char *path, *full;

	if (vasprintf(&path, fmt, ap) < 0)
		path = lab_strdup("");
	full = lab_fmt("%s%s", doctor->root, path);
	free(path);
	return full;
}

/* The one way from a format and its arguments to a path. */
#define ROOT_PATH(path_, doctor_, fmt_)                       \
	do {                                                  \
		va_list ap_;                                  \
		va_start(ap_, fmt_);                          \
		path_ = root_vpath(doctor_, fmt_, ap_);       \
		va_end(ap_);                                  \
	} while (0)

char *root_path(const struct doctor *doctor, const char *fmt, ...)
{
	char *path;

	ROOT_PATH(path, doctor, fmt);
	return path;
}

bool root_exists(const struct doctor *doctor, const char *fmt, ...)
{
	char *path;
	bool exists;

	ROOT_PATH(path, doctor, fmt);
	exists = lab_exists(path);
	free(path);
	return exists;
}

char *root_read(const struct doctor *doctor, const char *fmt, ...)
{
	char *path, *text;
	size_t len;

	ROOT_PATH(path, doctor, fmt);
	text = lab_read_file(path, &len);
	if (text && len && text[len - 1] == '\n')
		text[len - 1] = '\0';
	free(path);
	return text;
}

static char *link_of(char *path)
{
	char target[PATH_MAX];
	ssize_t len = readlink(path, target, sizeof(target) - 1);

	free(path);
	if (len < 0)
		return NULL;
	target[len] = '\0';
	return lab_strdup(target);
}

char *root_link(const struct doctor *doctor, const char *fmt, ...)
{
	char *path;

	ROOT_PATH(path, doctor, fmt);
	return link_of(path);
}

char *root_link_name(const struct doctor *doctor, const char *fmt, ...)
{
	char *path, *target, *name;

	ROOT_PATH(path, doctor, fmt);
	target = link_of(path);
	name = target ? lab_strdup(basename(target)) : NULL;
	free(target);
	return name;
}

static int by_name(const void *a, const void *b)
{
	return strverscmp(*(char *const *)a, *(char *const *)b);
}

void names_sort(struct lab_list *names)
{
	if (names->count)
		qsort(names->items, names->count, sizeof(*names->items), by_name);
}

int root_list(const struct doctor *doctor, struct lab_list *names, const char *fmt, ...)
{
	struct dirent *entry;
	char *path;
	DIR *dir;
	int err;

	ROOT_PATH(path, doctor, fmt);
	dir = opendir(path);
	err = dir ? 0 : errno;
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			lab_list_add(names, entry->d_name);
	if (dir)
		closedir(dir);
	names_sort(names);
	free(path);
	return err;
}

char *root_program(const struct doctor *doctor, const char *name)
{
	const char *path = getenv("PATH");
	char *copy = lab_strdup(path ? path : ""), *save = NULL, *found = NULL;

	for (char *dir = strtok_r(copy, ":", &save); dir && !found; dir = strtok_r(NULL, ":", &save)) {
		found = root_path(doctor, "%s/%s", dir, name);
		if (access(found, X_OK)) {
			free(found);
			found = NULL;
		}
	}
	free(copy);
	return found;
}

char *names_joined(const struct lab_list *names)
{
	struct lab_buf out = { 0 };

	lab_buf_add(&out, "", 0);
	for (size_t i = 0; i < names->count; i++)
		lab_buf_addf(&out, "%s%s", !i ? "" : i + 1 < names->count ? ", " : " and ",
			     names->items[i]);
	return out.data;
}

// SPDX-License-Identifier: GPL-2.0-only
/* doctor: refusals of the framework in the kernel's log. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/catalog.h"
#include "common/sdk.h"
#include "mdev.h"
#include "root.h"

/* /dev/kmsg gives a record at each read, and EPIPE for those that were overwritten meanwhile. */
char *doctor_log(const struct doctor *doctor, int *err)
{
	char *path = root_path(doctor, "/dev/kmsg"), record[8192];
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct lab_buf log = { 0 };
	ssize_t len;

	*err = fd < 0 ? errno : 0;
	lab_buf_add(&log, "", 0);
	while (fd >= 0) {
		len = read(fd, record, sizeof(record));
		if (len > 0)
			lab_buf_add(&log, record, len);
		else if (len == 0 || (errno != EPIPE && errno != EINTR))
			break;
	}
	if (fd >= 0)
		close(fd);
	free(path);
	return log.data;
}

/* "6,1234,5678,-;text" or "[  1.2] text" -> text */
static const char *log_text(const char *line)
{
	const char *semicolon = strchr(line, ';');

	if (semicolon && strspn(line, "0123456789,-c") == (size_t)(semicolon - line))
		return semicolon + 1;
	if (*line == '[' && strchr(line, ']'))
		return strchr(line, ']') + 1 + strspn(strchr(line, ']') + 1, " ");
	return line;
}

/* The last line of each entry: what was refused may have been mended since, but not said again. */
struct refusals {
	const struct entry **entries;
	struct lab_list lines;
};

static void refusals_add(struct refusals *refusals, const struct entry *entry, const char *line)
{
	for (size_t i = 0; i < refusals->lines.count; i++)
		if (refusals->entries[i] == entry) {
			free(refusals->lines.items[i]);
			refusals->lines.items[i] = lab_strdup(line);
			return;
		}
	refusals->entries = lab_grow(refusals->entries, refusals->lines.count + 1,
				     sizeof(*refusals->entries));
	refusals->entries[refusals->lines.count] = entry;
	lab_list_add(&refusals->lines, line);
}

static void find_refusals(char *log, const struct catalog *catalog, struct refusals *refusals)
{
	char *save = NULL;

	for (char *line = strtok_r(log, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		const char *text = log_text(line);
		const struct entry *entry = catalog_match(catalog, text);

		if (entry && strchr("KM", entry->id[0]))
			refusals_add(refusals, entry, text);
	}
}

/* These and every M: a registration that did not come about. */
static const struct {
	int first, last;
} registration[] = { { 1, 29 }, { 70, 71 }, { 100, 102 }, { 107, 109 } };

static bool about_registration(const struct entry *entry)
{
	int number = atoi(entry->id + 1);
	bool is = entry->id[0] == 'M';

	for (size_t i = 0; i < LAB_ARRAY_SIZE(registration); i++)
		is |= number >= registration[i].first && number <= registration[i].last;
	return is;
}

static void tell_refusals(struct doctor *doctor, const struct refusals *refusals)
{
	struct lab_list parents = { 0 };
	bool none = !mdev_list_parents(doctor, &parents);

	for (size_t i = 0; i < refusals->lines.count; i++) {
		const struct entry *entry = refusals->entries[i];
		char *way = lab_fmt("%s explain %s", sdk_command(), entry->id);

		if (none && about_registration(entry))
			doctor_problem(doctor, "D23", way, "%s", refusals->lines.items[i]);
		else
			doctor_note(doctor, "D23", way, "%s", refusals->lines.items[i]);
	}
	if (!refusals->lines.count)
		doctor_ok(doctor, "no refusal of the framework");
	lab_list_free(&parents);
}

void doctor_check_log(struct doctor *doctor)
{
	struct refusals refusals = { 0 };
	struct catalog catalog;
	int err;
	char *log = doctor_log(doctor, &err);

	if (err) {
		doctor_note(doctor, "D24", err == ENOENT ? NULL : lab_strdup("run it as root"),
			    "the kernel log cannot be read: %s", strerror(err));
	} else {
		catalog_load(&catalog);
		find_refusals(log, &catalog, &refusals);
		tell_refusals(doctor, &refusals);
		free(refusals.entries);
		lab_list_free(&refusals.lines);
		catalog_free(&catalog);
	}
	free(log);
}

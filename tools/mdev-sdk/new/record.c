// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/sdk.h"
#include "common/tree.h"
#include "record.h"

#define HEAD "# SPDX-License-Identifier: GPL-2.0-only OR MIT\n" \
	     "# How this tree was generated; `mdev-sdk upgrade` reads it. What follows the lines of\n" \
	     "# keys is its files as they were then: sed '1,/^begin/d;/^=/d' .mdev-sdk | base64 -di | tar tz\n"

/* Writing */

static la_ssize_t to_buf(struct archive *archive, void *buf, const void *data, size_t len)
{
	(void)archive;
	lab_buf_add(buf, data, len);
	return len;
}

/* Without times and owners: the same tree gives the same record. */
static bool add_file(struct archive *out, const char *tree, const char *name)
{
	struct archive_entry *entry = archive_entry_new();
	char *path = lab_fmt("%s/%s", tree, name);
	size_t len = 0;
	char *text = lab_read_file(path, &len);
	struct stat st;
	bool ok = text && !stat(path, &st);

	archive_entry_set_pathname(entry, name);
	archive_entry_set_mode(entry, S_IFREG | (ok ? st.st_mode & 0777 : 0));
	archive_entry_set_size(entry, len);
	archive_entry_set_mtime(entry, 0, 0);
	ok = ok && archive_write_header(out, entry) == ARCHIVE_OK &&
	     archive_write_data(out, text, len) == (la_ssize_t)len;
	if (!ok)
		lab_errno("cannot record %s", path);
	archive_entry_free(entry);
	free(text);
	free(path);
	return ok;
}

static bool add_files(struct lab_buf *buf, const char *tree, const struct lab_list *names)
{
	struct archive *out = archive_write_new();
	bool ok;

	archive_write_set_format_ustar(out);
	archive_write_add_filter_gzip(out);
	archive_write_set_filter_option(out, "gzip", "timestamp", NULL);
	archive_write_add_filter_b64encode(out);
	archive_write_set_bytes_in_last_block(out, 1);
	ok = archive_write_open(out, buf, NULL, to_buf, NULL) == ARCHIVE_OK;
	for (size_t i = 0; ok && i < names->count; i++)
		ok = add_file(out, tree, names->items[i]);
	ok = archive_write_close(out) == ARCHIVE_OK && ok;
	archive_write_free(out);
	return ok;
}

static void add_list(struct lab_buf *buf, const char *key, const struct lab_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		lab_buf_addf(buf, "%s %s\n", key, list->items[i]);
}

int record_write(const struct design *design, const char *tree, const struct lab_list *names)
{
	char *path = lab_fmt("%s/" RECORD_NAME, tree);
	struct lab_buf buf = { 0 };
	int ret = LAB_CANNOT;

	lab_buf_addf(&buf, HEAD "version %s\nname %s\nkind %s\n", sdk_version(), design->name,
		     design->kind->name);
	if (design->pci_flag)
		lab_buf_addf(&buf, "pci-id %s\n", design->pci_flag);
	if (design->kind->on_pci)
		lab_buf_addf(&buf, "parent %s\n", design->parent_flag);
	add_list(&buf, "bar", design->bar_flags);
	add_list(&buf, "irq", design->irq_flags);
	if (add_files(&buf, tree, names))
		ret = lab_replace_file(path, buf.data, buf.len);
	lab_buf_free(&buf);
	free(path);
	return ret;
}

/* Reading; up to 0.4.0 a record said where the SDK was, too. */

static void take_line(struct record *record, const char *line, size_t len)
{
	const struct {
		const char *key;
		char **text;
		struct lab_list *list;
	} keys[] = {
		{ "version ", &record->version, NULL }, { "name ", &record->name, NULL },
		{ "kind ", &record->kind, NULL }, { "pci-id ", &record->pci, NULL },
		{ "parent ", &record->parent, NULL }, { "bar ", NULL, &record->bars },
		{ "irq ", NULL, &record->irqs },
	};

	for (size_t i = 0; i < LAB_ARRAY_SIZE(keys); i++) {
		size_t skip = strlen(keys[i].key);

		if (len < skip || memcmp(line, keys[i].key, skip))
			continue;
		if (keys[i].list)
			lab_list_addf(keys[i].list, "%.*s", (int)(len - skip), line + skip);
		else if (!*keys[i].text)
			*keys[i].text = lab_fmt("%.*s", (int)(len - skip), line + skip);
	}
}

static void take_file(struct record *record, struct archive *in, struct archive_entry *entry)
{
	struct lab_buf text = { 0 };
	char block[4096];
	la_ssize_t got;

	lab_buf_add(&text, "", 0);
	while ((got = archive_read_data(in, block, sizeof(block))) > 0)
		lab_buf_add(&text, block, got);
	record->files = lab_grow(record->files, record->nr_files + 1, sizeof(*record->files));
	record->files[record->nr_files++] = (struct record_file){
		lab_strdup(archive_entry_pathname(entry)), text.data,
	};
}

static void take_files(struct record *record, const char *data, size_t len)
{
	struct archive *in = archive_read_new();
	struct archive_entry *entry;

	archive_read_support_filter_uu(in);
	archive_read_support_filter_gzip(in);
	archive_read_support_format_tar(in);
	if (archive_read_open_memory(in, data, len) == ARCHIVE_OK)
		while (archive_read_next_header(in, &entry) == ARCHIVE_OK)
			take_file(record, in, entry);
	archive_read_free(in);
}

static void take(struct record *record, const char *text, size_t len)
{
	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		if (lab_has_prefix(line, "begin")) {
			take_files(record, line, len - (line - text));
			return;
		}
		take_line(record, line, strcspn(line, "\n"));
	}
}

int record_read(const char *tree, struct record *record)
{
	char *path = lab_fmt("%s/" RECORD_NAME, tree);
	size_t len = 0;
	char *text = lab_read_file(path, &len);
	int ret = LAB_USAGE;

	*record = (struct record){ 0 };
	if (!text) {
		lab_errno("cannot read %s, which `new` writes; name the folder of a generated driver",
			  path);
	} else {
		take(record, text, len);
		ret = record->version && record->name && record->kind && record->nr_files ?
		      LAB_OK : LAB_USAGE;
		if (ret)
			lab_error("%s is damaged: version, name, kind or the files are missing; "
				  "take it from your version control", path);
	}
	free(text);
	free(path);
	return ret;
}

void record_free(struct record *record)
{
	for (size_t i = 0; i < record->nr_files; i++) {
		free(record->files[i].name);
		free(record->files[i].text);
	}
	free(record->files);
	free(record->version);
	free(record->name);
	free(record->kind);
	free(record->pci);
	free(record->parent);
	lab_list_free(&record->bars);
	lab_list_free(&record->irqs);
}

const char *record_text(const struct record *record, const char *name)
{
	for (size_t i = 0; i < record->nr_files; i++)
		if (!strcmp(record->files[i].name, name))
			return record->files[i].text;
	return NULL;
}

// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "pack.h"
#include "lab.h"

#define BLOCK 65536

static int copy_data(struct archive *from, struct archive *to)
{
	const void *block;
	size_t len;
	la_int64_t offset;
	int ret;

	while ((ret = archive_read_data_block(from, &block, &len, &offset)) == ARCHIVE_OK) {
		if (lab_interrupted())
			return ARCHIVE_FATAL;
		if (archive_write_data_block(to, block, len, offset) < ARCHIVE_OK) {
			archive_copy_error(from, to);
			return ARCHIVE_FATAL;
		}
	}
	return ret == ARCHIVE_EOF ? ARCHIVE_OK : ret;
}

static char *below(const char *dir, const char *member, lab_place_fn place)
{
	char *name, *path;

	while (member[0] == '.' && member[1] == '/')
		member += 2;
	name = place ? place(member) : lab_strdup(member);
	path = name ? lab_fmt("%s/%s", dir, name) : NULL;
	free(name);
	return path;
}

static int unpack_entry(struct archive *in, struct archive *disk, struct archive_entry *entry,
			const char *dir, lab_place_fn place)
{
	char *path = below(dir, archive_entry_pathname(entry), place);
	const char *target = archive_entry_hardlink(entry);
	char *link = path && target ? below(dir, target, place) : NULL;
	int ret = ARCHIVE_OK;

	if (path) {
		archive_entry_set_pathname(entry, path);
		if (link)
			archive_entry_set_hardlink(entry, link);
		ret = archive_write_header(disk, entry);
		if (ret < ARCHIVE_OK)
			archive_copy_error(in, disk);
		else if (archive_entry_size(entry) > 0)
			ret = copy_data(in, disk);
		if (ret == ARCHIVE_OK)
			ret = archive_write_finish_entry(disk);
	}
	free(path);
	free(link);
	return ret;
}

static int unpack_tar(struct archive *in, const char *dir, lab_place_fn place)
{
	struct archive *disk = archive_write_disk_new();
	struct archive_entry *entry;
	int ret;

	archive_write_disk_set_options(disk, ARCHIVE_EXTRACT_TIME | ARCHIVE_EXTRACT_PERM |
				       ARCHIVE_EXTRACT_SECURE_SYMLINKS |
				       ARCHIVE_EXTRACT_SECURE_NODOTDOT);
	while ((ret = archive_read_next_header(in, &entry)) == ARCHIVE_OK) {
		ret = unpack_entry(in, disk, entry, dir, place);
		if (ret < ARCHIVE_WARN || lab_interrupted())
			break;
	}
	archive_write_free(disk);
	return ret == ARCHIVE_EOF ? ARCHIVE_OK : ret;
}

struct member {
	struct archive *deb;
	char block[BLOCK];
};

static la_ssize_t member_read(struct archive *in, void *data, const void **block)
{
	struct member *m = data;
	la_ssize_t got = archive_read_data(m->deb, m->block, sizeof(m->block));

	if (got < 0)
		archive_copy_error(in, m->deb);
	*block = m->block;
	return got;
}

static int unpack_member(struct archive *deb, const char *dir, lab_place_fn place)
{
	struct archive *tar = archive_read_new();
	struct member m = { .deb = deb };
	int ret;

	archive_read_support_format_tar(tar);
	archive_read_support_filter_all(tar);
	ret = archive_read_open(tar, &m, NULL, member_read, NULL);
	if (ret == ARCHIVE_OK)
		ret = unpack_tar(tar, dir, place);
	if (ret != ARCHIVE_OK)
		archive_copy_error(deb, tar);
	archive_read_free(tar);
	return ret;
}

static int unpack_open_deb(struct archive *deb, const char *dir, lab_place_fn place)
{
	struct archive_entry *entry;
	int ret;

	while ((ret = archive_read_next_header(deb, &entry)) == ARCHIVE_OK)
		if (lab_has_prefix(archive_entry_pathname(entry), "data.tar"))
			return unpack_member(deb, dir, place);
	archive_set_error(deb, EINVAL, "no data.tar in it, so it is not a Debian package");
	return ARCHIVE_FATAL;
}

int lab_unpack_deb(const char *path, const char *dir, lab_place_fn place)
{
	struct archive *deb = archive_read_new();
	int ret;

	archive_read_support_format_ar(deb);
	ret = archive_read_open_filename(deb, path, BLOCK);
	if (ret == ARCHIVE_OK)
		ret = unpack_open_deb(deb, dir, place);
	if (ret != ARCHIVE_OK && !lab_interrupted()) {
		errno = archive_errno(deb) == ENOSPC ? ENOSPC : EIO;
		if (errno == ENOSPC)
			lab_errno("cannot unpack %s into %s", path, dir);
		else
			lab_error("cannot unpack %s: %s", path, archive_error_string(deb));
	}
	archive_read_free(deb);
	return ret == ARCHIVE_OK && !lab_interrupted() ? LAB_OK : LAB_CANNOT;
}

int lab_unpack_tar(const char *path, const char *dir, lab_place_fn place)
{
	struct archive *tar = archive_read_new();
	int ret;

	archive_read_support_format_tar(tar);
	archive_read_support_filter_all(tar);
	ret = archive_read_open_filename(tar, path, BLOCK);
	if (ret == ARCHIVE_OK)
		ret = unpack_tar(tar, dir, place);
	if (ret != ARCHIVE_OK && !lab_interrupted())
		lab_error("cannot unpack %s: %s", path, archive_error_string(tar));
	archive_read_free(tar);
	return ret == ARCHIVE_OK && !lab_interrupted() ? LAB_OK : LAB_CANNOT;
}

void *lab_decompress(const void *data, size_t len, size_t *out_len)
{
	struct archive *in = archive_read_new();
	struct archive_entry *entry;
	struct lab_buf out = { 0 };
	char *block = lab_grow(NULL, BLOCK, 1);
	la_ssize_t got;

	archive_read_support_filter_all(in);
	archive_read_support_format_raw(in);
	if (archive_read_open_memory(in, data, len) == ARCHIVE_OK &&
	    archive_read_next_header(in, &entry) == ARCHIVE_OK)
		while (!lab_interrupted() && (got = archive_read_data(in, block, BLOCK)) > 0)
			lab_buf_add(&out, block, got);
	free(block);
	archive_read_free(in);
	*out_len = out.len;
	return out.data;
}

struct lab_cpio {
	struct archive *out;
	char *path;
	bool failed;
};

struct lab_cpio *lab_cpio_open(const char *path)
{
	struct lab_cpio *cpio = lab_grow(NULL, 1, sizeof(*cpio));

	*cpio = (struct lab_cpio){ .out = archive_write_new(), .path = lab_strdup(path) };
	archive_write_set_format_cpio_newc(cpio->out);
	cpio->failed = archive_write_open_filename(cpio->out, path) != ARCHIVE_OK;
	return cpio;
}

static int add(struct lab_cpio *cpio, const char *name, mode_t mode, const char *target,
	       const void *data, size_t len)
{
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_pathname(entry, name);
	archive_entry_set_mode(entry, mode);
	archive_entry_set_size(entry, len);
	archive_entry_set_nlink(entry, 1);
	if (target)
		archive_entry_set_symlink(entry, target);
	if (!cpio->failed)
		cpio->failed = archive_write_header(cpio->out, entry) != ARCHIVE_OK ||
			       (len && archive_write_data(cpio->out, data, len) != (ssize_t)len);
	archive_entry_free(entry);
	return cpio->failed ? LAB_CANNOT : LAB_OK;
}

int lab_cpio_data(struct lab_cpio *cpio, const char *name, const void *data, size_t len,
		  mode_t mode)
{
	return add(cpio, name, S_IFREG | mode, NULL, data, len);
}

int lab_cpio_file(struct lab_cpio *cpio, const char *name, const char *from, mode_t mode)
{
	struct stat st;
	size_t len;
	char *data = lab_read_file(from, &len);
	int ret;

	if (!data || stat(from, &st)) {
		lab_errno("cannot read %s", from);
		free(data);
		return LAB_CANNOT;
	}
	ret = lab_cpio_data(cpio, name, data, len, mode ? mode : st.st_mode & 0777);
	free(data);
	return ret;
}

int lab_cpio_dir(struct lab_cpio *cpio, const char *name)
{
	return add(cpio, name, S_IFDIR | 0755, NULL, NULL, 0);
}

int lab_cpio_link(struct lab_cpio *cpio, const char *name, const char *target)
{
	return add(cpio, name, S_IFLNK | 0777, target, NULL, 0);
}

int lab_cpio_close(struct lab_cpio *cpio)
{
	bool failed = archive_write_close(cpio->out) != ARCHIVE_OK || cpio->failed;

	if (failed && !lab_interrupted()) {
		errno = archive_errno(cpio->out);
		lab_errno("cannot write the guest image %s", cpio->path);
	}
	archive_write_free(cpio->out);
	free(cpio->path);
	free(cpio);
	return failed ? LAB_CANNOT : LAB_OK;
}

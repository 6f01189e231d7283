// SPDX-License-Identifier: GPL-2.0-only
/* Folders of Debian's linux-source packages, in the cache as sources/VERSION,2. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apt.h"
#include "kernel.h"
#include "pack.h"

#define PACKAGE "linux-source-"

#define FOLDERS ",2"	/* of a name in the cache: another one where more folders are taken */

/*
 * Drivers of mediated devices and their like, of what virtualises otherwise, and the rules of the
 * kernel's own.
 */
static const char *const folders[] = {
	"drivers/vfio/", "samples/vfio-mdev/", "drivers/gpu/drm/i915/gvt/", "drivers/s390/cio/",
	"drivers/s390/crypto/", "scripts/coccinelle/", "include/linux/vfio", "include/linux/mdev.h",
	"include/uapi/linux/vfio", "drivers/vdpa/", "drivers/vhost/", "drivers/virt/",
	"drivers/virtio/", "virt/", "drivers/iommu/iommufd/", "drivers/crypto/intel/qat/",
	"drivers/crypto/qat/", "drivers/crypto/hisilicon/", "drivers/crypto/virtio/",
	"drivers/net/ethernet/intel/", "drivers/net/ethernet/mellanox/mlx5/",
	"drivers/net/ethernet/amd/pds_core/", "drivers/net/ethernet/pensando/",
	"drivers/net/ethernet/huawei/", "drivers/net/ethernet/sfc/", "drivers/gpu/drm/xe/",
	"drivers/gpu/drm/virtio/", "drivers/gpu/drm/vmwgfx/", "drivers/uio/", "drivers/accel/",
	"drivers/fpga/", "drivers/misc/", "drivers/dma/idxd/", "drivers/xen/",
};

static char *place_source(const char *member)
{
	const char *name = strchr(member, '/');

	for (size_t i = 0; name && i < LAB_ARRAY_SIZE(folders); i++)
		if (lab_has_prefix(name + 1, folders[i]) && !lab_has_suffix(name, "/"))
			return lab_strdup(name + 1);
	return NULL;
}

static char *place_archive(const char *member)
{
	return lab_has_prefix(member, "usr/src/" PACKAGE) && lab_has_suffix(member, ".tar.xz") ?
	       lab_strdup("source.tar.xz") : NULL;
}

/* The line's package of the highest version; no flavours and no meta package. */
static const struct apt_package *choose(const struct apt_index *index, const char *prefix)
{
	const struct apt_package *best = NULL;

	for (size_t i = 0; i < index->count; i++) {
		const struct apt_package *package = &index->items[i];
		const char *number = package->name + strlen(PACKAGE);

		if (!lab_has_prefix(package->version, prefix) ||
		    strspn(number, "0123456789.") != strlen(number))
			continue;
		if (!best || strverscmp(package->version, best->version) > 0)
			best = package;
	}
	return best;
}

static int unpack(const char *scratch, const char *deb_dir, const char *name, const char *version,
		  const char *tree)
{
	char *deb = lab_fmt("%s/%s_%s_all.deb", deb_dir, name, version);
	char *tar = lab_fmt("%s/source.tar.xz", scratch);
	int ret = lab_unpack_deb(deb, scratch, place_archive);

	if (!ret)
		ret = lab_mkdir_p(tree);
	if (!ret)
		ret = lab_unpack_tar(tar, tree, place_source);
	free(deb);
	free(tar);
	return ret;
}

static int fetch(struct apt *apt, const struct apt_index *index, const struct apt_package *package,
		 const char *scratch, const char *final)
{
	char *debs = lab_fmt("%s/debs", scratch), *tree = lab_fmt("%s/tree", scratch);
	struct lab_list names = { 0 };
	int ret = lab_mkdir_p(debs);

	lab_list_add(&names, package->name);
	lab_note("sources of Linux %s into %s", package->version, final);
	if (!ret)
		ret = apt_download(apt, index, &names, debs);
	if (!ret)
		ret = unpack(scratch, debs, package->name, package->version, tree);
	if (!ret && rename(tree, final)) {
		lab_errno("cannot move the sources to %s", final);
		ret = LAB_CANNOT;
	}
	lab_list_free(&names);
	free(debs);
	free(tree);
	return ret;
}

static char *folder_of(const char *name)
{
	return lab_fmt("%s/sources/%s", kernel_cache(), name);
}

static char *tree_of(const char *version)
{
	char *name = lab_fmt("%s" FOLDERS, version), *path = folder_of(name);

	free(name);
	return path;
}

static int remember(const char *line, const char *version)
{
	char *name = lab_fmt("line-%s", line), *path = folder_of(name);
	char *text = lab_fmt("%s\n", version);
	int ret = lab_replace_file(path, text, strlen(text));

	free(name);
	free(path);
	free(text);
	return ret;
}

static char *remembered(const char *line)
{
	char *name = lab_fmt("line-%s", line), *path = folder_of(name), *dir = NULL;
	char *version = lab_read_file(path, NULL);

	if (version) {
		version[strcspn(version, "\n")] = '\0';
		dir = tree_of(version);
	}
	if (dir && !lab_is_dir(dir)) {
		free(dir);
		dir = NULL;
	}
	free(version);
	free(path);
	free(name);
	return dir;
}

static int fetch_newest(const char *line, const char *scratch)
{
	const char *prefix, *const *suites = kernel_suites(line, &prefix);
	char *lack = lab_fmt("the sources of kernel %s cannot be fetched", line), *final;
	struct apt *apt = apt_open(scratch, suites, lack);
	struct apt_index index = { 0 };
	const struct apt_package *package = NULL;
	int ret = LAB_CANNOT;

	if (apt && !apt_search(apt, "^" PACKAGE "[0-9]", &index)) {
		package = choose(&index, prefix);
		if (!package)
			lab_error("Debian's archive has no sources of kernel %s (looked in %s and "
				  "others)", line, suites[0]);
	}
	if (package) {
		final = tree_of(package->version);
		ret = lab_is_dir(final) ? LAB_OK : fetch(apt, &index, package, scratch, final);
		if (!ret)
			ret = remember(line, package->version);
		free(final);
	}
	apt_index_free(&index);
	apt_close(apt);
	free(lack);
	return ret;
}

static int fetch_locked(const char *line)
{
	char *path = folder_of("lock"), *dir = folder_of(""), *scratch = NULL;
	int ret = lab_mkdir_p(dir);
	int lock = ret ? -1 : lab_lock(path, "fetches sources");

	ret = LAB_CANNOT;
	if (lock >= 0)
		scratch = lab_scratch_dir(dir, "fetch-");
	if (scratch)
		ret = fetch_newest(line, scratch);
	if (scratch)
		lab_scratch_drop(scratch);
	lab_unlock(lock);
	free(path);
	free(dir);
	return ret;
}

char *source_get(const char *line, bool update)
{
	char *dir = update ? NULL : remembered(line);

	if (!dir && !fetch_locked(line))
		dir = remembered(line);
	return dir;
}

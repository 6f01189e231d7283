// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apt.h"
#include "pack.h"
#include "bzimage.h"
#include "kernel.h"

#define PACKAGES "^linux-(image|binary|modules|headers|kbuild|base)-[0-9]"
/* The plain flavour and the one for clouds (no VFIO_MDEV); not rt, no release candidates. */
#define RELEASE "^[0-9]+(\\.[0-9]+)+(-[0-9]+)?(\\+[a-z0-9.]+)?(-cloud)?-amd64$"

/* A line of kernels, and the Debian suites that carry it. */
struct line {
	const char *name;
	const char *prefix;
	bool cloud;
	const char *suites[4];
};

static const struct line lines[] = {
	{ "6.1", "6.1.", false, { "bookworm", "bookworm-updates", "bookworm-security" } },
	{ "6.12", "6.12.", false, { "bookworm", "bookworm-backports", "bookworm-security" } },
	{ "newest", "", false, { "sid", "trixie-backports" } },
	{ "6.1-cloud", "6.1.", true, { "bookworm", "bookworm-updates", "bookworm-security" } },
	{ "6.12-cloud", "6.12.", true, { "bookworm", "bookworm-backports", "bookworm-security" } },
};

/* What one download needs to know. */
struct fetch {
	const struct line *line;
	const char *exact;		/* this release only, or NULL */
	bool update;			/* it may be there already */
	char *scratch;
	struct apt *apt;
	struct apt_index index;
	char *release;
	const char *version;
	char *tree;			/* where it is put together */
	char *final;			/* where it will live */
};

const char *kernel_cache(void)
{
	static char *path;
	const char *base = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	if (!path)
		path = base && *base ? lab_fmt("%s/mdev-sdk", base)
				     : lab_fmt("%s/.cache/mdev-sdk", home ? home : "/tmp");
	return path;
}

static char *release_dir(const char *release)
{
	return lab_fmt("%s/kernels/%s", kernel_cache(), release);
}

static bool is_release(const char *name)
{
	regex_t regex;
	bool match;

	if (regcomp(&regex, RELEASE, REG_EXTENDED | REG_NOSUB))
		return false;
	match = !regexec(&regex, name, 0, NULL, 0);
	regfree(&regex);
	return match;
}

static bool in_line(const struct line *line, const char *release)
{
	return lab_has_prefix(release, line->prefix) &&
	       lab_has_suffix(release, "-cloud-amd64") == line->cloud;
}

void kernel_cached(struct lab_list *releases)
{
	char *path = lab_fmt("%s/kernels", kernel_cache());
	DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (is_release(entry->d_name))
			lab_list_add(releases, entry->d_name);
	if (dir)
		closedir(dir);
	free(path);
}

void kernel_lines(struct lab_list *names)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(lines); i++)
		lab_list_add(names, lines[i].name);
}

const char *const *kernel_suites(const char *name, const char **prefix)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(lines); i++)
		if (!strcmp(lines[i].name, name)) {
			*prefix = lines[i].prefix;
			return lines[i].suites;
		}
	return NULL;
}

static bool load(const char *release, struct kernel *kernel)
{
	char *dir = release_dir(release);
	char *path = lab_fmt("%s/version", dir);
	char *version = lab_read_file(path, NULL);

	free(path);
	if (!version) {
		free(dir);
		return false;
	}
	version[strcspn(version, "\n")] = '\0';
	*kernel = (struct kernel){
		.release = lab_strdup(release),
		.version = version,
		.dir = dir,
		.kdir = lab_fmt("%s/usr/src/linux-headers-%s", dir, release),
		.vmlinux = lab_fmt("%s/vmlinux", dir),
		.moddir = lab_fmt("%s/lib/modules/%s", dir, release),
	};
	kernel->makeflags = headers_makeflags(kernel->kdir);
	return true;
}

static bool load_line(const struct line *line, struct kernel *kernel)
{
	char *path = lab_fmt("%s/lines/%s", kernel_cache(), line->name);
	char *release = lab_read_file(path, NULL);
	bool hit;

	free(path);
	if (!release)
		return false;
	release[strcspn(release, "\n")] = '\0';
	hit = is_release(release) && load(release, kernel);
	free(release);
	return hit;
}

void kernel_free(struct kernel *kernel)
{
	free(kernel->release);
	free(kernel->version);
	free(kernel->dir);
	free(kernel->kdir);
	free(kernel->vmlinux);
	free(kernel->moddir);
	free(kernel->makeflags);
	*kernel = (struct kernel){ 0 };
}

/* Where the members of kernel packages go; documentation and the like stay behind. */
static char *place_kernel(const char *member)
{
	const char *name = member;

	if (lab_has_prefix(name, "boot/vmlinuz-"))
		return lab_strdup("vmlinuz");
	if (lab_has_prefix(name, "usr/lib/modules/"))
		name += strlen("usr/");
	if (lab_has_prefix(name, "lib/modules/")) {
		if (lab_has_suffix(name, "/build") || lab_has_suffix(name, "/source"))
			return NULL;
		return lab_strdup(lab_has_suffix(name, "/vmlinuz") ? "vmlinuz" : name);
	}
	if (lab_has_prefix(name, "usr/src/") || lab_has_prefix(name, "usr/lib/linux-kbuild-"))
		return lab_strdup(name);
	return NULL;
}

static char *place_library(const char *member)
{
	static const char folder[] = "lib/x86_64-linux-gnu/";
	const char *name = strstr(member, folder);

	if (!name || strchr(name + strlen(folder), '/') || !strstr(name, ".so"))
		return NULL;
	return lab_strdup(name + strlen(folder));
}

/* Unpacks every package in a folder, and removes it, so that disk space is needed once. */
static int unpack_all(const char *debs, const char *dir, lab_place_fn place)
{
	DIR *folder = opendir(debs);
	struct dirent *entry;
	int ret = folder ? LAB_OK : LAB_CANNOT;

	while (!ret && (entry = readdir(folder))) {
		char *path = lab_fmt("%s/%s", debs, entry->d_name);

		if (lab_has_suffix(path, ".deb"))
			ret = lab_unpack_deb(path, dir, place);
		if (lab_has_suffix(path, ".deb"))
			unlink(path);
		free(path);
	}
	if (folder)
		closedir(folder);
	return ret;
}

static int get_packages(struct fetch *fetch, const struct apt_index *index,
			const struct lab_list *names, const char *dir, lab_place_fn place)
{
	char *debs = lab_fmt("%s/debs", fetch->scratch);
	int ret = lab_mkdir_p(debs);

	if (!ret)
		ret = lab_mkdir_p(dir);
	if (!ret)
		ret = apt_download(fetch->apt, index, names, debs);
	if (!ret)
		ret = unpack_all(debs, dir, place);
	free(debs);
	return ret;
}

/* "linux-image-RELEASE" (signed) or "linux-image-RELEASE-unsigned" -> RELEASE, or NULL. */
static char *image_release(const char *package)
{
	static const char image[] = "linux-image-", unsigned_[] = "-unsigned";
	char *release;

	if (!lab_has_prefix(package, image))
		return NULL;
	release = lab_strdup(package + strlen(image));
	if (lab_has_suffix(release, unsigned_))
		release[strlen(release) - strlen(unsigned_)] = '\0';
	if (is_release(release))
		return release;
	free(release);
	return NULL;
}

static const struct apt_package *find_f(const struct apt_index *index, const char *fmt,
					const char *release)
{
	char name[256];

	snprintf(name, sizeof(name), "linux-%s-%s", fmt, release);
	return apt_find(index, name);
}

static bool wanted(const struct fetch *fetch, const char *release)
{
	if (fetch->exact && strcmp(release, fetch->exact))
		return false;
	if (!in_line(fetch->line, release) || !find_f(&fetch->index, "headers", release))
		return false;
	return !fetch->release || strverscmp(release, fetch->release) > 0;
}

/* The newest release of the line for which image and headers are there. */
static int choose(struct fetch *fetch)
{
	for (size_t i = 0; i < fetch->index.count; i++) {
		char *release = image_release(fetch->index.items[i].name);

		if (release && wanted(fetch, release)) {
			free(fetch->release);
			fetch->release = release;
		} else {
			free(release);
		}
	}
	if (fetch->release) {
		fetch->version = find_f(&fetch->index, "headers", fetch->release)->version;
		return LAB_OK;
	}
	lab_error("Debian's archive has no kernel %s for amd64 with headers (looked in %s and "
		  "others); mdev-sdk kernel --help lists the lines",
		  fetch->exact ? fetch->exact : fetch->line->name, fetch->line->suites[0]);
	return LAB_CANNOT;
}

static int get_kernel(struct fetch *fetch)
{
	const struct apt_package *image = find_f(&fetch->index, "image", fetch->release);
	struct lab_list names = { 0 };
	char *name = lab_fmt("linux-image-%s-unsigned", fetch->release);
	int ret;

	apt_closure(&fetch->index, image ? image : apt_find(&fetch->index, name), &names);
	apt_closure(&fetch->index, find_f(&fetch->index, "headers", fetch->release), &names);
	ret = get_packages(fetch, &fetch->index, &names, fetch->tree, place_kernel);
	lab_list_free(&names);
	free(name);
	return ret;
}

/* Adds the library packages that a package depends on, and theirs in turn. */
static int library_closure(struct fetch *fetch, const char *depends, struct apt_index *libs)
{
	struct lab_buf regex = { 0 };
	char *copy = lab_strdup(depends), *save = NULL;
	struct apt_index more = { 0 };
	int ret = LAB_OK;

	for (char *dep = strtok_r(copy, ",|", &save); dep; dep = strtok_r(NULL, ",|", &save)) {
		dep += strspn(dep, " ");
		dep[strcspn(dep, " (:")] = '\0';
		if ((lab_has_prefix(dep, "lib") || lab_has_prefix(dep, "zlib")) &&
		    !apt_find(libs, dep))
			lab_buf_addf(&regex, "%s%s", regex.len ? "|" : "^(", dep);
	}
	if (regex.len) {
		lab_buf_addf(&regex, ")$");
		ret = apt_search(fetch->apt, regex.data, &more);
	}
	for (size_t i = 0; i < more.count; i++) {
		libs->items = lab_grow(libs->items, libs->count + 1, sizeof(*libs->items));
		libs->items[libs->count++] = more.items[i];
	}
	for (size_t i = 0; !ret && i < more.count; i++)
		ret = library_closure(fetch, more.items[i].depends, libs);
	free(more.items);
	free(copy);
	lab_buf_free(&regex);
	return ret;
}

static const char *kbuild_depends(const struct fetch *fetch)
{
	for (size_t i = 0; i < fetch->index.count; i++) {
		const struct apt_package *package = &fetch->index.items[i];

		if (lab_has_prefix(package->name, "linux-kbuild-") &&
		    !strcmp(package->version, fetch->version))
			return package->depends;
	}
	return "";
}

static int get_libraries(struct fetch *fetch, const char *dir)
{
	struct apt_index libs = { 0 };
	struct lab_list names = { 0 };
	int ret = library_closure(fetch, kbuild_depends(fetch), &libs);

	for (size_t i = 0; i < libs.count; i++)
		if (!lab_list_has(&names, libs.items[i].name))
			lab_list_add(&names, libs.items[i].name);
	if (!ret)
		ret = get_packages(fetch, &libs, &names, dir, place_library);
	lab_list_free(&names);
	apt_index_free(&libs);
	return ret;
}

/* Headers from a newer Debian: their tools run with that Debian's libc, kept in the cache. */
static int adapt_tools(struct fetch *fetch)
{
	char *here = lab_fmt("%s/libs", fetch->tree), *later = lab_fmt("%s/libs", fetch->final);
	struct lab_list tools = { 0 };
	int ret = headers_foreign_tools(fetch->tree, &tools);

	if (!ret && tools.count)
		ret = get_libraries(fetch, here);
	if (!ret)
		ret = headers_wrap_tools(&tools, later);
	lab_list_free(&tools);
	free(here);
	free(later);
	return ret;
}

static int run_depmod(const struct fetch *fetch)
{
	char *log = lab_fmt("%s/depmod.log", fetch->scratch);
	char *argv[] = { "depmod", "-b", fetch->tree, fetch->release, NULL };
	struct lab_cmd cmd = { .argv = argv, .output = log };
	int code;
	enum lab_end end = lab_run(&cmd, &code);

	free(log);
	if (end == LAB_END_EXIT && !code)
		return LAB_OK;
	if (end != LAB_END_INTERRUPTED)
		lab_error("depmod failed on the modules of %s; is the package kmod installed, and "
			  "is there space in %s?", fetch->release, kernel_cache());
	return LAB_CANNOT;
}

static int extract_vmlinux(const struct fetch *fetch)
{
	char *vmlinuz = lab_fmt("%s/vmlinuz", fetch->tree);
	char *vmlinux = lab_fmt("%s/vmlinux", fetch->tree);
	int ret = bzimage_extract(vmlinuz, vmlinux);

	if (!ret)
		unlink(vmlinuz);
	free(vmlinuz);
	free(vmlinux);
	return ret;
}

/* The version file comes last: a tree without it is not complete. */
static int finish_tree(const struct fetch *fetch)
{
	char *path = lab_fmt("%s/version", fetch->tree);
	char *text = lab_fmt("%s\n", fetch->version);
	int ret = lab_write_file(path, text, strlen(text), 0644);

	free(path);
	free(text);
	return ret;
}

/* In one step, also where an older build of the same release is in the way. */
static int move_tree(const struct fetch *fetch)
{
	if (!rename(fetch->tree, fetch->final))
		return LAB_OK;
	if ((errno == ENOTEMPTY || errno == EEXIST) &&
	    !renameat2(AT_FDCWD, fetch->tree, AT_FDCWD, fetch->final, RENAME_EXCHANGE))
		return LAB_OK;
	lab_errno("cannot move the kernel to %s", fetch->final);
	return LAB_CANNOT;
}

static int build_tree(struct fetch *fetch)
{
	int ret = get_kernel(fetch);

	if (!ret)
		ret = headers_relocate(fetch->tree, fetch->final, fetch->release);
	if (!ret)
		ret = adapt_tools(fetch);
	if (!ret)
		ret = extract_vmlinux(fetch);
	if (!ret)
		ret = run_depmod(fetch);
	if (!ret)
		ret = finish_tree(fetch);
	return ret ? ret : move_tree(fetch);
}

static bool have_version(const struct fetch *fetch)
{
	struct kernel kernel;
	bool same;

	if (!load(fetch->release, &kernel))
		return false;
	same = !strcmp(kernel.version, fetch->version);
	kernel_free(&kernel);
	return same;
}

static int remember_line(const struct fetch *fetch)
{
	char *path = lab_fmt("%s/lines/%s", kernel_cache(), fetch->line->name);
	char *text = lab_fmt("%s\n", fetch->release);
	int ret = fetch->exact ? LAB_OK : lab_replace_file(path, text, strlen(text));

	free(path);
	free(text);
	return ret;
}

static int fetch_release(struct fetch *fetch)
{
	int ret = LAB_OK;

	fetch->tree = lab_fmt("%s/tree", fetch->scratch);
	fetch->final = release_dir(fetch->release);
	if (!have_version(fetch)) {
		lab_note("kernel %s (Debian %s) into %s", fetch->release, fetch->version,
			 kernel_cache());
		ret = build_tree(fetch);
	}
	return ret ? ret : remember_line(fetch);
}

static int fetch_locked(struct fetch *fetch)
{
	const char *name = fetch->exact ? fetch->exact : fetch->line->name;
	char *lack = fetch->update ? lab_fmt("cannot look up kernel %s", name) :
		lab_fmt("kernel %s is not in %s and cannot be fetched", name, kernel_cache());
	int ret = LAB_CANNOT;

	fetch->scratch = lab_scratch_dir(kernel_cache(), "fetch-");
	if (!fetch->scratch) {
		free(lack);
		return ret;
	}
	lab_note("looking up kernel %s in Debian's archive", name);
	fetch->apt = apt_open(fetch->scratch, fetch->line->suites, lack);
	if (fetch->apt && !apt_search(fetch->apt, PACKAGES, &fetch->index))
		ret = choose(fetch);
	if (fetch->release)
		ret = fetch_release(fetch);
	apt_close(fetch->apt);
	apt_index_free(&fetch->index);
	lab_scratch_drop(fetch->scratch);
	free(fetch->release);
	free(fetch->tree);
	free(fetch->final);
	free(lack);
	return ret;
}

/* Whoever holds the lock is alone: what else lies there was left by a process that was killed. */
static void remove_leftovers(void)
{
	DIR *dir = opendir(kernel_cache());
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		char *path = lab_fmt("%s/%s", kernel_cache(), entry->d_name);

		if (lab_has_prefix(entry->d_name, "fetch-"))
			lab_remove_tree(path);
		free(path);
	}
	if (dir)
		closedir(dir);
}

static int make_cache(void)
{
	char *kernels = lab_fmt("%s/kernels", kernel_cache());
	char *names = lab_fmt("%s/lines", kernel_cache());
	int ret = lab_mkdir_p(kernels);

	if (!ret)
		ret = lab_mkdir_p(names);
	free(kernels);
	free(names);
	return ret;
}

static bool find_cached(const struct line *line, const char *exact, struct kernel *kernel)
{
	return exact ? load(exact, kernel) : load_line(line, kernel);
}

static int fetch_kernel(const struct line *line, const char *exact, bool update,
			struct kernel *kernel)
{
	struct fetch fetch = { .line = line, .exact = exact, .update = update };
	char *path = lab_fmt("%s/lock", kernel_cache());
	int lock, ret = make_cache();

	lock = ret ? -1 : lab_lock(path, "downloads a kernel");
	free(path);
	if (lock < 0)
		return LAB_CANNOT;
	/* Another process may have fetched it while this one waited. */
	if (update || !find_cached(line, exact, kernel)) {
		remove_leftovers();
		ret = fetch_locked(&fetch);
		if (!ret && !find_cached(line, exact, kernel))
			ret = LAB_CANNOT;
	}
	lab_unlock(lock);
	return ret;
}

static const struct line *line_of(const char *which, const char **exact)
{
	const char *newest = getenv("MDEV_SDK_NEWEST");

	*exact = NULL;
	/* Another one in its place: to see whether a failure is the newest one's own. */
	if (newest && *newest && !strcmp(which, "newest") && strcmp(newest, which))
		which = newest;
	for (size_t i = 0; i < LAB_ARRAY_SIZE(lines); i++)
		if (!strcmp(which, lines[i].name))
			return &lines[i];
	if (!is_release(which))
		return NULL;
	*exact = which;
	for (size_t i = 0; i < LAB_ARRAY_SIZE(lines); i++)
		if (in_line(&lines[i], which))
			return &lines[i];
	return NULL;
}

static const struct line *line_wanted(const char *which, const char **exact)
{
	const struct line *line = line_of(which, exact);

	if (!line)
		lab_error("unknown kernel '%s': 6.1, 6.12, newest, 6.1-cloud, 6.12-cloud or a "
			  "release of Debian's amd64 flavour (such as 6.1.0-1-amd64) is needed",
			  which);
	return line;
}

int kernel_peek(const char *which, struct kernel *kernel)
{
	const char *exact;
	const struct line *line = line_wanted(which, &exact);

	if (!line)
		return LAB_USAGE;
	return find_cached(line, exact, kernel) ? LAB_OK : LAB_SKIPPED;
}

int kernel_get(const char *which, bool update, struct kernel *kernel)
{
	const char *exact;
	const struct line *line = line_wanted(which, &exact);

	if (!line)
		return LAB_USAGE;
	if (!update && find_cached(line, exact, kernel))
		return LAB_OK;
	return fetch_kernel(line, exact, update, kernel);
}

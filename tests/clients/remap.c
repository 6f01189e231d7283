// SPDX-License-Identifier: GPL-2.0-only
/*
 * A user who turns and twists what he has mapped, by every call that takes a mapping: it is
 * refused, or he still sees what he has mapped. remap needs the fixture mdkpci, remapvgpu the
 * vgpu-stub.
 */
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "client.h"

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#endif
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif
#define MADV_GUARD 102			/* MADV_GUARD_INSTALL, since 6.13 */

#define XRGB8888 0x34325258u
#define DISPI (2ULL << 40)
#define VRAM_PAGES 4

/*
 * What is mapped: page i of it begins with words[i]. @own_file: the mapping's file is what was
 * mapped; the kernel asks it when the old mapping is gone already, as for mmap() with MAP_FIXED.
 */
struct view {
	const char *name;
	int fd;
	bool own_file;
	off_t pos;
	size_t pages;
	const uint32_t *words;
	volatile uint32_t *at;
};

static sigjmp_buf faulted;

static void on_fault(int sig)
{
	siglongjmp(faulted, sig);
}

/* Return: false if there is no memory. */
static bool load(volatile uint32_t *at, uint32_t *word)
{
	struct sigaction action = { .sa_handler = on_fault }, bus, segv;
	bool there = false;

	sigaction(SIGBUS, &action, &bus);
	sigaction(SIGSEGV, &action, &segv);
	if (!sigsetjmp(faulted, 1)) {
		*word = *at;
		there = true;
	}
	sigaction(SIGBUS, &bus, NULL);
	sigaction(SIGSEGV, &segv, NULL);
	return there;
}

static bool shows(volatile uint32_t *at, uint32_t word)
{
	uint32_t found = 0;

	if (!load(at, &found)) {
		diag("a fault at the touch");
		return false;
	}
	if (found != word)
		diag("found %#x, needed %#x", found, word);
	return found == word;
}

static bool shows_all(const struct view *view)
{
	for (size_t i = 0; i < view->pages; i++)
		if (!shows(view->at + i * PAGE / 4, view->words[i]))
			return false;
	return true;
}

static bool map_view(struct view *view)
{
	void *at = mmap(NULL, view->pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, view->fd,
			view->pos);

	view->at = at == MAP_FAILED ? NULL : at;
	return view->at && shows_all(view);
}

/* For the next call, whatever the one before has done to it. */
static void map_again(struct view *view)
{
	munmap((void *)view->at, view->pages * PAGE);
	map_view(view);
}

static void named(bool good, const struct view *view, const char *what)
{
	char name[96];

	snprintf(name, sizeof(name), "%s.%s", view->name, what);
	ok(good, name);
}

/* Page 0, at @pgoff of whatever the kernel takes for its file. */
static bool remapped(struct view *view, size_t pgoff)
{
	size_t page = pgoff - view->pos / PAGE;

	if (page >= view->pages && view->own_file)
		return true;
	if (remap_file_pages((void *)view->at, PAGE, 0, pgoff, 0))
		return shows_all(view);
	return page < view->pages && shows(view->at, view->words[page]);
}

static void test_remap_file_pages(struct view *view)
{
	const size_t offs[] = { view->pos / PAGE, view->pos / PAGE + 1, 0, 1, 1UL << 40 };
	bool good = true;

	for (size_t i = 0; good && i < ARRAY_SIZE(offs); i++) {
		good = remapped(view, offs[i]);
		if (!good)
			diag("remap_file_pages() with pgoff %#zx", offs[i]);
		map_again(view);
	}
	named(good, view, "remap_file_pages");
}

static void test_mremap(struct view *view)
{
	size_t size = view->pages * PAGE;
	void *room = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	void *at = mremap((void *)view->at, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, room);

	if (at != MAP_FAILED)
		view->at = at;
	named(shows_all(view), view, "moved");
	at = mremap((void *)view->at, size, size + PAGE, MREMAP_MAYMOVE);
	named(at == MAP_FAILED && shows_all(view), view, "does_not_grow");
	/* An old size of 0 asks for one more mapping of the same. */
	at = mremap((void *)view->at, 0, size, MREMAP_MAYMOVE);
	named((at == MAP_FAILED || shows(at, view->words[0])) && shows_all(view), view, "doubled");
	if (at != MAP_FAILED)
		munmap(at, size);
}

static void test_mprotect(struct view *view)
{
	size_t size = view->pages * PAGE;
	bool good;

	mprotect((void *)view->at, size, PROT_READ | PROT_EXEC);
	good = mprotect((void *)view->at, size, PROT_READ) == 0 && shows_all(view);
	good &= mprotect((void *)view->at, size, PROT_READ | PROT_WRITE) == 0;
	named(good && shows_all(view), view, "mprotect");
}

static void test_madvise(struct view *view)
{
	static const int kinds[] = {
		MADV_DONTNEED, MADV_REMOVE, MADV_WILLNEED, MADV_COLD, MADV_PAGEOUT, MADV_FREE,
		MADV_POPULATE_READ, MADV_HUGEPAGE, MADV_COLLAPSE, MADV_MERGEABLE, MADV_GUARD,
		MADV_DODUMP, MADV_WIPEONFORK,
	};
	bool good = true;

	for (size_t i = 0; good && i < ARRAY_SIZE(kinds); i++) {
		madvise((void *)view->at, view->pages * PAGE, kinds[i]);
		good = shows_all(view);
		if (!good)
			diag("madvise() with %d", kinds[i]);
	}
	msync((void *)view->at, view->pages * PAGE, MS_SYNC);
	named(good && shows_all(view), view, "madvise");
}

static void test_fork(struct view *view)
{
	pid_t child = fork();
	int status = -1;

	if (!child)
		_exit(!remapped(view, 0) || !remapped(view, view->pos / PAGE));
	waitpid(child, &status, 0);
	named(WIFEXITED(status) && !WEXITSTATUS(status) && shows_all(view), view, "fork");
}

/* The kernel offers the file of each mapping as a link: it is opened, and mapped anew. */
static void test_map_files(struct view *view)
{
	unsigned long first = (unsigned long)view->at, end = first + view->pages * PAGE;
	char path[96];
	void *at;
	int fd;

	snprintf(path, sizeof(path), "/proc/self/map_files/%lx-%lx", first, end);
	fd = open(path, O_RDWR);
	at = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
	named(exists(path) && fd < 0, view, "its_file_cannot_be_opened");
	if (at != MAP_FAILED)
		munmap(at, PAGE);
	close(fd);
}

static void test_view(struct view *view)
{
	named(map_view(view), view, "is_mapped");
	test_remap_file_pages(view);
	test_mremap(view);
	test_mprotect(view);
	test_madvise(view);
	test_fork(view);
	test_map_files(view);
	munmap((void *)view->at, view->pages * PAGE);
}

static bool make(const char *file, struct vfio *v)
{
	return !write_file(class_path(file), UUID_A) && !open_user(v, UUID_A);
}

static bool put(int fd, uint32_t word, size_t size, uint64_t pos)
{
	return pwrite(fd, &word, size, pos) == (ssize_t)size;
}

static void leave(struct vfio *v)
{
	close_user(v);
	ok_is(remove_mdev(UUID_A), 0, "remove");
}

/* A page of the parent itself, and one of memory. */
int remap_main(void)
{
	static const uint32_t edu[] = { 0x010000ed }, memory[] = { 0x12345678 };
	struct view views[] = {
		{ .name = "hardware", .pos = 2LL << 40, .pages = 1, .words = edu },
		{ .name = "memory", .pos = 4LL << 40, .pages = 1, .words = memory },
	};
	struct vfio v = VFIO_CLOSED;

	if (!ok(make("0000:01:00.0/mdev_supported_types/mdkpci-1/create", &v) &&
		put(v.device, memory[0], 4, views[1].pos), "a_device"))
		return done();
	for (size_t i = 0; i < ARRAY_SIZE(views); i++) {
		views[i].fd = v.device;
		test_view(&views[i]);
	}
	leave(&v);
	return done();
}

/* As bochs-drm sets a mode, 16 bits at a time: 64 * 64 pixels are VRAM_PAGES pages. */
static void set_mode(int fd)
{
	static const uint16_t mode[][2] = {
		{ 4, 0 }, { 3, 32 }, { 1, 64 }, { 2, 64 }, { 5, 0 }, { 6, 64 }, { 7, 64 }, { 8, 0 },
		{ 9, 0 }, { 4, 0x41 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(mode); i++)
		put(fd, mode[i][1], 2, DISPI + 0x500 + 2 * mode[i][0]);
}

/* What is shown, as a dma-buf of its own; -1: there is none. */
static int picture(int fd)
{
	struct vfio_device_gfx_plane_info info = {
		.argsz = sizeof(info), .flags = VFIO_GFX_PLANE_TYPE_DMABUF, .drm_plane_type = 1,
	};

	if (ioctl(fd, VFIO_DEVICE_QUERY_GFX_PLANE, &info) || info.drm_format != XRGB8888)
		return -1;
	return ioctl(fd, VFIO_DEVICE_GET_GFX_DMABUF, &info.dmabuf_id);
}

/* The region that is the display, and a dma-buf of what is on it. */
int remapvgpu_main(void)
{
	static const uint32_t words[VRAM_PAGES] = { 0x1111, 0x2222, 0x3333, 0x4444 };
	struct view views[] = {
		{ .name = "display", .pages = VRAM_PAGES, .words = words },
		{ .name = "dmabuf", .own_file = true, .pages = VRAM_PAGES, .words = words },
	};
	struct vfio v = VFIO_CLOSED;

	if (!ok(make("vgpu_stub/mdev_supported_types/vgpu_stub-4m/create", &v), "a_device"))
		return done();
	set_mode(v.device);
	for (size_t i = 0; i < VRAM_PAGES; i++)
		put(v.device, words[i], 4, i * PAGE);
	views[0].fd = v.device;
	views[1].fd = picture(v.device);
	for (size_t i = 0; i < ARRAY_SIZE(views); i++)
		test_view(&views[i]);
	close(views[1].fd);
	leave(&v);
	return done();
}

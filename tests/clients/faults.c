// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that runs out anywhere: each step of a driver's life is done again and again, and each
 * time another allocation of its fails (/proc/self/fail-nth), until one is done without a failure.
 * After each of them nothing may be left, and the step must work.
 *
 * For a kernel with CONFIG_FAILSLAB and the modules in /lab or /lab/ko. Unloads the framework
 * first.
 */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "client.h"

/* More allocations than any step has. */
#define MOST 3000
/*
 * Of loading a module the last ones, in which its init is: hundreds are the kernel's, before it,
 * and with CONFIG_DEBUG_KOBJECT_RELEASE each load takes seconds to be undone.
 */
#define LAST_OF_MODULE 24
#define LAST_OF_DRIVER 120
/* The first ones that did not do as they should are told. */
#define TOLD 3

static const char *mode = "own";
static int nth_fd;

/* The nth allocation from now on fails. */
static void arm(unsigned int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	if (pwrite(nth_fd, text, len, 0) != len)
		diag("fail-nth: %s", strerror(errno));
}

/* Return: it failed. */
static bool disarm(unsigned int *left)
{
	char text[16] = "";

	*left = pread(nth_fd, text, sizeof(text) - 1, 0) > 0 ? atoi(text) : 0;
	arm(0);
	return !*left;
}

static bool prepare(void)
{
	static const char *const settings[][2] = {
		{ "failslab/ignore-gfp-wait", "N" },
		{ "failslab/verbose", "0" },
		{ "fail_page_alloc/ignore-gfp-wait", "N" },
		{ "fail_page_alloc/verbose", "0" },
	};
	char path[128];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(settings); i++) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/%s", settings[i][0]);
		if (write_file(path, settings[i][1]))
			return false;
	}
	nth_fd = open("/proc/self/fail-nth", O_RDWR | O_CLOEXEC);
	return nth_fd >= 0;
}

/* Modules */

static int load_file(int fd, const char *options)
{
	return syscall(SYS_finit_module, fd, options, 0) ? -errno : 0;
}

static int open_module(const char *name)
{
	char path[64];
	int fd;

	/* Loaded at boot, or only brought along. */
	snprintf(path, sizeof(path), "/lab/ko/%s.ko", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	snprintf(path, sizeof(path), "/lab/%s.ko", name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static const char *options_of(const char *name)
{
	static char options[32];

	snprintf(options, sizeof(options), "bus=%s", mode);
	return strcmp(name, "mdk_mdev") ? "" : options;
}

static int load(const char *name)
{
	int fd = open_module(name), ret;

	if (fd < 0)
		return -errno;
	ret = load_file(fd, options_of(name));
	close(fd);
	return ret;
}

static bool loaded(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/module/%s/initstate", name);
	return exists(path);
}

/* What was referred to a moment ago may still be. */
static int unload_soon(const char *name)
{
	long end = now_ms() + 5000 * slowness();
	int ret;

	while ((ret = unload(name)) == -EAGAIN && now_ms() < end)
		usleep(2000);
	return ret;
}

/* What a step is done to. Each device has a UUID that none before it had. */
static const char *subject;
static char uuid[40];

static void next_uuid(void)
{
	static unsigned int n;

	snprintf(uuid, sizeof(uuid), "aaaaaaaa-0000-4000-8000-%012x", ++n);
}

static struct vfio user = VFIO_CLOSED;

/* Loading subject */

static int load_fd;

static int load_before(void)
{
	load_fd = open_module(subject);
	return load_fd < 0 ? -errno : 0;
}

static int load_act(void)
{
	return load_file(load_fd, options_of(subject));
}

static int load_after(int ret)
{
	close(load_fd);
	if (!ret)
		ret = unload_soon(subject);
	else
		ret = loaded(subject) ? -EEXIST : 0;
	return ret;
}

static int unload_before(void)
{
	return load(subject);
}

static int unload_act(void)
{
	return unload(subject);
}

static int unload_after(int ret)
{
	if (!ret && loaded(subject))
		return -EEXIST;
	return loaded(subject) ? unload_soon(subject) : 0;
}

/* A device of pinner, or of a model */

static const char *create_path(void)
{
	static char path[128];

	if (strcmp(subject, "pinner"))
		snprintf(path, sizeof(path), "/sys/class/%s/mdkcaps/mdev_supported_types/mdkcaps-1/create",
			 class_name());
	else
		snprintf(path, sizeof(path),
			 "/sys/class/%s/pinner.0/mdev_supported_types/platform-p/create",
			 class_name());
	return path;
}

static int make(void)
{
	return write_file(create_path(), uuid);
}

static int make_new(void)
{
	next_uuid();
	return make();
}

static bool made(void)
{
	return exists(mdev_path(uuid, ""));
}

static int drop(void)
{
	int ret = remove_mdev(uuid);

	return ret ?: wait_exists(mdev_path(uuid, ""), false, 1000) ? 0 : -EEXIST;
}

static int make_before(void)
{
	next_uuid();
	return 0;
}

static int make_after(int ret)
{
	if (!ret)
		return drop();
	if (!wait_exists(mdev_path(uuid, ""), false, 1000))
		return -EEXIST;
	/* And it works now. */
	return make_new() ?: drop();
}

/* A device whose file `remove` the kernel's core lost goes with its parent. */
static int start_again(void)
{
	return unload_soon(subject) ?: load(subject);
}

static int drop_act(void)
{
	return remove_mdev(uuid);
}

static int drop_after(int ret)
{
	if (!ret && made())
		return -EEXIST;
	if (made() && !exists(mdev_path(uuid, "remove")))
		return start_again();
	return made() ? drop() : 0;
}

static int refuse_before(void)
{
	return make_new() ?: set_param("remove_errno", "16");
}

static int refuse_after(int ret)
{
	set_param("remove_errno", "0");
	return drop_after(ret);
}

/* Its descriptor */

static int open_before(void)
{
	struct vfio none = VFIO_CLOSED;

	user = none;
	return make_new() ?: open_user_group(&user, uuid);
}

static int open_act(void)
{
	user.device = ioctl(user.group, VFIO_GROUP_GET_DEVICE_FD, uuid);
	return user.device < 0 ? -errno : 0;
}

static int open_after(int ret)
{
	if (ret)
		ret = open_act() ?: touch_user(&user);
	close_user(&user);
	return ret ?: drop();
}

static int close_before(void)
{
	return open_before() ?: open_act() ?: touch_user(&user);
}

static int close_act(void)
{
	int ret = close(user.device) ? -errno : 0;

	user.device = -1;
	return ret;
}

/* Pins */

static void *pages;

static int pin_before(void)
{
	int ret = close_before();

	pages = pages ?: memory(16 * PAGE);
	return ret ?: vfio_map_dma(&user, 0, pages, 16 * PAGE, READ | WRITE);
}

static int pin_act(void)
{
	int ret = pin(&user, 0, 16, READ | WRITE);

	return ret < 0 ? ret : 0;
}

static int pin_after(int ret)
{
	if (ret)
		ret = pin_act();
	close_user(&user);
	return ret ?: drop();
}

static int unmap_before(void)
{
	return pin_before() ?: pin_act();
}

/* Nothing in it may need memory. */
static int unmap_act(void)
{
	long long ret = vfio_unmap_dma(&user, 0, 16 * PAGE, 0);

	return ret < 0 ? ret : 0;
}

static int unmap_after(int ret)
{
	close_user(&user);
	return ret ?: drop();
}

/* The sweep */

struct step {
	const char *name;
	int (*before)(void);
	int (*act)(void);
	int (*after)(int ret);
};

static const struct step step_load = { "load", load_before, load_act, load_after };
static const struct step step_unload = { "unload", unload_before, unload_act, unload_after };

static const struct step device_steps[] = {
	{ "create", make_before, make, make_after },
	{ "remove", make_new, drop_act, drop_after },
	{ "open", open_before, open_act, open_after },
	{ "close", close_before, close_act, open_after },
};

static const struct step pinner_steps[] = {
	{ "refused remove", refuse_before, drop_act, refuse_after },
	{ "pin", pin_before, pin_act, pin_after },
	{ "unmap", unmap_before, unmap_act, unmap_after },
};

/* Return: it was undone. */
static bool step_once(const struct step *step, unsigned int nth, unsigned int *left,
		      unsigned int *bad)
{
	int before = step->before(), ret, after;
	bool fired;

	if (before) {
		diag("%s: before allocation %u: %s", step->name, nth, strerror(-before));
		return false;
	}
	arm(nth);
	ret = step->act();
	fired = disarm(left);
	after = step->after(ret);
	if (!after && (fired || !ret || step->after == refuse_after))
		return true;
	if ((*bad)++ < TOLD)
		diag("allocation %u: %s, afterwards %s", nth, ret ? strerror(-ret) : "done",
		     after ? strerror(-after) : "fine");
	return !after;
}

/* The last ones of as many as it has when none fails; 0: all. */
static void sweep(const struct step *step, unsigned int last)
{
	unsigned int nth = 1, left = MOST, bad = 0;
	char name[64];

	if (last && step_once(step, MOST, &left, &bad) && MOST - left > last)
		nth = MOST - left - last;
	diag("%s: from allocation %u", step->name, nth);
	for (left = 0; nth < MOST && !left; nth++)
		if (!step_once(step, nth, &left, &bad))
			break;
	diag("%s: to allocation %u", step->name, nth);
	snprintf(name, sizeof(name), "faults.%s.%s", subject, step->name);
	for (char *at = name; *at; at++)
		*at = *at == ' ' ? '_' : *at;
	ok(left && !bad, name);
}

static void sweep_all(const struct step *steps, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		sweep(&steps[i], 0);
}

static void sweep_module(const char *name, bool stays, unsigned int last)
{
	subject = name;
	sweep(&step_load, last);
	sweep(&step_unload, 0);
	if (stays && load(name))
		diag("%s cannot be loaded", name);
}

static void sweep_driver(const char *name)
{
	sweep_module(name, true, LAST_OF_DRIVER);
	sweep_all(device_steps, ARRAY_SIZE(device_steps));
	if (!strcmp(name, "pinner"))
		sweep_all(pinner_steps, ARRAY_SIZE(pinner_steps));
	ok_is(unload_soon(name), 0, "faults.rmmod");
}

int faults_main(void)
{
	static const char *const all[] = { "pinner", "mdk_legacy", "mdk_net", "mdk_model",
					   "mdk_vfio_mdev", "mdk_mdev_kernel", "mdk_mdev" };
	bool kernel = on_kernel();
	size_t i;

	mode = kernel ? "kernel" : "own";
	ok(prepare(), "faults.instrument");
	for (i = 0; i < ARRAY_SIZE(all); i++)
		if (loaded(all[i]))
			ok_is(unload_soon(all[i]), 0, "faults.unload");
	sweep_module("mdk_mdev", true, LAST_OF_MODULE);
	if (kernel)
		sweep_module("mdk_mdev_kernel", true, LAST_OF_MODULE);
	sweep_module("mdk_vfio_mdev", true, LAST_OF_MODULE);
	sweep_module("mdk_legacy", false, LAST_OF_MODULE);
	sweep_driver("pinner");
	sweep_module("mdk_model", true, LAST_OF_MODULE);
	sweep_driver("mdkcaps");
	sweep_module("mdk_net", false, LAST_OF_MODULE);
	return done();
}

// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <stdarg.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <sys/syscall.h>
#include <time.h>

#include "client.h"

static int tests, failures;

void ktap_begin(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("KTAP version 1\n");
}

void diag(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	printf("# ");
	vprintf(fmt, args);
	putchar('\n');
	va_end(args);
}

bool ok(bool good, const char *name)
{
	failures += !good;
	printf("%sok %d %s\n", good ? "" : "not ", ++tests, name);
	return good;
}

bool ok_is(long long found, long long needed, const char *name)
{
	if (found != needed)
		diag("found %lld (%s), needed %lld (%s)", found, found < 0 ? strerror(-found) : "-",
		     needed, needed < 0 ? strerror(-needed) : "-");
	return ok(found == needed, name);
}

const char *name_of(const char *first, const char *second)
{
	static char name[160];

	snprintf(name, sizeof(name), "%.60s.%.60s", first, second);
	return name;
}

int done(void)
{
	printf("1..%d\n# mdev-conform: end\n", tests);
	return failures ? 1 : 0;
}

int in_child(int (*fn)(void))
{
	int status = -1;
	pid_t pid = fork();

	if (!pid)
		_exit(fn());
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* sysfs */

int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), ret = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

int read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len;

	if (fd < 0)
		return -errno;
	len = read(fd, text, size - 1);
	if (len < 0)
		len = -errno;
	else
		text[len] = '\0';
	close(fd);
	return len;
}

bool exists(const char *path)
{
	struct stat;

	return !faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW);
}

/* Several at a time are in use within one expression. */
static char *path_buf(void)
{
	static __thread char paths[4][256];
	static __thread unsigned int next;

	return paths[next++ % ARRAY_SIZE(paths)];
}

bool on_kernel(void)
{
	return exists("/sys/module/mdk_mdev_kernel");
}

static bool on_private(void)
{
	return exists("/sys/bus/mdk_mdev");
}

const char *bus_name(void)
{
	return on_private() ? "mdk_mdev" : "mdev";
}

const char *class_name(void)
{
	return on_private() ? "mdk_mdev_bus" : "mdev_bus";
}

const char *mdev_path(const char *uuid, const char *file)
{
	char *path = path_buf();

	snprintf(path, 256, "/sys/bus/%s/devices/%s/%s", bus_name(), uuid, file);
	return path;
}

const char *class_path(const char *file)
{
	char *path = path_buf();

	snprintf(path, 256, "/sys/class/%s/%s", class_name(), file);
	return path;
}

/* A device of the kernel's core keeps its UUID until nobody refers to it, maybe after it went. */
static bool still_referred_to(const char *uuid)
{
	char low[64];
	int i;

	for (i = 0; uuid[i] && i < 63; i++)
		low[i] = tolower((unsigned char)uuid[i]);
	low[i] = '\0';
	return on_kernel() && !exists(mdev_path(low, ""));
}

int create_once(int parent, const char *uuid)
{
	char path[256];

	snprintf(path, sizeof(path), "/sys/class/%s/pinner.%d/mdev_supported_types/platform-p/create",
		 class_name(), parent);
	return write_file(path, uuid);
}

int create(int parent, const char *uuid)
{
	long end = now_ms() + 10000 * slowness();
	int ret;

	do
		ret = create_once(parent, uuid);
	while (ret == -EEXIST && still_referred_to(uuid) && now_ms() < end && !usleep(10000));
	return ret;
}

int remove_mdev(const char *uuid)
{
	return write_file(mdev_path(uuid, "remove"), "1");
}

static const char *param_path(const char *module, const char *name)
{
	char *path = path_buf();

	snprintf(path, 256, "/sys/module/%s/parameters/%s", module, name);
	return path;
}

int set_param_of(const char *module, const char *name, const char *value)
{
	return write_file(param_path(module, name), value);
}

long get_param_of(const char *module, const char *name)
{
	char text[32];
	int ret = read_file(param_path(module, name), text, sizeof(text));

	return ret < 0 ? ret : atol(text);
}

int set_param(const char *name, const char *value)
{
	return set_param_of("pinner", name, value);
}

long get_param(const char *name)
{
	return get_param_of("pinner", name);
}

int unload(const char *module)
{
	return syscall(SYS_delete_module, module, O_NONBLOCK) ? -errno : 0;
}

static int parent_param(const char *name, int parent)
{
	char text[] = { '0' + parent, '\0' };

	return set_param(name, text);
}

int unregister_parent(int parent)
{
	return parent_param("unregister", parent);
}

int register_parent(int parent)
{
	return parent_param("register", parent);
}

int command(const char *uuid, unsigned int op, uint64_t iova, int npage, unsigned int prot,
	    uint64_t len)
{
	char text[128];

	snprintf(text, sizeof(text), "%u %llx %d %x %llx", op, (unsigned long long)iova, npage, prot,
		 (unsigned long long)len);
	return write_file(mdev_path(uuid, "pinner/command"), text);
}

long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

long now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int slowness(void)
{
	const char *asked = getenv("SLOW");

	return asked ? atoi(asked) : 1;
}

void sleep_ms(int ms)
{
	usleep(ms * 1000 * slowness());
}

bool wait_exists(const char *path, bool there, int ms)
{
	long end = now_ms() + ms * slowness();

	while (exists(path) != there && now_ms() < end)
		usleep(2000);
	return exists(path) == there;
}

/* VFIO */

static int group_of(const char *uuid)
{
	char target[256];
	ssize_t len = readlink(mdev_path(uuid, "iommu_group"), target, sizeof(target) - 1);

	if (len < 0)
		return -errno;
	target[len] = '\0';
	return atoi(strrchr(target, '/') + 1);
}

int open_user_group(struct vfio *v, const char *uuid)
{
	int group_nr = group_of(uuid);

	return group_nr < 0 ? group_nr : vfio_join_group(v, group_nr, NULL);
}

int open_user(struct vfio *v, const char *uuid)
{
	int ret = open_user_group(v, uuid);

	if (ret)
		return ret;
	v->device = vfio_get_device(v, uuid);
	return v->device < 0 ? v->device : 0;
}

int open_user_pci(struct vfio *v, const char *uuid)
{
	return open_user(v, uuid) ?: vfio_bus_master(v->device, true);
}

int reset_user(const struct vfio *v)
{
	return vfio_ioctl(v->device, VFIO_DEVICE_RESET, NULL) ?: vfio_bus_master(v->device, true);
}

int touch_user(const struct vfio *v)
{
	struct vfio_device_info info;

	return vfio_device_info(v->device, &info);
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void close_user_device(struct vfio *v)
{
	close_fd(&v->device);
}

/*
 * vfio.ko of 6.1 reads a container's backend without a lock when the container closes and in its
 * ioctls. Where another thread is still in a call on the device, that thread's last reference takes
 * the backend away, and the kernel oopses when it is just then, with any driver. So the container
 * is left alone until the group can be opened by somebody else: then the backend is away.
 */
static void group_settle(const char *node)
{
	for (long end = now_ms() + 500 * slowness(); now_ms() < end;) {
		int fd = open(node, O_RDWR | O_CLOEXEC);

		if (fd >= 0)
			close(fd);
		if (fd >= 0 || errno != EBUSY)
			return;
		usleep(100);
	}
}

/* The node of the group that is open; "": there is none. */
static void node_of(const struct vfio *v, char *node, size_t size)
{
	char link[64];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", v->group);
	len = readlink(link, node, size - 1);
	node[len < 0 ? 0 : len] = '\0';
}

void close_user(struct vfio *v)
{
	bool settle = v->device >= 0 && v->container >= 0;
	char node[64];

	node_of(v, node, sizeof(node));
	close_fd(&v->device);
	close_fd(&v->group);
	if (settle)
		group_settle(node);
	close_fd(&v->container);
}

int armed(const struct vfio *v, unsigned int index)
{
	int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

	return vfio_listen(v->device, index, 0, fd) ? -1 : fd;
}

bool heard(int fd, int ms)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN };
	uint64_t count;

	return poll(&poller, 1, ms) == 1 && read(fd, &count, sizeof(count)) == sizeof(count);
}

/* Commands */

int exec(const struct vfio *v, struct pinner_req *req)
{
	return ioctl(v->device, PINNER_EXEC, req) ? -errno : req->result;
}

int pin(const struct vfio *v, uint64_t iova, int npage, unsigned int prot)
{
	struct pinner_req req = { .op = PINNER_PIN, .iova = iova, .npage = npage, .prot = prot };

	return exec(v, &req);
}

int pin_patiently(const struct vfio *v, uint64_t iova, int npage, unsigned int prot)
{
	long end = now_ms() + 3000;
	int ret;

	while ((ret = pin(v, iova, npage, prot)) == -EAGAIN && now_ms() < end)
		usleep(10000);
	return ret;
}

int unpin(const struct vfio *v, uint64_t iova, int npage)
{
	struct pinner_req req = { .op = PINNER_UNPIN, .iova = iova, .npage = npage };

	return exec(v, &req);
}

struct pinner_stats stats(const struct vfio *v)
{
	struct pinner_stats stats = { 0 };

	if (ioctl(v->device, PINNER_STATS, &stats))
		diag("PINNER_STATS: %s", strerror(errno));
	return stats;
}

long locked_pages(void)
{
	char text[4096], *hit;

	if (read_file("/proc/self/status", text, sizeof(text)) < 0)
		return -1;
	hit = strstr(text, "VmLck:");
	return hit ? atol(hit + 6) / 4 : -1;
}

long wait_locked(long pages)
{
	long end = now_ms() + 2000, found, last = -1;

	/* As long as it changes somebody is at work. */
	while ((found = locked_pages()) != pages && now_ms() < end) {
		if (found != last)
			end = now_ms() + 2000;
		last = found;
		usleep(2000);
	}
	return locked_pages();
}

void *memory(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (at == MAP_FAILED) {
		perror("mmap");
		exit(3);
	}
	return at;
}

/* The fixture slow, where the kernel has no userfaultfd. */
static void *slow_page(int *fd)
{
	void *page;

	*fd = open("/dev/mdk-slow", O_RDWR | O_CLOEXEC);
	page = *fd < 0 ? MAP_FAILED :
	       mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0);
	return page == MAP_FAILED ? NULL : page;
}

void *missing_page(int *uffd)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	void *page = slow_page(uffd);

	if (page)
		return page;
	page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*uffd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	reg.range.start = (uintptr_t)page;
	reg.range.len = PAGE;
	if (page == MAP_FAILED || *uffd < 0 || ioctl(*uffd, UFFDIO_API, &api) ||
	    ioctl(*uffd, UFFDIO_REGISTER, &reg)) {
		diag("userfaultfd: %s", strerror(errno));
		return NULL;
	}
	return page;
}

void give_page(int uffd, void *page)
{
	struct uffdio_zeropage zero = { .range = { .start = (uintptr_t)page, .len = PAGE } };

	ioctl(uffd, UFFDIO_ZEROPAGE, &zero);
}

// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Commands of a server of vfio-user. Each has a connection of its own: tests are processes. */
#include <errno.h>
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "control.h"
#include "suite.h"

static const char *first_path;
static bool has_commands;

static int reach(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	snprintf(address.sun_path, sizeof(address.sun_path), "%.98s.control", first_path);
	if (!connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return fd;
	close(fd);
	return -ENODEV;
}

void control_use(const char *path)
{
	int fd;

	first_path = path;
	fd = reach();
	has_commands = fd >= 0;
	if (fd >= 0)
		close(fd);
	vfio_use(&vfio_user);
}

bool control_active(void)
{
	return first_path;
}

bool control_commands(void)
{
	return has_commands;
}

pid_t control_pid(void)
{
	int fd = has_commands ? reach() : -1;
	struct ucred peer = { .pid = -1 };
	socklen_t len = sizeof(peer);

	if (fd < 0)
		return -1;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len))
		peer.pid = -1;
	close(fd);
	return peer.pid;
}

/* "ok LENGTH" and so many bytes, of which @size may be more or less; "error ERRNO". */
static ssize_t read_answer(FILE *in, char *buf, size_t size)
{
	size_t len, wanted;
	char line[64];
	int number;

	if (!fgets(line, sizeof(line), in))
		return -EPIPE;
	if (sscanf(line, "error %d", &number) == 1)
		return -number;
	if (sscanf(line, "ok %zu", &len) != 1)
		return -EPROTO;
	wanted = len < size ? len : size;
	return fread(buf, 1, wanted, in) == wanted ? (ssize_t)wanted : -EPIPE;
}

/* Bytes of the answer, in @buf, or -errno. */
static ssize_t command(char *buf, size_t size, const void *data, size_t len, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

static ssize_t command(char *buf, size_t size, const void *data, size_t len, const char *fmt, ...)
{
	int fd = reach();
	char line[512];
	va_list args;
	ssize_t ret;
	FILE *in;

	if (fd < 0)
		return fd;
	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	in = fdopen(fd, "r");
	if (send(fd, line, strlen(line), MSG_NOSIGNAL) < 0 ||
	    (len && send(fd, data, len, MSG_NOSIGNAL) < 0))
		ret = -EPIPE;
	else
		ret = in ? read_answer(in, buf, size) : -ENOMEM;
	if (in)
		fclose(in);
	else
		close(fd);
	return ret;
}

/* One that is ending still has its sockets for a moment, but answers no more. */
bool control_gone(void)
{
	char name[SYSFS_NAME];

	return has_commands && command(name, sizeof(name), NULL, 0, "parent\n") < 0;
}

/* A text that ends with NUL. */
static ssize_t text_of(char *buf, size_t size, ssize_t ret)
{
	buf[ret < 0 ? 0 : ret < (ssize_t)size ? ret : (ssize_t)size - 1] = '\0';
	return ret;
}

int control_find(struct parent *p, char *why, size_t len)
{
	char text[MAX_TYPES * SYSFS_NAME], *save = NULL;
	ssize_t n;

	if (!has_commands) {
		snprintf(p->name, sizeof(p->name), "%s", first_path);
		snprintf(p->types[0], SYSFS_NAME, "device");
		p->nr_types = 1;
		return 0;
	}
	n = text_of(p->name, sizeof(p->name), command(p->name, sizeof(p->name) - 1, NULL, 0, "parent\n"));
	if (n >= 0)
		n = text_of(text, sizeof(text), command(text, sizeof(text) - 1, NULL, 0, "types\n"));
	if (n < 0) {
		snprintf(why, len, "the server at %s.control does not say what types it has: %s", first_path,
			 strerror((int)-n));
		return -1;
	}
	for (char *t = strtok_r(text, "\n", &save); t && p->nr_types < MAX_TYPES;
	     t = strtok_r(NULL, "\n", &save))
		snprintf(p->types[p->nr_types++], SYSFS_NAME, "%s", t);
	return 0;
}

ssize_t control_create(const char *type, const char *uuid)
{
	char path[CONTROL_PATH];

	return command(path, sizeof(path), NULL, 0, "create %s %s\n", type, uuid);
}

int control_remove(const char *uuid)
{
	ssize_t ret = command(NULL, 0, NULL, 0, "remove %s\n", uuid);

	return ret < 0 ? (int)ret : 0;
}

bool control_exists(const char *uuid)
{
	char path[CONTROL_PATH + UUID_LEN];

	snprintf(path, sizeof(path), "%s.%s", first_path, uuid);
	return has_commands ? !access(path, F_OK) : !strcmp(uuid, CONTROL_ALONE);
}

int control_socket(const char *uuid, char path[CONTROL_PATH])
{
	ssize_t ret;

	if (!has_commands) {
		snprintf(path, CONTROL_PATH, "%s", first_path);
		return strcmp(uuid, CONTROL_ALONE) ? -ENODEV : 0;
	}
	if (!*uuid || strchr(uuid, ' '))
		return -ENODEV;
	ret = text_of(path, CONTROL_PATH, command(path, CONTROL_PATH - 1, NULL, 0, "socket %s\n", uuid));
	return ret < 0 ? (int)ret : 0;
}

long control_available(const char *type)
{
	char text[32];
	ssize_t ret = text_of(text, sizeof(text),
			      command(text, sizeof(text) - 1, NULL, 0, "available %s\n", type));

	return ret < 0 ? ret : atol(text);
}

ssize_t control_attr_read(const char *uuid, const char *file, char *buf, size_t len)
{
	return text_of(buf, len, command(buf, len - 1, NULL, 0, "read %s %s\n", uuid, file));
}

ssize_t control_attr_write(const char *uuid, const char *file, const void *buf, size_t len)
{
	char text[32];
	ssize_t ret = text_of(text, sizeof(text), command(text, sizeof(text) - 1, buf, len,
							  "write %s %s %zu\n", uuid, file, len));

	return ret < 0 ? ret : atol(text);
}

ssize_t control_page(const char *name, char *buf, size_t len)
{
	return text_of(buf, len, command(buf, len - 1, NULL, 0, "page %s\n", name));
}

void control_say(const char *what, const char *name)
{
	char line[512];
	int len = snprintf(line, sizeof(line), "mdev-conform: %s %s", what, name);

	if (has_commands && len > 0 && len < (int)sizeof(line))
		command(NULL, 0, line, (size_t)len, "say %d\n", len);
}

/* What a kernel has, and a server has not */

#define NO_SYSFS	"not over vfio-user: there is no sysfs"
#define NO_POINTERS	"not over vfio-user: the device sees messages, no pointers of its user"
#define NO_STACK	"not over vfio-user: replies are not made on a kernel's stack; AddressSanitizer watches"
#define NO_IOCTL	"not over vfio-user: a message says which command it is, there are no ioctls"
#define NO_DRIVER_MMAP	"not over vfio-user: a mapping is of the region's file, no driver is asked"
#define ONE_CLIENT	"not over vfio-user: a device has one client at a time"
#define NO_GROUPS	"not over vfio-user: there are no groups"
#define NO_FILE		"not over vfio-user: a session has messages, no file"
#define NO_INFO		"not over vfio-user: it has no message for what PRE_COPY has left"
#define NO_CHARGE	"not over vfio-user: pages of a memfd are charged to nobody"

static const struct {
	const char *pattern, *reason;
} not_here[] = {
	{ "sysfs.*", NO_SYSFS },
	{ "info.device_api", NO_SYSFS },
	{ "*.*_bad_pointer", NO_POINTERS },
	{ "irq.bad_pointer", NO_POINTERS },
	{ "*.*_bad_buffer", NO_POINTERS },
	{ "*.no_leak", NO_STACK },
	{ "info.unknown_ioctl", NO_IOCTL },
	{ "region.mmap_remap_pages", NO_DRIVER_MMAP },
	{ "lifetime.remove_mmapped", NO_DRIVER_MMAP },
	{ "lifetime.open_twice", ONE_CLIENT },
	{ "lifetime.group_outlives_device", NO_GROUPS },
	{ "dma.memlock", NO_CHARGE },
	{ "migrate.closed_early", NO_FILE },
	{ "migrate.positions", NO_FILE },
	{ "migrate.two_readers", NO_FILE },
	{ "migrate.two_writers", NO_FILE },
	{ "migrate.precopy_info", NO_INFO },
};

const char *control_without(const char *test)
{
	for (size_t i = 0; control_active() && i < sizeof(not_here) / sizeof(not_here[0]); i++)
		if (!fnmatch(not_here[i].pattern, test, 0))
			return not_here[i].reason;
	return NULL;
}

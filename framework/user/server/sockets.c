// SPDX-License-Identifier: GPL-2.0-only
/* Sockets that have a name in the file system. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "sockets.h"

#define BACKLOG	8

/* Its file has a listener that lives. */
static bool is_live(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), ret;

	if (fd < 0)
		return true;
	ret = connect(fd, (const struct sockaddr *)address, sizeof(*address));
	/* A full queue is somebody's, too. */
	ret = ret && errno == ECONNREFUSED;
	close(fd);
	return !ret;
}

static bool replace_stale(const struct sockaddr_un *address, struct why *why)
{
	struct stat st;

	if (lstat(address->sun_path, &st))
		return true;
	if (!S_ISSOCK(st.st_mode))
		return log_why(why, "%s is there, and is no socket; remove it, or choose another path [U2]",
			       address->sun_path);
	if (is_live(address))
		return log_why(why, "another process serves %s; end it, or choose another path [U3]",
			       address->sun_path);
	unlink(address->sun_path);
	return true;
}

/* The mode that a socket has when it is bound is that of its file. */
static bool bind_there(int fd, const struct sockaddr_un *address, struct why *why)
{
	if (!replace_stale(address, why))
		return false;
	if (fchmod(fd, 0600) || bind(fd, (const struct sockaddr *)address, sizeof(*address)) ||
	    listen(fd, BACKLOG))
		return log_why(why, "no socket can be made at %s: %s [U4]", address->sun_path,
			       strerror(errno));
	return true;
}

int socket_listen(const char *path, struct why *why)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(address.sun_path)) {
		log_why(why, "the path of a socket has %zu characters, at most %zu are possible: %s [U5]",
			strlen(path), sizeof(address.sun_path) - 1, path);
		return -1;
	}
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && bind_there(fd, &address, why))
		return fd;
	if (fd < 0)
		log_why(why, "no socket can be made: %s [U4]", strerror(errno));
	else
		close(fd);
	return -1;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devices of the process. Each has a thread that lets clients in, and one more while it has a
 * client. A client that has gone is the device's last close; whoever comes while that goes on waits
 * for its end, as an open() in the kernel does for a close().
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <stdio.h>

#include "commands.h"
#include "serve.h"

#define CLOSE_SECONDS	10

/*
 * struct served - a device and its socket
 * @next: in the list
 * @uuid, @type, @path: texts
 * @dev: the device
 * @listener: its socket
 * @stop: an eventfd, for the thread that lets clients in
 * @doorman: that thread
 * @client: the present client's socket, or -1
 * @connection: of the present client
 * @leaving: no client is let in: it is being removed
 * @users: who has it at hand
 */
struct served {
	struct served *next;
	char uuid[SERVE_UUID];
	char type[128];
	char path[SOCKET_PATH];
	struct user_device *dev;
	int listener;
	int stop;
	pthread_t doorman;
	int client;
	struct connection connection;
	bool leaving;
	unsigned int users;
};

/* Of the list, and of what changes in its members. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct served *all;
/* Held from a removal until its socket is gone too: the UUID can be created again at once. */
static pthread_mutex_t life = PTHREAD_MUTEX_INITIALIZER;

static struct served *find(const char *uuid)
{
	for (struct served *s = all; s; s = s->next)
		if (!strcmp(s->uuid, uuid))
			return s;
	return NULL;
}

/* Clients */

/* The other end is closed, whatever is still to be read. */
static bool is_gone(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLRDHUP };

	return poll(&pfd, 1, 0) > 0 && pfd.revents & (POLLRDHUP | POLLHUP | POLLERR);
}

static void *serve_client(void *arg)
{
	struct served *s = arg;
	struct connection *c = &s->connection;

	commands_serve(c);
	connection_end(c);
	if (c->open)
		user_device_close(s->dev);
	pthread_mutex_lock(&lock);
	close(c->fd);
	connection_destroy(c);
	s->client = -1;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	return NULL;
}

/* With the lock held: waits for the close of a client that has gone. True: it has none. */
static bool wait_for_close(struct served *s)
{
	struct timespec end;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += CLOSE_SECONDS;
	while (s->client >= 0 && is_gone(s->client))
		if (pthread_cond_timedwait(&changed, &lock, &end) == ETIMEDOUT)
			break;
	return s->client < 0;
}

/* With the lock held. */
static bool start_client(struct served *s, int fd)
{
	pthread_attr_t attr;
	pthread_t thread;
	int ret;

	connection_init(&s->connection, fd, s->uuid, s->dev);
	s->client = fd;
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	ret = pthread_create(&thread, &attr, serve_client, s);
	pthread_attr_destroy(&attr);
	if (!ret)
		return true;
	connection_destroy(&s->connection);
	s->client = -1;
	return false;
}

static void let_in(struct served *s, int fd)
{
	bool done = false;

	pthread_mutex_lock(&lock);
	if (!wait_for_close(s))
		log_of_client("%s: a second client is refused: there is one already [U6]", s->uuid);
	else if (!s->leaving)
		done = start_client(s, fd);
	pthread_mutex_unlock(&lock);
	if (!done)
		close(fd);
}

static void *be_doorman(void *arg)
{
	struct served *s = arg;
	struct pollfd fds[] = { { .fd = s->listener, .events = POLLIN },
				{ .fd = s->stop, .events = POLLIN } };
	int fd;

	for (;;) {
		poll(fds, 2, -1);
		if (fds[1].revents)
			return NULL;
		fd = fds[0].revents ? accept4(s->listener, NULL, NULL, SOCK_CLOEXEC) : -1;
		if (fd >= 0)
			let_in(s, fd);
		else if (errno == EMFILE || errno == ENFILE)
			usleep(10000);
	}
}

/* Devices */

static void served_free(struct served *s)
{
	if (s->listener >= 0)
		close(s->listener);
	if (s->stop >= 0)
		close(s->stop);
	free(s);
}

static int open_socket(struct served *s, struct why *why)
{
	s->stop = eventfd(0, EFD_CLOEXEC);
	s->listener = socket_listen(s->path, why);
	return s->stop < 0 || s->listener < 0 ? -EIO : 0;
}

static int start(struct served *s, struct why *why)
{
	int ret = open_socket(s, why);

	if (ret)
		return ret;
	pthread_mutex_lock(&lock);
	ret = -pthread_create(&s->doorman, NULL, be_doorman, s);
	if (!ret) {
		s->next = all;
		all = s;
	}
	pthread_mutex_unlock(&lock);
	if (ret) {
		unlink(s->path);
		log_why(why, "no thread can be made: %s", strerror(-ret));
	}
	return ret;
}

static int create(const char *type, const char *uuid, const char *path, struct why *why)
{
	struct served *s = calloc(1, sizeof(*s));
	int ret;

	if (!s)
		return -ENOMEM;
	s->client = s->listener = s->stop = -1;
	snprintf(s->uuid, sizeof(s->uuid), "%s", uuid);
	snprintf(s->type, sizeof(s->type), "%s", type);
	snprintf(s->path, sizeof(s->path), "%s", path);
	s->dev = user_device_create(type, uuid);
	ret = s->dev ? 0 : -errno;
	if (ret) {
		log_why(why, "no device of type %s: %s [U7]", type, strerror(errno));
		served_free(s);
		return ret;
	}
	ret = start(s, why);
	if (ret) {
		user_device_remove(s->dev);
		served_free(s);
	}
	return ret;
}

int serve_create(const char *type, const char *uuid, const char *path, struct why *why)
{
	int ret;

	pthread_mutex_lock(&life);
	ret = create(type, uuid, path, why);
	pthread_mutex_unlock(&life);
	return ret;
}

static void unlink_served(struct served *s)
{
	for (struct served **at = &all; *at; at = &(*at)->next) {
		if (*at == s) {
			*at = s->next;
			return;
		}
	}
}

/* Nobody is let in any more, and it has no client. */
static void close_door(struct served *s)
{
	const uint64_t one = 1;

	if (write(s->stop, &one, sizeof(one)) != sizeof(one))
		abort();
	pthread_join(s->doorman, NULL);
	unlink(s->path);
	pthread_mutex_lock(&lock);
	unlink_served(s);
	pthread_mutex_unlock(&lock);
	served_free(s);
}

/* With the lock held. */
static void put(struct served *s)
{
	s->users--;
	pthread_cond_broadcast(&changed);
}

/* With the lock held: the device cannot go before a put(). NULL: there is none. */
static struct served *get(const char *uuid)
{
	struct served *s = find(uuid);

	if (!s || s->leaving)
		return NULL;
	s->users++;
	return s;
}

/* The one that it is claimed by removes it, when nobody else has it. */
static int claim(const char *uuid, struct served **found)
{
	struct served *s;
	int ret = -ENODEV;

	pthread_mutex_lock(&lock);
	s = get(uuid);
	if (s) {
		ret = !wait_for_close(s) ? -EBUSY : s->leaving ? -ENODEV : 0;
		if (!ret)
			s->leaving = true;
		put(s);
	}
	while (!ret && s->users)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
	*found = s;
	return ret;
}

static int remove_claimed(struct served *s)
{
	int ret;

	pthread_mutex_lock(&life);
	ret = user_device_remove(s->dev);
	if (!ret)
		close_door(s);
	pthread_mutex_unlock(&life);
	if (!ret)
		return 0;
	pthread_mutex_lock(&lock);
	s->leaving = false;
	pthread_mutex_unlock(&lock);
	return ret;
}

int serve_remove(const char *uuid)
{
	struct served *s;
	int ret = claim(uuid, &s);

	return ret ? ret : remove_claimed(s);
}

static struct served *first_for_end(void)
{
	struct served *s;

	pthread_mutex_lock(&lock);
	s = all;
	if (s)
		s->leaving = true;
	while (s && (s->client >= 0 || s->users)) {
		if (s->client >= 0)
			connection_end(&s->connection);
		pthread_cond_wait(&changed, &lock);
	}
	pthread_mutex_unlock(&lock);
	return s;
}

void serve_end(void)
{
	struct served *s;

	while ((s = first_for_end())) {
		user_device_remove(s->dev);
		close_door(s);
	}
}

/* For others */

ssize_t serve_with(const char *uuid, ssize_t (*fn)(struct user_device *dev, void *arg), void *arg)
{
	struct served *s;
	ssize_t ret;

	pthread_mutex_lock(&lock);
	s = get(uuid);
	pthread_mutex_unlock(&lock);
	if (!s)
		return -ENODEV;
	ret = fn(s->dev, arg);
	pthread_mutex_lock(&lock);
	put(s);
	pthread_mutex_unlock(&lock);
	return ret;
}

void serve_list(char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	pthread_mutex_lock(&lock);
	for (struct served *s = all; s && used < size; s = s->next)
		used += (size_t)snprintf(text + used, size - used, "%s %s %s\n", s->uuid, s->type,
					 s->path);
	pthread_mutex_unlock(&lock);
}

int serve_path(const char *uuid, char path[SOCKET_PATH])
{
	struct served *s;

	pthread_mutex_lock(&lock);
	s = find(uuid);
	if (s)
		snprintf(path, SOCKET_PATH, "%s", s->path);
	pthread_mutex_unlock(&lock);
	return s ? 0 : -ENODEV;
}

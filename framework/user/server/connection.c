// SPDX-License-Identifier: GPL-2.0-only
/* One client: its requests, and what it is asked for. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "connection.h"

/* Requests that come while the client is asked for memory: it has its own, few at a time. */
#define MAX_WAITING		1024u
#define MAX_BYTES_WAITING	(16u << 20)

/* A request of the server, on the stack of who waits for its answer. */
struct call {
	struct call *next;
	uint16_t id;
	uint16_t command;
	struct user_message *reply;
};

/* A client that stops in the middle of a message, or takes no reply, is not waited for for ever. */
static void limit_waits(int fd)
{
	const struct timeval limit = { .tv_sec = MESSAGE_SECONDS };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
}

void connection_init(struct connection *c, int fd, const char *name, struct user_device *dev)
{
	pthread_condattr_t attr;

	*c = (struct connection){ .fd = fd, .name = name, .dev = dev, .max_data = USER_MAX_DATA };
	c->last = &c->first;
	pthread_mutex_init(&c->lock, NULL);
	pthread_mutex_init(&c->sending, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&c->changed, &attr);
	pthread_condattr_destroy(&attr);
	limit_waits(fd);
}

void connection_destroy(struct connection *c)
{
	for (struct user_message *m = c->first, *next; m; m = next) {
		next = m->next;
		message_free(m);
	}
	free(c->regions);
	free(c->maps);
	pthread_cond_destroy(&c->changed);
	pthread_mutex_destroy(&c->sending);
	pthread_mutex_destroy(&c->lock);
}

static void end_locked(struct connection *c)
{
	c->over = true;
	shutdown(c->fd, SHUT_RDWR);
	pthread_cond_broadcast(&c->changed);
}

void connection_end(struct connection *c)
{
	pthread_mutex_lock(&c->lock);
	end_locked(c);
	pthread_mutex_unlock(&c->lock);
}

void connection_end_because(struct connection *c, const char *why)
{
	bool first;

	pthread_mutex_lock(&c->lock);
	first = !c->over;
	end_locked(c);
	pthread_mutex_unlock(&c->lock);
	if (first)
		log_of_client("%s: the client's connection is ended: %s [U1]", c->name, why);
}

int connection_send(struct connection *c, struct user_header header, const void *data, size_t len,
		    int fd)
{
	int ret;

	pthread_mutex_lock(&c->sending);
	ret = message_send(c->fd, header, data, len, fd);
	pthread_mutex_unlock(&c->sending);
	return ret;
}

/* Who waits for this answer; taken out of the list. */
static struct call *take_call(struct connection *c, const struct user_header *h)
{
	for (struct call **at = &c->calls; *at; at = &(*at)->next) {
		struct call *call = *at;

		if (call->id == h->id && call->command == h->command) {
			*at = call->next;
			return call;
		}
	}
	return NULL;
}

static bool take_reply(struct connection *c, struct user_message *m, struct why *why)
{
	struct call *call = take_call(c, &m->header);

	if (!call)
		return log_why(why, "a reply of command %u to a request that was never made",
			       m->header.command);
	call->reply = m;
	return true;
}

static bool queue(struct connection *c, struct user_message *m, struct why *why)
{
	if (c->nr_waiting >= MAX_WAITING || c->bytes_waiting + m->len > MAX_BYTES_WAITING)
		return log_why(why, "%u requests wait already, while the device reads or writes "
			       "guest memory by messages", c->nr_waiting);
	*c->last = m;
	c->last = &m->next;
	c->nr_waiting++;
	c->bytes_waiting += m->len;
	return true;
}

/* With the lock held; the message is somebody's then, or freed. */
static bool sort_in(struct connection *c, struct user_message *m, struct why *why)
{
	bool good = (m->header.flags & USER_TYPE_MASK) == USER_REPLY ? take_reply(c, m, why) :
								       queue(c, m, why);

	if (!good)
		message_free(m);
	return good;
}

/* With the lock held, which is let go meanwhile. */
static void read_one(struct connection *c, int ms)
{
	struct user_message *m;
	enum message_result result;
	struct why why = { "" };

	c->reading = true;
	pthread_mutex_unlock(&c->lock);
	result = message_receive(c->fd, ms, &m, &why);
	pthread_mutex_lock(&c->lock);
	c->reading = false;
	if (result == MESSAGE_CAME && !sort_in(c, m, &why))
		result = MESSAGE_WRONG;
	if (result == MESSAGE_WRONG) {
		pthread_mutex_unlock(&c->lock);
		connection_end_because(c, why.text);
		pthread_mutex_lock(&c->lock);
	}
	if (result == MESSAGE_END)
		end_locked(c);
	pthread_cond_broadcast(&c->changed);
}

struct user_message *connection_next(struct connection *c)
{
	struct user_message *m;

	pthread_mutex_lock(&c->lock);
	while (!c->first && !c->over) {
		if (c->reading)
			pthread_cond_wait(&c->changed, &c->lock);
		else
			read_one(c, -1);
	}
	m = c->over ? NULL : c->first;
	if (m) {
		c->first = m->next;
		if (!c->first)
			c->last = &c->first;
		m->next = NULL;
		c->nr_waiting--;
		c->bytes_waiting -= m->len;
	}
	pthread_mutex_unlock(&c->lock);
	return m;
}

/* Requests of the server */

static int ms_until(const struct timespec *end)
{
	struct timespec now;
	long long ms;

	clock_gettime(CLOCK_MONOTONIC, &now);
	ms = (end->tv_sec - now.tv_sec) * 1000LL + (end->tv_nsec - now.tv_nsec) / 1000000;
	return ms > 0 ? (int)ms : 0;
}

/* With the lock held. */
static void wait_for_reply(struct connection *c, struct call *call)
{
	struct timespec end;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += MESSAGE_SECONDS;
	while (!call->reply && !c->over && ms_until(&end)) {
		if (c->reading)
			pthread_cond_timedwait(&c->changed, &c->lock, &end);
		else
			read_one(c, ms_until(&end));
	}
	if (!call->reply)
		take_call(c, &(struct user_header){ .id = call->id, .command = call->command });
}

/* The data of its reply, at least @len bytes; NULL: none came, and the connection is at its end. */
static struct user_message *ask(struct connection *c, uint16_t command, const void *data,
				size_t len)
{
	struct call call = { .command = command };
	struct user_header header = { .command = command };
	bool over;

	pthread_mutex_lock(&c->lock);
	call.id = header.id = c->next_id++;
	call.next = c->calls;
	c->calls = &call;
	over = c->over;
	pthread_mutex_unlock(&c->lock);
	if (!over && connection_send(c, header, data, len, -1))
		connection_end_because(c, "it takes no request for its memory");
	pthread_mutex_lock(&c->lock);
	wait_for_reply(c, &call);
	pthread_mutex_unlock(&c->lock);
	if (!call.reply)
		connection_end_because(c, "no answer to a request for its memory within 30 s");
	return call.reply;
}

/* What it says of itself is what was asked for. */
static int check_reply(const struct user_message *m, const struct user_dma_access *asked,
		       size_t data)
{
	uint64_t address;

	if (m->header.flags & USER_ERROR)
		return m->header.error && m->header.error < 4096 ? -(int)m->header.error : -EFAULT;
	/* The count of the reply to a write has 4 bytes in the specification, and 8 elsewhere. */
	if (m->len < sizeof(address) + 4 || (data && m->len != sizeof(*asked) + data))
		return -EIO;
	memcpy(&address, m->data, sizeof(address));
	return address == asked->address ? 0 : -EIO;
}

static int read_part(struct connection *c, uint64_t iova, void *buf, size_t len)
{
	const struct user_dma_access access = { iova, len };
	struct user_message *m = ask(c, USER_DMA_READ, &access, sizeof(access));
	int ret = m ? check_reply(m, &access, len) : -EIO;

	if (!ret)
		memcpy(buf, m->data + sizeof(access), len);
	if (m)
		message_free(m);
	return ret;
}

static int write_part(struct connection *c, uint64_t iova, const void *buf, size_t len)
{
	const struct user_dma_access access = { iova, len };
	uint8_t *data = malloc(sizeof(access) + len);
	struct user_message *m;
	int ret;

	if (!data)
		return -ENOMEM;
	memcpy(data, &access, sizeof(access));
	memcpy(data + sizeof(access), buf, len);
	m = ask(c, USER_DMA_WRITE, data, sizeof(access) + len);
	ret = m ? check_reply(m, &access, 0) : -EIO;
	if (m)
		message_free(m);
	free(data);
	return ret;
}

static size_t part_of(const struct connection *c, size_t len)
{
	return len < c->max_data ? len : c->max_data;
}

static int dma_read(void *data, uint64_t iova, void *buf, size_t len)
{
	struct connection *c = data;
	int ret = 0;

	for (size_t n; len && !ret; len -= n, iova += n, buf = (char *)buf + n) {
		n = part_of(c, len);
		ret = read_part(c, iova, buf, n);
	}
	return ret;
}

static int dma_write(void *data, uint64_t iova, const void *buf, size_t len)
{
	struct connection *c = data;
	int ret = 0;

	for (size_t n; len && !ret; len -= n, iova += n, buf = (const char *)buf + n) {
		n = part_of(c, len);
		ret = write_part(c, iova, buf, n);
	}
	return ret;
}

const struct user_dma_ops connection_dma = { .read = dma_read, .write = dma_write };

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages that are almost right, one after the other: wrong sizes and numbers, descriptors where
 * none belong, messages cut in the middle, garbage, clients that go. The server has to live, to
 * answer each whole message or end the connection, and to have no more descriptors than before.
 *
 * mutate SOCKET PID COUNT SEED: the same messages for the same seed.
 */
#include <errno.h>
#include <linux/vfio.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "client.h"

#define BATCH		64u		/* messages of a client at most */
#define ROOM		8192u		/* of a message that is made here; sizes may say more */
#define NR_POOL		24u
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* One sequence for what is sent, another for answers, whose number depends on the server's time. */
struct random {
	uint64_t state;
};

static struct random sent_random, answer_random;
static uint64_t seed;
static const char *path;
static int server, pool[NR_POOL];
static struct incoming in;
static unsigned long long replies, refusals, connections;

static uint64_t next(struct random *r)
{
	r->state ^= r->state << 13;
	r->state ^= r->state >> 7;
	r->state ^= r->state << 17;
	return r->state;
}

static uint32_t below(uint32_t n)
{
	return (uint32_t)(next(&sent_random) >> 33) % n;
}

static bool chance(uint32_t one_in)
{
	return !below(one_in);
}

static uint64_t number(void)
{
	static const uint64_t odd[] = {
		0, 1, 2, 3, 4, 7, 8, 15, 16, 17, 20, 31, 32, 33, 63, 64, 255, 256, 4095, 4096, 4097,
		65535, 65536, 1u << 20, (1u << 20) + 1, INT32_MAX, 1u << 31, UINT32_MAX - 1,
		UINT32_MAX, 1ULL << 32, 1ULL << 40, 2ULL << 40, INT64_MAX, 1ULL << 63,
		UINT64_MAX - 4095, UINT64_MAX,
	};

	return chance(8) ? next(&sent_random) : odd[below(ARRAY_SIZE(odd))];
}

static void fail(const char *what)
{
	printf("not ok mutate: %s, behind %llu replies\n", what, replies);
	exit(1);
}

/* A message that is right */

struct made {
	struct user_header h;
	uint8_t data[ROOM];
	size_t len;
	unsigned int nr_fds;
	int fds[64];
};

static void add(struct made *m, const void *bytes, size_t len)
{
	memcpy(m->data + m->len, bytes, len);
	m->len += len;
}

static void add_fds(struct made *m, unsigned int n)
{
	for (m->nr_fds = 0; m->nr_fds < n; m->nr_fds++)
		m->fds[m->nr_fds] = pool[below(NR_POOL)];
}

static void make_version(struct made *m)
{
	const struct user_version version = { 0, 1 };

	add(m, &version, sizeof(version));
	add(m, CLIENT_JSON, sizeof(CLIENT_JSON));
}

static void make_map(struct made *m)
{
	const struct user_dma_map map = { sizeof(map), 1 + below(3), 0, below(16) * 4096u,
					  (1 + below(4)) * 4096u };

	add(m, &map, sizeof(map));
	m->nr_fds = chance(2);
	m->fds[0] = pool[0];
}

static void make_unmap(struct made *m)
{
	struct user_dma_unmap unmap = { sizeof(unmap), chance(4) ? 2 : 0, below(16) * 4096u,
					(1 + below(4)) * 4096u };

	if (unmap.flags)
		unmap.address = unmap.size = 0;
	add(m, &unmap, sizeof(unmap));
}

static void make_info(struct made *m)
{
	const uint32_t info[4] = { 16 };

	add(m, info, sizeof(info));
}

static void make_region_info(struct made *m)
{
	const struct vfio_region_info info = { .argsz = 32 + below(100), .index = below(10) };

	add(m, &info, sizeof(info));
}

static void make_irq_info(struct made *m)
{
	const struct vfio_irq_info info = { .argsz = 16, .index = below(5) };

	add(m, &info, sizeof(info));
}

static void make_irqs(struct made *m)
{
	static const uint32_t kinds[] = { 0x21, 0x22, 0x24 };
	const uint32_t kind = kinds[below(3)], count = 1 + below(8);
	const struct vfio_irq_set set = { 20 + count, kind, 2, below(12), count };

	add(m, &set, 20);
	memset(m->data + m->len, 1, count);
	m->len += kind == 0x22 ? count : 0;
	if (kind == 0x24 && chance(2))
		for (m->nr_fds = 0; m->nr_fds < count; m->nr_fds++)
			m->fds[m->nr_fds] = pool[1];
}

/* The registers of the DMA engine above all. */
static struct user_region_access access_of(void)
{
	static const uint32_t offsets[] = { 4, 0x10, 0x18, 0x20, 0x24, 0x28, 0x2c, 0xe00 };
	static const uint32_t regions[] = { 0, 0, 0, 2, 4, 7, 9 };
	struct user_region_access a = { offsets[below(8)], regions[below(7)], 1u << below(5) };

	if (a.offset == 0x24)
		a.count = 4;
	return a;
}

static void make_read(struct made *m)
{
	const struct user_region_access a = access_of();

	add(m, &a, sizeof(a));
}

static void make_write(struct made *m)
{
	const struct user_region_access a = access_of();
	const uint64_t values[2] = { below(3) ? below(8) : number(), 0 };

	add(m, &a, sizeof(a));
	add(m, values, a.count);
}

static void make_multi(struct made *m)
{
	const uint64_t count = 1 + below(4);

	add(m, &count, sizeof(count));
	for (uint64_t i = 0; i < count; i++) {
		struct user_single_write one = { .where = access_of(), .data = { 1 } };

		one.where.count %= 9;
		add(m, &one, sizeof(one));
	}
}

static void make_nothing(struct made *m)
{
	(void)m;
}

/* States above all, so that there are sessions. */
static void make_feature(struct made *m)
{
	static const uint32_t ways[] = { VFIO_DEVICE_FEATURE_PROBE, VFIO_DEVICE_FEATURE_GET,
					 VFIO_DEVICE_FEATURE_SET, VFIO_DEVICE_FEATURE_SET };
	static const uint32_t features[] = { 2, 2, 2, 1, 9, 8 };
	const struct vfio_device_feature feature = { 16, ways[below(4)] | features[below(6)] };
	const struct user_mig_state state = { below(9), 0 };

	add(m, &feature, sizeof(feature));
	add(m, &state, sizeof(state));
}

static void make_mig_read(struct made *m)
{
	const uint32_t size = chance(4) ? 1u << below(21) : below(9000);
	const struct user_mig_data head = { (uint32_t)sizeof(head) + size, size };

	add(m, &head, sizeof(head));
}

static void make_mig_write(struct made *m)
{
	const uint32_t size = below(ROOM - 64);
	const struct user_mig_data head = { (uint32_t)sizeof(head), size };

	add(m, &head, sizeof(head));
	memset(m->data + m->len, (int)below(256), size);
	m->len += size;
}

/* What a client answers that was never asked. */
static void make_dma(struct made *m)
{
	const struct user_dma_access access = { 0, 64 };

	add(m, &access, sizeof(access));
}

static const struct {
	uint16_t command;
	void (*make)(struct made *m);
} makers[] = {
	{ USER_VERSION, make_version }, { USER_DMA_MAP, make_map }, { USER_DMA_UNMAP, make_unmap },
	{ USER_GET_INFO, make_info }, { USER_GET_REGION_INFO, make_region_info },
	{ USER_GET_IRQ_INFO, make_irq_info }, { USER_SET_IRQS, make_irqs },
	{ USER_REGION_READ, make_read }, { USER_REGION_WRITE, make_write },
	{ USER_REGION_WRITE, make_write }, { USER_WRITE_MULTI, make_multi },
	{ USER_RESET, make_nothing }, { USER_FEATURE, make_feature }, { USER_DMA_READ, make_dma },
	{ USER_FEATURE, make_feature }, { USER_MIG_READ, make_mig_read },
	{ USER_MIG_WRITE, make_mig_write },
};

/* And what is wrong with it */

static void change_number(struct made *m)
{
	static const size_t widths[] = { 1, 2, 4, 4, 4, 8 };
	const size_t width = widths[below(6)];
	const uint64_t v = number();
	size_t at;

	if (m->len < width)
		return;
	at = below((uint32_t)((m->len - width) / width + 1)) * width;
	memcpy(m->data + at, &v, width);
}

static void change_size(struct made *m)
{
	m->h.size = (uint32_t)number();
}

static void change_length(struct made *m)
{
	size_t len = below(m->len + 64);

	if (len > m->len)
		memset(m->data + m->len, 0xa5, len - m->len);
	m->len = len;
	m->h.size = (uint32_t)(sizeof(m->h) + len);
}

static void change_header(struct made *m)
{
	if (chance(2))
		m->h.command = (uint16_t)below(24);
	else if (chance(2))
		m->h.flags = (uint32_t)number();
	else
		m->h.flags = chance(8) ? USER_REPLY : USER_NO_REPLY;
	if (chance(4))
		m->h.error = (uint32_t)number();
}

static void change_fds(struct made *m)
{
	add_fds(m, below(chance(32) ? 64 : USER_MAX_FDS + 1));
}

static void change_bytes(struct made *m)
{
	for (uint32_t i = below(8) + 1; m->len && i; i--)
		m->data[below((uint32_t)m->len)] = (uint8_t)next(&sent_random);
}

static void change_all(struct made *m)
{
	m->len = below(200);
	for (size_t i = 0; i < m->len; i++)
		m->data[i] = (uint8_t)next(&sent_random);
	for (size_t i = 0; i < sizeof(m->h); i++)
		((uint8_t *)&m->h)[i] = (uint8_t)next(&sent_random);
}

static void (*const changes[])(struct made *m) = {
	change_number, change_number, change_number, change_number, change_length, change_header,
	change_fds, change_bytes,
};

/* What desynchronises the stream, so that little comes after it. */
static void (*const rare_changes[])(struct made *m) = { change_size, change_all };

static void make(struct made *m, bool first)
{
	unsigned int which = first && !chance(16) ? 0 : below(ARRAY_SIZE(makers));

	memset(&m->h, 0, sizeof(m->h));
	m->len = m->nr_fds = 0;
	m->h.id = (uint16_t)below(UINT16_MAX);
	m->h.command = makers[which].command;
	makers[which].make(m);
	m->h.size = (uint32_t)(sizeof(m->h) + m->len);
	if (first ? chance(32) : !chance(4))
		for (uint32_t i = below(3) + 1; i; i--)
			changes[below(ARRAY_SIZE(changes))](m);
	if (chance(64))
		rare_changes[below(ARRAY_SIZE(rare_changes))](m);
}

/* The other direction */

static void check_reply(const struct incoming *r)
{
	const struct user_header *h = &r->header;

	replies++;
	if (h->flags & ~(USER_REPLY | USER_ERROR))
		fail("a reply with unknown flags");
	if (!(h->flags & USER_ERROR) && h->error)
		fail("a reply without an error that has a number of one");
	if (h->flags & USER_ERROR && (r->len || r->nr_fds || !h->error || h->error > 4095))
		fail("an error with something behind it, or without a number");
	refusals += !!(h->flags & USER_ERROR);
	if (r->nr_fds > 1)
		fail("more than one descriptor in a reply");
}

/* Guest memory without a descriptor is asked for; mostly it is there. */
static bool answer_dma(int fd, const struct incoming *r)
{
	static uint8_t out[sizeof(struct user_header) + USER_MAX_DATA + 64];
	struct user_header h = { r->header.id, r->header.command, 0, USER_REPLY, 0 };
	struct user_dma_access access;
	size_t len = sizeof(access);

	if (r->len < sizeof(access))
		fail("a request for memory that is too short");
	memcpy(&access, r->data, sizeof(access));
	if (access.count > USER_MAX_DATA)
		fail("a request for more memory than was agreed on");
	len += r->header.command == USER_DMA_READ ? access.count : 0;
	if (next(&answer_random) % 4 == 0)
		len = next(&answer_random) % (len + 16);
	if (next(&answer_random) % 8 == 0)
		access.address++;
	if (next(&answer_random) % 8 == 0) {
		h.flags |= USER_ERROR;
		h.error = (uint32_t)next(&answer_random);
	}
	h.size = (uint32_t)(sizeof(h) + len);
	memcpy(out, &h, sizeof(h));
	memcpy(out + sizeof(h), &access, sizeof(access));
	return client_send(fd, out, h.size, NULL, 0);
}

/* All that is there. False: the server has ended the connection. */
static bool drain(int fd, int ms)
{
	while (client_receive(fd, &in, ms)) {
		client_close_fds(&in);
		if ((in.header.flags & USER_TYPE_MASK) == USER_REPLY)
			check_reply(&in);
		else if (!answer_dma(fd, &in))
			return false;
		ms = 0;
	}
	return !(poll(&(struct pollfd){ .fd = fd, .events = POLLRDHUP }, 1, 0) > 0);
}

static size_t whole(const struct made *m, uint8_t *bytes)
{
	memcpy(bytes, &m->h, sizeof(m->h));
	memcpy(bytes + sizeof(m->h), m->data, m->len);
	return sizeof(m->h) + m->len;
}

/* So many messages at most, of a client with that number. Return: how many were sent. */
static unsigned int be_a_client(uint64_t nr, unsigned int most)
{
	static struct made m;
	static uint8_t bytes[sizeof(struct user_header) + ROOM];
	unsigned int n = 0, count;
	int fd = client_connect(path);
	bool alive = true;

	if (fd < 0)
		fail("no connection");
	connections++;
	/* What it sends depends on the seed and its number, whatever became of those before it. */
	sent_random.state = (seed + nr * 0x9e3779b97f4a7c15ULL) | 1;
	for (count = 0; count < 16; count++)
		next(&sent_random);
	for (count = 1 + below(BATCH); alive && n < count && n < most; n++) {
		size_t len;

		make(&m, !n);
		len = whole(&m, bytes);
		if (chance(200))
			len = below((uint32_t)len);
		alive = client_send(fd, bytes, len, m.fds, len ? m.nr_fds : 0) &&
			drain(fd, 0);
	}
	if (alive && chance(2))
		drain(fd, 1);
	close(fd);
	return n;
}

/* In between the server is asked for something that it must be able to do. */
static void check_alive(void)
{
	const struct user_region_access id = { 0, 0, 4 };
	uint32_t v = 0;
	int fd = client_open(path);

	if (client_call(fd, USER_REGION_READ, &id, sizeof(id), NULL, 0, &in) || in.len != 20)
		fail("no answer to a good client");
	memcpy(&v, in.data + 16, sizeof(v));
	if (v != 0xfa4e)
		fail("a wrong answer to a good client");
	close(fd);
}

static void fill_pool(void)
{
	for (unsigned int i = 0; i < NR_POOL; i++) {
		pool[i] = i % 3 ? eventfd(0, EFD_NONBLOCK) : memfd_create("pool", MFD_CLOEXEC);
		if (i % 3 == 0 && ftruncate(pool[i], i ? 4096 : 1 << 20))
			fail("no memory");
	}
	close(pool[2]);
	pool[2] = socket(AF_UNIX, SOCK_STREAM, 0);
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static unsigned int settled_fds(unsigned int most)
{
	unsigned int n = client_count_fds(server);

	for (unsigned int i = 0; i < 100 && n > most; i++) {
		usleep(20000);
		n = client_count_fds(server);
	}
	return n;
}

int main(int argc, char **argv)
{
	unsigned long long count, done = 0;
	unsigned int before, after;
	double begin;

	if (argc != 5)
		return 2;
	path = argv[1];
	server = atoi(argv[2]);
	count = strtoull(argv[3], NULL, 10);
	seed = strtoull(argv[4], NULL, 10) * 0xd1342543de82ef95ULL;
	sent_random.state = answer_random.state = seed | 1;
	fill_pool();
	check_alive();
	usleep(50000);
	before = client_count_fds(server);
	begin = seconds();
	for (unsigned int clients = 0; done < count; clients++) {
		done += be_a_client(clients, count - done < BATCH ?
				    (unsigned int)(count - done) : BATCH);
		if (clients % 256 == 0)
			check_alive();
	}
	check_alive();
	after = settled_fds(before);
	if (after > before)
		fail("the server has more descriptors than before");
	printf("%llu messages of %llu clients, %llu replies, %llu errors, %.0f messages a second\n",
	       done, connections, replies, refusals, (double)done / (seconds() - begin));
	return 0;
}

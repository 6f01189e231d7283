// SPDX-License-Identifier: GPL-2.0-only
/* Devices by virtio: a queue goes on where it has come, and its driver is told of it once. */
#include <linux/virtio_config.h>
#include <linux/virtio_ring.h>

#include "migrate.h"

#define BAR 4
#define NOTIFY 0x3000
#define DEVICE 0x2000
#define PLACES 16u
/* Of the generated driver's queue. */
#define PLACES_MAX 64u
#define DESCS GUEST
#define AVAIL (GUEST + PAGE)
#define USED (GUEST + 2 * PAGE)
#define BYTES (GUEST + 4 * PAGE)
#define EACH 256u

/* The common configuration, by the specification. */
#define WANTED_HALF 0x08
#define WANTED 0x0c
#define STATUS 0x14
#define SELECT 0x16
#define SIZE 0x18
#define ENABLE 0x1c
#define AREAS 0x20

static void put16(struct guest *g, uint32_t off, uint16_t val)
{
	CHECK(user_device_write(g->dev, &val, 2, ((uint64_t)BAR << 40) + off) == 2);
}

static uint16_t used_index(struct guest *g)
{
	return __atomic_load_n(&((struct vring_used *)at(g, USED))->idx, __ATOMIC_ACQUIRE);
}

static bool used_comes_to(struct guest *g, uint16_t index)
{
	int ms;

	for (ms = 0; ms < SOON_MS && used_index(g) != index; ms++)
		usleep(1000);
	return used_index(g) == index;
}

static void area(struct guest *g, unsigned int nr, uint64_t addr)
{
	put(g, BAR, AREAS + 8 * nr, addr);
	put(g, BAR, AREAS + 8 * nr + 4, addr >> 32);
}

/* A guest up to where it says that its driver runs. */
static void agree(struct guest *g, uint32_t features)
{
	put8(g, BAR, STATUS, 0);
	put8(g, BAR, STATUS, VIRTIO_CONFIG_S_ACKNOWLEDGE | VIRTIO_CONFIG_S_DRIVER);
	put(g, BAR, WANTED_HALF, 1);
	put(g, BAR, WANTED, 1 << (VIRTIO_F_VERSION_1 - 32));
	put(g, BAR, WANTED_HALF, 0);
	put(g, BAR, WANTED, features);
	put8(g, BAR, STATUS, VIRTIO_CONFIG_S_ACKNOWLEDGE | VIRTIO_CONFIG_S_DRIVER |
			     VIRTIO_CONFIG_S_FEATURES_OK);
	put16(g, SELECT, 0);
	put16(g, SIZE, PLACES);
	area(g, 0, DESCS);
	area(g, 1, AVAIL);
	area(g, 2, USED);
	put16(g, ENABLE, 1);
}

static void run(struct guest *g)
{
	put8(g, BAR, STATUS, VIRTIO_CONFIG_S_ACKNOWLEDGE | VIRTIO_CONFIG_S_DRIVER |
			     VIRTIO_CONFIG_S_FEATURES_OK | VIRTIO_CONFIG_S_DRIVER_OK);
}

static void begin(struct guest *g)
{
	agree(g, 0);
	run(g);
}

/* Buffer @nr is handed over, and whoever likes is told. */
static void hand_over(struct guest *g, unsigned int nr, bool tell)
{
	struct vring_avail *avail = at(g, AVAIL);

	((struct vring_desc *)at(g, DESCS))[nr] = (struct vring_desc){
		.addr = BYTES + EACH * nr, .len = EACH, .flags = VRING_DESC_F_WRITE };
	avail->ring[avail->idx % PLACES] = nr;
	__atomic_store_n(&avail->idx, avail->idx + 1, __ATOMIC_RELEASE);
	if (tell)
		put(g, BAR, NOTIFY, 0);
}

static bool filled(struct guest *g, unsigned int nr)
{
	const uint8_t *bytes = at(g, BYTES + EACH * nr);
	unsigned int i, sum = 0;

	for (i = 0; i < EACH; i++)
		sum += bytes[i];
	return sum;
}

/* Where members are in the record of a virtio device, by framework/run/virtio/save.c. */
#define MSIX_KIND 4
#define VIRTIO_KIND 13
#define DEVICE_WANTED 0
#define DEVICE_STATUS 8
#define DEVICE_ISR 12
#define DEVICE_VECTOR 20
#define DEVICE_QUEUES 32
#define QUEUE(_at) (40 + (_at))
#define QUEUE_ENABLED 0
#define QUEUE_SIZE 4
#define QUEUE_VECTOR 6
#define QUEUE_DESCS 8
#define QUEUE_USED 24
#define QUEUE_NEXT 32
#define QUEUE_SHOWN 36

static void unlikely_queues(struct guest *g)
{
	struct stream s;
	uint8_t *at;

	guest_master(g);
	begin(g);
	s = save(g->dev);
	at = stream_of_kind(&s, VIRTIO_KIND);
	CHECK(!set_state(g->dev, RUNNING));
	refused_with(g, &s, at + DEVICE_WANTED, 8, 1);
	refused_with(g, &s, at + DEVICE_WANTED, 8, ~0ull);
	refused_with(g, &s, at + DEVICE_STATUS, 4, VIRTIO_CONFIG_S_DRIVER_OK);
	refused_with(g, &s, at + DEVICE_VECTOR, 2, 2);
	refused_with(g, &s, at + DEVICE_QUEUES, 8, 2);
	refused_with(g, &s, at + QUEUE(QUEUE_ENABLED), 4, 2);
	refused_with(g, &s, at + QUEUE(QUEUE_SIZE), 2, 3);
	refused_with(g, &s, at + QUEUE(QUEUE_SIZE), 2, 2 * PLACES_MAX);
	refused_with(g, &s, at + QUEUE(QUEUE_DESCS), 8, DESCS + 8);
	refused_with(g, &s, at + QUEUE(QUEUE_USED), 8, AVAIL);
	refused_with(g, &s, at + QUEUE(QUEUE_NEXT), 2, 1);
	refused_with(g, &s, at + QUEUE(QUEUE_SHOWN), 2, 1);
	CHECK(!load(g->dev, &s));
	CHECK(!user_device_ioctl(g->dev, VFIO_DEVICE_RESET, NULL));
	stream_free(&s);
}

/* A member as no guest of these tests makes it goes through a device and is still so. */
static void comes_back(struct user_device *dev, unsigned int kind, size_t at, unsigned int width,
		       uint64_t val)
{
	struct stream s, again;
	struct guest g;

	guest_open(&g, dev);
	s = save(dev);
	stream_set(stream_of_kind(&s, kind) + at, width, val);
	CHECK(!set_state(dev, RUNNING) && !set_state(dev, RESUMING));
	CHECK(!stream_write(dev, &s, 65536));
	again = save(dev);
	if (!stream_same(&s, &again)) {
		fprintf(stderr, "not so: kind %u, byte %zu comes back\n", kind, at);
		failures++;
	}
	CHECK(!set_state(dev, RUNNING));
	stream_free(&s);
	stream_free(&again);
	guest_close(&g);
}

/* Two are filled here; a third is handed over without a word, and filled there; then a fourth. */
void move_virtio_rng(struct user_device *from, struct user_device *to)
{
	struct guest a, b;

	guest_open(&a, from);
	guest_open(&b, to);
	unlikely_queues(&b);
	guest_master(&a);
	begin(&a);
	hand_over(&a, 0, true);
	hand_over(&a, 1, true);
	CHECK(used_comes_to(&a, 2));
	/* Nobody fills a buffer that was given back. */
	memset(at(&a, BYTES), 0, EACH);
	CHECK(!set_state(from, RUNNING_P2P));
	hand_over(&a, 2, false);
	move(&a, &b);
	CHECK(get8(&b, BAR, STATUS) == 0xf);
	CHECK(used_comes_to(&b, 3) && filled(&b, 2));
	hand_over(&b, 3, true);
	CHECK(used_comes_to(&b, 4) && filled(&b, 3) && get8(&b, BAR, STATUS) == 0xf);
	CHECK(used_index(&a) == 2 && !filled(&a, 2) && !filled(&b, 0));
	guest_close(&a);
	guest_close(&b);
	comes_back(to, VIRTIO_KIND, DEVICE_ISR, 4, 1);
	comes_back(to, VIRTIO_KIND, QUEUE(QUEUE_VECTOR), 2, 1);
	comes_back(to, MSIX_KIND, 0, 4, 0xfee01000);
}

/* What the fixture's driver was told of, as its guest reads it. */
static bool was_told(struct guest *g, uint32_t starts, uint32_t stops)
{
	return get(g, BAR, DEVICE) == starts && get(g, BAR, DEVICE + 4) == stops;
}

/* What waits when it comes is served when its driver was told; and it ends as any other. */
static void told_once(struct user_device *from, struct user_device *to)
{
	struct guest a, b;

	guest_open(&a, from);
	guest_open(&b, to);
	guest_master(&a);
	begin(&a);
	CHECK(!set_state(from, RUNNING_P2P));
	hand_over(&a, 0, false);
	move(&a, &b);
	CHECK(used_comes_to(&b, 1) && filled(&b, 0) && was_told(&b, 1, 0));
	put8(&b, BAR, STATUS, 0);
	CHECK(was_told(&b, 1, 1));
	guest_close(&a);
	guest_close(&b);
}

/* A guest that has agreed and not begun there begins here, or does not, before all runs again. */
static void begins_here(struct user_device *from, struct user_device *to, bool ends)
{
	struct stream s;
	struct guest a, b;

	guest_open(&a, from);
	guest_open(&b, to);
	guest_master(&a);
	agree(&a, 0);
	s = save(from);
	CHECK(!set_state(to, RESUMING) && !stream_write(to, &s, 65536));
	CHECK(!set_state(to, RUNNING_P2P));
	run(&b);
	CHECK(was_told(&b, 1, 0));
	if (ends)
		put8(&b, BAR, STATUS, 0);
	CHECK(!set_state(to, RUNNING) && !set_state(from, RUNNING));
	if (!ends) {
		hand_over(&b, 0, true);
		CHECK(used_comes_to(&b, 1));
	}
	CHECK(was_told(&b, 1, ends));
	stream_free(&s);
	guest_close(&a);
	guest_close(&b);
}

/* The two features that the fixture's driver does not accept without each other. */
static void accepted(struct user_device *dev)
{
	struct stream s;
	struct guest g;
	uint8_t *at;

	guest_open(&g, dev);
	agree(&g, 3);
	CHECK(get8(&g, BAR, STATUS) == 0xb);
	s = save(dev);
	CHECK(!set_state(dev, RUNNING));
	at = stream_of_kind(&s, VIRTIO_KIND) + DEVICE_WANTED;
	refused_with(&g, &s, at, 8, 1ull << VIRTIO_F_VERSION_1 | 1);
	CHECK(!load(dev, &s) && get8(&g, BAR, STATUS) == 0xb);
	stream_free(&s);
	guest_close(&g);
}

void move_mdkvirtio(struct user_device *from, struct user_device *to)
{
	told_once(from, to);
	begins_here(from, to, false);
	begins_here(from, to, true);
	accepted(to);
}

/* Where members are in the record of a network card, by framework/run/virtio/net_save.c. */
#define NET_KIND 14
#define NET_MODES 4
#define NET_MAC 16
#define NET_FILTER 24
#define NET_FILTER_ALL 28
#define NET_FILTER_MACS 32
#define NET_BYTES 424

/* What came and was never begun is no later user's, after a reset or a close. */
static void leaves_nothing(struct user_device *dev, const struct stream *s, bool reset)
{
	struct stream first, later;
	struct guest g;

	guest_open(&g, dev);
	first = save(dev);
	CHECK(!set_state(dev, RUNNING) && !set_state(dev, RESUMING));
	CHECK(!stream_write(dev, s, 65536) && !set_state(dev, STOP));
	if (reset)
		CHECK(!user_device_ioctl(dev, VFIO_DEVICE_RESET, NULL));
	guest_close(&g);
	guest_open(&g, dev);
	later = save(dev);
	CHECK(!memcmp(stream_of_kind(&first, NET_KIND), stream_of_kind(&later, NET_KIND),
		      NET_BYTES));
	stream_free(&first);
	stream_free(&later);
	guest_close(&g);
}

void move_virtio_net(struct user_device *from, struct user_device *to)
{
	struct stream s;
	struct guest a;
	uint8_t *net;

	guest_open(&a, from);
	agree(&a, 0);
	s = save(from);
	CHECK(!set_state(from, RUNNING));
	net = stream_of_kind(&s, NET_KIND);
	stream_set(net + NET_MODES, 4, 0x38);
	memset(net + NET_MAC, 2, 6);
	stream_set(net + NET_FILTER, 4, 1);
	memset(net + NET_FILTER_MACS, 4, 6);
	/* Behind the one address. */
	refused_with(&a, &s, net + NET_FILTER_MACS + 6, 1, 1);
	leaves_nothing(to, &s, true);
	leaves_nothing(to, &s, false);
	comes_back(to, NET_KIND, NET_MODES, 4, 2);
	comes_back(to, NET_KIND, NET_FILTER_ALL, 4, 1);
	stream_free(&s);
	guest_close(&a);
}

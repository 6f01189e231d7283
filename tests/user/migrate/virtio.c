// SPDX-License-Identifier: GPL-2.0-only
/* A source of random bytes by virtio: its queue goes on where it has come. */
#include <linux/virtio_config.h>
#include <linux/virtio_ring.h>

#include "migrate.h"

#define BAR 4
#define NOTIFY 0x3000
#define PLACES 64u
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

static void begin(struct guest *g)
{
	put8(g, BAR, STATUS, 0);
	put8(g, BAR, STATUS, VIRTIO_CONFIG_S_ACKNOWLEDGE | VIRTIO_CONFIG_S_DRIVER);
	put(g, BAR, WANTED_HALF, 1);
	put(g, BAR, WANTED, 1 << (VIRTIO_F_VERSION_1 - 32));
	put8(g, BAR, STATUS, VIRTIO_CONFIG_S_ACKNOWLEDGE | VIRTIO_CONFIG_S_DRIVER |
			     VIRTIO_CONFIG_S_FEATURES_OK);
	put16(g, SELECT, 0);
	put16(g, SIZE, PLACES);
	area(g, 0, DESCS);
	area(g, 1, AVAIL);
	area(g, 2, USED);
	put16(g, ENABLE, 1);
	put8(g, BAR, STATUS, VIRTIO_CONFIG_S_ACKNOWLEDGE | VIRTIO_CONFIG_S_DRIVER |
			     VIRTIO_CONFIG_S_FEATURES_OK | VIRTIO_CONFIG_S_DRIVER_OK);
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
#define VIRTIO_KIND 13
#define DEVICE_WANTED 0
#define DEVICE_STATUS 8
#define DEVICE_VECTOR 20
#define DEVICE_QUEUES 32
#define QUEUE(_at) (40 + (_at))
#define QUEUE_ENABLED 0
#define QUEUE_SIZE 4
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
	refused_with(g, &s, at + QUEUE(QUEUE_SIZE), 2, 2 * PLACES);
	refused_with(g, &s, at + QUEUE(QUEUE_DESCS), 8, DESCS + 8);
	refused_with(g, &s, at + QUEUE(QUEUE_USED), 8, AVAIL);
	refused_with(g, &s, at + QUEUE(QUEUE_NEXT), 2, 1);
	refused_with(g, &s, at + QUEUE(QUEUE_SHOWN), 2, 1);
	CHECK(!load(g->dev, &s));
	CHECK(!user_device_ioctl(g->dev, VFIO_DEVICE_RESET, NULL));
	stream_free(&s);
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
	CHECK(!set_state(from, RUNNING_P2P));
	hand_over(&a, 2, false);
	move(&a, &b);
	CHECK(get8(&b, BAR, STATUS) == 0xf);
	CHECK(used_comes_to(&b, 3) && filled(&b, 2));
	hand_over(&b, 3, true);
	CHECK(used_comes_to(&b, 4) && filled(&b, 3) && get8(&b, BAR, STATUS) == 0xf);
	CHECK(used_index(&a) == 2 && !filled(&a, 2));
	guest_close(&a);
	guest_close(&b);
}

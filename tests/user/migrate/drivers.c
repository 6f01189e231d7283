// SPDX-License-Identifier: GPL-2.0-only
/* What has to arrive with a driver's device. */
#include "migrate.h"

#include <errno.h>
#include <linux/serial_reg.h>

#include "../../fixtures/mdkmig/mdkmig.h"
#include "../vgpu.h"

/* Nothing of guest memory changes once it has stopped, whatever was under way. */
static void is_quiet(struct guest *g)
{
	char *before = malloc(GUEST_SIZE);

	memcpy(before, g->mem, GUEST_SIZE);
	usleep(20000);
	CHECK(!memcmp(before, g->mem, GUEST_SIZE));
	free(before);
}

void refused_with(struct guest *g, const struct stream *s, uint8_t *at, unsigned int width,
		  uint64_t val)
{
	uint8_t kept[8];

	memcpy(kept, at, width);
	stream_set(at, width, val);
	if (load(g->dev, s) != -EINVAL) {
		fprintf(stderr, "byte %zu = %llu is not answered by EINVAL\n",
			(size_t)(at - s->bytes), (unsigned long long)val);
		failures++;
	}
	memcpy(at, kept, width);
}

/* Registers of the first table: 4 bytes of the offset, and 4 of the value, each. */
#define REGS_KIND 2

static void reg_refused(struct guest *g, const struct stream *s, uint32_t offset, uint32_t val)
{
	uint8_t *pair = stream_of_kind(s, REGS_KIND), wanted[4];

	stream_set(wanted, 4, offset);
	while (memcmp(pair, wanted, 4))
		pair += 8;
	refused_with(g, s, pair + 4, 4, val);
}

void move(struct guest *from, struct guest *to)
{
	struct stream s;

	CHECK(!set_state(from->dev, RUNNING_P2P));
	is_quiet(from);
	s = save(from->dev);
	is_quiet(from);
	memcpy(to->mem, from->mem, GUEST_SIZE);
	CHECK(!load(to->dev, &s));
	stream_free(&s);
}

/* A port that loops; a byte waits in its FIFO, and asks for an interrupt when that is allowed. */
static void mtty_sends(struct guest *g)
{
	put8(g, 0, UART_FCR, UART_FCR_ENABLE_FIFO);
	put8(g, 0, UART_MCR, UART_MCR_LOOP | UART_MCR_OUT2);
	put8(g, 0, UART_TX, 'm');
}

/* A guest that has switched its pin off is sent nothing where it comes. */
static void mtty_silent(struct user_device *from, struct user_device *to)
{
	struct guest a, b;

	guest_open(&a, from);
	guest_open(&b, to);
	put(&a, CONFIG, PCI_COMMAND, PCI_COMMAND_INTX_DISABLE);
	mtty_sends(&a);
	put8(&a, 0, UART_IER, UART_IER_RDI);
	CHECK(irqs_arm(&b, VFIO_PCI_INTX_IRQ_INDEX));
	move(&a, &b);
	CHECK(!irq_comes(&b, 0));
	irqs_disarm(&b);
	guest_close(&a);
	guest_close(&b);
}

/* Bytes that wait in the FIFO, and an interrupt for them. */
void move_mtty(struct user_device *from, struct user_device *to)
{
	struct guest a, b;

	guest_open(&a, from);
	guest_open(&b, to);
	mtty_sends(&a);
	put8(&a, 0, UART_SCR, 0x5a);
	put8(&a, 0, UART_TX, 'v');
	put8(&a, 0, UART_IER, UART_IER_RDI);
	CHECK(irqs_arm(&b, VFIO_PCI_INTX_IRQ_INDEX));
	move(&a, &b);
	CHECK(irq_comes(&b, 0));
	CHECK(get8(&b, 0, UART_SCR) == 0x5a && get8(&b, 0, UART_IER) == UART_IER_RDI);
	CHECK(get8(&b, 0, UART_RX) == 'm' && get8(&b, 0, UART_RX) == 'v');
	CHECK(!(get8(&b, 0, UART_LSR) & UART_LSR_DR));
	irqs_disarm(&b);
	guest_close(&a);
	guest_close(&b);
	mtty_silent(from, to);
}

/* Most of them are not done yet when the device is stopped: each is a copy of the picture. */
static void vgpu_commands(struct guest *g, unsigned int nr)
{
	struct vgpu_command *ring = at(g, RING);
	unsigned int i;

	for (i = 0; i < nr; i++)
		ring[i] = (struct vgpu_command){ .op = i % 2 ? VGPU_DOWNLOAD : VGPU_UPLOAD,
						 .width = WIDTH, .height = HEIGHT,
						 .address = PIXELS + PAGE * (i % 2) };
	ring[nr] = (struct vgpu_command){ .op = VGPU_FENCE_OP, .color = 0xf };
}

/* It stays after all: what its guest has rung for is done there. */
static void vgpu_stays(struct guest *g)
{
	struct stream s;

	vgpu_begin(g);
	vgpu_commands(g, 40);
	put(g, REGS, VGPU_TAIL, 41);
	s = save(g->dev);
	stream_free(&s);
	CHECK(!set_state(g->dev, RUNNING));
	CHECK(comes(g, REGS, VGPU_FENCE, ~0u, 0xf) && get(g, REGS, VGPU_STATUS) == VGPU_OK);
	CHECK(!user_device_ioctl(g->dev, VFIO_DEVICE_RESET, NULL));
}

/* A stream that is refused for one value has left memory, which no reset clears, as it was. */
static void vgpu_refuses(struct guest *g)
{
	struct stream s;

	put(g, VRAM, 0, 0x11111111);
	s = save(g->dev);
	CHECK(!set_state(g->dev, RUNNING));
	put(g, VRAM, 0, 0x22222222);
	stream_set(stream_field(&s, "status"), 4, VGPU_BAD_ADDRESS + 1);
	CHECK(load(g->dev, &s) == -EINVAL && get(g, VRAM, 0) == 0x22222222);
	stream_set(stream_field(&s, "status"), 4, VGPU_OK);
	CHECK(!load(g->dev, &s) && get(g, VRAM, 0) == 0x11111111);
	stream_free(&s);
}

/* Where the members of a ring are, by framework/run/access/ring_save.c; 4 bytes each. */
#define RING_KIND 12
#define RING_RECORD 112
#define REPORTS 2
#define RING_RUNS 0
#define RING_BROKEN 4
#define RING_FETCHED 8
#define RING_SIZE 12
#define RING_CONSUMED 16
#define RING_PRODUCED 20
#define RING_BASE 24

static void ring_refused(struct guest *g, const struct stream *s, unsigned int at, uint32_t val)
{
	refused_with(g, s, stream_of_kind(s, RING_KIND) + at, 4, val);
}

static void vgpu_rings(struct guest *g)
{
	struct stream s;

	vgpu_begin(g);
	s = save(g->dev);
	CHECK(!set_state(g->dev, RUNNING));
	ring_refused(g, &s, RING_RUNS, 2);
	ring_refused(g, &s, RING_SIZE, 3);
	ring_refused(g, &s, RING_SIZE, 1u << 31);
	ring_refused(g, &s, RING_BASE, RING + 8);
	ring_refused(g, &s, RING_PRODUCED, COMMANDS + 1);
	ring_refused(g, &s, RING_CONSUMED, 1);
	/* Nothing is fetched from a ring into which the device puts reports. */
	ring_refused(g, &s, REPORTS * RING_RECORD + RING_FETCHED, 1);
	/* What nobody changes, and more bits than the driver has. */
	reg_refused(g, &s, VGPU_EXT_SIZE, 0x1000);
	reg_refused(g, &s, VGPU_STATUS, 0x100);
	/* Less than that, and a descriptor of a ring that has none. */
	reg_refused(g, &s, VGPU_EXT_SIZE, 0);
	ring_refused(g, &s, RING_FETCHED, 1);
	reg_refused(g, &s, VGPU_ENGINE, 1u << 31);
	CHECK(!load(g->dev, &s));
	CHECK(!user_device_ioctl(g->dev, VFIO_DEVICE_RESET, NULL));
	stream_free(&s);
}

/* The one command of the ring sets the fence, if the ring lives. */
static bool fence_comes(struct guest *g, uint32_t val)
{
	struct vgpu_command *ring = at(g, RING);

	ring[0] = (struct vgpu_command){ .op = VGPU_FENCE_OP, .color = val };
	put(g, REGS, VGPU_TAIL, 1);
	usleep(50000);
	return get(g, REGS, VGPU_FENCE) == val;
}

/* A ring that its guest has stopped, or that has lost its memory, while others still run. */
static void vgpu_dies(struct guest *g)
{
	struct stream s;

	vgpu_begin(g);
	CHECK(!set_state(g->dev, RUNNING_P2P));
	put(g, CONFIG, PCI_COMMAND, 0);
	CHECK(!set_state(g->dev, RUNNING));
	guest_master(g);
	CHECK(!fence_comes(g, 0x77));
	CHECK(!user_device_ioctl(g->dev, VFIO_DEVICE_RESET, NULL));
	vgpu_begin(g);
	CHECK(!set_state(g->dev, RUNNING_P2P) && guest_unmap(g));
	s = save(g->dev);
	CHECK(stream_number(stream_of_kind(&s, RING_KIND) + RING_BROKEN, 4) == 1);
	CHECK(!set_state(g->dev, RUNNING) && guest_map(g));
	CHECK(!user_device_ioctl(g->dev, VFIO_DEVICE_RESET, NULL));
	stream_free(&s);
}

/* A picture, and a ring that its guest has just rung; then one more command where it has come. */
void move_vgpu_stub(struct user_device *from, struct user_device *to)
{
	struct guest a, b;
	uint32_t i;

	guest_open(&a, from);
	guest_open(&b, to);
	for (i = 0; i < WIDTH * HEIGHT; i++)
		((uint32_t *)at(&a, PIXELS))[i] = 0x010203 * i;
	vgpu_stays(&a);
	vgpu_refuses(&b);
	vgpu_rings(&b);
	vgpu_dies(&a);
	vgpu_begin(&a);
	vgpu_commands(&a, 40);
	CHECK(irqs_arm(&b, VFIO_PCI_MSI_IRQ_INDEX));
	put(&a, REGS, VGPU_TAIL, 41);
	move(&a, &b);
	CHECK(comes(&b, REGS, VGPU_FENCE, ~0u, 0xf));
	/* The fence is seen before its command is counted. */
	CHECK(comes(&b, REGS, VGPU_DONE, ~0u, 41) && get(&b, REGS, VGPU_STATUS) == VGPU_OK);
	CHECK(get(&b, VRAM, 4 * 77) == 0x010203 * 77);
	CHECK(!memcmp(at(&b, PIXELS), at(&b, PIXELS + PAGE), PAGE));
	((struct vgpu_command *)at(&b, RING))[41] =
		(struct vgpu_command){ .op = VGPU_FENCE_OP, .color = 0xe };
	put(&b, REGS, VGPU_TAIL, 42);
	CHECK(comes(&b, REGS, VGPU_FENCE, ~0u, 0xe));
	irqs_disarm(&b);
	guest_close(&a);
	guest_close(&b);
}

/* mdkmig */

#define CONFIG_KIND 3
#define MIG(_reg) MDKMIG_REGS, MDKMIG_##_reg

static void mig_is_there(struct guest *from, struct guest *to)
{
	CHECK(get(to, MIG(SUM)) == get(from, MIG(SUM)) && get(to, MIG(SUM)));
	CHECK(get(to, MIG(MODE)) == 150 && get(to, MIG(SPEED)) == 3 && get(to, MIG(COUNT)) == 1);
	/* What stays is counted on each host, and once here. */
	CHECK(get(to, MIG(SLEPT)) == 0x10001);
	/* The worker's time has not come, and then it comes. */
	CHECK(!get(to, MIG(RAN)));
	CHECK(comes(to, MIG(RAN), 1, 1) && get(to, MDKMIG_STATS, 0) == 1);
}

/* A value of a row that cannot be; @ret: what becomes of it. */
static void mig_field(struct guest *g, const struct stream *good, const char *name,
		      unsigned int width, uint64_t val, int ret)
{
	uint8_t *field = stream_field(good, name), kept[8];

	memcpy(kept, field, width);
	stream_set(field, width, val);
	if (load(g->dev, good) != ret) {
		fprintf(stderr, "%s = %llu is not answered by %d\n", name,
			(unsigned long long)val, ret);
		failures++;
	}
	memcpy(field, kept, width);
}

/* Bits that a guest cannot write and the driver does not set; and a value that nobody keeps. */
static void mig_regs(struct guest *g, const struct stream *good)
{
	reg_refused(g, good, MDKMIG_MODE, 0x100);
	reg_refused(g, good, MDKMIG_RAN, 2);
	reg_refused(g, good, MDKMIG_SUM, 1);
	CHECK(!load(g->dev, good) && get(g, MIG(MODE)) == 150);
}

/* All of it is there: what was loaded last. */
static void mig_wide(struct guest *g)
{
	struct stream s = save(g->dev);

	CHECK(stream_number(stream_field(&s, "colors.value"), 8) == UINT64_MAX);
	CHECK(!set_state(g->dev, RUNNING));
	stream_free(&s);
}

static void mig_bounds(struct guest *g, const struct stream *good)
{
	mig_field(g, good, "colors.nr", 2, 3, 0);
	mig_field(g, good, "colors.nr", 2, 4, -EINVAL);
	mig_field(g, good, "colors.set", 1, 2, -EINVAL);
	mig_field(g, good, "colors.value", 8, UINT64_MAX, 0);
	mig_wide(g);
	mig_field(g, good, "mode", 4, 1000, 0);
	mig_field(g, good, "mode", 4, 1001, -EINVAL);
	mig_field(g, good, "speed", 1, 0, -EINVAL);
	mig_field(g, good, "speed", 1, 1, 0);
	mig_field(g, good, "speed", 1, 8, 0);
	mig_field(g, good, "speed", 1, 9, -EINVAL);
	/* Good by itself, but not with the other one. */
	stream_set(stream_field(good, "mode"), 4, MDKMIG_PALETTE);
	mig_field(g, good, "speed", 1, 5, -ENOTUNIQ);
	CHECK(get(g, MIG(SPEED)) == 4 && !get(g, MIG(SUM)));
	mig_field(g, good, "speed", 1, 4, 0);
	stream_set(stream_field(good, "mode"), 4, 150);
}

/* @at, a number of 4 bytes in the head or the end, as another host's would be. */
static void mig_head(struct guest *g, const struct stream *good, size_t at, uint32_t val, int ret)
{
	uint8_t kept[4];

	memcpy(kept, good->bytes + at, 4);
	stream_set(good->bytes + at, 4, val);
	if (load(g->dev, good) != ret) {
		fprintf(stderr, "byte %zu = %u is not answered by %d\n", at, val, ret);
		failures++;
	}
	memcpy(good->bytes + at, kept, 4);
}

static void mig_heads(struct guest *g, const struct stream *good)
{
	mig_head(g, good, RECORD_INDEX, 1, -EINVAL);
	mig_head(g, good, HEAD_VERSION, 0, -EINVAL);
	mig_head(g, good, HEAD_VERSION, 1, 0);
	mig_head(g, good, HEAD_VERSION, 3, 0);
	mig_head(g, good, HEAD_VERSION, 4, -EINVAL);
	mig_head(g, good, HEAD_PCI, 0x10f11af4, -EINVAL);
	mig_head(g, good, HEAD_COST, 2, -EINVAL);
	mig_head(g, good, HEAD_MODEL, 0x616161, -EINVAL);
	mig_head(g, good, HEAD_TYPE, '2', -EINVAL);
	mig_head(g, good, good->len - END_RECORD + RECORD_INDEX, 1, -EINVAL);
}

/* A row of a later version is not in an older stream, and then has its default; others must be. */
static void mig_versions(struct guest *g, const struct stream *good)
{
	struct stream s = stream_without(good, "speed");

	CHECK(load(g->dev, &s) == -EINVAL);
	stream_set(s.bytes + HEAD_VERSION, 4, 1);
	put(g, MIG(SPEED), 7);
	CHECK(!load(g->dev, &s) && get(g, MIG(SPEED)) == 4);
	stream_free(&s);
	s = stream_without(good, "mode");
	CHECK(load(g->dev, &s) == -EINVAL);
	stream_free(&s);
	s = stream_doubled(good, "mode");
	CHECK(load(g->dev, &s) == -EINVAL);
	stream_free(&s);
}

/* What a device is, and where its capabilities lie, no stream says. */
static void mig_identity(struct guest *g, const struct stream *good)
{
	uint8_t *config = stream_of_kind(good, CONFIG_KIND);

	refused_with(g, good, config + PCI_VENDOR_ID, 2, 0xdead);
	refused_with(g, good, config + PCI_CLASS_REVISION, 1, 7);
	refused_with(g, good, config + PCI_CAPABILITY_LIST, 1, 0xf0);
	refused_with(g, good, config + PCI_BASE_ADDRESS_5, 4, ~0u);
}

/* A user program restores configuration space by itself, after the stream: so it stays. */
static void mig_config(struct guest *g, const struct stream *good)
{
	CHECK(!set_state(g->dev, RESUMING) && !stream_write(g->dev, good, 100));
	put(g, CONFIG, PCI_COMMAND, PCI_COMMAND_MEMORY);
	put(g, CONFIG, PCI_BASE_ADDRESS_0, 0xfeb00000);
	CHECK(!set_state(g->dev, RUNNING));
	CHECK((get(g, CONFIG, PCI_COMMAND) & 0xffff) == PCI_COMMAND_MEMORY);
	CHECK((get(g, CONFIG, PCI_BASE_ADDRESS_0) & ~0xfu) == 0xfeb00000);
	guest_master(g);
}

/* A driver whose table ended before FAULT sends none: it is as after a reset. */
static void mig_shorter(struct guest *g)
{
	struct stream s = save(g->dev);
	uint8_t *data = stream_of_kind(&s, REGS_KIND), *end;
	uint64_t len = stream_number(data - 8, 8);

	CHECK(!set_state(g->dev, RUNNING));
	end = data + len;
	CHECK(stream_number(end - 8, 4) == MDKMIG_FAULT);
	memmove(end - 8, end, s.bytes + s.len - end);
	s.len -= 8;
	stream_set(data - 8, 8, len - 8);
	stream_set(s.bytes + s.len - 8, 8, s.len);
	put(g, MIG(FAULT), 0x100);
	CHECK(!load(g->dev, &s) && !get(g, MIG(FAULT)));
	stream_free(&s);
}

void move_mdkmig(struct user_device *from, struct user_device *to)
{
	struct stream s;
	struct guest a, b;

	guest_open(&a, from);
	guest_open(&b, to);
	put(&a, MIG(COLOR), 7);
	put(&a, MIG(SPEED), 3);
	put(&a, MIG(MODE), 150);
	s = save(a.dev);
	CHECK(!load(b.dev, &s));
	CHECK(!set_state(a.dev, RUNNING) && get(&a, MIG(SLEPT)) == 0x10001);
	mig_is_there(&a, &b);
	CHECK(comes(&a, MIG(RAN), 1, 1));
	mig_regs(&b, &s);
	mig_shorter(&b);
	CHECK(!load(b.dev, &s));
	mig_bounds(&b, &s);
	mig_heads(&b, &s);
	mig_versions(&b, &s);
	mig_identity(&b, &s);
	mig_config(&b, &s);
	stream_free(&s);
	guest_close(&a);
	guest_close(&b);
}

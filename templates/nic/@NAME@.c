// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * @NAME@: a network card for each guest: a ring of frames to send, one of buffers to receive into,
 * both in the guest's memory, and a switch between the guests and the host (mdk/net.h).
 *
 * A guest writes address and then size of a ring, fills descriptors, and writes to the ring's TAIL
 * how many there are by now; HEAD counts those that are done: the rows of MDK_RINGS() say so, and
 * the SDK does it (mdk/rings.h).
 * There is no hardware behind it yet: where yours comes in, a TODO says so.
 */
#include <mdk/mdk.h>
#include <mdk/net.h>

#define @NAME_UPPER@_BAR 0	/* of the registers; the tables below name it too */

#define @NAME_UPPER@_ID 0x00
#define @NAME_UPPER@_STATUS 0x04	/* what is up */
#define @NAME_UPPER@_MAC 0x08		/* two: the first four bytes, lowest first, and the others */
#define @NAME_UPPER@_ISR 0x10		/* one bit for each cause below */
#define @NAME_UPPER@_RESET 0x14		/* a one puts the device back to power-on */
#define @NAME_UPPER@_GAP 0x18		/* us between two messages of TX, of RX: at least */
#define @NAME_UPPER@_MASK 0x1c		/* ones hold back; a message of TX or RX sets its own */
#define @NAME_UPPER@_TX 0x20		/* a ring's five registers, from here on */
#define @NAME_UPPER@_RX 0x40
#define @NAME_UPPER@_RING_LO 0x00	/* address of the first descriptor */
#define @NAME_UPPER@_RING_HI 0x04
#define @NAME_UPPER@_RING_SIZE 0x08	/* descriptors; a write starts the ring, or stops it with 0 */
#define @NAME_UPPER@_RING_TAIL 0x0c
#define @NAME_UPPER@_RING_HEAD 0x10
#define @NAME_UPPER@_COUNTERS 0x60	/* 64 bits; tx: frames, errors, drops; rx: the same */

#define @NAME_UPPER@_LINK BIT(0)	/* STATUS: the link is up */
#define @NAME_UPPER@_TX_RUNS BIT(1)
#define @NAME_UPPER@_RX_RUNS BIT(2)

#define @NAME_UPPER@_ISR_TX BIT(0)	/* frames were sent; MSI-X vector 0 */
#define @NAME_UPPER@_ISR_RX BIT(1)	/* frames were received; vector 1 */
#define @NAME_UPPER@_ISR_LINK BIT(2)	/* the link has changed; vector 2 */
#define @NAME_UPPER@_ISR_BROKEN BIT(3)	/* a ring could not start, or has stopped; vector 2 */

#define @NAME_UPPER@_DONE BIT(0)
#define @NAME_UPPER@_BAD BIT(1)		/* the frame was refused, or did not fit */

/**
 * struct @NAME@_desc - a descriptor, as it lies in guest memory
 * @addr: of the buffer
 * @len: bytes of the frame to send; of the buffer to receive into, then of the frame in it
 * @status: DONE and BAD, from the device
 */
struct @NAME@_desc {
	__le64 addr;
	__le32 len;
	__le32 status;
};

/**
 * struct @NAME@_state - one instance
 * @port: of the switch
 * @link: what the administrator wants
 * @batch: frames each way before others get their turn, a parameter
 */
struct @NAME@_state {
	struct mdk_port *port;
	bool link;
	u32 batch;
};

/* Rows of MDK_RINGS(). */
enum @NAME@_way { @NAME_UPPER@_SENDS, @NAME_UPPER@_RECEIVES };

static struct mdk_switch *@NAME@_model_switch;

/* The switch has to know where frames can go. */
static void @NAME@_update(struct mdk_dev *dev)
{
	struct @NAME@_state *state = mdk_state(dev);
	struct mdk_ring *rx = mdk_ring_at(dev, @NAME_UPPER@_RECEIVES, 0);

	mdk_reg_update(dev, MDK_AT(@NAME_UPPER@_BAR, @NAME_UPPER@_STATUS), @NAME_UPPER@_LINK,
		       state->link ? @NAME_UPPER@_LINK : 0);
	mdk_port_set(state->port, state->link, mdk_ring_running(rx));
}

static void @NAME@_changed(struct mdk_dev *dev, struct mdk_ring *ring, u32 index, int why)
{
	@NAME@_update(dev);
}

/* Frames. TODO: your hardware instead of the switch, for what leaves this machine. */

/* @ret: of this frame. Return: for the SDK, to which -EAGAIN and -EBUSY mean later. */
static int @NAME@_done(struct @NAME@_desc *desc, int ret)
{
	if (ret == -EAGAIN || ret == -EBUSY)
		return ret;
	desc->status = cpu_to_le32(@NAME_UPPER@_DONE | (ret ? @NAME_UPPER@_BAD : 0));
	return 0;
}

static int @NAME@_send(struct mdk_dev *dev, const struct mdk_job *job)
{
	struct @NAME@_state *state = mdk_state(dev);
	struct @NAME@_desc *desc = job->desc;
	u32 len = le32_to_cpu(desc->len);
	struct mdk_frame *frame = mdk_frame_alloc(state->port, len);
	int ret;

	if (IS_ERR(frame))
		return @NAME@_done(desc, PTR_ERR(frame));
	ret = mdk_ring_read(job->ring, le64_to_cpu(desc->addr), mdk_frame_data(frame), len);
	if (ret && ret != -EAGAIN)
		mdk_port_bad_frame(state->port);
	/* The switch queues the worker when the receiver has room again. */
	if (!ret && mdk_port_send(state->port, frame))
		ret = -EBUSY;
	if (ret)
		mdk_frame_free(frame);
	return @NAME@_done(desc, ret);
}

static bool @NAME@_has_frame(struct mdk_dev *dev, struct mdk_ring *ring, u32 index)
{
	struct @NAME@_state *state = mdk_state(dev);

	return mdk_port_peek(state->port);
}

static int @NAME@_receive(struct mdk_dev *dev, const struct mdk_job *job)
{
	struct @NAME@_state *state = mdk_state(dev);
	struct mdk_frame *frame = mdk_port_peek(state->port);
	struct @NAME@_desc *desc = job->desc;
	u32 len = mdk_frame_len(frame);
	int ret = len > le32_to_cpu(desc->len) ? -EMSGSIZE :
		  mdk_ring_write(job->ring, le64_to_cpu(desc->addr), mdk_frame_data(frame), len);

	if (ret == -EAGAIN)
		return ret;
	desc->len = cpu_to_le32(ret ? 0 : len);
	if (ret)
		mdk_port_bad_buffer(state->port);
	else
		mdk_port_pop(state->port);
	return @NAME@_done(desc, ret);
}

/* Registers */

static u32 @NAME@_mac(struct mdk_dev *dev, const struct mdk_reg *reg, u32 index)
{
	struct @NAME@_state *state = mdk_state(dev);
	const u8 *mac = mdk_port_mac(state->port);

	if (index)
		return mac[4] | mac[5] << 8;
	return mac[0] | mac[1] << 8 | mac[2] << 16 | (u32)mac[3] << 24;
}

/* Each row of the table has its place here, in the same order. */
static u64 @NAME@_counter(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	struct @NAME@_state *state = mdk_state(dev);
	u32 row = (reg->offset - @NAME_UPPER@_COUNTERS) / 8;
	struct mdk_port_stats now;
	const u64 *const counters[] = { &now.tx_frames, &now.tx_errors, &now.tx_dropped,
					&now.rx_frames, &now.rx_errors, &now.rx_dropped };

	mdk_port_stats(state->port, &now);
	return row < ARRAY_SIZE(counters) ? *counters[row] : 0;
}

/* The files nic/link and nic/batch of each instance. */

static int @NAME@_show_link(struct mdk_dev *dev, char *buf, size_t size)
{
	struct @NAME@_state *state = mdk_state(dev);

	return scnprintf(buf, size, "%s\n", state->link ? "up" : "down");
}

static int @NAME@_store_link(struct mdk_dev *dev, const char *text, size_t size)
{
	struct @NAME@_state *state = mdk_state(dev);
	bool link = !strcmp(text, "up");

	if (!link && strcmp(text, "down"))
		return -EINVAL;
	mdk_lock(dev);
	if (link != state->link) {
		state->link = link;
		@NAME@_update(dev);
		mdk_irq_raise(dev, @NAME_UPPER@_ISR_LINK);
	}
	mdk_unlock(dev);
	return 0;
}

static const struct mdk_attr @NAME@_attrs[] = {
	{ .group = "nic", .name = "link", .show = @NAME@_show_link, .store = @NAME@_store_link },
};

static const struct mdk_param @NAME@_params[] = {
	MDK_PARAM_U32("nic", "batch", struct @NAME@_state, batch, .min = 1, .max = 256, .dflt = 32),
};

/* Tables: what a guest sees. */

#define @NAME_UPPER@_RING_REGS(_base, _name) \
	MDK_REG_RW((_base) + @NAME_UPPER@_RING_LO, _name "_LO", 0, GENMASK(31, 4)), \
	MDK_REG_RW((_base) + @NAME_UPPER@_RING_HI, _name "_HI", 0, GENMASK(31, 0)), \
	MDK_REG_RW((_base) + @NAME_UPPER@_RING_SIZE, _name "_SIZE", 0, GENMASK(15, 0)), \
	MDK_REG_RW((_base) + @NAME_UPPER@_RING_TAIL, _name "_TAIL", 0, GENMASK(31, 0)), \
	MDK_REG_RO((_base) + @NAME_UPPER@_RING_HEAD, _name "_HEAD", 0)
#define @NAME_UPPER@_COUNTER(_nr, _name) \
	MDK_REG_COUNTER64(@NAME_UPPER@_COUNTERS + 8 * (_nr), _name, .read64 = @NAME@_counter)

static const struct mdk_reg @NAME@_regs[] = {
	MDK_REG_RO(@NAME_UPPER@_ID, "ID", 0x010000ed),
	MDK_REG_RO(@NAME_UPPER@_STATUS, "STATUS", @NAME_UPPER@_LINK, .driver_mask = @NAME_UPPER@_LINK,
		   MDK_REG_BITS(MDK_BIT(0, "LINK"), MDK_BIT(1, "TX_RUNS"), MDK_BIT(2, "RX_RUNS"))),
	MDK_REG_RO(@NAME_UPPER@_MAC, "MAC", 0, .count = 2, .read_at = @NAME@_mac),
	MDK_REG_W1C(@NAME_UPPER@_ISR, "ISR", GENMASK(3, 0),
		    MDK_REG_BITS(MDK_BIT(0, "TX"), MDK_BIT(1, "RX"), MDK_BIT(2, "LINK"),
				 MDK_BIT(3, "BROKEN"))),
	MDK_REG_WO(@NAME_UPPER@_RESET, "RESET", BIT(0), .resets = BIT(0)),
	MDK_REG_RW(@NAME_UPPER@_GAP, "GAP", 0, GENMASK(15, 0)),
	MDK_REG_RW(@NAME_UPPER@_MASK, "MASK", 0, GENMASK(3, 0)),
	@NAME_UPPER@_RING_REGS(@NAME_UPPER@_TX, "TX"),
	@NAME_UPPER@_RING_REGS(@NAME_UPPER@_RX, "RX"),
	@NAME_UPPER@_COUNTER(0, "TX_FRAMES"),
	@NAME_UPPER@_COUNTER(1, "TX_ERRORS"),
	@NAME_UPPER@_COUNTER(2, "TX_DROPS"),
	@NAME_UPPER@_COUNTER(3, "RX_FRAMES"),
	@NAME_UPPER@_COUNTER(4, "RX_ERRORS"),
	@NAME_UPPER@_COUNTER(5, "RX_DROPS"),
};

/*
 * A guest that is interrupted by a queue clears its cause and empties it, unmasks it, reads a
 * register so that both writes have arrived, and looks at the queue once more.
 */
#define @NAME_UPPER@_CAUSE(_bit, ...) \
	MDK_CAUSE(@NAME_UPPER@_BAR, @NAME_UPPER@_ISR, _bit, .mask = @NAME_UPPER@_MASK, \
		  .polarity = MDK_ONE_MASKS, ##__VA_ARGS__)
#define @NAME_UPPER@_QUEUE .auto_mask = true, .gap_at = @NAME_UPPER@_GAP

static const struct mdk_cause @NAME@_causes[] = {
	@NAME_UPPER@_CAUSE(0, @NAME_UPPER@_QUEUE),
	@NAME_UPPER@_CAUSE(1, @NAME_UPPER@_QUEUE@TO_1@),
	@NAME_UPPER@_CAUSE(2@TO_2@),
	@NAME_UPPER@_CAUSE(3@TO_2@),
};

#define @NAME_UPPER@_AT(_offset) MDK_AT(@NAME_UPPER@_BAR, _offset)
#define @NAME_UPPER@_RING(_name, _base, ...) \
	MDK_RING(_name, .base = @NAME_UPPER@_AT((_base) + @NAME_UPPER@_RING_LO), \
		 .base_high = @NAME_UPPER@_AT((_base) + @NAME_UPPER@_RING_HI), \
		 .size = @NAME_UPPER@_AT((_base) + @NAME_UPPER@_RING_SIZE), \
		 .tail = @NAME_UPPER@_AT((_base) + @NAME_UPPER@_RING_TAIL), \
		 .head = @NAME_UPPER@_AT((_base) + @NAME_UPPER@_RING_HEAD), \
		 .state = @NAME_UPPER@_AT(@NAME_UPPER@_STATUS), .max = 1024, \
		 .desc_size = sizeof(struct @NAME@_desc), .buffer_pages = 256, \
		 .raises_broken = @NAME_UPPER@_ISR_BROKEN, .changed = @NAME@_changed, \
		 MDK_RING_BATCH(struct @NAME@_state, batch), __VA_ARGS__)

static const struct mdk_ring_row @NAME@_rings[] = {
	[@NAME_UPPER@_SENDS] = @NAME_UPPER@_RING("tx", @NAME_UPPER@_TX,
		.status = offsetof(struct @NAME@_desc, status), .dir = MDK_TO_DEVICE,
		.work = @NAME@_send,
		.running = @NAME_UPPER@_TX_RUNS, .raises = @NAME_UPPER@_ISR_TX),
	[@NAME_UPPER@_RECEIVES] = @NAME_UPPER@_RING("rx", @NAME_UPPER@_RX,
		.status = offsetof(struct @NAME@_desc, len), .dir = MDK_FROM_DEVICE,
		.work = @NAME@_receive, .ready = @NAME@_has_frame,
		.running = @NAME_UPPER@_RX_RUNS, .raises = @NAME_UPPER@_ISR_RX),
};

@BAR_CODE@
static const struct mdk_region @NAME@_regions[] = {
@REGIONS@
};

@IF_IRQ@static const struct mdk_irq @NAME@_irqs[] = {
@IRQS@
@IF_IRQ@};
@IF_CAP@static const struct mdk_cap @NAME@_caps[] = {
@CAPS@
@IF_CAP@};

/* What an administrator can create. TODO: how many guests your hardware serves. */
static const struct mdk_type @NAME@_types[] = {
	MDK_TYPE("1", "@NAME@ 1", .description = "a port of the switch", .cost = 1),
};

static int @NAME@_init(struct mdk_dev *dev)
{
	struct @NAME@_state *state = mdk_state(dev);

	state->link = true;
	state->port = mdk_port_create(@NAME@_model_switch, dev, mdk_rings_worker(dev));
	return PTR_ERR_OR_ZERO(state->port);
}

/* Registers, rings and port are as new by now; the cable is the administrator's. */
static void @NAME@_reset(struct mdk_dev *dev)
{
	@NAME@_update(dev);
}

/* What moves to another host with its guest: the rings, which are the SDK's. */
static const struct mdk_save @NAME@_saves[] = {
	MDK_SAVE_NOT(struct @NAME@_state, port, "each host has a switch of its own"),
	MDK_SAVE_NOT(struct @NAME@_state, link, "and a cable"),
};

static const struct mdk_ops @NAME@_ops = { .init = @NAME@_init, .reset = @NAME@_reset };

static const struct mdk_model @NAME@_model = {
	.name = "@NAME@",
	.state_size = sizeof(struct @NAME@_state),
	.pci = MDK_PCI(@PCI_ID@, 0x0200), /* TODO: your vendor and device */
	MDK_REGIONS(@NAME@_regions),
@IF_IRQ@	MDK_IRQS(@NAME@_irqs),
@IF_CAP@	MDK_PCI_CAPS(@NAME@_caps),
	MDK_CAUSES(@NAME@_causes),
	MDK_RINGS(@NAME@_rings),
	MDK_TYPES(@NAME@_types),
	MDK_ATTRS(@NAME@_attrs),
	MDK_PARAMS(@NAME@_params),
	.budget = 16,
	.ops = &@NAME@_ops,
	MDK_SAVES(1, @NAME@_saves),
};

static const struct mdk_net_spec @NAME@_net = { .name = "@NAME@", .mtu = 9000, .queue = 256 };
module_mdk_nic_driver(@NAME@_model, @NAME@_net);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("@NAME@ mediated device");

// SPDX-License-Identifier: GPL-2.0-only
/*
 * @NAME@: a network card for each guest: a ring of frames to send, one of buffers to receive into,
 * both in the guest's memory, and a switch between the guests and the host (mdk/net.h).
 *
 * A guest writes address and then size of a ring, fills descriptors, and writes to the ring's TAIL
 * how many there are by now; HEAD counts those that are done. See mdk/ring.h for how they count.
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

#define @NAME_UPPER@_RING_MAX 1024
#define @NAME_UPPER@_PIN_PAGES 1024

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
 * struct @NAME@_state - one instance; what a guest set in it is cleared by a reset
 * @tx: frames to send
 * @rx: buffers to receive into
 * @port: of the switch
 * @work: moves the frames
 * @link: what the administrator wants
 * @causes: of interrupts, in the round that is under way
 * @batch: frames each way before others get their turn, a parameter
 */
struct @NAME@_state {
	struct mdk_ring *tx;
	struct mdk_ring *rx;
	struct mdk_port *port;
	struct mdk_work *work;
	bool link;
	u32 causes;
	u32 batch;
};

static struct mdk_switch *@NAME@_model_switch;

static void @NAME@_raise(struct mdk_dev *dev)
{
	struct @NAME@_state *state = mdk_state(dev);

	mdk_irq_raise(dev, state->causes);
	state->causes = 0;
}

/* The switch has to know where frames can go. */
static void @NAME@_update(struct mdk_dev *dev)
{
	struct @NAME@_state *state = mdk_state(dev);

	mdk_port_set(state->port, state->link, mdk_ring_running(state->rx));
}

/* Of a ring's call: a ring that broke is told to the guest. Return: the ring goes on. */
static bool @NAME@_good(struct mdk_dev *dev, int ret)
{
	struct @NAME@_state *state = mdk_state(dev);

	if (ret == -EFAULT || ret == -ERANGE)
		state->causes |= @NAME_UPPER@_ISR_BROKEN;
	/* Also when the guest has switched the device off: nothing waits for it. */
	if (ret && ret != -ENOENT)
		@NAME@_update(dev);
	return !ret;
}

/* Frames. TODO: your hardware instead of the switch, for what leaves this machine. */

/* Return: 0 or an error of this frame; -EAGAIN: later. */
static int @NAME@_forward(struct mdk_dev *dev, const struct @NAME@_desc *desc)
{
	struct @NAME@_state *state = mdk_state(dev);
	u32 len = le32_to_cpu(desc->len);
	struct mdk_frame *frame = mdk_frame_alloc(state->port, len);
	int ret;

	if (IS_ERR(frame))
		return PTR_ERR(frame);
	ret = mdk_ring_read(state->tx, le64_to_cpu(desc->addr), mdk_frame_data(frame), len);
	if (ret) {
		if (ret == -EAGAIN)
			mdk_work_queue(state->work, 1);
		else
			mdk_port_bad_frame(state->port);
	} else {
		ret = mdk_port_send(state->port, frame);
		if (!ret)
			return 0;
	}
	mdk_frame_free(frame);
	return ret;
}

/* One frame. Return: there may be more. */
static bool @NAME@_send(struct mdk_dev *dev)
{
	struct @NAME@_state *state = mdk_state(dev);
	struct @NAME@_desc desc;
	int ret;

	if (!@NAME@_good(dev, mdk_ring_fetch(state->tx, &desc)))
		return false;
	ret = @NAME@_forward(dev, &desc);
	if (ret == -EAGAIN)
		return false;
	desc.status = cpu_to_le32(@NAME_UPPER@_DONE | (ret ? @NAME_UPPER@_BAD : 0));
	if (!@NAME@_good(dev, mdk_ring_complete(state->tx, &desc)))
		return false;
	state->causes |= @NAME_UPPER@_ISR_TX;
	return true;
}

/* Return: 0 or an error of this buffer; -EAGAIN: later. */
static int @NAME@_fill(struct mdk_dev *dev, const struct @NAME@_desc *desc, struct mdk_frame *frame)
{
	struct @NAME@_state *state = mdk_state(dev);
	int ret;

	if (mdk_frame_len(frame) > le32_to_cpu(desc->len))
		return -EMSGSIZE;
	ret = mdk_ring_write(state->rx, le64_to_cpu(desc->addr), mdk_frame_data(frame),
			     mdk_frame_len(frame));
	if (ret == -EAGAIN)
		mdk_work_queue(state->work, 1);
	return ret;
}

/* One frame. Return: there may be more. */
static bool @NAME@_receive(struct mdk_dev *dev)
{
	struct @NAME@_state *state = mdk_state(dev);
	struct mdk_frame *frame = mdk_port_peek(state->port);
	struct @NAME@_desc desc;
	int ret;

	if (!frame || !@NAME@_good(dev, mdk_ring_fetch(state->rx, &desc)))
		return false;
	ret = @NAME@_fill(dev, &desc, frame);
	if (ret == -EAGAIN)
		return false;
	desc.len = cpu_to_le32(ret ? 0 : mdk_frame_len(frame));
	desc.status = cpu_to_le32(@NAME_UPPER@_DONE | (ret ? @NAME_UPPER@_BAD : 0));
	if (!@NAME@_good(dev, mdk_ring_complete(state->rx, &desc)))
		return false;
	if (ret)
		mdk_port_bad_buffer(state->port);
	else
		mdk_port_pop(state->port);
	state->causes |= @NAME_UPPER@_ISR_RX;
	return true;
}

/* The guest's other accesses, a reset and a close wait for no more than one batch. */
static void @NAME@_work(struct mdk_dev *dev)
{
	struct @NAME@_state *state = mdk_state(dev);
	bool sends = true, receives = true;
	u32 i;

	mdk_lock(dev);
	for (i = 0; i < state->batch && (sends || receives); i++) {
		sends = sends && @NAME@_send(dev);
		receives = receives && @NAME@_receive(dev);
	}
	@NAME@_raise(dev);
	mdk_unlock(dev);
	if (sends || receives)
		mdk_work_queue(state->work, 0);
}

/* Registers of a ring: @reg tells which. */

static u32 @NAME@_base(const struct mdk_reg *reg)
{
	return reg->offset >= @NAME_UPPER@_RX ? @NAME_UPPER@_RX : @NAME_UPPER@_TX;
}

static struct mdk_ring *@NAME@_ring(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	struct @NAME@_state *state = mdk_state(dev);

	return @NAME@_base(reg) == @NAME_UPPER@_RX ? state->rx : state->tx;
}

static u64 @NAME@_ring_address(struct mdk_dev *dev, u32 base)
{
	return mdk_reg_get(dev, @NAME_UPPER@_BAR, base + @NAME_UPPER@_RING_LO) |
	       (u64)mdk_reg_get(dev, @NAME_UPPER@_BAR, base + @NAME_UPPER@_RING_HI) << 32;
}

static void @NAME@_start(struct mdk_dev *dev, const struct mdk_reg *reg, u32 size)
{
	struct @NAME@_state *state = mdk_state(dev);
	struct mdk_ring *ring = @NAME@_ring(dev, reg);

	mdk_ring_stop(ring);
	mdk_reg_set(dev, @NAME_UPPER@_BAR, @NAME@_base(reg) + @NAME_UPPER@_RING_TAIL, 0);
	if (size && mdk_ring_start(ring, @NAME@_ring_address(dev, @NAME@_base(reg)), size))
		state->causes |= @NAME_UPPER@_ISR_BROKEN;
	@NAME@_update(dev);
	@NAME@_raise(dev);
}

static void @NAME@_tail(struct mdk_dev *dev, const struct mdk_reg *reg, u32 tail)
{
	struct @NAME@_state *state = mdk_state(dev);

	if (@NAME@_good(dev, mdk_ring_produce(@NAME@_ring(dev, reg), tail)))
		mdk_work_queue(state->work, 0);
	@NAME@_raise(dev);
}

static u32 @NAME@_head(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	return mdk_ring_completed(@NAME@_ring(dev, reg));
}

static u32 @NAME@_status(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	struct @NAME@_state *state = mdk_state(dev);

	return (state->link ? @NAME_UPPER@_LINK : 0) |
	       (mdk_ring_running(state->tx) ? @NAME_UPPER@_TX_RUNS : 0) |
	       (mdk_ring_running(state->rx) ? @NAME_UPPER@_RX_RUNS : 0);
}

static u32 @NAME@_mac(struct mdk_dev *dev, const struct mdk_reg *reg, u32 index)
{
	struct @NAME@_state *state = mdk_state(dev);
	const u8 *mac = mdk_port_mac(state->port);

	if (index)
		return mac[4] | mac[5] << 8;
	return mac[0] | mac[1] << 8 | mac[2] << 16 | (u32)mac[3] << 24;
}

/* Each row of the table has its case here. */
static u64 @NAME@_counter(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	struct @NAME@_state *state = mdk_state(dev);
	struct mdk_port_stats stats;

	mdk_port_stats(state->port, &stats);
	switch (reg->offset - @NAME_UPPER@_COUNTERS) {
	case 0x00:
		return stats.tx_frames;
	case 0x08:
		return stats.tx_errors;
	case 0x10:
		return stats.tx_dropped;
	case 0x18:
		return stats.rx_frames;
	case 0x20:
		return stats.rx_errors;
	default:
		return stats.rx_dropped;
	}
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
		state->causes |= @NAME_UPPER@_ISR_LINK;
		@NAME@_update(dev);
		@NAME@_raise(dev);
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

#define @NAME_UPPER@_RING(_base, _name) \
	MDK_REG_RW((_base) + @NAME_UPPER@_RING_LO, _name "_LO", 0, GENMASK(31, 4)), \
	MDK_REG_RW((_base) + @NAME_UPPER@_RING_HI, _name "_HI", 0, GENMASK(31, 0)), \
	MDK_REG_RW((_base) + @NAME_UPPER@_RING_SIZE, _name "_SIZE", 0, GENMASK(15, 0), \
		   .written = @NAME@_start), \
	MDK_REG_RW((_base) + @NAME_UPPER@_RING_TAIL, _name "_TAIL", 0, GENMASK(31, 0), \
		   .written = @NAME@_tail), \
	MDK_REG_RO((_base) + @NAME_UPPER@_RING_HEAD, _name "_HEAD", 0, .read = @NAME@_head)
#define @NAME_UPPER@_COUNTER(_nr, _name) \
	MDK_REG_COUNTER64(@NAME_UPPER@_COUNTERS + 8 * (_nr), _name, .read64 = @NAME@_counter)

static const struct mdk_reg @NAME@_regs[] = {
	MDK_REG_RO(@NAME_UPPER@_ID, "ID", 0x010000ed),
	MDK_REG_RO(@NAME_UPPER@_STATUS, "STATUS", 0, .read = @NAME@_status,
		   MDK_REG_BITS(MDK_BIT(0, "LINK"), MDK_BIT(1, "TX_RUNS"), MDK_BIT(2, "RX_RUNS"))),
	MDK_REG_RO(@NAME_UPPER@_MAC, "MAC", 0, .count = 2, .read_at = @NAME@_mac),
	MDK_REG_W1C(@NAME_UPPER@_ISR, "ISR", GENMASK(3, 0),
		    MDK_REG_BITS(MDK_BIT(0, "TX"), MDK_BIT(1, "RX"), MDK_BIT(2, "LINK"),
				 MDK_BIT(3, "BROKEN"))),
	MDK_REG_WO(@NAME_UPPER@_RESET, "RESET", BIT(0), .resets = BIT(0)),
	MDK_REG_RW(@NAME_UPPER@_GAP, "GAP", 0, GENMASK(15, 0)),
	@NAME_UPPER@_RING(@NAME_UPPER@_TX, "TX"),
	@NAME_UPPER@_RING(@NAME_UPPER@_RX, "RX"),
	@NAME_UPPER@_COUNTER(0, "TX_FRAMES"),
	@NAME_UPPER@_COUNTER(1, "TX_ERRORS"),
	@NAME_UPPER@_COUNTER(2, "TX_DROPS"),
	@NAME_UPPER@_COUNTER(3, "RX_FRAMES"),
	@NAME_UPPER@_COUNTER(4, "RX_ERRORS"),
	@NAME_UPPER@_COUNTER(5, "RX_DROPS"),
};

static const struct mdk_cause @NAME@_causes[] = {
	MDK_CAUSE(@NAME_UPPER@_BAR, @NAME_UPPER@_ISR, 0, .gap_at = @NAME_UPPER@_GAP),
	MDK_CAUSE(@NAME_UPPER@_BAR, @NAME_UPPER@_ISR, 1, .gap_at = @NAME_UPPER@_GAP@TO_1@),
	MDK_CAUSE(@NAME_UPPER@_BAR, @NAME_UPPER@_ISR, 2@TO_2@),
	MDK_CAUSE(@NAME_UPPER@_BAR, @NAME_UPPER@_ISR, 3@TO_2@),
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

static const struct mdk_ring_spec @NAME@_tx = {
	.name = "tx", .max = @NAME_UPPER@_RING_MAX, .desc_size = sizeof(struct @NAME@_desc),
	.status = offsetof(struct @NAME@_desc, status), .dir = MDK_TO_DEVICE, .buffer_pages = 256,
};

static const struct mdk_ring_spec @NAME@_rx = {
	.name = "rx", .max = @NAME_UPPER@_RING_MAX, .desc_size = sizeof(struct @NAME@_desc),
	.status = offsetof(struct @NAME@_desc, len), .dir = MDK_FROM_DEVICE, .buffer_pages = 256,
};

static int @NAME@_init(struct mdk_dev *dev)
{
	struct @NAME@_state *state = mdk_state(dev);

	state->work = mdk_work_create(dev, @NAME@_work);
	state->tx = mdk_ring_create(dev, &@NAME@_tx);
	state->rx = mdk_ring_create(dev, &@NAME@_rx);
	if (!state->work || !state->tx || !state->rx)
		return -ENOMEM;
	state->link = true;
	state->port = mdk_port_create(@NAME@_model_switch, dev, state->work);
	return PTR_ERR_OR_ZERO(state->port);
}

/* The next user finds it as new; the SDK clears registers. */
static void @NAME@_reset(struct mdk_dev *dev)
{
	struct @NAME@_state *state = mdk_state(dev);

	mdk_ring_stop(state->tx);
	mdk_ring_stop(state->rx);
	mdk_port_reset(state->port);
	state->causes = 0;
	@NAME@_update(dev);
}

static const struct mdk_ops @NAME@_ops = { .init = @NAME@_init, .reset = @NAME@_reset };

static const struct mdk_model @NAME@_model = {
	.name = "@NAME@",
	.state_size = sizeof(struct @NAME@_state),
	.pci = MDK_PCI(@PCI_ID@, 0x0200), /* TODO: your vendor and device */
	MDK_REGIONS(@NAME@_regions),
@IF_IRQ@	MDK_IRQS(@NAME@_irqs),
@IF_CAP@	MDK_PCI_CAPS(@NAME@_caps),
	MDK_CAUSES(@NAME@_causes),
	MDK_TYPES(@NAME@_types),
	MDK_ATTRS(@NAME@_attrs),
	MDK_PARAMS(@NAME@_params),
	.budget = 16,
	.pin_pages = @NAME_UPPER@_PIN_PAGES,
	.ops = &@NAME@_ops,
};

static const struct mdk_net_spec @NAME@_net = { .name = "@NAME@", .mtu = 9000, .queue = 256 };
module_mdk_nic_driver(@NAME@_model, @NAME@_net);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("@NAME@ mediated device");

// SPDX-License-Identifier: GPL-2.0-only
/*
 * strangenic: a network card for each guest: a ring of frames to send, one of buffers to fill,
 * both in the guest's memory, and a switch between the guests and the host (mdk/net.h).
 *
 * A guest writes address and then size of a ring, fills descriptors, and writes to the ring's TAIL
 * how many there are by now; HEAD counts those that are done: the rows of MDK_RINGS() say so, and
 * the SDK does it (mdk/rings.h).
 * There is no hardware behind it yet: where yours comes in, a TODO says so.
 *
 * A third ring takes commands: filters of multicast addresses, a table that spreads frames, and
 * what the card counts. A shadow is a piece of guest memory into which a worker writes, as often as
 * CONTROL says, what the guest would else have to read. A timer counts the beats of the card.
 */
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timer.h>

#include <mdk/mdk.h>
#include <mdk/net.h>

#define STRANGENIC_BAR 0	/* of the registers; the tables below name it too */

#define STRANGENIC_ID 0x00
#define STRANGENIC_STATUS 0x04	/* what is up */
#define STRANGENIC_MAC 0x08		/* two: the first four bytes, lowest first, and the others */
#define STRANGENIC_ISR 0x10		/* one bit for each cause below */
#define STRANGENIC_RESET 0x14		/* a one puts the device back to power-on */
#define STRANGENIC_GAP 0x18		/* us between two messages of TX, of RX: at least */
#define STRANGENIC_MASK 0x1c		/* ones hold back; a message of TX or RX sets its own */
#define STRANGENIC_TX 0x20		/* a ring's five registers, from here on */
#define STRANGENIC_RX 0x40
#define STRANGENIC_RING_LO 0x00	/* address of the first descriptor */
#define STRANGENIC_RING_HI 0x04
#define STRANGENIC_RING_SIZE 0x08	/* descriptors; a write starts the ring, or stops it with 0 */
#define STRANGENIC_RING_TAIL 0x0c
#define STRANGENIC_RING_HEAD 0x10
#define STRANGENIC_COUNTERS 0x60	/* 64 bits; tx: frames, errors, drops; rx: the same */

#define STRANGENIC_CONTROL 0x90
#define STRANGENIC_BEATS 0x94
#define STRANGENIC_SHADOW_LO 0x98
#define STRANGENIC_SHADOW_HI 0x9c
#define STRANGENIC_SHADOW_SIZE 0xa0	/* bytes; a write starts the shadow, or stops it with 0 */
#define STRANGENIC_FILTER_SELECT 0xa4
#define STRANGENIC_FILTER 0xa8		/* low half of the filter that is selected */
#define STRANGENIC_CMD 0xc0		/* a ring's five registers */
#define STRANGENIC_SPREAD 0x100		/* the table that spreads frames, 32 registers */

#define STRANGENIC_BEAT BIT(0)		/* CONTROL: the timer beats */
#define STRANGENIC_FILTERS_ON BIT(1)
#define STRANGENIC_INTERVAL GENMASK(15, 8)	/* ms between two shadows */

#define STRANGENIC_MAX_FILTERS 16
#define STRANGENIC_SPREAD_SIZE 32
#define STRANGENIC_QUEUES 4
#define STRANGENIC_SHADOW_MAX SZ_4K
#define STRANGENIC_TRACES 64		/* that are kept */

#define STRANGENIC_LINK BIT(0)	/* STATUS: the link is up */
#define STRANGENIC_TX_RUNS BIT(1)
#define STRANGENIC_RX_RUNS BIT(2)
#define STRANGENIC_CMD_RUNS BIT(3)

#define STRANGENIC_ISR_TX BIT(0)	/* frames were sent; MSI-X vector 0 */
#define STRANGENIC_ISR_RX BIT(1)	/* frames were received; vector 1 */
#define STRANGENIC_ISR_LINK BIT(2)	/* the link has changed; vector 2 */
#define STRANGENIC_ISR_BROKEN BIT(3)	/* a ring could not start, or has stopped; vector 2 */
#define STRANGENIC_ISR_CMD BIT(4)	/* commands are done; vector 2 */

#define STRANGENIC_DONE BIT(0)
#define STRANGENIC_BAD BIT(1)		/* the frame was refused, or did not fit */

/**
 * struct strangenic_desc - a descriptor, as it lies in guest memory
 * @addr: of the buffer
 * @len: bytes of the frame to send; of the buffer to receive into, then of the frame in it
 * @status: DONE and BAD, from the device
 */
struct strangenic_desc {
	__le64 addr;
	__le32 len;
	__le32 status;
};

/* What a command does. */
enum strangenic_op {
	STRANGENIC_OP_FILTER = 1,	/* .arg is which; 8 bytes at .addr */
	STRANGENIC_OP_SPREAD,	/* .arg is the first; a byte for each at .addr */
	STRANGENIC_OP_COUNT,	/* struct strangenic_counts to .addr */
	STRANGENIC_OP_NAME,	/* a text of .len bytes at .addr, for the host's log */
};

/**
 * struct strangenic_cmd - a command, as it lies in guest memory
 * @addr: of its data
 * @len: bytes there
 * @op: enum strangenic_op
 * @arg: depends on @op
 * @cookie: is the guest's
 * @result: a number
 * @status: DONE and BAD
 */
struct strangenic_cmd {
	__le64 addr;
	__le32 len;
	__le16 op;
	__le16 arg;
	__le64 cookie;
	__le32 result;
	__le32 status;
};

/* What COUNT and the shadow give the guest. */
struct strangenic_counts {
	__le64 tx_frames;
	__le64 rx_frames;
	__le32 filters;
	__le32 beats;
	__le32 commands;
	__le32 reserved;
};

/* A command that was done, for the administrator. */
struct strangenic_trace {
	struct list_head next;
	u16 op, arg;
	int ret;
};

/**
 * struct strangenic_state - one instance
 * @port: of the switch
 * @link: what the administrator wants
 * @batch: frames each way before others get their turn, a parameter
 * @dev: the instance
 * @shadow: pinned memory of the guest, or NULL
 * @shadow_size: bytes of it
 * @shadow_work: writes there
 * @filters: addresses; 0 is none
 * @spread: queue for each hash
 * @commands: that were done
 * @name: what the guest calls itself
 * @alias: what the administrator calls it, under @alias_lock
 * @alias_lock: see there
 * @beat: beats while CONTROL says so
 * @beats: how often it did
 * @beating: whether it is to go on
 * @traces: the last commands, under @trace_lock
 * @nr_traces: how many
 * @trace_lock: see there
 */
struct strangenic_state {
	struct mdk_port *port;
	bool link;
	u32 batch;
	struct mdk_dev *dev;
	struct mdk_pinned *shadow;
	u32 shadow_size;
	struct mdk_work *shadow_work;
	u64 filters[STRANGENIC_MAX_FILTERS];
	u8 spread[STRANGENIC_SPREAD_SIZE];
	u32 commands;
	char name[32];
	char alias[32];
	struct mutex alias_lock;
	struct timer_list beat;
	atomic_t beats;
	bool beating;
	struct list_head traces;
	u32 nr_traces;
	spinlock_t trace_lock;
};

/* Rows of MDK_RINGS(). */
enum strangenic_way { STRANGENIC_SENDS, STRANGENIC_RECEIVES, STRANGENIC_COMMANDS };

static struct mdk_switch *strangenic_model_switch;

/* The switch has to know where frames can go. */
static void strangenic_update(struct mdk_dev *dev)
{
	struct strangenic_state *state = mdk_state(dev);
	struct mdk_ring *rx = mdk_ring_at(dev, STRANGENIC_RECEIVES, 0);

	mdk_reg_update(dev, MDK_AT(STRANGENIC_BAR, STRANGENIC_STATUS), STRANGENIC_LINK,
		       state->link ? STRANGENIC_LINK : 0);
	mdk_port_set(state->port, state->link, mdk_ring_running(rx));
}

static void strangenic_changed(struct mdk_dev *dev, struct mdk_ring *ring, u32 index, int why)
{
	strangenic_update(dev);
}

/* Frames. TODO: your hardware instead of the switch, for what leaves this machine. */

/* @ret: of this frame. Return: for the SDK, to which -EAGAIN and -EBUSY mean later. */
static int strangenic_done(struct strangenic_desc *desc, int ret)
{
	if (ret == -EAGAIN || ret == -EBUSY)
		return ret;
	desc->status = cpu_to_le32(STRANGENIC_DONE | (ret ? STRANGENIC_BAD : 0));
	return 0;
}

static int strangenic_send(struct mdk_dev *dev, const struct mdk_job *job)
{
	struct strangenic_state *state = mdk_state(dev);
	struct strangenic_desc *desc = job->desc;
	u32 len = le32_to_cpu(desc->len);
	struct mdk_frame *frame = mdk_frame_alloc(state->port, len);
	int ret;

	if (IS_ERR(frame))
		return strangenic_done(desc, PTR_ERR(frame));
	ret = mdk_ring_read(job->ring, le64_to_cpu(desc->addr), mdk_frame_data(frame), len);
	if (ret && ret != -EAGAIN)
		mdk_port_bad_frame(state->port);
	/* The switch queues the worker when the receiver has room again. */
	if (!ret && mdk_port_send(state->port, frame))
		ret = -EBUSY;
	if (ret)
		mdk_frame_free(frame);
	return strangenic_done(desc, ret);
}

static bool strangenic_has_frame(struct mdk_dev *dev, struct mdk_ring *ring, u32 index)
{
	struct strangenic_state *state = mdk_state(dev);

	return mdk_port_peek(state->port);
}

static int strangenic_receive(struct mdk_dev *dev, const struct mdk_job *job)
{
	struct strangenic_state *state = mdk_state(dev);
	struct mdk_frame *frame = mdk_port_peek(state->port);
	struct strangenic_desc *desc = job->desc;
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
	return strangenic_done(desc, ret);
}

/* Commands */

static void strangenic_count(struct strangenic_state *state, struct strangenic_counts *counts)
{
	struct mdk_port_stats now;
	u32 filters = 0, i;

	memset(counts, 0, sizeof(*counts));
	mdk_port_stats(state->port, &now);
	for (i = 0; i < STRANGENIC_MAX_FILTERS; i++)
		filters += state->filters[i] != 0;
	counts->tx_frames = cpu_to_le64(now.tx_frames);
	counts->rx_frames = cpu_to_le64(now.rx_frames);
	counts->filters = cpu_to_le32(filters);
	counts->beats = cpu_to_le32(atomic_read(&state->beats));
	counts->commands = cpu_to_le32(state->commands);
}

static void strangenic_free_traces(struct strangenic_state *state)
{
	struct strangenic_trace *trace, *more;
	LIST_HEAD(old);

	spin_lock(&state->trace_lock);
	list_splice_init(&state->traces, &old);
	state->nr_traces = 0;
	spin_unlock(&state->trace_lock);
	list_for_each_entry_safe(trace, more, &old, next)
		kfree(trace);
}

static void strangenic_trace(struct strangenic_state *state, u16 op, u16 arg, int ret)
{
	struct strangenic_trace *trace = kzalloc(sizeof(*trace), GFP_KERNEL), *old = NULL;

	if (!trace)
		return;
	trace->op = op;
	trace->arg = arg;
	trace->ret = ret;
	spin_lock(&state->trace_lock);
	if (state->nr_traces == STRANGENIC_TRACES) {
		old = list_first_entry(&state->traces, struct strangenic_trace, next);
		list_del(&old->next);
	} else {
		state->nr_traces++;
	}
	list_add_tail(&trace->next, &state->traces);
	spin_unlock(&state->trace_lock);
	kfree(old);
}

static int strangenic_set_filter(struct strangenic_state *state, const struct mdk_job *job)
{
	const struct strangenic_cmd *cmd = job->desc;
	u16 which = le16_to_cpu(cmd->arg);
	__le64 address;
	int ret;

	if (which >= STRANGENIC_MAX_FILTERS || le32_to_cpu(cmd->len) != sizeof(address))
		return -EINVAL;
	ret = mdk_ring_read(job->ring, le64_to_cpu(cmd->addr), &address, sizeof(address));
	if (ret)
		return ret;
	state->filters[which] = le64_to_cpu(address);
	return 0;
}

static int strangenic_set_spread(struct strangenic_state *state, const struct mdk_job *job)
{
	const struct strangenic_cmd *cmd = job->desc;
	u32 first = le16_to_cpu(cmd->arg), len = le32_to_cpu(cmd->len), i;
	u8 queues[STRANGENIC_SPREAD_SIZE];
	int ret;

	if (!len || len > STRANGENIC_SPREAD_SIZE || first > STRANGENIC_SPREAD_SIZE - len)
		return -EINVAL;
	ret = mdk_ring_read(job->ring, le64_to_cpu(cmd->addr), queues, len);
	if (ret)
		return ret;
	for (i = 0; i < len; i++)
		if (queues[i] >= STRANGENIC_QUEUES)
			return -EINVAL;
	memcpy(state->spread + first, queues, len);
	return 0;
}

static int strangenic_give_counts(struct strangenic_state *state, const struct mdk_job *job)
{
	const struct strangenic_cmd *cmd = job->desc;
	u64 addr = le64_to_cpu(cmd->addr);
	struct strangenic_counts counts;

	if (le32_to_cpu(cmd->len) < sizeof(counts) ||
	    mdk_ring_overlaps(job->ring, addr, sizeof(counts)))
		return -EINVAL;
	strangenic_count(state, &counts);
	return mdk_ring_write(job->ring, addr, &counts, sizeof(counts));
}

static int strangenic_set_name(struct strangenic_state *state, const struct mdk_job *job)
{
	const struct strangenic_cmd *cmd = job->desc;
	u32 len = le32_to_cpu(cmd->len);
	char *text;
	int ret;

	if (!len || len >= sizeof(state->name))
		return -EINVAL;
	text = kzalloc(len + 1, GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	ret = mdk_ring_read(job->ring, le64_to_cpu(cmd->addr), text, len);
	if (!ret)
		strscpy(state->name, text, sizeof(state->name));
	kfree(text);
	return ret;
}

static int strangenic_do(struct strangenic_state *state, const struct mdk_job *job)
{
	const struct strangenic_cmd *cmd = job->desc;

	switch (le16_to_cpu(cmd->op)) {
	case STRANGENIC_OP_FILTER:
		return strangenic_set_filter(state, job);
	case STRANGENIC_OP_SPREAD:
		return strangenic_set_spread(state, job);
	case STRANGENIC_OP_COUNT:
		return strangenic_give_counts(state, job);
	case STRANGENIC_OP_NAME:
		return strangenic_set_name(state, job);
	default:
		return -EOPNOTSUPP;
	}
}

static int strangenic_command(struct mdk_dev *dev, const struct mdk_job *job)
{
	struct strangenic_state *state = mdk_state(dev);
	struct strangenic_cmd *cmd = job->desc;
	int ret = strangenic_do(state, job);

	if (ret == -EAGAIN)
		return ret;
	strangenic_trace(state, le16_to_cpu(cmd->op), le16_to_cpu(cmd->arg), ret);
	state->commands++;
	cmd->result = cpu_to_le32(state->commands);
	cmd->status = cpu_to_le32(STRANGENIC_DONE | (ret ? STRANGENIC_BAD : 0));
	return 0;
}

/* The shadow */

static void strangenic_shadow_stop(struct strangenic_state *state)
{
	mdk_unpin(state->shadow);
	state->shadow = NULL;
	state->shadow_size = 0;
}

static u32 strangenic_interval(struct mdk_dev *dev)
{
	u32 control = mdk_reg_get(dev, STRANGENIC_BAR, STRANGENIC_CONTROL);

	return max((control & STRANGENIC_INTERVAL) >> 8, 1U);
}

static void strangenic_shadow_size(struct mdk_dev *dev, const struct mdk_reg *reg, u32 size)
{
	struct strangenic_state *state = mdk_state(dev);
	u64 addr = mdk_reg_get(dev, STRANGENIC_BAR, STRANGENIC_SHADOW_LO) |
		   (u64)mdk_reg_get(dev, STRANGENIC_BAR, STRANGENIC_SHADOW_HI) << 32;
	struct mdk_pinned *pinned;

	strangenic_shadow_stop(state);
	if (size < sizeof(struct strangenic_counts) || size > STRANGENIC_SHADOW_MAX)
		return;
	pinned = mdk_pin(dev, addr, size, MDK_FROM_DEVICE);
	if (IS_ERR(pinned)) {
		mdk_irq_raise(dev, STRANGENIC_ISR_BROKEN);
		return;
	}
	state->shadow = pinned;
	state->shadow_size = size;
	mdk_work_queue(state->shadow_work, strangenic_interval(dev));
}

/* Its worker: the counts, as often as they fit. */
static void strangenic_shadow(struct mdk_dev *dev)
{
	struct strangenic_state *state = mdk_state(dev);
	struct strangenic_counts counts;
	u32 at;
	int ret = 0;

	mdk_lock(dev);
	if (!state->shadow)
		goto out;
	strangenic_count(state, &counts);
	for (at = 0; at + sizeof(counts) <= state->shadow_size && !ret; at += sizeof(counts))
		ret = mdk_pinned_write(state->shadow, at, &counts, sizeof(counts));
	if (ret) {
		strangenic_shadow_stop(state);
		mdk_irq_raise(dev, STRANGENIC_ISR_BROKEN);
		goto out;
	}
	mdk_work_queue(state->shadow_work, strangenic_interval(dev));
out:
	mdk_unlock(dev);
}

/* The beat */

static void strangenic_beat(struct timer_list *t)
{
	struct strangenic_state *state = container_of(t, struct strangenic_state, beat);

	atomic_inc(&state->beats);
	mdk_reg_set(state->dev, STRANGENIC_BAR, STRANGENIC_BEATS, atomic_read(&state->beats));
	if (READ_ONCE(state->beating))
		mod_timer(&state->beat, jiffies + HZ / 10);
}

static void strangenic_beat_stop(struct strangenic_state *state)
{
	WRITE_ONCE(state->beating, false);
	timer_delete_sync(&state->beat);
}

static void strangenic_control(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct strangenic_state *state = mdk_state(dev);

	if (!(value & STRANGENIC_BEAT)) {
		strangenic_beat_stop(state);
		return;
	}
	WRITE_ONCE(state->beating, true);
	mod_timer(&state->beat, jiffies + HZ / 10);
}

/* Filters and the spread, by registers */

static u32 strangenic_filter_read(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	struct strangenic_state *state = mdk_state(dev);
	u32 which = mdk_reg_get(dev, STRANGENIC_BAR, STRANGENIC_FILTER_SELECT);

	return which < STRANGENIC_MAX_FILTERS ? state->filters[which] : 0;
}

static void strangenic_filter_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct strangenic_state *state = mdk_state(dev);
	u32 which = mdk_reg_get(dev, STRANGENIC_BAR, STRANGENIC_FILTER_SELECT);

	if (which >= STRANGENIC_MAX_FILTERS)
		return;
	state->filters[which] = value;
}

static u32 strangenic_spread_read(struct mdk_dev *dev, const struct mdk_reg *reg, u32 index)
{
	struct strangenic_state *state = mdk_state(dev);

	return state->spread[index];
}

/* Registers */

static u32 strangenic_mac(struct mdk_dev *dev, const struct mdk_reg *reg, u32 index)
{
	struct strangenic_state *state = mdk_state(dev);
	const u8 *mac = mdk_port_mac(state->port);

	if (index)
		return mac[4] | mac[5] << 8;
	return mac[0] | mac[1] << 8 | mac[2] << 16 | (u32)mac[3] << 24;
}

/* Each row of the table has its place here, in the same order. */
static u64 strangenic_counter(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	struct strangenic_state *state = mdk_state(dev);
	u32 row = (reg->offset - STRANGENIC_COUNTERS) / 8;
	struct mdk_port_stats now;
	const u64 *const counters[] = { &now.tx_frames, &now.tx_errors, &now.tx_dropped,
					&now.rx_frames, &now.rx_errors, &now.rx_dropped };

	mdk_port_stats(state->port, &now);
	return row < ARRAY_SIZE(counters) ? *counters[row] : 0;
}

/* The files nic/link and nic/batch of each instance. */

static int strangenic_show_link(struct mdk_dev *dev, char *buf, size_t size)
{
	struct strangenic_state *state = mdk_state(dev);

	return scnprintf(buf, size, "%s\n", state->link ? "up" : "down");
}

static int strangenic_store_link(struct mdk_dev *dev, const char *text, size_t size)
{
	struct strangenic_state *state = mdk_state(dev);
	bool link = !strcmp(text, "up");

	if (!link && strcmp(text, "down"))
		return -EINVAL;
	mdk_lock(dev);
	if (link != state->link) {
		state->link = link;
		strangenic_update(dev);
		mdk_irq_raise(dev, STRANGENIC_ISR_LINK);
	}
	mdk_unlock(dev);
	return 0;
}

static int strangenic_show_alias(struct mdk_dev *dev, char *buf, size_t size)
{
	struct strangenic_state *state = mdk_state(dev);
	int len;

	mutex_lock(&state->alias_lock);
	len = scnprintf(buf, size, "%s\n", state->alias);
	mutex_unlock(&state->alias_lock);
	return len;
}

static int strangenic_store_alias(struct mdk_dev *dev, const char *text, size_t size)
{
	struct strangenic_state *state = mdk_state(dev);

	if (size >= sizeof(state->alias))
		return -EINVAL;
	mutex_lock(&state->alias_lock);
	strscpy(state->alias, text, sizeof(state->alias));
	mutex_unlock(&state->alias_lock);
	return 0;
}

static int strangenic_show_trace(struct mdk_dev *dev, char *buf, size_t size)
{
	struct strangenic_state *state = mdk_state(dev);
	struct strangenic_trace *trace;
	int len = 0;

	spin_lock(&state->trace_lock);
	list_for_each_entry(trace, &state->traces, next)
		len += scnprintf(buf + len, size - len, "%u %u %d\n", trace->op, trace->arg,
				 trace->ret);
	spin_unlock(&state->trace_lock);
	return len;
}

static int strangenic_store_filters(struct mdk_dev *dev, const char *text, size_t size)
{
	struct strangenic_state *state = mdk_state(dev);

	if (strcmp(text, "clear"))
		return -EINVAL;
	mdk_lock(dev);
	memset(state->filters, 0, sizeof(state->filters));
	mdk_unlock(dev);
	return 0;
}

static int strangenic_show_filters(struct mdk_dev *dev, char *buf, size_t size)
{
	struct strangenic_state *state = mdk_state(dev);
	int len = 0;
	u32 i;

	mdk_lock(dev);
	for (i = 0; i < STRANGENIC_MAX_FILTERS; i++)
		len += scnprintf(buf + len, size - len, "%012llx\n", state->filters[i]);
	mdk_unlock(dev);
	return len;
}

static const struct mdk_attr strangenic_attrs[] = {
	{ .group = "nic", .name = "link", .show = strangenic_show_link, .store = strangenic_store_link },
	{ .group = "nic", .name = "alias", .show = strangenic_show_alias,
	  .store = strangenic_store_alias },
	{ .group = "nic", .name = "trace", .show = strangenic_show_trace },
	{ .group = "nic", .name = "filters", .show = strangenic_show_filters,
	  .store = strangenic_store_filters },
};

static const struct mdk_param strangenic_params[] = {
	MDK_PARAM_U32("nic", "batch", struct strangenic_state, batch, .min = 1, .max = 256, .dflt = 32),
};

/* Tables: what a guest sees. */

#define STRANGENIC_RING_REGS(_base, _name) \
	MDK_REG_RW((_base) + STRANGENIC_RING_LO, _name "_LO", 0, GENMASK(31, 4)), \
	MDK_REG_RW((_base) + STRANGENIC_RING_HI, _name "_HI", 0, GENMASK(31, 0)), \
	MDK_REG_RW((_base) + STRANGENIC_RING_SIZE, _name "_SIZE", 0, GENMASK(15, 0)), \
	MDK_REG_RW((_base) + STRANGENIC_RING_TAIL, _name "_TAIL", 0, GENMASK(31, 0)), \
	MDK_REG_RO((_base) + STRANGENIC_RING_HEAD, _name "_HEAD", 0)
#define STRANGENIC_COUNTER(_nr, _name) \
	MDK_REG_COUNTER64(STRANGENIC_COUNTERS + 8 * (_nr), _name, .read64 = strangenic_counter)

static const struct mdk_reg strangenic_regs[] = {
	MDK_REG_RO(STRANGENIC_ID, "ID", 0x010000ed),
	MDK_REG_RO(STRANGENIC_STATUS, "STATUS", STRANGENIC_LINK,
		   MDK_REG_BITS(MDK_BIT(0, "LINK"), MDK_BIT(1, "TX_RUNS"), MDK_BIT(2, "RX_RUNS"),
				MDK_BIT(3, "CMD_RUNS"))),
	MDK_REG_RO(STRANGENIC_MAC, "MAC", 0, .count = 2, .read_at = strangenic_mac),
	MDK_REG_W1C(STRANGENIC_ISR, "ISR", GENMASK(4, 0),
		    MDK_REG_BITS(MDK_BIT(0, "TX"), MDK_BIT(1, "RX"), MDK_BIT(2, "LINK"),
				 MDK_BIT(3, "BROKEN"), MDK_BIT(4, "CMD"))),
	MDK_REG_WO(STRANGENIC_RESET, "RESET", BIT(0), .resets = BIT(0)),
	MDK_REG_RW(STRANGENIC_GAP, "GAP", 0, GENMASK(15, 0)),
	MDK_REG_RW(STRANGENIC_MASK, "MASK", 0, GENMASK(4, 0)),
	STRANGENIC_RING_REGS(STRANGENIC_TX, "TX"),
	STRANGENIC_RING_REGS(STRANGENIC_RX, "RX"),
	STRANGENIC_COUNTER(0, "TX_FRAMES"),
	STRANGENIC_COUNTER(1, "TX_ERRORS"),
	STRANGENIC_COUNTER(2, "TX_DROPS"),
	STRANGENIC_COUNTER(3, "RX_FRAMES"),
	STRANGENIC_COUNTER(4, "RX_ERRORS"),
	STRANGENIC_COUNTER(5, "RX_DROPS"),
	MDK_REG_RW(STRANGENIC_CONTROL, "CONTROL", 0,
		   STRANGENIC_BEAT | STRANGENIC_FILTERS_ON | STRANGENIC_INTERVAL,
		   .written = strangenic_control),
	MDK_REG_RO(STRANGENIC_BEATS, "BEATS", 0),
	MDK_REG_RW(STRANGENIC_SHADOW_LO, "SHADOW_LO", 0, GENMASK(31, 0)),
	MDK_REG_RW(STRANGENIC_SHADOW_HI, "SHADOW_HI", 0, GENMASK(31, 0)),
	MDK_REG_RW(STRANGENIC_SHADOW_SIZE, "SHADOW_SIZE", 0, GENMASK(15, 0),
		   .written = strangenic_shadow_size),
	MDK_REG_RW(STRANGENIC_FILTER_SELECT, "FILTER_SELECT", 0, GENMASK(7, 0)),
	MDK_REG_RW(STRANGENIC_FILTER, "FILTER", 0, GENMASK(31, 0), .read = strangenic_filter_read,
		   .written = strangenic_filter_written),
	STRANGENIC_RING_REGS(STRANGENIC_CMD, "CMD"),
	MDK_REG_RO(STRANGENIC_SPREAD, "SPREAD", 0, .count = STRANGENIC_SPREAD_SIZE, .stride = 4,
		   .read_at = strangenic_spread_read),
};

/*
 * A guest that is interrupted by a queue clears its cause and empties it, unmasks it, reads a
 * register so that both writes have arrived, and looks at the queue once more.
 */
#define STRANGENIC_CAUSE(_bit, ...) \
	MDK_CAUSE(STRANGENIC_BAR, STRANGENIC_ISR, _bit, .mask = STRANGENIC_MASK, \
		  .polarity = MDK_ONE_MASKS, ##__VA_ARGS__)
#define STRANGENIC_QUEUE .auto_mask = true, .gap_at = STRANGENIC_GAP

static const struct mdk_cause strangenic_causes[] = {
	STRANGENIC_CAUSE(0, STRANGENIC_QUEUE),
	STRANGENIC_CAUSE(1, STRANGENIC_QUEUE, .to = MDK_TO_MSIX(1)),
	STRANGENIC_CAUSE(2, .to = MDK_TO_MSIX(2)),
	STRANGENIC_CAUSE(3, .to = MDK_TO_MSIX(2)),
	STRANGENIC_CAUSE(4, .to = MDK_TO_MSIX(2)),
};

#define STRANGENIC_AT(_offset) MDK_AT(STRANGENIC_BAR, _offset)
#define STRANGENIC_RING(_name, _base, ...) \
	MDK_RING(_name, .base = STRANGENIC_AT((_base) + STRANGENIC_RING_LO), \
		 .base_high = STRANGENIC_AT((_base) + STRANGENIC_RING_HI), \
		 .size = STRANGENIC_AT((_base) + STRANGENIC_RING_SIZE), \
		 .tail = STRANGENIC_AT((_base) + STRANGENIC_RING_TAIL), \
		 .head = STRANGENIC_AT((_base) + STRANGENIC_RING_HEAD), \
		 .state = STRANGENIC_AT(STRANGENIC_STATUS), .max = 1024, \
		 .desc_size = sizeof(struct strangenic_desc), .buffer_pages = 256, \
		 .raises_broken = STRANGENIC_ISR_BROKEN, .changed = strangenic_changed, \
		 MDK_RING_BATCH(struct strangenic_state, batch), __VA_ARGS__)

static const struct mdk_ring_row strangenic_rings[] = {
	[STRANGENIC_SENDS] = STRANGENIC_RING("tx", STRANGENIC_TX,
		.status = offsetof(struct strangenic_desc, status), .dir = MDK_TO_DEVICE,
		.work = strangenic_send,
		.running = STRANGENIC_TX_RUNS, .raises = STRANGENIC_ISR_TX),
	[STRANGENIC_RECEIVES] = STRANGENIC_RING("rx", STRANGENIC_RX,
		.status = offsetof(struct strangenic_desc, len), .dir = MDK_FROM_DEVICE,
		.work = strangenic_receive, .ready = strangenic_has_frame,
		.running = STRANGENIC_RX_RUNS, .raises = STRANGENIC_ISR_RX),
	[STRANGENIC_COMMANDS] = MDK_RING("cmd",
		.base = STRANGENIC_AT(STRANGENIC_CMD + STRANGENIC_RING_LO),
		.base_high = STRANGENIC_AT(STRANGENIC_CMD + STRANGENIC_RING_HI),
		.size = STRANGENIC_AT(STRANGENIC_CMD + STRANGENIC_RING_SIZE),
		.tail = STRANGENIC_AT(STRANGENIC_CMD + STRANGENIC_RING_TAIL),
		.head = STRANGENIC_AT(STRANGENIC_CMD + STRANGENIC_RING_HEAD),
		.state = STRANGENIC_AT(STRANGENIC_STATUS), .running = STRANGENIC_CMD_RUNS,
		.max = 64, .desc_size = sizeof(struct strangenic_cmd),
		.status = offsetof(struct strangenic_cmd, result), .dir = MDK_BOTH_WAYS,
		.buffer_pages = 16, .work = strangenic_command, .raises = STRANGENIC_ISR_CMD,
		.raises_broken = STRANGENIC_ISR_BROKEN),
};

static const struct mdk_region strangenic_regions[] = {
	MDK_BAR_REGS(0, "registers", SZ_4K, strangenic_regs),
};

static const struct mdk_irq strangenic_irqs[] = {
	MDK_MSIX(3),
	MDK_ERR(),
};
static const struct mdk_cap strangenic_caps[] = {
	MDK_CAP_PM(),
	MDK_CAP_MSIX(.table_bar = 0, .table_offset = 0x800, .pba_bar = 0, .pba_offset = 0x830),
};

/* What an administrator can create. TODO: how many guests your hardware serves. */
static const struct mdk_type strangenic_types[] = {
	MDK_TYPE("1", "strangenic 1", .description = "a port of the switch", .cost = 1),
};

static int strangenic_init(struct mdk_dev *dev)
{
	struct strangenic_state *state = mdk_state(dev);

	state->link = true;
	state->dev = dev;
	mutex_init(&state->alias_lock);
	spin_lock_init(&state->trace_lock);
	INIT_LIST_HEAD(&state->traces);
	timer_setup(&state->beat, strangenic_beat, 0);
	state->shadow_work = mdk_work_create(dev, strangenic_shadow);
	if (!state->shadow_work)
		return -ENOMEM;
	state->port = mdk_port_create(strangenic_model_switch, dev, mdk_rings_worker(dev));
	return PTR_ERR_OR_ZERO(state->port);
}

static void strangenic_fini(struct mdk_dev *dev)
{
	struct strangenic_state *state = mdk_state(dev);

	strangenic_beat_stop(state);
	strangenic_free_traces(state);
}

/*
 * Registers, rings and port are as new by now; the cable and the alias are the administrator's. A
 * beat may have come behind the reset of the registers.
 */
static void strangenic_reset(struct mdk_dev *dev)
{
	struct strangenic_state *state = mdk_state(dev);

	strangenic_beat_stop(state);
	atomic_set(&state->beats, 0);
	mdk_reg_set(dev, STRANGENIC_BAR, STRANGENIC_BEATS, 0);
	strangenic_shadow_stop(state);
	strangenic_free_traces(state);
	memset(state->filters, 0, sizeof(state->filters));
	memset(state->spread, 0, sizeof(state->spread));
	memset(state->name, 0, sizeof(state->name));
	state->commands = 0;
	strangenic_update(dev);
}

static const struct mdk_ops strangenic_ops = {
	.init = strangenic_init,
	.fini = strangenic_fini,
	.reset = strangenic_reset,
};

static const struct mdk_model strangenic_model = {
	.name = "strangenic",
	.state_size = sizeof(struct strangenic_state),
	.pci = MDK_PCI(0x1af4, 0x10f0, 0x0200), /* TODO: your vendor and device */
	MDK_REGIONS(strangenic_regions),
	MDK_IRQS(strangenic_irqs),
	MDK_PCI_CAPS(strangenic_caps),
	MDK_CAUSES(strangenic_causes),
	MDK_RINGS(strangenic_rings),
	MDK_TYPES(strangenic_types),
	MDK_ATTRS(strangenic_attrs),
	MDK_PARAMS(strangenic_params),
	.budget = 16,
	.pin_pages = 1024,
	.ops = &strangenic_ops,
};

static const struct mdk_net_spec strangenic_net = { .name = "strangenic", .mtu = 9000, .queue = 256 };
module_mdk_nic_driver(strangenic_model, strangenic_net);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("strangenic mediated device");

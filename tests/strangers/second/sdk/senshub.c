// SPDX-License-Identifier: GPL-2.0-only
/*
 * senshub: a mediated sensor hub. Eight channels are sampled by a timer into a queue; a worker
 * moves what is there into a buffer of the guest. A ring of commands configures channels,
 * calibrates them and dumps what was seen.
 */
#include <linux/bitfield.h>
#include <linux/debugfs.h>
#include <linux/log2.h>
#include <linux/mutex.h>
#include <linux/nospec.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/version.h>

#include <mdk/mdk.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0) && !defined(timer_delete_sync)
#define timer_delete_sync(t) del_timer_sync(t)
#endif

#define SH_ID 0x000
#define SH_CTRL 0x004
#define SH_ISR 0x008
#define SH_IER 0x00c
#define SH_PERIOD 0x010
#define SH_CHAN_SEL 0x014
#define SH_CHAN_CFG 0x018
#define SH_CHAN_VALUE 0x01c
#define SH_BUF_LO 0x020
#define SH_BUF_HI 0x024
#define SH_BUF_SIZE 0x028
#define SH_BUF_CMD 0x02c
#define SH_BUF_PROD 0x030
#define SH_BUF_CONS 0x034
#define SH_CAL_INDEX 0x038
#define SH_CAL_DATA 0x03c
#define SH_RING_LO 0x040
#define SH_RING_HI 0x044
#define SH_RING_SIZE 0x048
#define SH_RING_HEAD 0x04c
#define SH_RING_TAIL 0x050
#define SH_RING_STATE 0x054
#define SH_MEAN 0x058
#define SH_SAMPLES 0x060

#define SH_BAR_REGS 0
#define SH_BAR_LOG 2

#define SH_CTRL_RUN BIT(0)
#define SH_CTRL_LOG BIT(1)
#define SH_CFG_ON BIT(0)
#define SH_CFG_SHIFT GENMASK(7, 4)
#define SH_BUF_ATTACH 1
#define SH_BUF_DETACH 2
#define SH_CAUSE_DATA BIT(0)
#define SH_CAUSE_COMMAND BIT(1)
#define SH_CAUSE_OVERRUN BIT(2)
#define SH_CAUSE_ERROR BIT(3)

#define SH_CHANNELS 8
#define SH_QUEUE 256	/* samples; a power of two */
#define SH_CAL_MAX 128
#define SH_HISTORY 64
#define SH_BUF_MIN 64
#define SH_BUF_MAX SZ_16K
#define SH_LOG_SIZE SZ_64K
#define SH_LOG_HEAD 16
#define SH_PERIOD_MIN 5

enum sh_op { SH_OP_NOP, SH_OP_CONFIG, SH_OP_CALIBRATE, SH_OP_DUMP, SH_OP_INJECT, SH_NR_OPS };

struct sh_sample {
	__le32 time;
	__le16 chan;
	__le16 value;
};

struct sh_cmd {
	__le32 op;
	__le32 chan;
	__le64 addr;
	__le32 len;
	__le32 arg;
	__le32 result;
	__le32 status;
};

struct sh_report {
	__le32 chan;
	__le32 count;
	__le16 values[SH_HISTORY];
};

/* At the start of the log, of which a guest says where to write next. */
struct sh_log_header {
	__le32 write;
	__le32 limit;
	__le32 lost;
	__le32 reserved;
};

struct sh_chan {
	u32 cfg;
	u16 value;
	u32 sum;
	u32 samples;
	u16 history[SH_HISTORY];
	u32 nr_history;
};

struct sh_state {
	struct mdk_dev *dev;
	struct dentry *debugfs;
	u32 depth;			/* parameter: samples that one pass moves */

	/* under mdk_lock() */
	struct mdk_pinned *buf;
	u32 buf_size;
	u32 prod;

	struct mutex cal_lock;		/* cal, nr_cal: callbacks and sysfs */
	s16 *cal;
	u32 nr_cal;

	spinlock_t lock;		/* all that follows: the timer too */
	struct timer_list timer;
	bool running;
	u32 period;
	u32 now;
	struct sh_chan chans[SH_CHANNELS];
	struct sh_sample queue[SH_QUEUE];
	u32 head;
	u32 tail;
	u32 overruns;
};

static struct dentry *sh_debugfs;

static struct mdk_at sh_at(u32 offset)
{
	return MDK_AT(SH_BAR_REGS, offset);
}

/* Sampling */

/* Return: false if the queue is full. */
static bool sh_push(struct sh_state *state, u32 chan, u16 value)
{
	struct sh_chan *c = &state->chans[chan];
	struct sh_sample *sample;

	lockdep_assert_held(&state->lock);
	c->value = value;
	c->sum += value;
	c->samples++;
	c->history[c->nr_history++ % SH_HISTORY] = value;
	if (state->head - state->tail >= SH_QUEUE) {
		state->overruns++;
		return false;
	}
	sample = &state->queue[state->head++ % SH_QUEUE];
	sample->time = cpu_to_le32(state->now);
	sample->chan = cpu_to_le16(chan);
	sample->value = cpu_to_le16(value);
	return true;
}

static void sh_timer(struct timer_list *t)
{
	struct sh_state *state = container_of(t, struct sh_state, timer);
	bool full = false;
	u32 i;

	spin_lock_bh(&state->lock);
	if (!state->running) {
		spin_unlock_bh(&state->lock);
		return;
	}
	state->now++;
	for (i = 0; i < SH_CHANNELS; i++) {
		u32 cfg = state->chans[i].cfg;

		if (cfg & SH_CFG_ON)
			full |= !sh_push(state, i,
					 state->now * (i + 1) >> FIELD_GET(SH_CFG_SHIFT, cfg));
	}
	mod_timer(&state->timer, jiffies + msecs_to_jiffies(state->period));
	spin_unlock_bh(&state->lock);
	if (full)
		mdk_irq_raise(state->dev, SH_CAUSE_OVERRUN);
	mdk_queue(state->dev, 0);
}

static void sh_stop(struct sh_state *state)
{
	spin_lock_bh(&state->lock);
	state->running = false;
	spin_unlock_bh(&state->lock);
	timer_delete_sync(&state->timer);
}

/* Copies of samples, oldest first. Return: how many. */
static u32 sh_peek(struct sh_state *state, struct sh_sample *to, u32 max)
{
	u32 i, n;

	spin_lock_bh(&state->lock);
	n = min(max, state->head - state->tail);
	for (i = 0; i < n; i++)
		to[i] = state->queue[(state->tail + i) % SH_QUEUE];
	spin_unlock_bh(&state->lock);
	return n;
}

static void sh_consume(struct sh_state *state, u32 n)
{
	spin_lock_bh(&state->lock);
	state->tail += n;
	spin_unlock_bh(&state->lock);
}

/* Where they go: the guest's buffer, and the log in BAR 2 */

/* The guest may change the header at any time. */
static void sh_log(struct mdk_dev *dev, const struct sh_sample *samples, u32 n)
{
	struct sh_log_header *header = mdk_ram(dev, SH_BAR_LOG);
	u32 write, limit, bytes = n * sizeof(*samples);

	if (!header || !(mdk_reg_get(dev, SH_BAR_REGS, SH_CTRL) & SH_CTRL_LOG))
		return;
	write = le32_to_cpu(READ_ONCE(header->write));
	limit = le32_to_cpu(READ_ONCE(header->limit));
	if (limit > SH_LOG_SIZE || write < SH_LOG_HEAD || write > limit || bytes > limit - write) {
		WRITE_ONCE(header->lost, cpu_to_le32(le32_to_cpu(READ_ONCE(header->lost)) + n));
		return;
	}
	memcpy((u8 *)header + write, samples, bytes);
	WRITE_ONCE(header->write, cpu_to_le32(write + bytes));
}

/* Return: samples that found room. */
static u32 sh_deliver(struct mdk_dev *dev, const struct sh_sample *samples, u32 n)
{
	struct sh_state *state = mdk_state(dev);
	u32 cons = mdk_reg_get(dev, SH_BAR_REGS, SH_BUF_CONS);
	u32 slots = state->buf_size / sizeof(*samples);
	u32 i;

	mdk_assert_locked(dev);
	for (i = 0; i < n; i++) {
		u32 used = state->prod - cons;

		if (used >= slots)
			break;
		if (mdk_pinned_write(state->buf, (u64)(state->prod % slots) * sizeof(*samples),
				     &samples[i], sizeof(*samples))) {
			mdk_irq_raise(dev, SH_CAUSE_ERROR);
			break;
		}
		state->prod++;
	}
	mdk_reg_set(dev, SH_BAR_REGS, SH_BUF_PROD, state->prod);
	return i;
}

/* The worker: from the queue to the guest. */
static void sh_work(struct mdk_dev *dev)
{
	struct sh_state *state = mdk_state(dev);
	struct sh_sample *samples;
	u32 depth = READ_ONCE(state->depth);
	u32 n, done;

	samples = kcalloc(depth, sizeof(*samples), GFP_KERNEL);
	if (!samples)
		return;
	mdk_lock(dev);
	n = sh_peek(state, samples, depth);
	if (!n || !state->buf)
		goto out;
	done = sh_deliver(dev, samples, n);
	sh_log(dev, samples, done);
	sh_consume(state, done);
	if (done) {
		mdk_counter_add(dev, sh_at(SH_SAMPLES), done);
		mdk_irq_raise(dev, SH_CAUSE_DATA);
	}
out:
	mdk_unlock(dev);
	kfree(samples);
}

/* Registers */

static void sh_ctrl_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct sh_state *state = mdk_state(dev);

	if (!(value & SH_CTRL_RUN)) {
		sh_stop(state);
		return;
	}
	spin_lock_bh(&state->lock);
	state->running = true;
	state->period = max_t(u32, mdk_reg_get(dev, SH_BAR_REGS, SH_PERIOD), SH_PERIOD_MIN);
	mod_timer(&state->timer, jiffies + msecs_to_jiffies(state->period));
	spin_unlock_bh(&state->lock);
}

static struct sh_chan *sh_selected(struct mdk_dev *dev)
{
	struct sh_state *state = mdk_state(dev);
	u32 sel = mdk_reg_get(dev, SH_BAR_REGS, SH_CHAN_SEL);

	if (sel >= SH_CHANNELS)
		return NULL;
	return &state->chans[array_index_nospec(sel, SH_CHANNELS)];
}

static void sh_cfg_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct sh_state *state = mdk_state(dev);
	struct sh_chan *chan = sh_selected(dev);

	if (!chan)
		return;
	spin_lock_bh(&state->lock);
	chan->cfg = value;
	spin_unlock_bh(&state->lock);
}

/* With the calibration of the channel. */
static u32 sh_value_read(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	struct sh_state *state = mdk_state(dev);
	struct sh_chan *chan = sh_selected(dev);
	u32 value;

	if (!chan)
		return 0;
	spin_lock_bh(&state->lock);
	value = chan->value;
	spin_unlock_bh(&state->lock);
	mutex_lock(&state->cal_lock);
	if (state->cal && chan - state->chans < state->nr_cal)
		value += state->cal[chan - state->chans];
	mutex_unlock(&state->cal_lock);
	return value;
}

static u32 sh_mean_read(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	struct sh_state *state = mdk_state(dev);
	struct sh_chan *chan = sh_selected(dev);
	u32 mean = 0;

	if (!chan)
		return 0;
	spin_lock_bh(&state->lock);
	if (chan->samples)
		mean = chan->sum / chan->samples;
	spin_unlock_bh(&state->lock);
	return mean;
}

static u32 sh_cal_read(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	struct sh_state *state = mdk_state(dev);
	u32 index = mdk_reg_get(dev, SH_BAR_REGS, SH_CAL_INDEX);
	u32 value = 0;

	mutex_lock(&state->cal_lock);
	if (state->cal && index < state->nr_cal)
		value = (u16)state->cal[array_index_nospec(index, state->nr_cal)];
	mutex_unlock(&state->cal_lock);
	return value;
}

static void sh_detach(struct sh_state *state)
{
	mdk_unpin(state->buf);
	state->buf = NULL;
	state->buf_size = 0;
	state->prod = 0;
}

static int sh_attach(struct mdk_dev *dev)
{
	struct sh_state *state = mdk_state(dev);
	u64 addr = (u64)mdk_reg_get(dev, SH_BAR_REGS, SH_BUF_HI) << 32 |
		   mdk_reg_get(dev, SH_BAR_REGS, SH_BUF_LO);
	u32 size = mdk_reg_get(dev, SH_BAR_REGS, SH_BUF_SIZE);
	struct mdk_pinned *buf;

	if (size < SH_BUF_MIN || size > SH_BUF_MAX || !is_power_of_2(size))
		return -EINVAL;
	buf = mdk_pin(dev, addr, size, MDK_FROM_DEVICE);
	if (IS_ERR(buf))
		return PTR_ERR(buf);
	sh_detach(state);
	state->buf = buf;
	state->buf_size = size;
	mdk_reg_set(dev, SH_BAR_REGS, SH_BUF_PROD, 0);
	mdk_reg_set(dev, SH_BAR_REGS, SH_BUF_CONS, 0);
	return 0;
}

static void sh_buf_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	int ret = 0;

	if (value == SH_BUF_ATTACH)
		ret = sh_attach(dev);
	else if (value == SH_BUF_DETACH)
		sh_detach(mdk_state(dev));
	if (ret)
		mdk_irq_raise(dev, SH_CAUSE_ERROR);
}

/* Commands */

static int sh_config(struct sh_state *state, u32 chan, u32 cfg)
{
	if (chan >= SH_CHANNELS || cfg & ~(SH_CFG_ON | SH_CFG_SHIFT))
		return -EINVAL;
	chan = array_index_nospec(chan, SH_CHANNELS);
	spin_lock_bh(&state->lock);
	state->chans[chan].cfg = cfg;
	spin_unlock_bh(&state->lock);
	return 0;
}

static int sh_calibrate(struct sh_state *state, struct mdk_ring *ring, u64 addr, u32 n)
{
	s16 *cal;
	u32 i;
	int ret;

	if (!n || n > SH_CAL_MAX)
		return -EINVAL;
	cal = kcalloc(n, sizeof(*cal), GFP_KERNEL);
	if (!cal)
		return -ENOMEM;
	ret = mdk_ring_read(ring, addr, cal, n * sizeof(*cal));
	if (ret) {
		kfree(cal);
		return ret;
	}
	for (i = 0; i < n; i++)
		cal[i] = (s16)le16_to_cpu((__force __le16)cal[i]);
	mutex_lock(&state->cal_lock);
	swap(state->cal, cal);
	state->nr_cal = n;
	mutex_unlock(&state->cal_lock);
	kfree(cal);
	return 0;
}

/* The newest values of a channel, up to what the guest has room for. */
static int sh_dump(struct sh_state *state, struct mdk_ring *ring, u32 nr, u64 addr, u32 len)
{
	struct sh_report report = {};
	struct sh_chan *chan;
	u32 i, n, at;

	if (nr >= SH_CHANNELS || len < offsetof(struct sh_report, values))
		return -EINVAL;
	chan = &state->chans[array_index_nospec(nr, SH_CHANNELS)];
	n = (len - offsetof(struct sh_report, values)) / sizeof(report.values[0]);

	spin_lock_bh(&state->lock);
	n = min3(n, chan->nr_history, (u32)SH_HISTORY);
	for (i = 0; i < n; i++) {
		at = (chan->nr_history - n + i) % SH_HISTORY;
		report.values[i] = cpu_to_le16(chan->history[at]);
	}
	spin_unlock_bh(&state->lock);
	report.chan = cpu_to_le32(nr);
	report.count = cpu_to_le32(n);
	return mdk_ring_write(ring, addr, &report, offsetof(struct sh_report, values[n]));
}

/* For tests of a guest's driver: samples that no sensor saw. */
static int sh_inject(struct sh_state *state, u32 nr, u32 count, u32 value)
{
	int ret = 0;
	u32 i;

	if (nr >= SH_CHANNELS || count > SH_QUEUE)
		return -EINVAL;
	nr = array_index_nospec(nr, SH_CHANNELS);
	spin_lock_bh(&state->lock);
	for (i = 0; i < count; i++)
		if (!sh_push(state, nr, value))
			ret = -ENOSPC;
	spin_unlock_bh(&state->lock);
	mdk_queue(state->dev, 0);
	return ret;
}

static int sh_command(struct mdk_dev *dev, const struct mdk_job *job)
{
	struct sh_state *state = mdk_state(dev);
	struct sh_cmd *cmd = job->desc;
	u32 chan = le32_to_cpu(cmd->chan), len = le32_to_cpu(cmd->len), arg = le32_to_cpu(cmd->arg);
	u64 addr = le64_to_cpu(cmd->addr);
	int ret = 0;

	switch (le32_to_cpu(cmd->op)) {
	case SH_OP_NOP:
		break;
	case SH_OP_CONFIG:
		ret = sh_config(state, chan, arg);
		break;
	case SH_OP_CALIBRATE:
		ret = sh_calibrate(state, job->ring, addr, len);
		break;
	case SH_OP_DUMP:
		ret = sh_dump(state, job->ring, chan, addr, len);
		break;
	case SH_OP_INJECT:
		ret = sh_inject(state, chan, len, arg);
		break;
	default:
		ret = -EOPNOTSUPP;
	}
	if (ret == -EAGAIN)
		return ret;
	cmd->result = cpu_to_le32(state->nr_cal);
	cmd->status = cpu_to_le32(ret ? BIT(31) | -ret : 1);
	return 0;
}

/* Life */

static int sh_stats_show(struct seq_file *m, void *unused)
{
	struct sh_state *state = m->private;
	u32 i;

	spin_lock_bh(&state->lock);
	seq_printf(m, "queued %u\noverruns %u\n", state->head - state->tail, state->overruns);
	for (i = 0; i < SH_CHANNELS; i++)
		seq_printf(m, "chan%u %#x %u\n", i, state->chans[i].cfg, state->chans[i].samples);
	spin_unlock_bh(&state->lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(sh_stats);

static int sh_init(struct mdk_dev *dev)
{
	struct sh_state *state = mdk_state(dev);

	state->dev = dev;
	spin_lock_init(&state->lock);
	mutex_init(&state->cal_lock);
	timer_setup(&state->timer, sh_timer, 0);
	state->debugfs = debugfs_create_file(mdk_name(dev), 0400, sh_debugfs, state, &sh_stat_fops);
	return 0;
}

static void sh_fini(struct mdk_dev *dev)
{
	struct sh_state *state = mdk_state(dev);

	debugfs_remove(state->debugfs);
	timer_delete_sync(&state->timer);
	kfree(state->cal);
	mutex_destroy(&state->cal_lock);
}

/* The next user must find it as new. */
static void sh_reset(struct mdk_dev *dev)
{
	struct sh_state *state = mdk_state(dev);
	s16 *cal = NULL;

	sh_stop(state);
	sh_detach(state);
	mutex_lock(&state->cal_lock);
	swap(state->cal, cal);
	state->nr_cal = 0;
	mutex_unlock(&state->cal_lock);
	kfree(cal);
	spin_lock_bh(&state->lock);
	memset(state->chans, 0, sizeof(state->chans));
	memset(state->queue, 0, sizeof(state->queue));
	state->head = 0;
	state->tail = 0;
	state->now = 0;
	state->period = 0;
	state->overruns = 0;
	spin_unlock_bh(&state->lock);
}

static int sh_cal_show(struct mdk_dev *dev, char *buf, size_t size)
{
	struct sh_state *state = mdk_state(dev);
	int len = 0;
	u32 i;

	mutex_lock(&state->cal_lock);
	for (i = 0; state->cal && i < state->nr_cal; i++)
		len += scnprintf(buf + len, size - len, "%d ", state->cal[i]);
	mutex_unlock(&state->cal_lock);
	return len + scnprintf(buf + len, size - len, "\n");
}

/* "index value" */
static int sh_cal_store(struct mdk_dev *dev, const char *text, size_t size)
{
	struct sh_state *state = mdk_state(dev);
	u32 index;
	int value, ret = -ENXIO;

	if (sscanf(text, "%u %d", &index, &value) != 2 || value < S16_MIN || value > S16_MAX)
		return -EINVAL;
	mutex_lock(&state->cal_lock);
	if (state->cal && index < state->nr_cal) {
		state->cal[index] = value;
		ret = 0;
	}
	mutex_unlock(&state->cal_lock);
	return ret;
}

/* Tables */

static const struct mdk_reg sh_regs[] = {
	MDK_REG_RO(SH_ID, "ID", 0x5e450001),
	MDK_REG_RW(SH_CTRL, "CTRL", 0, SH_CTRL_RUN | SH_CTRL_LOG, .written = sh_ctrl_written),
	MDK_REG_W1C(SH_ISR, "ISR", GENMASK(3, 0)),
	MDK_REG_RW(SH_IER, "IER", 0, GENMASK(3, 0)),
	MDK_REG_RW(SH_PERIOD, "PERIOD", 100, GENMASK(15, 0)),
	MDK_REG_RW(SH_CHAN_SEL, "CHAN_SEL", 0, GENMASK(7, 0)),
	MDK_REG_WO(SH_CHAN_CFG, "CHAN_CFG", SH_CFG_ON | SH_CFG_SHIFT, .written = sh_cfg_written),
	MDK_REG_RO(SH_CHAN_VALUE, "CHAN_VALUE", 0, .read = sh_value_read),
	MDK_REG_RW(SH_BUF_LO, "BUF_LO", 0, GENMASK(31, 3)),
	MDK_REG_RW(SH_BUF_HI, "BUF_HI", 0, GENMASK(31, 0)),
	MDK_REG_RW(SH_BUF_SIZE, "BUF_SIZE", 0, GENMASK(31, 0)),
	MDK_REG_WO(SH_BUF_CMD, "BUF_CMD", GENMASK(1, 0), .written = sh_buf_written),
	MDK_REG_RO(SH_BUF_PROD, "BUF_PROD", 0),
	MDK_REG_RW(SH_BUF_CONS, "BUF_CONS", 0, GENMASK(31, 0)),
	MDK_REG_RW(SH_CAL_INDEX, "CAL_INDEX", 0, GENMASK(31, 0)),
	MDK_REG_RO(SH_CAL_DATA, "CAL_DATA", 0, .read = sh_cal_read),
	MDK_REG_RW(SH_RING_LO, "RING_LO", 0, GENMASK(31, 5)),
	MDK_REG_RW(SH_RING_HI, "RING_HI", 0, GENMASK(31, 0)),
	MDK_REG_RW(SH_RING_SIZE, "RING_SIZE", 0, GENMASK(15, 0)),
	MDK_REG_RO(SH_RING_HEAD, "RING_HEAD", 0),
	MDK_REG_RW(SH_RING_TAIL, "RING_TAIL", 0, GENMASK(31, 0)),
	MDK_REG_RO(SH_RING_STATE, "RING_STATE", 0),
	MDK_REG_RO(SH_MEAN, "MEAN", 0, .read = sh_mean_read),
	MDK_REG_COUNTER64(SH_SAMPLES, "SAMPLES"),
};

#define SH_CAUSE(_bit)                                                                             \
	MDK_CAUSE(SH_BAR_REGS, SH_ISR, _bit, .mask = SH_IER, .polarity = MDK_ONE_ENABLES)
static const struct mdk_cause sh_causes[] = { SH_CAUSE(0), SH_CAUSE(1), SH_CAUSE(2), SH_CAUSE(3) };

static const struct mdk_ring_row sh_rings[] = {
	MDK_RING("commands", .base = MDK_AT(SH_BAR_REGS, SH_RING_LO),
		 .base_high = MDK_AT(SH_BAR_REGS, SH_RING_HI),
		 .size = MDK_AT(SH_BAR_REGS, SH_RING_SIZE),
		 .head = MDK_AT(SH_BAR_REGS, SH_RING_HEAD),
		 .tail = MDK_AT(SH_BAR_REGS, SH_RING_TAIL),
		 .state = MDK_AT(SH_BAR_REGS, SH_RING_STATE), .running = BIT(0), .broken = BIT(1),
		 .max = 64, .desc_size = sizeof(struct sh_cmd),
		 .status = offsetof(struct sh_cmd, result), .dir = MDK_BOTH_WAYS,
		 .buffer_pages = 8, .work = sh_command, .raises = SH_CAUSE_COMMAND),
};

static const struct mdk_region sh_regions[] = {
	MDK_BAR_REGS(SH_BAR_REGS, "registers", SZ_4K, sh_regs),
	MDK_BAR_MEM(SH_BAR_LOG, "log", SH_LOG_SIZE, MDK_MMAP | MDK_PREFETCH),
};

static const struct mdk_irq sh_irqs[] = { MDK_MSI(1), MDK_ERR() };
static const struct mdk_cap sh_caps[] = { MDK_CAP_PM(), MDK_CAP_MSI() };
static const struct mdk_type sh_types[] = {
	MDK_TYPE("1", "senshub", .description = "eight channels", .cost = 1),
};
static const struct mdk_param sh_params[] = {
	MDK_PARAM_U32("senshub", "depth", struct sh_state, depth, .min = 1, .max = SH_QUEUE,
		      .dflt = 64),
};
static const struct mdk_attr sh_attrs[] = {
	{ .group = "senshub", .name = "calibration", .show = sh_cal_show, .store = sh_cal_store },
};

static const struct mdk_ops sh_ops = {
	.init = sh_init,
	.fini = sh_fini,
	.reset = sh_reset,
	.work = sh_work,
};

static const struct mdk_model senshub_model = {
	.name = "senshub",
	.state_size = sizeof(struct sh_state),
	.pci = MDK_PCI(0x1af4, 0x10f5, 0x1180),
	MDK_REGIONS(sh_regions),
	MDK_IRQS(sh_irqs),
	MDK_PCI_CAPS(sh_caps),
	MDK_CAUSES(sh_causes),
	MDK_RINGS(sh_rings),
	MDK_PARAMS(sh_params),
	MDK_ATTRS(sh_attrs),
	MDK_TYPES(sh_types),
	.budget = 4,
	.ops = &sh_ops,
	.pin_pages = 32,
};

static struct mdk_host *sh_host;

static int __init sh_module_init(void)
{
	sh_debugfs = debugfs_create_dir("senshub", NULL);
	sh_host = mdk_register(&senshub_model);
	if (IS_ERR(sh_host)) {
		debugfs_remove(sh_debugfs);
		return PTR_ERR(sh_host);
	}
	return 0;
}

static void __exit sh_module_exit(void)
{
	mdk_unregister(sh_host);
	debugfs_remove(sh_debugfs);
}

module_init(sh_module_init);
module_exit(sh_module_exit);
MODULE_INFO(mdk_abi, __stringify(MDK_ABI));

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("senshub mediated sensor hub");

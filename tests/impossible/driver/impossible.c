// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver that makes every mistake of ../README.md that compiles. It checks nothing: no offset,
 * no index, no value of a guest, and leaves everything running when its user goes.
 */
#include <linux/delay.h>
#include <linux/irq_work.h>

#include <mdk/mdk.h>

#include "impossible.h"

/* Behind each array lie bytes that no guest may see or change. */
struct state {
	u8 bytes[CALLS_SIZE];
	u32 guard[4];
	u32 per_region[2];
	u32 per_region_guard[4];
	u32 fifo[16];
	u32 fifo_guard[4];
	u32 calls;
	u32 turns;
	int pin_result;
	u32 raise;
	struct mdk_pinned *pinned;
	struct mdk_work *work;
	struct irq_work irq;
	struct mdk_dev *dev;
};

/* For the files of the parent. */
static atomic_t actions, work_runs;

/* Rows 1, 2, 3: BAR 1 */

static u64 calls_read(struct mdk_dev *dev, const struct mdk_region *region, u64 offset,
		      unsigned int width)
{
	struct state *state = mdk_state(dev);
	u64 val = ~0ULL;

	state->calls++;
	state->per_region[region->index]++;
	memcpy(&val, state->bytes + offset, width);
	return val;
}

static void calls_write(struct mdk_dev *dev, const struct mdk_region *region, u64 offset,
			unsigned int width, u64 value)
{
	struct state *state = mdk_state(dev);

	state->calls++;
	state->per_region[region->index]++;
	memcpy(state->bytes + offset, &value, width);
}

static const struct mdk_region_ops calls_ops = { .read = calls_read, .write = calls_write };

static u32 calls_count(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	struct state *state = mdk_state(dev);

	return state->calls;
}

static u32 forget(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	u32 val;

	switch (reg->offset) {
	case R_SCRATCH:
		val = 1;
		break;
	case R_HEAD:
		val = 2;
		break;
	}
	return val;
}

static u32 guard_read(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	struct state *state = mdk_state(dev);
	u32 i, val = GUARD;

	for (i = 0; i < ARRAY_SIZE(state->guard); i++)
		val &= state->guard[i] & state->per_region_guard[i] & state->fifo_guard[i];
	return val;
}

/* Row 4: an index out of the hands of a guest */
static void head_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct state *state = mdk_state(dev);

	state->fifo[value]++;
}

/* Access: slow on purpose, without a lock */
static void turn(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct state *state = mdk_state(dev);
	u32 turns = READ_ONCE(state->turns);

	usleep_range(50, 100);
	WRITE_ONCE(state->turns, turns + 1);
}

static u32 turns_read(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	struct state *state = mdk_state(dev);

	return state->turns;
}

/* IRQ: all from a hard interrupt */

static void raise_now(struct irq_work *irq)
{
	struct state *state = container_of(irq, struct state, irq);

	mdk_reg_set_bits(state->dev, 0, R_EVENTS, state->raise);
	mdk_intx_set(state->dev, true);
	mdk_irq_trigger(state->dev, MDK_IRQ_MSIX, 0);
}

static void raise_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct state *state = mdk_state(dev);

	irq_work_sync(&state->irq);
	state->raise = value;
	irq_work_queue(&state->irq);
}

static void lower_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	mdk_intx_set(dev, false);
}

/* Unmap: pins that only quiesce gives back */

static void pin_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct state *state = mdk_state(dev);
	struct mdk_pinned *pinned;

	mdk_unpin(xchg(&state->pinned, NULL));
	pinned = mdk_pin(dev, PIN_IOVA, (u64)value * PAGE_SIZE, MDK_BOTH_WAYS);
	state->pin_result = PTR_ERR_OR_ZERO(pinned);
	if (!IS_ERR(pinned))
		mdk_unpin(xchg(&state->pinned, pinned));
}

static u32 pinned_read(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	struct state *state = mdk_state(dev);

	return state->pin_result;
}

/* What hung hosts: an unpin inside the notice. */
static int quiesce(struct mdk_dev *dev, u64 iova, u64 size)
{
	struct state *state = mdk_state(dev);

	mdk_unpin(xchg(&state->pinned, NULL));
	return 0;
}

/* Close: a worker for ever */

static void work_run(struct mdk_dev *dev)
{
	struct state *state = mdk_state(dev);

	atomic_inc(&work_runs);
	mdk_reg_set(dev, 0, R_SCRATCH, 0xdead);
	mdk_work_queue(state->work, 0);
}

static void work_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct state *state = mdk_state(dev);

	mdk_work_queue(state->work, 0);
}

/* Life */

static void count_action(struct mdk_dev *dev, void *data)
{
	atomic_inc(data);
}

/* What a type returns instead of an errno. */
struct answers {
	int init;
	int open;
};

static int init(struct mdk_dev *dev)
{
	const struct answers *answers = mdk_type_of(dev)->data;
	struct state *state = mdk_state(dev);

	if (answers && answers->init)
		return answers->init;
	state->dev = dev;
	init_irq_work(&state->irq, raise_now);
	memset(state->guard, 0xee, sizeof(state->guard));
	memset(state->per_region_guard, 0xee, sizeof(state->per_region_guard));
	memset(state->fifo_guard, 0xee, sizeof(state->fifo_guard));
	state->work = mdk_work_create(dev, work_run);
	if (!state->work)
		return -ENOMEM;
	return mdk_action(dev, MDK_UNTIL_REMOVE, count_action, &actions);
}

static int open(struct mdk_dev *dev)
{
	const struct answers *answers = mdk_type_of(dev)->data;

	return answers ? answers->open : 0;
}

static void fini(struct mdk_dev *dev)
{
	struct state *state = mdk_state(dev);

	irq_work_sync(&state->irq);
	mdk_unpin(state->pinned);
}

/* All that the SDK asks of a driver that keeps a guest's bytes. */
static void reset(struct mdk_dev *dev)
{
	struct state *state = mdk_state(dev);

	irq_work_sync(&state->irq);
	memset(state->bytes, 0, sizeof(state->bytes));
	state->calls = 0;
	state->turns = 0;
}

static const struct mdk_ops ops = {
	.init = init, .fini = fini, .open = open, .reset = reset, .quiesce = quiesce,
};

/* Tables */

static const struct mdk_reg regs[] = {
	MDK_REG_RW(R_SCRATCH, "SCRATCH", SCRATCH_RESET, ~0U),
	MDK_REG_RW(R_HEAD, "HEAD", 0, GENMASK(3, 0), .written = head_written),
	MDK_REG_RO(R_GUARD, "GUARD", 0, .read = guard_read),
	MDK_REG_RO(R_CALLS, "CALLS", 0, .read = calls_count),
	MDK_REG_WO(R_TURN, "TURN", ~0U, .written = turn),
	MDK_REG_RO(R_TURNS, "TURNS", 0, .read = turns_read),
	MDK_REG_W1C(R_EVENTS, "EVENTS", ~0U),
	MDK_REG_WO(R_RAISE, "RAISE", ~0U, .written = raise_written),
	MDK_REG_WO(R_LOWER, "LOWER", ~0U, .written = lower_written),
	MDK_REG_WO(R_PIN, "PIN", GENMASK(7, 0), .written = pin_written),
	MDK_REG_RO(R_PINNED, "PINNED", 0, .read = pinned_read),
	MDK_REG_RO(R_FORGET, "FORGET", 0, .read = forget),
	MDK_REG_WO(R_WORK, "WORK", ~0U, .written = work_written),
};

static const struct mdk_region regions[] = {
	MDK_BAR_REGS(0, "registers", SZ_4K, regs),
	MDK_BAR_CALLBACK(1, "calls", CALLS_SIZE, &calls_ops),
	MDK_BAR_MEM(2, "memory", MEMORY_SIZE, MDK_MMAP),
};

static const struct answers positive = { .init = 1 }, huge = { .init = -100000 },
			    opened = { .open = 1 };

static const struct mdk_type types[] = {
	MDK_TYPE("1", "a mistake", .cost = 1),
	MDK_TYPE("positive", "init returns 1", .cost = 1, .data = &positive),
	MDK_TYPE("huge", "init returns -100000", .cost = 1, .data = &huge),
	MDK_TYPE("opened", "open returns 1", .cost = 1, .data = &opened),
};

static int count_show(struct mdk_dev *dev, char *buf, size_t size)
{
	return scnprintf(buf, size, "%d %d\n", atomic_read(&actions), atomic_read(&work_runs));
}

static const struct mdk_attr attrs[] = {
	{ .group = "stats", .name = "counts", .show = count_show },
};

static const struct mdk_irq irqs[] = { MDK_INTX(), MDK_MSIX(2) };
static const struct mdk_cap caps[] = {
	MDK_CAP_MSIX(.table_offset = R_TABLE, .pba_offset = R_TABLE + 0x100),
};

#define IDENTITY .pci = MDK_PCI(0x1af4, 0x10f4, 0x0880), MDK_TYPES(types), .budget = 8

static const struct mdk_model impossible = {
	.name = "impossible", IDENTITY, MDK_REGIONS(regions), MDK_IRQS(irqs), MDK_PCI_CAPS(caps),
	.state_size = sizeof(struct state), .ops = &ops, MDK_PARENT_ATTRS(attrs), .pin_pages = 64,
};

/* Row 11, the other way: no reset at all. */
static const struct mdk_reg plain_regs[] = { MDK_REG_RW(R_SCRATCH, "SCRATCH", SCRATCH_RESET, ~0U) };
static const struct mdk_region plain_regions[] = {
	MDK_BAR_REGS(0, "registers", SZ_4K, plain_regs),
};
static const struct mdk_type plain_types[] = { MDK_TYPE("1", "no ops", .cost = 1) };
static const struct mdk_model plain = {
	.name = "plain", .pci = MDK_PCI(0x1af4, 0x10f4, 0x0880), MDK_REGIONS(plain_regions),
	MDK_TYPES(plain_types), .budget = 1,
};

/* Refused: the case looks for the reasons in the log. */

static const struct mdk_ops forgets_ops = { .init = init };
static const struct mdk_ops unstoppable_ops = { .quiesce = quiesce };

static const struct mdk_model refused[] = {
	{ .name = "forgets", IDENTITY, MDK_REGIONS(regions), .state_size = sizeof(struct state),
	  .ops = &forgets_ops },
	{ .name = "unstoppable", IDENTITY, MDK_REGIONS(regions), .ops = &unstoppable_ops,
	  .pin_pages = 64 },
	{ .name = "never_asked", IDENTITY, MDK_REGIONS(regions), .ops = &ops,
	  .state_size = sizeof(struct state) },
};

static struct mdk_host *hosts[2];

static void __exit impossible_exit(void)
{
	mdk_unregister(hosts[0]);
	mdk_unregister(hosts[1]);
}

static int __init impossible_init(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(refused); i++) {
		hosts[0] = mdk_register(&refused[i]);
		if (IS_ERR(hosts[0]))
			continue;
		pr_err("impossible: model '%s' was registered\n", refused[i].name);
		mdk_unregister(hosts[0]);
	}
	hosts[0] = mdk_register(&impossible);
	if (IS_ERR(hosts[0]))
		return PTR_ERR(hosts[0]);
	hosts[1] = mdk_register(&plain);
	if (IS_ERR(hosts[1]))
		mdk_unregister(hosts[0]);
	return PTR_ERR_OR_ZERO(hosts[1]);
}

module_init(impossible_init);
module_exit(impossible_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("mdev-sdk test: a driver that makes every mistake it can");

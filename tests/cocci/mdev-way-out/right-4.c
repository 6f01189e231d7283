// SPDX-License-Identifier: GPL-2.0-only
/* A helper has a twin for who holds the lock; a loop that fails gives back, itself or its caller. */
#include <linux/eventfd.h>
#include <mdk/device.h>

struct weir_state {
	u32 gates;
	struct mdk_dev *twin;
	struct eventfd_ctx *bells[4];
};

static void weir_shut_locked(struct mdk_dev *dev)
{
	struct weir_state *state = mdk_state(dev);

	state->gates = 0;
}

static void weir_shut(struct mdk_dev *dev)
{
	mdk_lock(dev);
	weir_shut_locked(dev);
	mdk_unlock(dev);
}

static void weir_gate(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct weir_state *state = mdk_state(dev);

	weir_shut_locked(dev);
	if (state->twin)
		weir_shut(state->twin);
}

static void weir_wait(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	mdk_unlock(dev);
	weir_shut(dev);
	mdk_lock(dev);
}

static void weir_reset(struct mdk_dev *dev)
{
	weir_shut_locked(dev);
}

static int weir_store(struct mdk_dev *dev, const char *text, size_t size)
{
	weir_shut(dev);
	return 0;
}

static const struct mdk_ops weir_ops = { .reset = weir_reset };
static const struct mdk_attr weir_attrs[] = { MDK_ATTR_WO("shut", .store = weir_store) };
static const struct mdk_reg weir_regs[] = {
	MDK_REG_RW(0, "GATE", 0, GENMASK(31, 0), .written = weir_gate),
	MDK_REG_RW(0, "WAIT", 4, GENMASK(31, 0), .written = weir_wait),
};

static int weir_listen(struct eventfd_ctx **to, const s32 *fds, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++) {
		struct eventfd_ctx *bell = eventfd_ctx_fdget(fds[i]);

		if (IS_ERR(bell)) {
			while (i--)
				eventfd_ctx_put(to[i]);
			return PTR_ERR(bell);
		}
		to[i] = bell;
	}
	return 0;
}

static int weir_try(struct eventfd_ctx **to, const s32 *fds, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++) {
		struct eventfd_ctx *bell = eventfd_ctx_fdget(fds[i]);

		if (IS_ERR(bell))
			return PTR_ERR(bell);
		to[i] = bell;
	}
	return 0;
}

static void weir_forget(struct eventfd_ctx **all, u32 count)
{
	while (count--)
		if (all[count])
			eventfd_ctx_put(all[count]);
}

static int weir_bells(struct weir_state *state, const s32 *fds, bool any)
{
	struct eventfd_ctx *all[4] = { NULL };
	int ret;

	if (!any)
		return weir_listen(state->bells, fds, ARRAY_SIZE(all));
	ret = weir_try(all, fds, ARRAY_SIZE(all));
	if (ret) {
		weir_forget(all, ARRAY_SIZE(all));
		return ret;
	}
	memcpy(state->bells, all, sizeof(all));
	return 0;
}

static int weir_one(struct weir_state *state, const s32 *fds)
{
	struct eventfd_ctx *one[1];
	u32 i;

	one[0] = eventfd_ctx_fdget(fds[0]);
	if (IS_ERR(one[0]))
		return PTR_ERR(one[0]);
	for (i = 0; i < ARRAY_SIZE(state->bells); i++)
		state->bells[i] = one[0];
	return 0;
}

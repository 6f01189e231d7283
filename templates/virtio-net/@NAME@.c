// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * @NAME@: a network card for each guest, by virtio: a guest's own driver, virtio_net, drives it.
 * Frames go through a switch between the guests and the host (mdk/net.h).
 *
 * Queues, their headers, negotiation and resets are the SDK's (mdk/virtio_net.h). There is no
 * hardware behind it yet: where yours comes in, a TODO says so.
 */
#include <linux/string.h>

#include <mdk/mdk.h>
#include <mdk/net.h>
#include <mdk/virtio_net.h>

#define @NAME_UPPER@_PAIRS 4	/* of queues */
#define @NAME_UPPER@_MTU 9000	/* TODO: that of your network; a guest begins with it */

/* What the card offers. A guest that moves to another host finds the same there. */
static const struct mdk_virtio_net @NAME@_offer = {
	.features = MDK_VIRTIO_NET_F_CSUM | MDK_VIRTIO_NET_F_GUEST_CSUM |
		    MDK_VIRTIO_NET_F_HOST_TSO4 | MDK_VIRTIO_NET_F_HOST_TSO6 |
		    MDK_VIRTIO_NET_F_GUEST_TSO4 | MDK_VIRTIO_NET_F_GUEST_TSO6 |
		    MDK_VIRTIO_NET_F_MAC | MDK_VIRTIO_NET_F_STATUS | MDK_VIRTIO_NET_F_MTU |
		    MDK_VIRTIO_NET_F_MRG_RXBUF | MDK_VIRTIO_NET_F_CTRL_VQ |
		    MDK_VIRTIO_NET_F_CTRL_RX | MDK_VIRTIO_NET_F_CTRL_RX_EXTRA |
		    MDK_VIRTIO_NET_F_CTRL_MAC_ADDR | MDK_VIRTIO_NET_F_MQ,
	.pairs = @NAME_UPPER@_PAIRS, .mtu = @NAME_UPPER@_MTU,
};

MDK_VIRTIO_NET_TABLES(@NAME@, @NAME_UPPER@_PAIRS);

/**
 * struct @NAME@_state - one instance
 * @port: of the switch. TODO: your hardware instead, by a struct mdk_nic_ops of yours
 */
struct @NAME@_state {
	struct mdk_port *port;
};

static struct mdk_switch *@NAME@_model_switch;

/* The files of each instance: nic/link is the cable, the others count. */

static int @NAME@_show_link(struct mdk_dev *dev, char *buf, size_t size)
{
	bool up;

	mdk_lock(dev);
	up = mdk_virtio_net_link(dev);
	mdk_unlock(dev);
	return scnprintf(buf, size, "%s\n", up ? "up" : "down");
}

static int @NAME@_store_link(struct mdk_dev *dev, const char *text, size_t size)
{
	bool up = !strcmp(text, "up");

	if (!up && strcmp(text, "down"))
		return -EINVAL;
	mdk_lock(dev);
	mdk_virtio_net_set_link(dev, up);
	mdk_unlock(dev);
	return 0;
}

/* A counter of the port, or of the card. */
#define @NAME_UPPER@_COUNTER(_name, _of) \
	static int @NAME@_show_##_name(struct mdk_dev *dev, char *buf, size_t size) \
	{ \
		struct @NAME@_state *state = mdk_state(dev); \
		struct mdk_virtio_net_stats card; \
		struct mdk_port_stats port; \
		\
		mdk_lock(dev); \
		mdk_virtio_net_stats(dev, &card); \
		mdk_port_stats(state->port, &port); \
		mdk_unlock(dev); \
		return scnprintf(buf, size, "%llu\n", (_of)._name); \
	}
#define @NAME_UPPER@_COUNTER_FILE(_name) \
	{ .group = "nic", .name = #_name, .show = @NAME@_show_##_name }

@NAME_UPPER@_COUNTER(tx_frames, port)
@NAME_UPPER@_COUNTER(tx_bytes, port)
@NAME_UPPER@_COUNTER(tx_errors, port)
@NAME_UPPER@_COUNTER(tx_dropped, port)
@NAME_UPPER@_COUNTER(tx_refused, card)
@NAME_UPPER@_COUNTER(tx_gso, card)
@NAME_UPPER@_COUNTER(rx_frames, port)
@NAME_UPPER@_COUNTER(rx_bytes, port)
@NAME_UPPER@_COUNTER(rx_errors, port)
@NAME_UPPER@_COUNTER(rx_dropped, port)
@NAME_UPPER@_COUNTER(rx_filtered, card)
@NAME_UPPER@_COUNTER(rx_gso, card)
@NAME_UPPER@_COUNTER(commands_refused, card)

static const struct mdk_attr @NAME@_attrs[] = {
	{ .group = "nic", .name = "link", .show = @NAME@_show_link, .store = @NAME@_store_link },
	@NAME_UPPER@_COUNTER_FILE(tx_frames),
	@NAME_UPPER@_COUNTER_FILE(tx_bytes),
	@NAME_UPPER@_COUNTER_FILE(tx_errors),
	@NAME_UPPER@_COUNTER_FILE(tx_dropped),
	@NAME_UPPER@_COUNTER_FILE(tx_refused),
	@NAME_UPPER@_COUNTER_FILE(tx_gso),
	@NAME_UPPER@_COUNTER_FILE(rx_frames),
	@NAME_UPPER@_COUNTER_FILE(rx_bytes),
	@NAME_UPPER@_COUNTER_FILE(rx_errors),
	@NAME_UPPER@_COUNTER_FILE(rx_dropped),
	@NAME_UPPER@_COUNTER_FILE(rx_filtered),
	@NAME_UPPER@_COUNTER_FILE(rx_gso),
	@NAME_UPPER@_COUNTER_FILE(commands_refused),
};

/* What an administrator can create. TODO: how many guests your hardware serves. */
static const struct mdk_type @NAME@_types[] = {
	MDK_TYPE("1", "@NAME@ 1", .description = "a port of the switch", .cost = 1),
};

static int @NAME@_init(struct mdk_dev *dev)
{
	struct @NAME@_state *state = mdk_state(dev);

	state->port = mdk_port_virtio_net(@NAME@_model_switch, dev, &@NAME@_offer);
	return PTR_ERR_OR_ZERO(state->port);
}

/* Card and port are as new by now; the cable is the administrator's. */
static void @NAME@_reset(struct mdk_dev *dev)
{
}

/* What moves to another host with its guest; the card is the SDK's. */
static const struct mdk_save @NAME@_saves[] = {
	MDK_SAVE_NOT(struct @NAME@_state, port, "each host has a switch of its own"),
};

static const struct mdk_ops @NAME@_ops = { .init = @NAME@_init, .reset = @NAME@_reset };

static const struct mdk_model @NAME@_model = {
	.name = "@NAME@",
	.state_size = sizeof(struct @NAME@_state),
	MDK_VIRTIO_NET(@NAME@),
	MDK_TYPES(@NAME@_types),
	MDK_ATTRS(@NAME@_attrs),
	.budget = 16,
	.pin_pages = MDK_VIRTIO_NET_PAGES(@NAME_UPPER@_PAIRS),
	.ops = &@NAME@_ops,
	MDK_SAVES(1, @NAME@_saves),
};

static const struct mdk_net_spec @NAME@_net = {
	.name = "@NAME@", .mtu = @NAME_UPPER@_MTU, .queue = 256,
};
module_mdk_nic_driver(@NAME@_model, @NAME@_net);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("@NAME@ mediated device");

// SPDX-License-Identifier: GPL-2.0-only
/* A virtio network card: what it offers, its queues, its configuration, its link. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitops.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <mdk/life.h>

#include "run/instance/instance.h"
#include "run/instance/life.h"
#include "run/instance/vendor_checks.h"
#include "net.h"

#define MDK_NET_MTU_LEAST 68

static struct mdk_net *mdk_net_of(struct mdk_dev *dev)
{
	return mdk_virtio_of(dev)->net;
}

/* Without several pairs it is the third one. */
static u32 mdk_net_control_queue(const struct mdk_net *net)
{
	return mdk_virtio_has(net->virtio, MDK_VIRTIO_NET_F_MQ) ? 2 * net->offer->pairs : 2;
}

static bool mdk_net_is_control(const struct mdk_net *net, u32 queue)
{
	return mdk_virtio_has(net->virtio, MDK_VIRTIO_NET_F_CTRL_VQ) &&
	       queue == mdk_net_control_queue(net);
}

static int mdk_net_work(struct mdk_dev *dev, const struct mdk_chain *chain)
{
	struct mdk_net *net = mdk_net_of(dev);
	u32 queue = mdk_vq_number(chain->vq);

	if (mdk_net_is_control(net, queue))
		return mdk_net_control(net, chain);
	return queue % 2 ? mdk_net_transmit(net, chain) : mdk_net_receive(net, chain);
}

/* Of the even queues, which receive. */
static bool mdk_net_row_ready(struct mdk_dev *dev, u32 queue)
{
	struct mdk_net *net = mdk_net_of(dev);

	return mdk_net_is_control(net, queue) || mdk_net_waits_for(net) == (int)queue / 2;
}

static void mdk_net_notify(struct mdk_virtio_dev *virtio, u32 queue)
{
	if (queue < virtio->spec->nr_queues)
		set_bit(0, &virtio->queues[queue].notified);
}

void mdk_net_look(struct mdk_virtio_dev *virtio)
{
	struct mdk_net *net = virtio->net;
	int pair;
	u32 i;

	mdk_lock(virtio->dev);
	pair = mdk_net_waits_for(net);
	if (pair >= 0)
		mdk_net_notify(virtio, 2 * pair);
	for (i = 0; i < net->offer->pairs; i++)
		if (test_and_clear_bit(i, &net->busy))
			mdk_net_notify(virtio, 2 * i + 1);
	mdk_unlock(virtio->dev);
}

void mdk_net_look_again(struct mdk_net *net)
{
	if (net->offer->pairs > 1)
		mdk_work_queue(net->virtio->work, 0);
}

/* Queues without buffers */

bool mdk_net_passes(struct mdk_virtio_dev *virtio, u32 queue)
{
	struct mdk_net *net = virtio->net;

	/* Behind a frame for the only queue none waits for another one. */
	return net && net->pairs > 1 && !mdk_net_is_control(net, queue) && !(queue % 2) &&
	       mdk_net_wait_ends(net, queue);
}

bool mdk_net_wait_ends(struct mdk_net *net, u32 queue)
{
	if (test_bit(queue / 2, &net->empty)) {
		net->stats.rx_no_buffer++;
		mdk_net_taken(net, MDK_NIC_NO_BUFFER);
		return true;
	}
	if (mdk_work_queue(net->patience, MDK_NET_PATIENCE_MS))
		net->watched = net->moved;
	return false;
}

/* The queue looks once more for buffers, and drops the frame if there are none. */
static void mdk_net_patience(struct mdk_dev *dev, void *data)
{
	struct mdk_net *net = mdk_net_of(dev);
	int pair;

	mdk_lock(dev);
	pair = mdk_net_waits_for(net);
	if (pair >= 0 && net->moved == net->watched)
		set_bit(pair, &net->empty);
	mdk_unlock(dev);
	mdk_work_queue(net->virtio->work, 0);
}

/* The guest's driver begins and ends */

/* Nobody waits for a guest that does not. */
static bool mdk_net_receives(const struct mdk_net *net)
{
	const struct mdk_virtio_dev *virtio = net->virtio;

	return (virtio->status & (MDK_VIRTIO_DRIVER_OK | MDK_VIRTIO_NEEDS_RESET)) ==
	       MDK_VIRTIO_DRIVER_OK && virtio->queues[0].enabled;
}

static void mdk_net_tell(struct mdk_net *net)
{
	net->open = mdk_net_receives(net);
	if (net->ops)
		net->ops->set(net->nic, net->link, net->open);
}

void mdk_net_settle(struct mdk_virtio_dev *virtio)
{
	if (virtio->net && virtio->net->open != mdk_net_receives(virtio->net))
		mdk_net_tell(virtio->net);
}

static void mdk_net_start(struct mdk_dev *dev)
{
	struct mdk_net *net = mdk_net_of(dev);

	memset(&net->stats, 0, sizeof(net->stats));
	mdk_net_tell(net);
}

/* As before its first guest. What a stream has brought was not always started. */
void mdk_net_clear(struct mdk_net *net)
{
	if (!net)
		return;
	net->pairs = 1;
	net->modes = MDK_NET_MODE_PROMISC;
	memset(net->filters, 0, sizeof(net->filters));
	net->busy = 0;
	net->empty = 0;
	net->moved++;
	memcpy(net->config.mac, net->mac, MDK_NET_MAC);
}

static void mdk_net_stop(struct mdk_dev *dev)
{
	mdk_net_tell(mdk_net_of(dev));
}

/* Features that are none without another one. */
static const struct {
	u64 feature;
	u64 needs;
} mdk_net_needs[] = {
	{ MDK_VIRTIO_NET_F_GUEST_TSO4, MDK_VIRTIO_NET_F_GUEST_CSUM },
	{ MDK_VIRTIO_NET_F_GUEST_TSO6, MDK_VIRTIO_NET_F_GUEST_CSUM },
	{ MDK_VIRTIO_NET_F_HOST_TSO4, MDK_VIRTIO_NET_F_CSUM },
	{ MDK_VIRTIO_NET_F_HOST_TSO6, MDK_VIRTIO_NET_F_CSUM },
	{ MDK_VIRTIO_NET_F_CTRL_RX, MDK_VIRTIO_NET_F_CTRL_VQ },
	{ MDK_VIRTIO_NET_F_CTRL_RX_EXTRA, MDK_VIRTIO_NET_F_CTRL_VQ },
	{ MDK_VIRTIO_NET_F_MQ, MDK_VIRTIO_NET_F_CTRL_VQ },
	{ MDK_VIRTIO_NET_F_CTRL_MAC_ADDR, MDK_VIRTIO_NET_F_CTRL_VQ },
};

static bool mdk_net_go_together(u64 features)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(mdk_net_needs); i++)
		if (features & mdk_net_needs[i].feature && !(features & mdk_net_needs[i].needs))
			return false;
	return true;
}

static int mdk_net_accept(struct mdk_dev *dev, u64 features)
{
	return mdk_net_go_together(features) ? 0 : -EINVAL;
}

/* Creation */

#define MDK_NET_KNOWN                                                                              \
	(MDK_VIRTIO_NET_F_CSUM | MDK_VIRTIO_NET_F_GUEST_CSUM | MDK_VIRTIO_NET_F_MTU |              \
	 MDK_VIRTIO_NET_F_MAC | MDK_VIRTIO_NET_F_GUEST_TSO4 | MDK_VIRTIO_NET_F_GUEST_TSO6 |        \
	 MDK_VIRTIO_NET_F_HOST_TSO4 | MDK_VIRTIO_NET_F_HOST_TSO6 |                                 \
	 MDK_VIRTIO_NET_F_MRG_RXBUF | MDK_VIRTIO_NET_F_STATUS |                                    \
	 MDK_VIRTIO_NET_F_CTRL_VQ | MDK_VIRTIO_NET_F_CTRL_RX | MDK_VIRTIO_NET_F_CTRL_RX_EXTRA |    \
	 MDK_VIRTIO_NET_F_MQ | MDK_VIRTIO_NET_F_CTRL_MAC_ADDR)

static const char *mdk_net_wrong(const struct mdk_virtio_net *offer)
{
	if (offer->features & ~MDK_NET_KNOWN)
		return "it has features that the SDK does not know";
	if (!mdk_net_go_together(offer->features))
		return "a feature is there without the one that it needs";
	if (!offer->pairs || offer->pairs > MDK_VIRTIO_NET_PAIRS_MAX)
		return "pairs is not 1 to 16";
	if ((offer->pairs > 1) != !!(offer->features & MDK_VIRTIO_NET_F_MQ))
		return "more than one pair and MDK_VIRTIO_NET_F_MQ go together";
	return offer->mtu < MDK_NET_MTU_LEAST ? "its mtu is below 68" : NULL;
}

static void mdk_net_make_rows(struct mdk_net *net, u32 nr)
{
	u32 i;

	for (i = 0; i < nr; i++)
		net->rows[i] = (struct mdk_vq_row){
			.name = i % 2 ? "tx" : "rx", .max = MDK_VIRTIO_NET_PLACES,
			.buffer_pages = MDK_VIRTIO_NET_BUFFER_PAGES, .work = mdk_net_work,
			.ready = i % 2 ? NULL : mdk_net_row_ready,
		};
	/* Where there are several pairs it is the third one as long as they are not negotiated. */
	if (nr % 2) {
		net->rows[nr - 1].name = "control";
		net->rows[nr - 1].max = MDK_VIRTIO_NET_CONTROL;
		net->rows[nr - 1].buffer_pages = MDK_VIRTIO_NET_CONTROL;
	}
}

static int mdk_net_make(struct mdk_net *net, struct mdk_dev *dev)
{
	const struct mdk_virtio_net *offer = net->offer;
	u32 nr = 2 * offer->pairs + !!(offer->features & MDK_VIRTIO_NET_F_CTRL_VQ);

	net->rows = mdk_zalloc(dev, MDK_UNTIL_REMOVE, array_size(nr, sizeof(*net->rows)));
	if (!net->rows)
		return -ENOMEM;
	net->patience = mdk_works_add(to_mdk_inst(dev), mdk_net_patience, NULL);
	if (!net->patience)
		return -ENOMEM;
	mdk_net_make_rows(net, nr);
	net->spec = (struct mdk_virtio){
		.device = MDK_VIRTIO_NET_DEVICE, .features = offer->features, .queues = net->rows,
		.nr_queues = nr, .accept = mdk_net_accept, .start = mdk_net_start,
		.stop = mdk_net_stop,
	};
	net->link = true;
	net->config.status = cpu_to_le16(MDK_NET_LINK_UP);
	net->config.max_pairs = cpu_to_le16(offer->pairs);
	net->config.mtu = cpu_to_le16(offer->mtu);
	mdk_net_clear(net);
	return mdk_virtio_create(dev, &net->spec);
}

int mdk_virtio_net_create(struct mdk_dev *dev, const struct mdk_virtio_net *offer)
{
	const char *wrong = mdk_net_wrong(offer);
	struct mdk_virtio_dev *virtio;
	struct mdk_net *net;
	int ret;

	if (wrong) {
		pr_err("model '%s': its network card: %s; correct its mdk_virtio_net [K248]\n",
		       to_mdk_inst(dev)->plan->host->model.name, wrong);
		return -EINVAL;
	}
	net = mdk_zalloc(dev, MDK_UNTIL_REMOVE, sizeof(*net));
	if (!net)
		return -ENOMEM;
	net->offer = offer;
	ret = mdk_net_make(net, dev);
	if (ret)
		return ret;
	virtio = mdk_virtio_of(dev);
	virtio->config = (const u8 *)&net->config;
	virtio->config_size = sizeof(net->config);
	net->virtio = virtio;
	virtio->net = net;
	return 0;
}

struct mdk_work *mdk_virtio_net_worker(struct mdk_dev *dev)
{
	return mdk_virtio_of(dev)->work;
}

void mdk_virtio_net_attach(struct mdk_dev *dev, const struct mdk_nic_ops *ops, void *nic,
			   const u8 *mac)
{
	struct mdk_net *net = mdk_net_of(dev);

	net->ops = ops;
	net->nic = nic;
	memcpy(net->mac, mac, MDK_NET_MAC);
	memcpy(net->config.mac, mac, MDK_NET_MAC);
}

/* Link and counters */

void mdk_virtio_net_set_link(struct mdk_dev *dev, bool up)
{
	struct mdk_net *net = mdk_net_of(dev);

	mdk_check_locked(to_mdk_inst(dev), "mdk_virtio_net_set_link()", _RET_IP_);
	if (net->link == up)
		return;
	net->link = up;
	net->config.status = cpu_to_le16(up ? MDK_NET_LINK_UP : 0);
	mdk_net_tell(net);
	if (mdk_virtio_has(net->virtio, MDK_VIRTIO_NET_F_STATUS))
		mdk_virtio_config_changed(dev);
}

bool mdk_virtio_net_link(struct mdk_dev *dev)
{
	return mdk_net_of(dev)->link;
}

void mdk_virtio_net_stats(struct mdk_dev *dev, struct mdk_virtio_net_stats *stats)
{
	*stats = mdk_net_of(dev)->stats;
}

// SPDX-License-Identifier: GPL-2.0-only
/* A virtio network card: frames, and which queue is for which. */
#include <linux/bitops.h>
#include <linux/jhash.h>
#include <linux/string.h>

#include "net.h"

/* Of IPv4 and IPv6: where both addresses are, and their bytes. */
#define MDK_NET_IPV4_ADDRS (MDK_NET_AT_IP + 12)
#define MDK_NET_IPV4_SIZE 8
#define MDK_NET_IPV6_ADDRS (MDK_NET_AT_IP + 8)
#define MDK_NET_IPV6_SIZE 32

/* Frames from one address to another are for one queue, so that they stay in their order. */
static u32 mdk_net_flow(const u8 *data, u32 len)
{
	u32 at = 0, size = 2 * MDK_NET_MAC;
	u16 type;

	if (len < MDK_NET_AT_IP)
		return 0;
	type = data[MDK_NET_AT_TYPE] << 8 | data[MDK_NET_AT_TYPE + 1];
	if (type == MDK_NET_IPV4) {
		at = MDK_NET_IPV4_ADDRS;
		size = MDK_NET_IPV4_SIZE;
	} else if (type == MDK_NET_IPV6) {
		at = MDK_NET_IPV6_ADDRS;
		size = MDK_NET_IPV6_SIZE;
	}
	return len < at + size ? 0 : jhash(data + at, size, 0);
}

void mdk_net_taken(struct mdk_net *net, enum mdk_nic_end end)
{
	net->moved++;
	net->ops->taken(net->nic, end);
	mdk_net_look_again(net);
}

/* Return: one waits that the guest wants. No buffer is needed to drop another one. */
static bool mdk_net_skip(struct mdk_net *net, struct mdk_nic_in *frame)
{
	u32 i;

	for (i = 0; i < MDK_NET_SKIPS; i++) {
		if (!net->ops || !net->ops->peek(net->nic, frame))
			return false;
		if (mdk_net_wants(net, frame->data))
			return true;
		net->stats.rx_filtered++;
		mdk_net_taken(net, MDK_NIC_FILTERED);
	}
	mdk_work_queue(net->virtio->work, 0);
	return false;
}

int mdk_net_waits_for(struct mdk_net *net)
{
	struct mdk_nic_in frame;

	if (!mdk_net_skip(net, &frame))
		return -1;
	return net->pairs == 1 ? 0 : mdk_net_flow(frame.data, frame.len) % net->pairs;
}

/* To the guest */

static bool mdk_net_csum_fits(u32 start, u32 offset, u32 len)
{
	return start >= MDK_NET_AT_IP && start + offset + MDK_NET_CSUM_SIZE <= len;
}

static bool mdk_net_len_good(const struct mdk_net *net, u32 len)
{
	return len <= (u32)net->offer->mtu + MDK_NET_BEYOND_MTU;
}

/* Whoever moves frames has them from others. */
static bool mdk_net_frame_good(const struct mdk_net *net, const struct mdk_nic_in *frame)
{
	if (frame->csum.wanted &&
	    !mdk_net_csum_fits(frame->csum.start, frame->csum.offset, frame->len))
		return false;
	return frame->gso.size ? mdk_net_gso_taken(net, frame) :
	       mdk_net_len_good(net, frame->len);
}

/* Return: buffers that have room for the frame and its header. */
static int mdk_net_room(struct mdk_net *net, const struct mdk_chain *chain, u32 len)
{
	if (mdk_virtio_has(net->virtio, MDK_VIRTIO_NET_F_MRG_RXBUF))
		return mdk_chain_join(chain, len);
	return chain->writable < len ? -EMSGSIZE : 1;
}

/* The checksum of IP's protocols, over @len bytes. 0 says of some of them that there is none. */
static u16 mdk_net_sum(const u8 *data, u32 len)
{
	u32 sum = 0, i;

	for (i = 0; i < len; i++)
		sum += i % 2 ? data[i] : data[i] << 8;
	while (sum > U16_MAX)
		sum = (sum & U16_MAX) + (sum >> 16);
	return (u16)~sum ?: U16_MAX;
}

/* For a guest that does not take frames without: into its memory, as others may have the frame. */
static int mdk_net_finish(const struct mdk_chain *chain, const struct mdk_nic_in *frame)
{
	u32 start = frame->csum.start;
	u16 sum = mdk_net_sum(frame->data + start, frame->len - start);
	const u8 bytes[MDK_NET_CSUM_SIZE] = { sum >> 8, sum & 0xff };

	return mdk_chain_write(chain, sizeof(struct mdk_net_header) + start + frame->csum.offset,
			       bytes, sizeof(bytes));
}

static int mdk_net_put(struct mdk_net *net, const struct mdk_chain *chain,
		       const struct mdk_nic_in *frame)
{
	const u32 at = sizeof(struct mdk_net_header);

	return net->ops->put ? net->ops->put(net->nic, chain, at) :
	       mdk_chain_write(chain, at, frame->data, frame->len);
}

static int mdk_net_fill(struct mdk_net *net, const struct mdk_chain *chain,
			const struct mdk_nic_in *frame, u16 nr)
{
	struct mdk_net_header header = { .nr_buffers = cpu_to_le16(nr) };
	bool partial = mdk_virtio_has(net->virtio, MDK_VIRTIO_NET_F_GUEST_CSUM);
	int ret;

	if (frame->csum.wanted && partial) {
		header.flags = MDK_NET_NEEDS_CSUM;
		header.csum_start = cpu_to_le16(frame->csum.start);
		header.csum_offset = cpu_to_le16(frame->csum.offset);
	}
	if (frame->gso.size)
		mdk_net_gso_fill(&header, &frame->gso);
	ret = mdk_chain_write(chain, 0, &header, sizeof(header)) ?:
	      mdk_net_put(net, chain, frame);
	if (ret || !frame->csum.wanted || partial)
		return ret;
	return mdk_net_finish(chain, frame);
}

/*
 * The queue has buffers, and too few. For a GSO frame they may be all that a guest ever hands over:
 * such a frame waits no longer than one that others wait behind.
 */
static bool mdk_net_too_few(struct mdk_net *net, const struct mdk_nic_in *frame, u32 queue)
{
	return (net->pairs > 1 || frame->gso.size) && mdk_net_wait_ends(net, queue);
}

int mdk_net_receive(struct mdk_net *net, const struct mdk_chain *chain)
{
	u32 len, queue = mdk_vq_number(chain->vq);
	struct mdk_nic_in frame;
	int nr, ret;

	if (!net->ops || !net->ops->peek(net->nic, &frame))
		return -ENODATA;
	len = sizeof(struct mdk_net_header) + frame.len;
	nr = mdk_net_frame_good(net, &frame) ? mdk_net_room(net, chain, len) : -EMSGSIZE;
	if (nr == -EMSGSIZE) {
		net->stats.rx_no_room++;
		mdk_net_taken(net, MDK_NIC_NO_ROOM);
		/* The buffer waits for another one. */
		return -ENODATA;
	}
	if (nr == -ENOBUFS && mdk_net_too_few(net, &frame, queue))
		return -ENODATA;
	ret = nr < 0 ? nr : mdk_net_fill(net, chain, &frame, nr);
	if (ret)
		return ret;
	clear_bit(queue / 2, &net->empty);
	net->stats.rx_gso += !!frame.gso.size;
	mdk_net_taken(net, MDK_NIC_RECEIVED);
	return len;
}

/* From the guest */

/*
 * A guest may leave a checksum to others, if that was negotiated, within its frame: who moves that
 * believes it. Flags other than that of the checksum are to be ignored.
 */
static bool mdk_net_csum_asked(struct mdk_net *net, const struct mdk_net_header *header,
			       struct mdk_nic_out *frame)
{
	u32 start = le16_to_cpu(header->csum_start), offset = le16_to_cpu(header->csum_offset);

	if (!(header->flags & MDK_NET_NEEDS_CSUM))
		return true;
	if (!mdk_virtio_has(net->virtio, MDK_VIRTIO_NET_F_CSUM))
		return false;
	if (!mdk_net_csum_fits(start, offset, frame->len))
		return false;
	frame->csum = (struct mdk_nic_csum){ .wanted = true, .start = start, .offset = offset };
	return true;
}

/* Return: 0; -EBADMSG: the header, or what it says of the frame, is wrong; as mdk_chain_read(). */
static int mdk_net_asked(struct mdk_net *net, const struct mdk_net_header *header,
			 struct mdk_nic_out *frame)
{
	if (!mdk_net_csum_asked(net, header, frame))
		return -EBADMSG;
	if (header->gso_type)
		return mdk_net_gso_asked(net, header, frame);
	return mdk_net_len_good(net, frame->len) ? 0 : -EBADMSG;
}

int mdk_net_transmit(struct mdk_net *net, const struct mdk_chain *chain)
{
	struct mdk_net_header header;
	struct mdk_nic_out frame = { .chain = chain, .offset = sizeof(header) };
	int ret;

	if (!net->ops || chain->readable < sizeof(header)) {
		net->stats.tx_refused++;
		return 0;
	}
	frame.len = chain->readable - sizeof(header);
	ret = mdk_chain_read(chain, 0, &header, sizeof(header)) ?:
	      mdk_net_asked(net, &header, &frame);
	if (ret == -EBADMSG) {
		net->stats.tx_refused++;
		return 0;
	}
	ret = ret ?: net->ops->transmit(net->nic, &frame);
	if (ret == -EBUSY)
		set_bit(mdk_vq_number(chain->vq) / 2, &net->busy);
	net->stats.tx_gso += !ret && frame.gso.size;
	return ret;
}

/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file net.h
 * @brief Ethernet frames between instances: a software switch with a port each and one on the host.
 *
 * A module that uses it needs mdk_net.ko, which is there for kernels with CONFIG_NET. A parent has
 * one switch. Each instance has a port with a MAC address that follows from its UUID; the host has
 * a network device `mdknic0` or the like, which says in its ifalias whose switch it belongs to.
 *
 * The switch learns which address is behind which port: up to MDK_NET_LEARNED addresses a port,
 * each for five minutes after it was last seen. The ports' own addresses are not learned, and a
 * frame with another port's address as its source is dropped. So is a guest's frame whose source
 * was learned from the host's port: a guest cannot impersonate a machine behind the host. An
 * address that was learned from a guest moves to the port where it was seen last. A frame goes to
 * the port of its destination; broadcasts, multicasts and frames for an unknown address go to all
 * ports. None comes back to its sender.
 *
 * What is lost, and what not: each port has a queue of mdk_net_spec.queue frames. A frame for a
 * full queue waits with its sender (mdk_port_send() returns -EAGAIN, the network device stops its
 * own queue), and so does all that the sender has behind it; nothing is lost, and a frame for many
 * ports goes to all of them at once. But no port is waited for without end: it has a credit of at
 * most patience_ms (a module parameter, 2 seconds), which is used up while a sender waits for it.
 * The port earns 2 ms with each frame that it takes, and a sixteenth of the time that passes, up to
 * that limit; a reset or a new user does not renew the credit. While it has none, frames for a full
 * queue are dropped, and counted in rx_dropped. So a guest that takes 500 frames a second loses
 * none, however fast they are sent, and one that is slower, or stops, holds up its neighbours once,
 * and from then on for a sixteenth of the time. What is in a queue when the port closes or its link
 * goes down is dropped and counted there too. A sender's descriptor is completed when the frame is
 * in the queue of each receiver, or was counted as dropped. On the host, frames for the network
 * device wait in its queueing discipline: fq_codel, the usual one, drops frames for a guest that
 * does not keep up; `tc qdisc replace dev mdknic0 root pfifo` drops none.
 *
 * GSO frames, of up to 64 KiB that stand for several of TCP, come from the host and from virtio
 * network cards. Such a frame waits as one, and a queue is full too when it has the bytes of
 * mdk_net_spec.queue frames of the mtu. A host takes it whole, and so does a virtio card whose
 * guest has negotiated that; for another port segments are made of it when its turn has come, and
 * the sender does not wait for that. Where memory lacks for them it counts in rx_dropped.
 */
#ifndef MDK_NET_H
#define MDK_NET_H

#include <linux/err.h>

#include <mdk/types.h>

struct mdk_dev;
struct mdk_virtio_net;
struct mdk_work;
struct mdk_switch;
struct mdk_port;
struct mdk_frame;

/** Bytes of a MAC address. */
#define MDK_MAC_SIZE 6
/** Bytes of the shortest frame: addresses and type. */
#define MDK_FRAME_MIN 14
/** Bytes of a frame beyond its MTU: addresses, type, and a VLAN tag. */
#define MDK_FRAME_HEADER 18
/** Addresses that are learned for each port, besides its own. */
#define MDK_NET_LEARNED 64

/**
 * struct mdk_net_spec - a switch
 * @name: of the parent; the ifalias of the network device
 * @mtu: payload of the largest frame, 1500 to 9000 bytes
 * @queue: frames that wait for each port, 16 to 4096; of GSO frames as many as have no more bytes
 *	than these
 */
struct mdk_net_spec {
	const char *name;
	u32 mtu;
	u32 queue;
};

/**
 * struct mdk_port_stats - counters of a port, since mdk_port_reset()
 * @tx_frames: frames that it sent and the switch took; a GSO frame is one
 * @tx_bytes: bytes of @tx_frames
 * @tx_errors: frames that are not forwarded: too short or too long; from a multicast address, or
 *	one of another port or behind the host; or whose memory could not be read
 *	(mdk_port_bad_frame())
 * @tx_dropped: frames sent with the link down, without memory, to an address behind this port, or
 *	made before a reset
 * @rx_frames: frames that it took out of its queue; of a GSO frame its segments, if it took these
 * @rx_bytes: bytes of @rx_frames
 * @rx_dropped: frames for it while its queue was full and it had no credit, or while it was closed
 *	or down; of a virtio card also those that its queue had no buffer for, which others waited
 *	behind
 * @rx_errors: frames for which its guest had no good buffer (mdk_port_bad_buffer())
 */
struct mdk_port_stats {
	u64 tx_frames;
	u64 tx_bytes;
	u64 tx_errors;
	u64 tx_dropped;
	u64 rx_frames;
	u64 rx_bytes;
	u64 rx_dropped;
	u64 rx_errors;
};

/**
 * mdk_switch_create() - a switch, with a network device on the host
 * @spec: read during the call
 *
 * Before the model is registered, as module_mdk_nic_driver() does it.
 * Context: may sleep. Return: the switch, or an ERR_PTR: -EINVAL for a faulty specification, with
 * a message that names the fault, -ENOMEM, what register_netdev() returns.
 */
struct mdk_switch *__must_check mdk_switch_create(const struct mdk_net_spec *spec);

/**
 * mdk_switch_destroy() - destroy a switch
 * @sw: of mdk_switch_create(), or an ERR_PTR; it has no ports any more: the model is unregistered
 *
 * Context: may sleep.
 */
void mdk_switch_destroy(struct mdk_switch *sw);

/**
 * mdk_port_create() - the port of an instance, down
 * @sw: the switch
 * @dev: the instance
 * @work: is queued when a frame arrives, and when mdk_port_send() should be tried again after
 *	-EAGAIN
 *
 * Its MAC address is made from the UUID: the same for the same UUID on every host, and locally
 * administered.
 * Context: may sleep; from init. Return: the port, which lives until the instance is removed;
 * an ERR_PTR: -ENOMEM; -EADDRINUSE when another port has its MAC address, as the kernel log says.
 */
struct mdk_port *__must_check mdk_port_create(struct mdk_switch *sw, struct mdk_dev *dev,
					      struct mdk_work *work);

/**
 * mdk_port_mac() - the port's own MAC address
 * @port: the port
 *
 * Context: any. Return: MDK_MAC_SIZE bytes, alive as long as the port.
 */
const u8 *mdk_port_mac(const struct mdk_port *port);

/**
 * mdk_port_set() - set whether the port is connected and whether it receives
 * @port: the port
 * @link: it is connected; else it neither sends nor receives
 * @open: its guest has set up buffers; else it does not receive
 *
 * When it stops receiving its queue is emptied, and the frames are counted as dropped.
 * Context: process, between mdk_lock() and mdk_unlock(), in register callbacks or ops.reset.
 */
void mdk_port_set(struct mdk_port *port, bool link, bool open);

/**
 * mdk_port_reset() - forget all that the port's user did
 * @port: the port
 *
 * Empties its queue, zeroes its counters, and forgets the addresses that were learned from it. A
 * frame of mdk_frame_alloc() that is not sent yet is dropped by mdk_port_send(). The port does not
 * receive until mdk_port_set(); its link stays. A reset and the last close do all this before
 * ops.reset, so that a driver needs the call only for a reset of its own.
 * Context: as mdk_port_set().
 */
void mdk_port_reset(struct mdk_port *port);

/**
 * mdk_frame_alloc() - room for a frame that the port sends
 * @port: the port
 * @len: bytes; may be a guest's value, unchecked
 *
 * Context: process, may sleep. Return: the frame, for mdk_port_send() or mdk_frame_free(); an
 * ERR_PTR: -EMSGSIZE for a length that the switch does not take, counted in tx_errors; -ENOMEM,
 * counted in tx_dropped.
 */
struct mdk_frame *__must_check mdk_frame_alloc(struct mdk_port *port, u32 len);

/**
 * mdk_frame_free() - free a frame that is not sent
 * @frame: of mdk_frame_alloc()
 *
 * Context: any but NMI.
 */
void mdk_frame_free(struct mdk_frame *frame);

/**
 * mdk_frame_data() - the bytes of a frame, destination address first
 * @frame: of mdk_frame_alloc(), or of mdk_port_peek() and then not to be written to
 *
 * Context: any. Return: the first of mdk_frame_len() bytes.
 */
void *mdk_frame_data(struct mdk_frame *frame);

/**
 * mdk_frame_len() - its length
 * @frame: as mdk_frame_data()
 *
 * Context: any. Return: bytes, from MDK_FRAME_MIN to the switch's MTU and MDK_FRAME_HEADER.
 */
u32 mdk_frame_len(const struct mdk_frame *frame);

/**
 * mdk_port_send() - have the switch forward a frame
 * @port: its sender
 * @frame: of mdk_frame_alloc(); belongs to the switch afterwards, except after -EAGAIN
 *
 * Context: process, one at a time for each port. Return: 0, it is forwarded, or dropped and
 * counted; -EAGAIN when a receiver has no room now: then no port has got it, @frame still belongs
 * to the caller, and the port's worker is queued when it should be tried again.
 * Guarantees: the frames of one sender come to each receiver in the order of the calls.
 */
int __must_check mdk_port_send(struct mdk_port *port, struct mdk_frame *frame);

/**
 * mdk_port_bad_frame() - count a frame that could not be read, in tx_errors
 * @port: the port
 *
 * Context: process.
 */
void mdk_port_bad_frame(struct mdk_port *port);

/**
 * mdk_port_peek() - the oldest frame that waits for the port
 * @port: the port
 *
 * Context: process, between mdk_lock() and mdk_unlock(). Return: the frame, valid until
 * mdk_port_pop(), mdk_port_set() or mdk_unlock(); NULL when there is none.
 */
struct mdk_frame *mdk_port_peek(struct mdk_port *port);

/**
 * mdk_port_pop() - take the frame of mdk_port_peek() out of the queue: it was received
 * @port: the port
 *
 * Context: as mdk_port_peek().
 */
void mdk_port_pop(struct mdk_port *port);

/**
 * mdk_port_bad_buffer() - drop that frame, for lack of a good buffer; counted in rx_errors
 * @port: the port
 *
 * Context: as mdk_port_peek().
 */
void mdk_port_bad_buffer(struct mdk_port *port);

/**
 * mdk_port_stats() - its counters
 * @port: the port
 * @stats: where to
 *
 * Context: process.
 */
void mdk_port_stats(struct mdk_port *port, struct mdk_port_stats *stats);

/**
 * mdk_port_virtio_net() - a virtio network card on a port of its own
 * @sw: the switch
 * @dev: the instance
 * @offer: what the card offers (mdk/virtio_net.h); its mtu is at most the switch's
 *
 * Frames go between its queues and the switch; the calls below that give and take some are not for
 * this port. Context: may sleep; from init, once. Return: the port; an ERR_PTR: -EMSGSIZE for an
 * mtu above the switch's, with a message; as mdk_virtio_net_create() and mdk_port_create().
 */
struct mdk_port *__must_check mdk_port_virtio_net(struct mdk_switch *sw, struct mdk_dev *dev,
						  const struct mdk_virtio_net *offer);

/**
 * The whole module: the switch @_net, a struct mdk_net_spec, as `@_model_switch`, and the model
 * @_model on it. Used instead of module_mdk_driver().
 */
#define module_mdk_nic_driver(_model, _net)                                                        \
	static struct mdk_host *_model##_host;                                                     \
	static int __init _model##_module_init(void)                                               \
	{                                                                                          \
		_model##_switch = mdk_switch_create(&_net);                                        \
		if (IS_ERR(_model##_switch))                                                       \
			return PTR_ERR(_model##_switch);                                           \
		_model##_host = mdk_register(&_model);                                             \
		if (IS_ERR(_model##_host))                                                         \
			mdk_switch_destroy(_model##_switch);                                       \
		return PTR_ERR_OR_ZERO(_model##_host);                                             \
	}                                                                                          \
	static void __exit _model##_module_exit(void)                                              \
	{                                                                                          \
		mdk_unregister(_model##_host);                                                     \
		mdk_switch_destroy(_model##_switch);                                               \
	}                                                                                          \
	module_init(_model##_module_init);                                                         \
	module_exit(_model##_module_exit);                                                         \
	MODULE_INFO(mdk_abi, __stringify(MDK_ABI))

#endif /* MDK_NET_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * tpx: an accelerator of small neural networks for each guest. A guest loads networks from its
 * memory into slots, and puts jobs in a ring: an input through the network of a slot to an output.
 * A job may be asynchronous; then the trace tells of its end. Equal weights are kept once.
 */
#include <linux/crc32.h>
#include <linux/hrtimer.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/nospec.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include <mdk/mdk.h>

/* BAR 0 */
#define TPX_ID		0x00
#define TPX_STATUS	0x04	/* of the ring */
#define TPX_ISR		0x08
#define TPX_MASK	0x0c
#define TPX_NET_SEL	0x10
#define TPX_NET_LO	0x14
#define TPX_NET_HI	0x18
#define TPX_NET_LEN	0x1c
#define TPX_NET_CTL	0x20
#define TPX_NET_ERR	0x24
#define TPX_TICK	0x28	/* us between two ticks; 0: none */
#define TPX_TRACE_BASE	0x2c	/* the first entry that BAR 4 shows */
#define TPX_RING_LO	0x40
#define TPX_RING_HI	0x44
#define TPX_RING_SIZE	0x48
#define TPX_RING_TAIL	0x4c
#define TPX_RING_HEAD	0x50
#define TPX_MACS	0x60
#define TPX_TICKS	0x68

#define TPX_BAR_SRAM	2
#define TPX_BAR_TRACE	4

#define TPX_RUNS	BIT(0)
#define TPX_BROKEN	BIT(1)

#define TPX_ISR_JOB	BIT(0)
#define TPX_ISR_ASYNC	BIT(1)
#define TPX_ISR_TICK	BIT(2)
#define TPX_ISR_BROKEN	BIT(3)

enum { TPX_LOAD = 1, TPX_UNLOAD, TPX_QUERY };

#define TPX_NETS	16
#define TPX_LAYERS	16
#define TPX_WIDTH	1024	/* values between two layers */
#define TPX_WEIGHTS	SZ_256K
#define TPX_SRAM	SZ_64K
#define TPX_ASYNC	32
#define TPX_TRACE	64
#define TPX_WINDOW	128	/* bytes of the trace that are seen at once */
#define TPX_TICK_MIN	200
#define TPX_LABEL	24
#define TPX_MAGIC	0x31585054

/* In guest memory */
struct tpx_hdr {
	__le32 magic;
	__le16 layers;
	__le16 flags;
	__le32 weights;
	__le32 rsvd;
};

struct tpx_raw {
	__le16 op, shift;
	__le32 at, in, out;
};

enum { TPX_DENSE, TPX_LUT, TPX_POOL, TPX_GATHER };

struct tpx_desc {
	__le64 in, out;
	__le16 net, flags;
	__le32 tag;
	__le32 status;
	__le32 width;
};

#define TPX_F_ASYNC	BIT(0)
#define TPX_DONE	BIT(31)
#define TPX_FAILED	BIT(30)

struct tpx_info {
	__u8 layers;
	__le32 weights;
	__le16 in;
	__le64 runs;
};

/* Weights, once for all instances that have the same. */
struct tpx_blob {
	struct kref ref;
	struct list_head node;
	u32 crc, len;
	u8 data[];
};

struct tpx_layer {
	u32 op, shift;
	u32 at;		/* of its weights; of GATHER, of the indices in the SRAM */
	u32 in, out;
};

struct tpx_net {
	struct kref ref;
	struct tpx_blob *blob;
	u64 runs;
	u32 layers;
	struct tpx_layer layer[];
};

struct tpx_bufs {
	u8 a[TPX_WIDTH], b[TPX_WIDTH];
};

struct tpx_async {
	struct list_head node;
	struct tpx_net *net;
	struct mdk_pinned *in, *out;
	u32 tag;
};

struct tpx_trace {
	u32 tag, status;
};

/**
 * struct tpx_state - one instance
 * @dev: it
 * @limit_kib: of weights, a parameter
 * @weights: bytes that its networks have
 * @net: what is loaded
 * @q_lock: of @queue and @q_len
 * @queue: asynchronous jobs
 * @q_len: how many
 * @tick: profiling
 * @tick_ns: its period
 * @trace: ends of asynchronous jobs
 * @traced: how many
 * @label: the administrator's
 */
struct tpx_state {
	struct mdk_dev *dev;
	u32 limit_kib;
	u32 weights;
	struct tpx_net *net[TPX_NETS];
	spinlock_t q_lock;
	struct list_head queue;
	u32 q_len;
	struct hrtimer tick;
	u64 tick_ns;
	struct tpx_trace trace[TPX_TRACE];
	u32 traced;
	char label[TPX_LABEL];
};

static LIST_HEAD(tpx_blobs);
static DEFINE_MUTEX(tpx_blobs_lock);

/* Weights */

static void tpx_blob_release(struct kref *ref)
{
	struct tpx_blob *blob = container_of(ref, struct tpx_blob, ref);

	list_del(&blob->node);
	mutex_unlock(&tpx_blobs_lock);
	kvfree(blob);
}

static void tpx_blob_put(struct tpx_blob *blob)
{
	if (blob)
		kref_put_mutex(&blob->ref, tpx_blob_release, &tpx_blobs_lock);
}

static bool tpx_blob_same(const struct tpx_blob *a, const struct tpx_blob *b)
{
	return a->crc == b->crc && a->len == b->len && !memcmp(a->data, b->data, a->len);
}

/* An older one like it, or itself. */
static struct tpx_blob *tpx_blob_share(struct tpx_blob *blob)
{
	struct tpx_blob *old;

	mutex_lock(&tpx_blobs_lock);
	list_for_each_entry(old, &tpx_blobs, node) {
		if (!tpx_blob_same(old, blob))
			continue;
		kref_get(&old->ref);
		mutex_unlock(&tpx_blobs_lock);
		kvfree(blob);
		return old;
	}
	list_add(&blob->node, &tpx_blobs);
	mutex_unlock(&tpx_blobs_lock);
	return blob;
}

static struct tpx_blob *tpx_blob_load(struct mdk_dev *dev, u64 addr, u32 len)
{
	struct tpx_blob *blob = kvmalloc(struct_size(blob, data, len), GFP_KERNEL_ACCOUNT);
	int ret;

	if (!blob)
		return ERR_PTR(-ENOMEM);
	ret = mdk_dma_read(dev, addr, blob->data, len);
	if (ret) {
		kvfree(blob);
		return ERR_PTR(ret);
	}
	kref_init(&blob->ref);
	blob->len = len;
	blob->crc = crc32(0, blob->data, len);
	return tpx_blob_share(blob);
}

/* Networks */

static void tpx_net_release(struct kref *ref)
{
	struct tpx_net *net = container_of(ref, struct tpx_net, ref);

	tpx_blob_put(net->blob);
	kfree(net);
}

static void tpx_net_put(struct tpx_net *net)
{
	if (net)
		kref_put(&net->ref, tpx_net_release);
}

static struct tpx_net **tpx_slot(struct tpx_state *state, u32 nr)
{
	return nr < TPX_NETS ? &state->net[array_index_nospec(nr, TPX_NETS)] : NULL;
}

/* The caller has the instance's lock. */
static struct tpx_net *tpx_net_get(struct tpx_state *state, u32 nr)
{
	struct tpx_net **slot = tpx_slot(state, nr);

	if (!slot || !*slot)
		return NULL;
	kref_get(&(*slot)->ref);
	return *slot;
}

static u32 tpx_in(const struct tpx_net *net)
{
	return net->layer[0].in;
}

static u32 tpx_out(const struct tpx_net *net)
{
	return net->layer[net->layers - 1].out;
}

/* [at, at + need) in [0, all) */
static bool tpx_inside(u64 at, u64 need, u64 all)
{
	return need <= all && at <= all - need;
}

static int tpx_layer_check(const struct tpx_layer *l, u32 weights)
{
	if (!l->in || !l->out || l->in > TPX_WIDTH || l->out > TPX_WIDTH || l->shift > 31)
		return -EINVAL;
	switch (l->op) {
	case TPX_DENSE:
		return tpx_inside(l->at, (u64)l->in * l->out, weights) ? 0 : -ERANGE;
	case TPX_LUT:
		return l->in == l->out && tpx_inside(l->at, 256, weights) ? 0 : -ERANGE;
	case TPX_POOL:
		return l->in % l->out ? -EINVAL : 0;
	case TPX_GATHER:
		return tpx_inside(l->at, 2 * l->out, TPX_SRAM) && !(l->at % 2) ? 0 : -ERANGE;
	default:
		return -EOPNOTSUPP;
	}
}

static int tpx_layers_load(struct mdk_dev *dev, struct tpx_net *net, u64 addr, u32 weights)
{
	struct tpx_raw *raw = kmalloc_array(net->layers, sizeof(*raw), GFP_KERNEL);
	u32 i;
	int ret;

	if (!raw)
		return -ENOMEM;
	ret = mdk_dma_read(dev, addr, raw, net->layers * sizeof(*raw));
	for (i = 0; i < net->layers && !ret; i++) {
		struct tpx_layer *l = &net->layer[i];

		l->op = le16_to_cpu(raw[i].op);
		l->shift = le16_to_cpu(raw[i].shift);
		l->at = le32_to_cpu(raw[i].at);
		l->in = le32_to_cpu(raw[i].in);
		l->out = le32_to_cpu(raw[i].out);
		ret = i && l->in != l[-1].out ? -EINVAL : tpx_layer_check(l, weights);
	}
	kfree(raw);
	return ret;
}

static struct tpx_net *tpx_net_load(struct mdk_dev *dev, u64 addr, u32 size)
{
	struct tpx_hdr hdr;
	struct tpx_net *net;
	u32 layers, weights;
	u64 body;
	int ret = mdk_dma_read(dev, addr, &hdr, sizeof(hdr));

	if (ret)
		return ERR_PTR(ret);
	layers = le16_to_cpu(hdr.layers);
	weights = le32_to_cpu(hdr.weights);
	body = sizeof(hdr) + layers * sizeof(struct tpx_raw);
	if (hdr.magic != cpu_to_le32(TPX_MAGIC) || !layers || layers > TPX_LAYERS || !weights ||
	    weights > TPX_WEIGHTS || body + weights > size)
		return ERR_PTR(-EINVAL);
	net = kzalloc(struct_size(net, layer, layers), GFP_KERNEL_ACCOUNT);
	if (!net)
		return ERR_PTR(-ENOMEM);
	kref_init(&net->ref);
	net->layers = layers;
	ret = tpx_layers_load(dev, net, addr + sizeof(hdr), weights);
	if (ret)
		goto err;
	net->blob = tpx_blob_load(dev, addr + body, weights);
	if (!IS_ERR(net->blob))
		return net;
	ret = PTR_ERR(net->blob);
	net->blob = NULL;
err:
	tpx_net_put(net);
	return ERR_PTR(ret);
}

static void tpx_slot_clear(struct tpx_state *state, struct tpx_net **slot)
{
	if (!*slot)
		return;
	state->weights -= (*slot)->blob->len;
	tpx_net_put(*slot);
	*slot = NULL;
}

static int tpx_slot_load(struct mdk_dev *dev, struct tpx_net **slot, u64 addr, u32 size)
{
	struct tpx_state *state = mdk_state(dev);
	struct tpx_net *net = tpx_net_load(dev, addr, size);

	if (IS_ERR(net))
		return PTR_ERR(net);
	tpx_slot_clear(state, slot);
	if (state->weights + net->blob->len > state->limit_kib * SZ_1K) {
		tpx_net_put(net);
		return -ENOSPC;
	}
	state->weights += net->blob->len;
	*slot = net;
	return 0;
}

static int tpx_slot_query(struct mdk_dev *dev, struct tpx_net *net, u64 addr)
{
	struct tpx_info info;

	if (!net)
		return -ENOENT;
	memset(&info, 0, sizeof(info));
	info.layers = net->layers;
	info.weights = cpu_to_le32(net->blob->len);
	info.in = cpu_to_le16(tpx_in(net));
	info.runs = cpu_to_le64(net->runs);
	return mdk_dma_write(dev, addr, &info, sizeof(info));
}

static void tpx_net_ctl(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct tpx_state *state = mdk_state(dev);
	u64 addr = mdk_reg_get(dev, 0, TPX_NET_LO) | (u64)mdk_reg_get(dev, 0, TPX_NET_HI) << 32;
	struct tpx_net **slot = tpx_slot(state, mdk_reg_get(dev, 0, TPX_NET_SEL));
	int ret = -EINVAL;

	if (slot && value == TPX_LOAD)
		ret = tpx_slot_load(dev, slot, addr, mdk_reg_get(dev, 0, TPX_NET_LEN));
	else if (slot && value == TPX_QUERY)
		ret = tpx_slot_query(dev, *slot, addr);
	else if (slot && value == TPX_UNLOAD)
		ret = 0, tpx_slot_clear(state, slot);
	mdk_reg_set(dev, 0, TPX_NET_ERR, -ret);
}

/* Layers. The numbers of a network were checked when it was loaded; those in the SRAM cannot be. */

static void tpx_dense(const struct tpx_layer *l, const u8 *w, const u8 *from, u8 *to)
{
	u32 i, o;

	for (o = 0; o < l->out; o++) {
		u32 sum = 0;

		for (i = 0; i < l->in; i++)
			sum += from[i] * w[o * l->in + i];
		to[o] = min_t(u32, sum >> l->shift, 255);
	}
}

static void tpx_pool(const struct tpx_layer *l, const u8 *from, u8 *to)
{
	u32 per = l->in / l->out, i;

	memset(to, 0, l->out);
	for (i = 0; i < l->in; i++)
		to[i / per] = max(to[i / per], from[i]);
}

static void tpx_gather(struct mdk_dev *dev, const struct tpx_layer *l, const u8 *from, u8 *to)
{
	const __le16 *indices = mdk_ram(dev, TPX_BAR_SRAM) + l->at;
	u32 i, at;

	for (i = 0; i < l->out; i++) {
		at = le16_to_cpu(READ_ONCE(indices[i]));
		to[i] = at < l->in ? from[array_index_nospec(at, l->in)] : 0;
	}
}

/* Return: the buffer with the result */
static const u8 *tpx_run(struct mdk_dev *dev, struct tpx_net *net, struct tpx_bufs *bufs)
{
	u8 *from = bufs->a, *to = bufs->b;
	u64 macs = 0;
	u32 i, o;

	for (i = 0; i < net->layers; i++) {
		const struct tpx_layer *l = &net->layer[i];
		const u8 *w = net->blob->data;

		if (l->op == TPX_DENSE)
			tpx_dense(l, w + l->at, from, to);
		else if (l->op == TPX_POOL)
			tpx_pool(l, from, to);
		else if (l->op == TPX_GATHER)
			tpx_gather(dev, l, from, to);
		else
			for (o = 0; o < l->out; o++)
				to[o] = w[l->at + array_index_nospec(from[o], 256)];
		macs += (u64)l->in * l->out;
		swap(from, to);
	}
	mdk_counter_add(dev, MDK_AT(0, TPX_MACS), macs);
	return from;
}

/* Jobs */

static int tpx_job_sync(struct mdk_dev *dev, struct mdk_ring *ring, struct tpx_net *net,
			struct tpx_desc *desc)
{
	struct tpx_bufs *bufs = kmalloc(sizeof(*bufs), GFP_KERNEL);
	int ret;

	if (!bufs)
		return -ENOMEM;
	ret = mdk_ring_read(ring, le64_to_cpu(desc->in), bufs->a, tpx_in(net));
	if (!ret)
		ret = mdk_ring_write(ring, le64_to_cpu(desc->out), tpx_run(dev, net, bufs),
				     tpx_out(net));
	kfree(bufs);
	return ret;
}

static void tpx_async_free(struct tpx_async *job)
{
	mdk_unpin(job->in);
	mdk_unpin(job->out);
	tpx_net_put(job->net);
	kfree(job);
}

static bool tpx_async_push(struct tpx_state *state, struct tpx_async *job)
{
	bool room;

	spin_lock(&state->q_lock);
	room = state->q_len < TPX_ASYNC;
	if (room) {
		list_add_tail(&job->node, &state->queue);
		state->q_len++;
	}
	spin_unlock(&state->q_lock);
	return room;
}

static struct tpx_async *tpx_async_pop(struct tpx_state *state)
{
	struct tpx_async *job;

	spin_lock(&state->q_lock);
	job = list_first_entry_or_null(&state->queue, struct tpx_async, node);
	if (job) {
		list_del(&job->node);
		state->q_len--;
	}
	spin_unlock(&state->q_lock);
	return job;
}

static int tpx_job_async(struct mdk_dev *dev, struct tpx_net *net, struct tpx_desc *desc)
{
	struct tpx_async *job = kzalloc(sizeof(*job), GFP_KERNEL_ACCOUNT);
	int ret = 0;

	if (!job)
		return -ENOMEM;
	job->tag = le32_to_cpu(desc->tag);
	kref_get(&net->ref);
	job->net = net;
	job->in = mdk_pin(dev, le64_to_cpu(desc->in), tpx_in(net), MDK_TO_DEVICE);
	job->out = mdk_pin(dev, le64_to_cpu(desc->out), tpx_out(net), MDK_FROM_DEVICE);
	if (IS_ERR(job->in))
		ret = PTR_ERR(job->in);
	else if (IS_ERR(job->out))
		ret = PTR_ERR(job->out);
	else if (!tpx_async_push(mdk_state(dev), job))
		ret = -ENOSPC;
	if (ret) {
		tpx_async_free(job);
		return ret;
	}
	mdk_queue(dev, 0);
	return 0;
}

static int tpx_job(struct mdk_dev *dev, const struct mdk_job *job)
{
	struct tpx_desc *desc = job->desc;
	struct tpx_net *net = tpx_net_get(mdk_state(dev), le16_to_cpu(desc->net));
	int ret = -ENOENT;

	if (net) {
		ret = le16_to_cpu(desc->flags) & TPX_F_ASYNC ?
			      tpx_job_async(dev, net, desc) :
			      tpx_job_sync(dev, job->ring, net, desc);
		desc->width = cpu_to_le32(tpx_out(net));
		net->runs++;
		tpx_net_put(net);
	}
	if (ret == -EAGAIN)
		return ret;
	desc->status = cpu_to_le32(TPX_DONE | (ret ? TPX_FAILED | -ret : 0));
	return 0;
}

static int tpx_async_run(struct mdk_dev *dev, struct tpx_async *job)
{
	struct tpx_bufs *bufs = kmalloc(sizeof(*bufs), GFP_KERNEL);
	int ret;

	if (!bufs)
		return -ENOMEM;
	ret = mdk_pinned_read(job->in, 0, bufs->a, tpx_in(job->net));
	if (!ret)
		ret = mdk_pinned_write(job->out, 0, tpx_run(dev, job->net, bufs),
				       tpx_out(job->net));
	kfree(bufs);
	return ret;
}

static void tpx_work(struct mdk_dev *dev)
{
	struct tpx_state *state = mdk_state(dev);
	struct tpx_async *job;
	u32 i;
	int ret;

	for (i = 0; i < TPX_ASYNC && (job = tpx_async_pop(state)); i++) {
		ret = tpx_async_run(dev, job);
		mdk_lock(dev);
		state->trace[state->traced++ % TPX_TRACE] = (struct tpx_trace){
			.tag = job->tag,
			.status = TPX_DONE | (ret ? TPX_FAILED | -ret : 0),
		};
		mdk_unlock(dev);
		tpx_async_free(job);
	}
	mdk_irq_raise(dev, TPX_ISR_ASYNC);
	if (i == TPX_ASYNC)
		mdk_queue(dev, 1);
}

/* BAR 4: a window of the trace */
static u64 tpx_trace_read(struct mdk_dev *dev, const struct mdk_region *region, u64 offset,
			  unsigned int width)
{
	struct tpx_state *state = mdk_state(dev);
	u32 nr = mdk_reg_get(dev, 0, TPX_TRACE_BASE) + offset / sizeof(struct tpx_trace);

	if (nr >= TPX_TRACE)
		return 0;
	nr = array_index_nospec(nr, TPX_TRACE);
	return offset % sizeof(struct tpx_trace) ? state->trace[nr].status : state->trace[nr].tag;
}

static const struct mdk_region_ops tpx_trace_ops = { .read = tpx_trace_read };

/* Profiling */

static enum hrtimer_restart tpx_tick_fn(struct hrtimer *timer)
{
	struct tpx_state *state = container_of(timer, struct tpx_state, tick);

	mdk_counter_add(state->dev, MDK_AT(0, TPX_TICKS), 1);
	mdk_irq_raise(state->dev, TPX_ISR_TICK);
	hrtimer_forward_now(timer, ns_to_ktime(state->tick_ns));
	return HRTIMER_RESTART;
}

static void tpx_tick_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct tpx_state *state = mdk_state(dev);

	hrtimer_cancel(&state->tick);
	if (!value)
		return;
	state->tick_ns = max_t(u64, value, TPX_TICK_MIN) * NSEC_PER_USEC;
	hrtimer_start(&state->tick, ns_to_ktime(state->tick_ns), HRTIMER_MODE_REL);
}

/* Files */

static int tpx_show_nets(struct mdk_dev *dev, char *buf, size_t size)
{
	struct tpx_state *state = mdk_state(dev);
	int len = 0;
	u32 i;

	mdk_lock(dev);
	for (i = 0; i < TPX_NETS; i++)
		if (state->net[i])
			len += scnprintf(buf + len, size - len, "%u: %u layers, %u bytes, %llu runs\n",
					 i, state->net[i]->layers, state->net[i]->blob->len,
					 state->net[i]->runs);
	mdk_unlock(dev);
	return len;
}

static int tpx_show_label(struct mdk_dev *dev, char *buf, size_t size)
{
	struct tpx_state *state = mdk_state(dev);
	int len;

	mdk_lock(dev);
	len = scnprintf(buf, size, "%s\n", state->label);
	mdk_unlock(dev);
	return len;
}

static int tpx_store_label(struct mdk_dev *dev, const char *text, size_t size)
{
	struct tpx_state *state = mdk_state(dev);

	if (strlen(text) >= TPX_LABEL)
		return -EINVAL;
	mdk_lock(dev);
	strcpy(state->label, text);
	mdk_unlock(dev);
	return 0;
}

static int tpx_show_blobs(struct mdk_dev *dev, char *buf, size_t size)
{
	struct tpx_blob *blob;
	int len = 0;

	mutex_lock(&tpx_blobs_lock);
	list_for_each_entry(blob, &tpx_blobs, node)
		len += scnprintf(buf + len, size - len, "%08x %u\n", blob->crc, blob->len);
	mutex_unlock(&tpx_blobs_lock);
	return len;
}

static const struct mdk_attr tpx_attrs[] = {
	{ .group = "npu", .name = "nets", .show = tpx_show_nets },
	{ .group = "npu", .name = "label", .show = tpx_show_label, .store = tpx_store_label },
};

static const struct mdk_attr tpx_parent_attrs[] = {
	{ .group = "npu", .name = "blobs", .show = tpx_show_blobs },
};

static const struct mdk_param tpx_params[] = {
	MDK_PARAM_U32("npu", "limit_kib", struct tpx_state, limit_kib, .max = 4096, .dflt = 1024),
};

/* Life */

static void tpx_clear(struct tpx_state *state)
{
	struct tpx_async *job;
	u32 i;

	hrtimer_cancel(&state->tick);
	while ((job = tpx_async_pop(state)))
		tpx_async_free(job);
	for (i = 0; i < TPX_NETS; i++)
		tpx_slot_clear(state, &state->net[i]);
	memset(state->trace, 0, sizeof(state->trace));
	state->traced = 0;
	state->tick_ns = 0;
}

static int tpx_init(struct mdk_dev *dev)
{
	struct tpx_state *state = mdk_state(dev);

	state->dev = dev;
	spin_lock_init(&state->q_lock);
	INIT_LIST_HEAD(&state->queue);
	hrtimer_init(&state->tick, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	state->tick.function = tpx_tick_fn;
	return 0;
}

static void tpx_fini(struct mdk_dev *dev)
{
	tpx_clear(mdk_state(dev));
}

/* The worker has ended. */
static void tpx_reset(struct mdk_dev *dev)
{
	tpx_clear(mdk_state(dev));
}

static const struct mdk_ops tpx_ops = {
	.init = tpx_init,
	.fini = tpx_fini,
	.reset = tpx_reset,
	.work = tpx_work,
};

/* What a guest sees */

static const struct mdk_reg tpx_regs[] = {
	MDK_REG_RO(TPX_ID, "ID", TPX_MAGIC),
	MDK_REG_RO(TPX_STATUS, "STATUS", 0),
	MDK_REG_W1C(TPX_ISR, "ISR", GENMASK(3, 0)),
	MDK_REG_RW(TPX_MASK, "MASK", 0, GENMASK(3, 0)),
	MDK_REG_RW(TPX_NET_SEL, "NET_SEL", 0, GENMASK(31, 0)),
	MDK_REG_RW(TPX_NET_LO, "NET_LO", 0, GENMASK(31, 0)),
	MDK_REG_RW(TPX_NET_HI, "NET_HI", 0, GENMASK(31, 0)),
	MDK_REG_RW(TPX_NET_LEN, "NET_LEN", 0, GENMASK(31, 0)),
	MDK_REG_WO(TPX_NET_CTL, "NET_CTL", GENMASK(1, 0), .written = tpx_net_ctl),
	MDK_REG_RO(TPX_NET_ERR, "NET_ERR", 0),
	MDK_REG_RW(TPX_TICK, "TICK", 0, GENMASK(31, 0), .written = tpx_tick_written),
	MDK_REG_RW(TPX_TRACE_BASE, "TRACE_BASE", 0, GENMASK(31, 0)),
	MDK_REG_RW(TPX_RING_LO, "RING_LO", 0, GENMASK(31, 4)),
	MDK_REG_RW(TPX_RING_HI, "RING_HI", 0, GENMASK(31, 0)),
	MDK_REG_RW(TPX_RING_SIZE, "RING_SIZE", 0, GENMASK(15, 0)),
	MDK_REG_RW(TPX_RING_TAIL, "RING_TAIL", 0, GENMASK(31, 0)),
	MDK_REG_RO(TPX_RING_HEAD, "RING_HEAD", 0),
	MDK_REG_COUNTER64(TPX_MACS, "MACS"),
	MDK_REG_COUNTER64(TPX_TICKS, "TICKS"),
};

#define TPX_CAUSE(_bit)                                                                            \
	MDK_CAUSE(0, TPX_ISR, _bit, .mask = TPX_MASK, .polarity = MDK_ONE_MASKS,                   \
		  .to = MDK_TO_MSI(_bit))

static const struct mdk_cause tpx_causes[] = {
	TPX_CAUSE(0), TPX_CAUSE(1), TPX_CAUSE(2), TPX_CAUSE(3),
};

static const struct mdk_ring_row tpx_rings[] = {
	MDK_RING("jobs", .base = MDK_AT(0, TPX_RING_LO), .base_high = MDK_AT(0, TPX_RING_HI),
		 .size = MDK_AT(0, TPX_RING_SIZE), .tail = MDK_AT(0, TPX_RING_TAIL),
		 .head = MDK_AT(0, TPX_RING_HEAD), .state = MDK_AT(0, TPX_STATUS),
		 .running = TPX_RUNS, .broken = TPX_BROKEN, .max = 256,
		 .desc_size = sizeof(struct tpx_desc), .status = offsetof(struct tpx_desc, status),
		 .dir = MDK_BOTH_WAYS, .buffer_pages = 64, .work = tpx_job, .batch = 4,
		 .raises = TPX_ISR_JOB, .raises_broken = TPX_ISR_BROKEN),
};

static const struct mdk_region tpx_regions[] = {
	MDK_BAR_REGS(0, "registers", SZ_4K, tpx_regs),
	MDK_BAR_MEM(TPX_BAR_SRAM, "sram", TPX_SRAM, MDK_MMAP | MDK_PREFETCH),
	MDK_BAR_CALLBACK(TPX_BAR_TRACE, "trace", TPX_WINDOW, &tpx_trace_ops,
			 .impl = { .min = 4, .max = 4 }),
};

static const struct mdk_irq tpx_irqs[] = { MDK_MSI(4), MDK_ERR() };
static const struct mdk_cap tpx_caps[] = { MDK_CAP_PM(), MDK_CAP_MSI() };

static const struct mdk_type tpx_types[] = {
	MDK_TYPE("1", "tpx small", .description = "a quarter of the device", .cost = 1),
	MDK_TYPE("2", "tpx large", .description = "half of the device", .cost = 2),
};

static const struct mdk_model tpx_model = {
	.name = "tpx",
	.state_size = sizeof(struct tpx_state),
	.pci = MDK_PCI(0x1af4, 0x10f0, 0x1200),
	MDK_REGIONS(tpx_regions),
	MDK_IRQS(tpx_irqs),
	MDK_PCI_CAPS(tpx_caps),
	MDK_CAUSES(tpx_causes),
	MDK_RINGS(tpx_rings),
	MDK_TYPES(tpx_types),
	MDK_ATTRS(tpx_attrs),
	MDK_PARENT_ATTRS(tpx_parent_attrs),
	MDK_PARAMS(tpx_params),
	.budget = 4,
	.ops = &tpx_ops,
	.pin_pages = 1024,
};
module_mdk_driver(tpx_model);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("tpx: a mediated accelerator of neural networks");

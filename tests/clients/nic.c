// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <net/if.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "nic.h"

#define HOST "mdknic0"

int nic_create(const char *uuid)
{
	return write_file("/sys/class/mdev_bus/mynic/mdev_supported_types/mynic-1/create", uuid);
}

void nic_put(const struct nic *nic, uint32_t offset, uint32_t value)
{
	if (pwrite(nic->v.device, &value, sizeof(value), offset) != sizeof(value))
		diag("write at %x: %s", offset, strerror(errno));
}

uint32_t nic_get(const struct nic *nic, uint32_t offset)
{
	uint32_t value = 0;

	if (pread(nic->v.device, &value, sizeof(value), offset) != sizeof(value))
		diag("read at %x: %s", offset, strerror(errno));
	return value;
}

int nic_open(struct nic *nic, const char *uuid)
{
	uint32_t mac[2];
	int ret;

	*nic = (struct nic){ .uuid = uuid, .v = VFIO_CLOSED, .event = -1 };
	ret = open_user_pci(&nic->v, uuid);
	if (ret)
		return ret;
	nic->memory = memory(NIC_MEMORY);
	ret = vfio_map_dma(&nic->v, NIC_BASE, nic->memory, NIC_MEMORY, READ | WRITE);
	nic->event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	for (unsigned int i = 0; !ret && i < 3; i++)
		ret = vfio_listen(nic->v.device, VFIO_PCI_MSIX_IRQ_INDEX, i, nic->event);
	mac[0] = nic_get(nic, NIC_MAC_LO);
	mac[1] = nic_get(nic, NIC_MAC_HI);
	memcpy(nic->mac, mac, sizeof(nic->mac));
	return ret;
}

void nic_set_ring(const struct nic *nic, uint32_t ring, uint64_t base, uint32_t size)
{
	nic_put(nic, ring + NIC_LO, base);
	nic_put(nic, ring + NIC_HI, base >> 32);
	nic_put(nic, ring + NIC_SIZE, size);
}

void nic_stop(struct nic *nic)
{
	nic_put(nic, NIC_TX + NIC_SIZE, 0);
	nic_put(nic, NIC_RX + NIC_SIZE, 0);
}

/* First what runs ends: a frame that came now would be in the new ring before its time. */
bool nic_start(struct nic *nic)
{
	nic_stop(nic);
	memset(nic->memory, 0, NIC_MEMORY);
	nic->tx = (void *)nic->memory;
	nic->rx = (void *)(nic->memory + PAGE);
	nic->tx_tail = nic->tx_done = nic->rx_tail = nic->rx_done = 0;
	for (uint32_t i = 0; i < NIC_RING; i++) {
		nic->tx[i].addr = NIC_TX_BUFS + i * NIC_BUF;
		nic->rx[i].addr = NIC_RX_BUFS + i * NIC_BUF;
		nic->rx[i].len = NIC_BUF;
	}
	nic_set_ring(nic, NIC_TX, NIC_TX_RING, NIC_RING);
	nic_set_ring(nic, NIC_RX, NIC_RX_RING, NIC_RING);
	nic->rx_tail = NIC_RING;
	nic_put(nic, NIC_RX + NIC_TAIL, nic->rx_tail);
	return (nic_get(nic, NIC_STATUS) & (NIC_TX_RUNS | NIC_RX_RUNS)) ==
	       (NIC_TX_RUNS | NIC_RX_RUNS);
}

void nic_close(struct nic *nic)
{
	close_user(&nic->v);
	if (nic->memory)
		munmap(nic->memory, NIC_MEMORY);
	if (nic->event >= 0)
		close(nic->event);
	nic->memory = NULL;
	nic->event = -1;
}

/* Rings */

bool nic_room(struct nic *nic, unsigned int *bad)
{
	while (nic->tx_done != nic->tx_tail) {
		struct nic_desc *desc = &nic->tx[nic->tx_done % NIC_RING];
		uint32_t status = atomic_load_explicit(&desc->status, memory_order_acquire);

		if (!(status & NIC_DONE))
			break;
		*bad += !!(status & NIC_BAD);
		nic->tx_done++;
	}
	return nic->tx_tail - nic->tx_done < NIC_RING;
}

char *nic_buffer(struct nic *nic)
{
	return nic->memory + 2 * PAGE + nic->tx_tail % NIC_RING * NIC_BUF;
}

void nic_queue(struct nic *nic, uint32_t len)
{
	struct nic_desc *desc = &nic->tx[nic->tx_tail % NIC_RING];

	desc->len = len;
	desc->addr = NIC_TX_BUFS + nic->tx_tail % NIC_RING * NIC_BUF;
	atomic_store_explicit(&desc->status, 0, memory_order_release);
	nic->tx_tail++;
}

void nic_ring(struct nic *nic)
{
	nic_put(nic, NIC_TX + NIC_TAIL, nic->tx_tail);
}

const char *nic_received(struct nic *nic, uint32_t *len, bool *bad)
{
	struct nic_desc *desc = &nic->rx[nic->rx_done % NIC_RING];
	uint32_t status = atomic_load_explicit(&desc->status, memory_order_acquire);

	if (nic->rx_done == nic->rx_tail || !(status & NIC_DONE))
		return NULL;
	*len = desc->len;
	*bad = status & NIC_BAD;
	return nic->memory + 2 * PAGE + NIC_RING * NIC_BUF + nic->rx_done % NIC_RING * NIC_BUF;
}

void nic_give(struct nic *nic)
{
	struct nic_desc *desc = &nic->rx[nic->rx_done % NIC_RING];

	desc->len = NIC_BUF;
	atomic_store_explicit(&desc->status, 0, memory_order_release);
	nic->rx_done++;
	nic->rx_tail++;
	/* A register costs much more than a descriptor. */
	if (nic->rx_tail % 16 == 0)
		nic_put(nic, NIC_RX + NIC_TAIL, nic->rx_tail);
}

void nic_wait(struct nic *nic, int ms)
{
	struct pollfd poll_fd = { .fd = nic->event, .events = POLLIN };
	uint64_t count;

	if (poll(&poll_fd, 1, ms) <= 0)
		return;
	if (read(nic->event, &count, sizeof(count)) < 0)
		diag("eventfd: %s", strerror(errno));
	/* What comes from here on is another interrupt: who waits looks at the rings afterwards. */
	nic_put(nic, NIC_ISR, NIC_QUEUES);
	nic_put(nic, NIC_MASK, 0);
}

bool nic_flush(struct nic *nic, unsigned int *bad, long ms)
{
	long end = now_ms() + ms;

	nic_ring(nic);
	while (nic_room(nic, bad), nic->tx_done != nic->tx_tail && now_ms() < end)
		nic_wait(nic, 10);
	return nic->tx_done == nic->tx_tail;
}

/* Frames */

struct frame_head {
	uint8_t dest[6], source[6];
	uint16_t type;
	uint32_t number, len, sum;
} __attribute__((packed));

static uint32_t scramble(uint32_t value)
{
	value ^= value >> 16;
	value *= 0x7feb352d;
	value ^= value >> 15;
	value *= 0x846ca68b;
	return value ^ value >> 16;
}

uint32_t frame_len(uint32_t number)
{
	uint32_t random = scramble(number + 1);

	if (number % 64 == 63)
		return NIC_MAX + 1 + random % (NIC_JUMBO - NIC_MAX);
	return NIC_MIN + random % (NIC_MAX - NIC_MIN + 1);
}

static uint32_t frame_sum(const char *frame, uint32_t len)
{
	uint64_t sum = len, word = 0;
	uint32_t at = sizeof(struct frame_head);

	for (; at < len; at += sizeof(word)) {
		uint32_t piece = len - at < sizeof(word) ? len - at : sizeof(word);

		word = 0;
		memcpy(&word, frame + at, piece);
		sum = (sum ^ word) * 0x9e3779b97f4a7c15;
		sum ^= sum >> 29;
	}
	return sum ^ sum >> 32;
}

void frame_make(char *frame, const uint8_t *dest, const uint8_t *source, uint32_t number,
		uint32_t len)
{
	struct frame_head head = { .type = htons(NIC_TYPE), .number = number, .len = len };
	uint64_t word = number * 0x9e3779b97f4a7c15ULL;

	memcpy(head.dest, dest, 6);
	memcpy(head.source, source, 6);
	for (uint32_t at = sizeof(head); at < len; at += sizeof(word), word += 0x0101010101010101)
		memcpy(frame + at, &word, len - at < sizeof(word) ? len - at : sizeof(word));
	head.sum = frame_sum(frame, len);
	memcpy(frame, &head, sizeof(head));
}

bool frame_read(const char *frame, uint32_t len, uint32_t *number, bool *good)
{
	struct frame_head head;

	if (len < NIC_MIN)
		return false;
	memcpy(&head, frame, sizeof(head));
	*number = head.number;
	*good = head.len == len && head.sum == frame_sum(frame, len);
	return head.type == htons(NIC_TYPE);
}

/* The host */

static int host_ioctl(int fd, const char *name, unsigned long request, struct ifreq *req)
{
	snprintf(req->ifr_name, sizeof(req->ifr_name), "%s", name);
	return ioctl(fd, request, req) ? -errno : 0;
}

int host_open_name(const char *name, uint8_t *mac)
{
	struct ifreq index = { 0 }, mtu = { .ifr_mtu = 9000 }, flags = { 0 }, addr = { 0 };
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(NIC_TYPE)), large = 32 << 20, ret;
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_protocol = htons(NIC_TYPE) };
	char path[128];

	/* The usual fq_codel drops what waits for too long; that is its business, not the NIC's. */
	write_file("/proc/sys/net/core/default_qdisc", "pfifo_fast");
	/* Whatever the host's own stack sends would be in the way of counting. */
	snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/disable_ipv6", name);
	write_file(path, "1");
	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &large, sizeof(large));
	ret = host_ioctl(fd, name, SIOCGIFINDEX, &index);
	ret = ret ? ret : host_ioctl(fd, name, SIOCSIFMTU, &mtu);
	ret = ret ? ret : host_ioctl(fd, name, SIOCGIFFLAGS, &flags);
	flags.ifr_flags |= IFF_UP;
	ret = ret ? ret : host_ioctl(fd, name, SIOCSIFFLAGS, &flags);
	ret = ret ? ret : host_ioctl(fd, name, SIOCGIFHWADDR, &addr);
	to.sll_ifindex = index.ifr_ifindex;
	if (!ret && bind(fd, (void *)&to, sizeof(to)))
		ret = -errno;
	memcpy(mac, addr.ifr_hwaddr.sa_data, 6);
	return ret ? ret : fd;
}

int host_open(uint8_t *mac)
{
	return host_open_name(HOST, mac);
}

int host_set_mac(const uint8_t *mac)
{
	struct ifreq req = { .ifr_hwaddr.sa_family = ARPHRD_ETHER };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), ret;

	memcpy(req.ifr_hwaddr.sa_data, mac, 6);
	ret = host_ioctl(fd, HOST, SIOCSIFHWADDR, &req);
	close(fd);
	return ret;
}

bool host_carrier(long ms)
{
	long end = now_ms() + ms;
	char text[8] = "";

	while (now_ms() < end) {
		if (read_file("/sys/class/net/" HOST "/operstate", text, sizeof(text)) > 0 &&
		    !strncmp(text, "up", 2))
			return true;
		usleep(5000);
	}
	return false;
}

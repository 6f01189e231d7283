// SPDX-License-Identifier: GPL-2.0-only
/*
 * How fast frames go from one place to another: through a tap device, from the host to a guest, and
 * between two guests; each as fast as one thread can feed and empty it. Prints `rate WHAT LEN
 * FRAMES MICROSECONDS`.
 */
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

#include "nic.h"

#define FRAMES 20000u

static struct nic a, b;

static void say(const char *what, uint32_t len, uint32_t frames, long begin)
{
	printf("rate %s %u %u %ld\n", what, len, frames, now_us() - begin);
}

/* Two taps would need a bridge: what the host sends is read from the tap's file. */
static int tap_open(void)
{
	struct ifreq req = { .ifr_name = "tap0", .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);

	return fd < 0 || ioctl(fd, TUNSETIFF, &req) ? -errno : fd;
}

static void tap_to_host(int tap, int sock, uint32_t len, const uint8_t *host)
{
	static const uint8_t guest[6] = { 2, 0, 0, 0, 0, 9 };
	char frame[NIC_JUMBO], back[NIC_BUF];
	long begin = now_us();
	uint32_t got = 0;

	frame_make(frame, host, guest, 0, len);
	for (uint32_t i = 0; i < FRAMES; i++) {
		if (write(tap, frame, len) != (ssize_t)len)
			diag("tap: %s", strerror(errno));
		while (i % 32 == 31 && recv(sock, back, sizeof(back), MSG_DONTWAIT) > 0)
			got++;
	}
	while (got < FRAMES && recv(sock, back, sizeof(back), MSG_DONTWAIT) > 0)
		got++;
	say("tap-to-host", len, got, begin);
}

static void host_to_tap(int tap, int sock, uint32_t len, const uint8_t *host)
{
	static const uint8_t guest[6] = { 2, 0, 0, 0, 0, 9 };
	char frame[NIC_JUMBO], back[NIC_BUF];
	long begin = now_us();
	uint32_t got = 0;

	frame_make(frame, guest, host, 0, len);
	for (uint32_t i = 0; i < FRAMES; i++) {
		if (send(sock, frame, len, 0) != (ssize_t)len)
			diag("tap: %s", strerror(errno));
		while (i % 32 == 31 && read(tap, back, sizeof(back)) > 0)
			got++;
	}
	while (got < FRAMES && read(tap, back, sizeof(back)) > 0)
		got++;
	say("host-to-tap", len, got, begin);
}

/* Everything that is there, copied out as read(2) does. */
static uint32_t drain(struct nic *nic)
{
	static char copy[NIC_BUF];
	const char *frame;
	uint32_t len, got = 0;
	bool bad;

	while ((frame = nic_received(nic, &len, &bad))) {
		memcpy(copy, frame, len);
		nic_give(nic);
		got += !bad;
	}
	return got;
}

static uint32_t feed(struct nic *nic, const uint8_t *dest, const uint8_t *source, uint32_t len,
		     uint32_t left)
{
	static char frame[NIC_JUMBO];
	unsigned int bad = 0;
	uint32_t sent = 0;

	frame_make(frame, dest, source, 0, len);
	while (sent < left && nic_room(nic, &bad)) {
		memcpy(nic_buffer(nic), frame, len);
		nic_queue(nic, len);
		sent++;
	}
	if (sent)
		nic_ring(nic);
	return sent;
}

static void guest_to_guest(uint32_t len)
{
	uint32_t sent = 0, got = 0;
	long begin = now_us(), end = now_ms() + 60000;

	while (got < FRAMES && now_ms() < end) {
		uint32_t moved = feed(&a, b.mac, a.mac, len, FRAMES - sent);

		sent += moved;
		moved = drain(&b);
		got += moved;
		if (!moved)
			nic_wait(&b, 5);
	}
	say("guest-to-guest", len, got, begin);
}

static void guest_to_host(int sock, uint32_t len, const uint8_t *host)
{
	char back[NIC_BUF];
	uint32_t sent = 0, got = 0;
	long begin = now_us(), end = now_ms() + 60000;

	while (got < FRAMES && now_ms() < end) {
		sent += feed(&a, host, a.mac, len, FRAMES - sent);
		while (recv(sock, back, sizeof(back), MSG_DONTWAIT) > 0)
			got++;
	}
	say("guest-to-host", len, got, begin);
}

static void host_to_guest(int sock, uint32_t len, const uint8_t *host)
{
	char frame[NIC_JUMBO];
	uint32_t sent = 0, got = 0;
	long begin = now_us(), end = now_ms() + 60000;

	frame_make(frame, a.mac, host, 0, len);
	while (got < FRAMES && now_ms() < end) {
		for (uint32_t i = 0; i < 32 && sent < FRAMES; i++)
			if (send(sock, frame, len, MSG_DONTWAIT) == (ssize_t)len)
				sent++;
		got += drain(&a);
	}
	say("host-to-guest", len, got, begin);
}

int nicrate_main(void)
{
	static const uint32_t lens[] = { 64, 1514, 9014 };
	uint8_t host[6], tap_host[6];
	int sock, tap, tap_sock;

	tap = tap_open();
	tap_sock = tap < 0 ? tap : host_open_name("tap0", tap_host);
	if (!ok(tap_sock >= 0, "a_tap_device"))
		return done();
	sock = host_open(host);
	ok(!nic_create(UUID_A) && !nic_create(UUID_B) && !nic_open(&a, UUID_A) &&
	   !nic_open(&b, UUID_B) && nic_start(&a) && nic_start(&b) && host_carrier(5000),
	   "two_instances");
	for (size_t i = 0; i < ARRAY_SIZE(lens); i++) {
		tap_to_host(tap, tap_sock, lens[i], tap_host);
		host_to_tap(tap, tap_sock, lens[i], tap_host);
		guest_to_host(sock, lens[i], host);
		host_to_guest(sock, lens[i], host);
		guest_to_guest(lens[i]);
	}
	nic_close(&a);
	nic_close(&b);
	return done();
}

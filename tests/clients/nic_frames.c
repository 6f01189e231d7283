// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames between two instances, each of a process of its own, and between one and the host: none
 * is lost, reordered or changed, and no page stays. $FRAMES of them each way.
 */
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "nic.h"

#define STALLED (30000L * slowness())	/* ms without a frame */
#define HOST_WINDOW 1024u	/* frames that a socket has room for */

/* What a peer tells of itself; shared. */
struct peer {
	_Atomic uint32_t received;
	uint32_t sent, bad;
	uint32_t lost, reordered, changed, strange;
	uint32_t errors, drops;
	int opened;
	long locked, left;
	uint8_t mac[6];
	_Atomic bool ready, finished;
};

static struct shared {
	struct peer peers[2];
	_Atomic bool go;
} *shared;

static uint32_t frames;

static void peer_check(struct peer *me, const char *frame, uint32_t len, uint32_t *next)
{
	uint32_t number;
	bool good;

	if (!frame_read(frame, len, &number, &good)) {
		me->strange++;
		return;
	}
	me->changed += !good || len != frame_len(number);
	if (number < *next)
		me->reordered++;
	else
		me->lost += number - *next;
	if (number >= *next)
		*next = number + 1;
	me->received++;
}

static uint32_t nic_receive_all(struct nic *nic, struct peer *me, uint32_t *next)
{
	const char *frame;
	uint32_t len, got = 0;
	bool bad;

	while ((frame = nic_received(nic, &len, &bad))) {
		if (bad)
			me->bad++;
		else
			peer_check(me, frame, len, next);
		nic_give(nic);
		got++;
	}
	return got;
}

/* Not more than the other end has room for: a socket drops what it cannot keep. */
static bool may_send(const struct peer *me, const struct peer *other, uint32_t window)
{
	return me->sent < frames && (!window || me->sent - other->received < window);
}

static uint32_t nic_send_some(struct nic *nic, struct peer *me, const struct peer *other,
			      uint32_t window)
{
	uint32_t sent = 0;

	while (may_send(me, other, window) && sent < NIC_RING / 2 && nic_room(nic, &me->bad)) {
		uint32_t len = frame_len(me->sent);

		frame_make(nic_buffer(nic), other->mac, nic->mac, me->sent, len);
		nic_queue(nic, len);
		me->sent++;
		sent++;
	}
	if (sent)
		nic_ring(nic);
	return sent;
}

static void meet(struct peer *me)
{
	me->ready = true;
	while (!shared->go)
		usleep(1000);
}

static bool over(const struct peer *me, const struct peer *other, const struct nic *nic, long quiet)
{
	return now_ms() - quiet > STALLED ||
	       (me->sent == frames && me->received == frames && other->received == frames &&
		nic->tx_done == nic->tx_tail);
}

/* A guest is slow now and then: its neighbour has to wait. */
static void nic_exchange(struct nic *nic, struct peer *me, const struct peer *other,
			 uint32_t window)
{
	uint32_t next = 0, rounds = 0;
	long quiet = now_ms();

	while (!over(me, other, nic, quiet)) {
		uint32_t moved = nic_send_some(nic, me, other, window);

		moved += nic_receive_all(nic, me, &next);
		nic_room(nic, &me->bad);
		if (moved)
			quiet = now_ms();
		else
			nic_wait(nic, 5);
		if (moved && ++rounds % 400 == 0)
			usleep(60000);
	}
}

static int nic_peer(struct peer *me, const struct peer *other, const char *uuid, uint32_t window)
{
	struct nic nic;

	me->opened = nic_open(&nic, uuid);
	if (me->opened || !nic_start(&nic)) {
		me->opened = me->opened ? me->opened : -EIO;
		me->ready = true;
		return 1;
	}
	memcpy(me->mac, nic.mac, 6);
	meet(me);
	nic_exchange(&nic, me, other, window);
	me->errors = nic_get(&nic, NIC_TX_ERRORS) + nic_get(&nic, NIC_RX_ERRORS);
	me->drops = nic_get(&nic, NIC_TX_DROPS) + nic_get(&nic, NIC_RX_DROPS);
	me->locked = locked_pages();
	nic_stop(&nic);
	me->left = wait_locked(0);
	me->finished = true;
	while (!other->finished)
		usleep(1000);
	nic_close(&nic);
	return 0;
}

/* The host's end: a packet socket. */

/*
 * The host's queue stops while the guest has no room, and nothing is lost. But the switch waits for
 * a guest only so long, and one under instruments is slower than that.
 */
static bool host_may_send(const struct peer *me, const struct peer *other)
{
	return may_send(me, other, slowness() > 1 ? NIC_RING / 2 : 0);
}

static uint32_t host_send(int fd, struct peer *me, const struct peer *other)
{
	char frame[NIC_JUMBO];
	uint32_t len = frame_len(me->sent);

	if (!host_may_send(me, other))
		return 0;
	frame_make(frame, other->mac, me->mac, me->sent, len);
	if (send(fd, frame, len, MSG_DONTWAIT) != (ssize_t)len)
		return 0;
	me->sent++;
	return 1;
}

static uint32_t host_receive(int fd, struct peer *me, uint32_t *next)
{
	char frame[NIC_BUF];
	ssize_t len = recv(fd, frame, sizeof(frame), MSG_DONTWAIT);

	if (len <= 0)
		return 0;
	peer_check(me, frame, len, next);
	return 1;
}

static int host_peer(struct peer *me, const struct peer *other, const char *uuid, uint32_t window)
{
	struct pollfd fd = { .fd = host_open(me->mac), .events = POLLIN };
	uint32_t next = 0;
	long quiet;

	(void)uuid;
	(void)window;
	me->opened = fd.fd < 0 ? fd.fd : 0;
	meet(me);
	if (!host_carrier(5000))
		me->opened = -ENETDOWN;
	for (quiet = now_ms(); !me->opened && now_ms() - quiet < STALLED &&
	     (me->sent < frames || me->received < frames || other->received < frames);) {
		uint32_t moved = host_send(fd.fd, me, other);

		moved += host_receive(fd.fd, me, &next);
		if (moved)
			quiet = now_ms();
		else
			poll(&fd, 1, 2);
	}
	me->finished = true;
	return 0;
}

typedef int (*peer_fn)(struct peer *me, const struct peer *other, const char *uuid,
		       uint32_t window);

static long foll_pins(const char *key)
{
	static char text[32768];
	char *hit;

	if (read_file("/proc/vmstat", text, sizeof(text)) < 0)
		return 0;
	hit = strstr(text, key);
	return hit ? atol(hit + strlen(key)) : 0;
}

static long pinned_now(void)
{
	return foll_pins("nr_foll_pin_acquired ") - foll_pins("nr_foll_pin_released ");
}

static void peer_say(const char *who, const struct peer *peer)
{
	if (peer->lost || peer->reordered || peer->changed || peer->received != frames)
		diag("%s: opened %d, sent %u, received %u, lost %u, reordered %u, changed %u, bad %u, "
		     "errors %u, drops %u", who, peer->opened, peer->sent, peer->received, peer->lost,
		     peer->reordered, peer->changed, peer->bad, peer->errors, peer->drops);
}

static void results(const char *what, bool second_is_nic)
{
	const struct peer *a = &shared->peers[0], *b = &shared->peers[1];
	char name[64];
	struct {
		const char *name;
		bool good;
	} all[] = {
		{ "all_came", a->received == frames && b->received == frames },
		{ "none_lost", !a->lost && !b->lost && !a->drops && !b->drops },
		{ "none_reordered", !a->reordered && !b->reordered },
		{ "none_changed", !a->changed && !b->changed && !a->strange && !b->strange },
		{ "none_refused", !a->bad && !b->bad && !a->errors && !b->errors },
		{ "no_page_stays", a->locked > 0 && !a->left &&
		  (!second_is_nic || (b->locked > 0 && !b->left)) },
	};

	peer_say("first", a);
	peer_say("second", b);
	if (a->left || b->left)
		diag("pages that stay: %ld, %ld", a->left, b->left);
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		snprintf(name, sizeof(name), "%s.%s", what, all[i].name);
		ok(all[i].good, name);
	}
}

static void run(const char *what, peer_fn second, uint32_t window)
{
	static const char *const uuids[2] = { UUID_A, UUID_B };
	peer_fn fns[2] = { nic_peer, second };
	long pinned = pinned_now();
	pid_t pids[2];
	char name[64];

	memset(shared, 0, sizeof(*shared));
	for (int i = 0; i < 2; i++) {
		pids[i] = fork();
		if (!pids[i])
			_exit(fns[i](&shared->peers[i], &shared->peers[!i], uuids[i],
				     window));
	}
	while (!shared->peers[0].ready || !shared->peers[1].ready)
		usleep(1000);
	shared->go = true;
	for (int i = 0; i < 2; i++)
		waitpid(pids[i], NULL, 0);
	results(what, second == nic_peer);
	for (int i = 0; i < 500 && pinned_now() != pinned; i++)
		usleep(10000);
	snprintf(name, sizeof(name), "%s.pins_are_given_back", what);
	ok_is(pinned_now(), pinned, name);
}

int nic_main(void)
{
	const char *count = getenv("FRAMES");

	frames = count ? atol(count) : 5000;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	ok(!nic_create(UUID_A) && !nic_create(UUID_B), "two_instances");
	run("peers", nic_peer, 0);
	ok_is(remove_mdev(UUID_B), 0, "one_is_removed");
	run("host", host_peer, HOST_WINDOW);
	ok_is(remove_mdev(UUID_A), 0, "the_other_is_removed");
	ok(exists("/sys/class/net/mdknic0"), "the_host_keeps_its_device");
	return done();
}

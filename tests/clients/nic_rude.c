// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest that keeps every rule of its rings and is hostile all the same: it takes frames so slowly
 * that others wait for it, it takes each place in another's queue before they can, and it says that
 * it is somebody whom the host has brought.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "nic.h"

#define MEASURED 3000		/* ms */
#define BEFORE 3000		/* ms that a first hold-up may take */
/* Frames; the SDK promises 500 a second, on a stock kernel. */
#define NEEDED (MEASURED / 1000 * 300u / slowness())
#define SOON (3000L * slowness())
#define PUSHED 1000000		/* number of frames of push() */

static struct nic sender, receiver, rude;
static const uint8_t all[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
static atomic_bool stop;

/* One buffer each half second: never so long without one that it is given up. */
static void *take_slowly(void *arg)
{
	uint32_t len;
	bool bad;

	(void)arg;
	while (!stop) {
		usleep(500000);
		if (!nic_received(&rude, &len, &bad))
			continue;
		nic_give(&rude);
		nic_put(&rude, NIC_RX + NIC_TAIL, rude.rx_tail);
	}
	return NULL;
}

static void start_empty(struct nic *nic)
{
	reset_user(&nic->v);
	nic_start(nic);
}

/* Takes a queue at once each time that it is about to be given up, and begins anew. */
static void *start_again(void *arg)
{
	(void)arg;
	while (!stop) {
		start_empty(&rude);
		for (int i = 0; i < 18 && !stop; i++)
			usleep(100000);
	}
	return NULL;
}

/* More for one neighbour than that can take, and tries again without being told to. */
static void *push(void *arg)
{
	unsigned int bad = 0;

	(void)arg;
	while (!stop) {
		while (nic_room(&rude, &bad)) {
			frame_make(nic_buffer(&rude), receiver.mac, rude.mac, PUSHED, 64);
			nic_queue(&rude, 64);
		}
		nic_ring(&rude);
	}
	return NULL;
}

/* Return: of at most so many frames that came, those of the test that are not of push(). */
static uint32_t receive_some(struct nic *nic, uint32_t most)
{
	uint32_t got = 0, len, number;
	const char *frame;
	bool bad, good;

	while (most-- && (frame = nic_received(nic, &len, &bad))) {
		got += frame_read(frame, len, &number, &good) && number != PUSHED;
		nic_give(nic);
	}
	return got;
}

static uint32_t receive(struct nic *nic)
{
	return receive_some(nic, UINT32_MAX);
}

/* As a guest's driver does: with nothing new it does not ask for what is under way. */
static void send_to_all(struct nic *nic)
{
	uint32_t before = nic->tx_tail;
	unsigned int bad = 0;

	while (nic_room(nic, &bad)) {
		frame_make(nic_buffer(nic), all, nic->mac, 1, 64);
		nic_queue(nic, 64);
	}
	if (nic->tx_tail != before)
		nic_ring(nic);
}

/* Return: frames for all that came to one neighbour, while another does what @rudeness does. */
static uint32_t come_through(void *(*rudeness)(void *arg))
{
	long begin = now_ms();
	uint32_t came = 0;
	pthread_t thread;

	nic_start(&sender);
	nic_start(&receiver);
	nic_start(&rude);
	stop = false;
	pthread_create(&thread, NULL, rudeness, NULL);
	while (now_ms() - begin < BEFORE + MEASURED) {
		uint32_t got;

		send_to_all(&sender);
		got = receive_some(&receiver, 16);
		if (now_ms() - begin >= BEFORE)
			came += got;
		usleep(2000);
	}
	stop = true;
	pthread_join(thread, NULL);
	nic_stop(&rude);
	receive(&receiver);
	diag("%u frames in %u ms, needed %u; status of sender %x, receiver %x", came, MEASURED,
	     NEEDED, nic_get(&sender, NIC_STATUS), nic_get(&receiver, NIC_STATUS));
	return came;
}

/* Whom the host has brought */

static bool host_sends(int fd, const uint8_t *source, const uint8_t *dest)
{
	char frame[64];

	frame_make(frame, dest, source, 7, sizeof(frame));
	return send(fd, frame, sizeof(frame), 0) == sizeof(frame);
}

static bool sends(struct nic *nic, const uint8_t *source, const uint8_t *dest)
{
	unsigned int bad = 0;

	frame_make(nic_buffer(nic), dest, source, 8, 64);
	nic_queue(nic, 64);
	return nic_flush(nic, &bad, SOON);
}

static bool host_receives(int fd)
{
	struct timeval patience = { .tv_usec = 500000 };
	char frame[2048];

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return recv(fd, frame, sizeof(frame), 0) == 64;
}

static void host_drain(int fd)
{
	char frame[2048];

	while (recv(fd, frame, sizeof(frame), MSG_DONTWAIT) > 0)
		;
}

static bool nothing_comes(struct nic *nic)
{
	sleep_ms(200);
	return !receive(nic);
}

static bool comes(struct nic *nic)
{
	long end = now_ms() + SOON;

	while (now_ms() < end) {
		if (receive(nic))
			return true;
		nic_wait(nic, 5);
	}
	return false;
}

static void test_gateway(void)
{
	static const uint8_t gateway[6] = { 2, 0x60, 0, 0, 0, 1 };
	static const uint8_t nested[6] = { 2, 0x61, 0, 0, 0, 1 };
	uint8_t mac[6];
	int fd = host_open(mac);

	/* What the tests before have left in the switch is not to be taken for these frames. */
	start_empty(&sender);
	start_empty(&receiver);
	start_empty(&rude);
	ok(fd >= 0 && host_carrier(5000), "gateway.the_host_is_there");
	ok(host_sends(fd, gateway, sender.mac), "gateway.is_behind_the_host");
	sleep_ms(100);
	ok(sends(&rude, gateway, receiver.mac), "gateway.a_guest_says_that_it_is_it");
	sleep_ms(100);
	receive(&receiver);
	receive(&rude);
	host_drain(fd);
	ok(sends(&sender, sender.mac, gateway) && host_receives(fd), "gateway.frames_go_to_the_host");
	ok(nothing_comes(&rude), "gateway.and_not_to_the_guest");
	/* What guests have behind them may move from one to the other, and to the host. */
	ok(sends(&rude, nested, sender.mac) && sends(&receiver, nested, sender.mac),
	   "gateway.others_move");
	receive(&receiver);
	receive(&rude);
	ok(sends(&sender, sender.mac, nested) && comes(&receiver) && nothing_comes(&rude),
	   "gateway.to_the_next_guest");
	ok(host_sends(fd, nested, sender.mac), "gateway.to_the_host");
	sleep_ms(100);
	host_drain(fd);
	ok(sends(&sender, sender.mac, nested) && host_receives(fd) && nothing_comes(&receiver),
	   "gateway.where_its_frames_go");
	close(fd);
}

int nicrude_main(void)
{
	ok(!nic_create(UUID_A) && !nic_create(UUID_B) && !nic_create(UUID_C) &&
	   !nic_open(&sender, UUID_A) && !nic_open(&receiver, UUID_B) && !nic_open(&rude, UUID_C),
	   "three_instances");
	ok(come_through(take_slowly) >= NEEDED, "slow.holds_up_nobody");
	ok(come_through(start_again) >= NEEDED, "anew.holds_up_nobody");
	ok(come_through(push) >= NEEDED, "push.leaves_room_for_others");
	test_gateway();
	nic_close(&sender);
	nic_close(&receiver);
	nic_close(&rude);
	ok_is(wait_locked(0), 0, "no_page_stays");
	return done();
}

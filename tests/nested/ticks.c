// SPDX-License-Identifier: GPL-2.0-only
/*
 * In a guest that is migrated: sends "tick N" through a serial port whose output comes back,
 * for ever, and prints each as it comes. A gap, a double or a changed byte ends it.
 * usage: nested-ticks TTY [LENGTH]
 *
 * The stock driver would take a byte out of the card as soon as its interrupt comes. Without an
 * interrupt it looks at the card by a timer, every half second at 150 baud: it takes one tick and
 * puts in the next. A tick is as long as the card's FIFO, so whenever the guest is stopped one is
 * in there.
 *
 * LENGTH: shorter ones, none of which is sent ahead: the kernel's own mtty takes a full FIFO for an
 * empty one.
 */
#include <fcntl.h>
#include <linux/serial.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define TICK_MIN 8 /* bytes */
#define TICK_MAX 16
#define SILENCE 200 /* tenths of a second */

static size_t length = TICK_MAX;

static int open_port(const char *path)
{
	int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK);

	return fd < 0 || fcntl(fd, F_SETFL, 0) ? -1 : fd;
}

/* It holds from the next time on that the port is opened. */
static int take_interrupt_away(const char *path)
{
	int fd = open_port(path), ret = -1;
	struct serial_struct serial;

	if (fd < 0)
		return -1;
	if (!ioctl(fd, TIOCGSERIAL, &serial)) {
		serial.irq = 0;
		ret = ioctl(fd, TIOCSSERIAL, &serial);
	}
	close(fd);
	return ret;
}

static int set_up(int fd)
{
	struct termios t;

	if (tcgetattr(fd, &t))
		return -1;
	cfmakeraw(&t);
	cfsetspeed(&t, B150);
	t.c_cflag |= CLOCAL;
	t.c_cflag &= ~CRTSCTS;
	t.c_cc[VMIN] = 0;
	t.c_cc[VTIME] = SILENCE;
	return tcsetattr(fd, TCSANOW, &t);
}

static void compose(char *tick, unsigned int number)
{
	snprintf(tick, length + 1, "tick %0*u\n", (int)length - 6, number);
}

static int send(int fd, unsigned int number)
{
	char tick[TICK_MAX + 1];

	compose(tick, number);
	return write(fd, tick, length) == (ssize_t)length ? 0 : -1;
}

/* Says in one line what came in place of a tick, whatever it is. */
static int complain(unsigned int number, const char *came, size_t len)
{
	printf("l2: where tick %u was due came %zu bytes '", number, len);
	for (size_t i = 0; i < len; i++)
		putchar(came[i] >= ' ' && came[i] <= '~' ? came[i] : '.');
	puts("'");
	return 1;
}

static int receive(int fd, unsigned int number)
{
	char tick[TICK_MAX + 1], came[TICK_MAX];
	size_t len = 0;
	ssize_t ret;

	compose(tick, number);
	while (len < length) {
		ret = read(fd, came + len, length - len);
		if (ret <= 0)
			return complain(number, came, len);
		len += ret;
	}
	if (memcmp(tick, came, length))
		return complain(number, came, len);
	printf("l2: tick %u\n", number);
	return 0;
}

int main(int argc, char **argv)
{
	unsigned int number = 1, ahead;
	int fd;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 3)
		length = strtoul(argv[2], NULL, 10);
	if (argc < 2 || argc > 3 || length < TICK_MIN || length > TICK_MAX)
		return 2;
	fd = take_interrupt_away(argv[1]) ? -1 : open_port(argv[1]);
	ahead = length == TICK_MAX;
	if (fd < 0 || set_up(fd) || (ahead && send(fd, 1))) {
		perror(argv[1]);
		return 1;
	}
	/* One is sent ahead, which goes in when that before it is taken out. */
	for (; !send(fd, number + ahead); number++)
		if (receive(fd, number))
			return 1;
	perror(argv[1]);
	return 1;
}

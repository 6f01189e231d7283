// SPDX-License-Identifier: GPL-2.0-only
/* Lines of text, for what VFIO itself has no words for. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control.h"
#include "serve.h"

#define MAX_TEXT	65536u		/* of a file, either way */
#define MAX_CLIENTS	32u
#define MAX_WORDS	4u

/* A request, taken apart, and the answer. */
struct request {
	char line[512];
	char *words[MAX_WORDS];
	unsigned int nr_words;
	char data[MAX_TEXT + 1];	/* what followed the line, and NUL */
	size_t len;
	char answer[MAX_TEXT];
	size_t answered;
};

static char first_path[SOCKET_PATH];
static char control_path[SOCKET_PATH + 16];
static int listener = -1, stop = -1;
static pthread_t doorman;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int clients[MAX_CLIENTS];
static unsigned int nr_clients;

static int answer_text(struct request *r, const char *text)
{
	r->answered = strlen(text);
	if (r->answered > sizeof(r->answer))
		return -EFBIG;
	memcpy(r->answer, text, r->answered);
	return 0;
}

static int do_parent(struct request *r)
{
	return answer_text(r, user_parent_name());
}

static int do_event(struct request *r)
{
	return user_parent_event(r->words[1]);
}

static int do_types(struct request *r)
{
	const char *name;

	for (unsigned int i = 0; (name = user_type_name(i)); i++) {
		size_t room = sizeof(r->answer) - r->answered;
		int n = snprintf(r->answer + r->answered, room, "%s\n", name);

		if ((size_t)n >= room)
			return -EFBIG;
		r->answered += (size_t)n;
	}
	return 0;
}

static int do_available(struct request *r)
{
	const char *name;
	char text[32];

	for (unsigned int i = 0; (name = user_type_name(i)); i++) {
		long n;

		if (strcmp(name, r->words[1]))
			continue;
		n = user_type_available(i);
		snprintf(text, sizeof(text), "%ld", n);
		return n < 0 ? (int)n : answer_text(r, text);
	}
	return -ENOENT;
}

static int do_create(struct request *r)
{
	char path[2 * SOCKET_PATH];
	struct why why = { "" };
	int ret;

	if (strlen(r->words[2]) != SERVE_UUID - 1)
		return -EINVAL;
	snprintf(path, sizeof(path), "%s.%s", first_path, r->words[2]);
	ret = serve_create(r->words[1], r->words[2], path, &why);
	return ret ? ret : answer_text(r, path);
}

static int do_remove(struct request *r)
{
	return serve_remove(r->words[1]);
}

static int do_socket(struct request *r)
{
	char path[SOCKET_PATH];
	int ret = serve_path(r->words[1], path);

	return ret ? ret : answer_text(r, path);
}

static int do_devices(struct request *r)
{
	serve_list(r->answer, sizeof(r->answer));
	r->answered = strlen(r->answer);
	return 0;
}

static ssize_t read_attr(struct user_device *dev, void *arg)
{
	struct request *r = arg;

	return user_device_attr_read(dev, r->words[2], r->answer, sizeof(r->answer));
}

static int do_read(struct request *r)
{
	ssize_t n = serve_with(r->words[1], read_attr, r);

	r->answered = n < 0 ? 0 : (size_t)n;
	return n < 0 ? (int)n : 0;
}

static ssize_t write_attr(struct user_device *dev, void *arg)
{
	struct request *r = arg;

	return user_device_attr_write(dev, r->words[2], r->data, r->len);
}

static int do_write(struct request *r)
{
	ssize_t n = serve_with(r->words[1], write_attr, r);
	char text[32];

	snprintf(text, sizeof(text), "%zd", n);
	return n < 0 ? (int)n : answer_text(r, text);
}

static int do_page(struct request *r)
{
	ssize_t n = user_page_read(r->words[1], r->answer, sizeof(r->answer));

	r->answered = n < 0 ? 0 : (size_t)n;
	return n < 0 ? (int)n : 0;
}

/* What a test of the suite says of itself stands in the log before what the driver says then. */
static int do_say(struct request *r)
{
	for (size_t i = 0; i < r->len; i++)
		if ((unsigned char)r->data[i] < ' ')
			r->data[i] = ' ';
	fprintf(stderr, "%.400s\n", r->data);
	return 0;
}

static const struct verb {
	const char *name;
	unsigned int nr_words;
	bool has_data;			/* the last word is its length */
	int (*fn)(struct request *r);
} verbs[] = {
	{ "parent", 1, false, do_parent },
	{ "parent", 2, false, do_event },
	{ "types", 1, false, do_types },
	{ "available", 2, false, do_available },
	{ "create", 3, false, do_create },
	{ "remove", 2, false, do_remove },
	{ "socket", 2, false, do_socket },
	{ "devices", 1, false, do_devices },
	{ "read", 3, false, do_read },
	{ "write", 4, true, do_write },
	{ "page", 2, false, do_page },
	{ "say", 2, true, do_say },
};

static const struct verb *find_verb(const struct request *r)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (r->nr_words == verbs[i].nr_words && !strcmp(r->words[0], verbs[i].name))
			return &verbs[i];
	return NULL;
}

static void split(struct request *r)
{
	char *save = NULL;

	r->nr_words = 0;
	for (char *word = strtok_r(r->line, " ", &save); word && r->nr_words < MAX_WORDS;
	     word = strtok_r(NULL, " ", &save))
		r->words[r->nr_words++] = word;
}

/* The bytes that follow the line. */
static bool read_data(FILE *in, struct request *r)
{
	char *end;
	unsigned long len = strtoul(r->words[r->nr_words - 1], &end, 10);

	if (*end || len > MAX_TEXT)
		return false;
	r->len = fread(r->data, 1, len, in);
	r->data[r->len] = '\0';
	return r->len == len;
}

static bool read_line(FILE *in, struct request *r)
{
	size_t len;

	if (!fgets(r->line, sizeof(r->line), in))
		return false;
	len = strlen(r->line);
	if (!len || r->line[len - 1] != '\n')
		return false;
	r->line[len - 1] = '\0';
	return true;
}

/* False: this was the last one. */
static bool serve_line(FILE *in, FILE *out, struct request *r)
{
	const struct verb *verb;
	int ret;

	if (!read_line(in, r))
		return false;
	split(r);
	r->answered = 0;
	verb = r->nr_words ? find_verb(r) : NULL;
	if (verb && verb->has_data && !read_data(in, r))
		return false;
	ret = verb ? verb->fn(r) : -EINVAL;
	if (ret < 0) {
		fprintf(out, "error %d\n", -ret);
	} else {
		fprintf(out, "ok %zu\n", r->answered);
		fwrite(r->answer, 1, r->answered, out);
	}
	return !fflush(out);
}

static void forget_client(int fd)
{
	pthread_mutex_lock(&lock);
	for (unsigned int i = 0; i < nr_clients; i++)
		if (clients[i] == fd) {
			clients[i] = clients[--nr_clients];
			break;
		}
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

static void *serve(void *arg)
{
	int fd = (int)(intptr_t)arg;
	FILE *in = fdopen(dup(fd), "r"), *out = fdopen(dup(fd), "w");
	struct request *r = malloc(sizeof(*r));

	while (in && out && r && serve_line(in, out, r))
		;
	free(r);
	if (in)
		fclose(in);
	if (out)
		fclose(out);
	close(fd);
	forget_client(fd);
	return NULL;
}

static void let_in(int fd)
{
	pthread_attr_t attr;
	pthread_t thread;
	bool room;

	pthread_mutex_lock(&lock);
	room = nr_clients < MAX_CLIENTS;
	if (room)
		clients[nr_clients++] = fd;
	pthread_mutex_unlock(&lock);
	if (!room) {
		close(fd);
		return;
	}
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	if (pthread_create(&thread, &attr, serve, (void *)(intptr_t)fd)) {
		close(fd);
		forget_client(fd);
	}
	pthread_attr_destroy(&attr);
}

static void *be_doorman(void *arg)
{
	struct pollfd fds[] = { { .fd = listener, .events = POLLIN },
				{ .fd = stop, .events = POLLIN } };
	int fd;

	for (;;) {
		poll(fds, 2, -1);
		if (fds[1].revents)
			return arg;
		fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0)
			let_in(fd);
	}
}

bool control_start(const char *path, struct why *why)
{
	snprintf(first_path, sizeof(first_path), "%s", path);
	snprintf(control_path, sizeof(control_path), "%s.control", path);
	stop = eventfd(0, EFD_CLOEXEC);
	listener = socket_listen(control_path, why);
	if (listener < 0)
		return false;
	if (pthread_create(&doorman, NULL, be_doorman, NULL)) {
		unlink(control_path);
		return log_why(why, "no thread can be made");
	}
	return true;
}

void control_end(void)
{
	const uint64_t one = 1;

	if (write(stop, &one, sizeof(one)) != sizeof(one))
		abort();
	pthread_join(doorman, NULL);
	unlink(control_path);
	close(listener);
	pthread_mutex_lock(&lock);
	while (nr_clients) {
		for (unsigned int i = 0; i < nr_clients; i++)
			shutdown(clients[i], SHUT_RDWR);
		pthread_cond_wait(&changed, &lock);
	}
	pthread_mutex_unlock(&lock);
	close(stop);
}

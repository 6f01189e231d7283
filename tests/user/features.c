// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the server of vfio-user promises of live migration: features, and a stream by messages. The
 * device behind it is a fake one of type fake-2. features SOCKET: KTAP on standard output.
 */
#include <errno.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checks.h"
#include "client.h"
#include "fake.h"

#define GET		VFIO_DEVICE_FEATURE_GET
#define SET		VFIO_DEVICE_FEATURE_SET
#define PROBE		VFIO_DEVICE_FEATURE_PROBE
#define FLAGS		VFIO_DEVICE_FEATURE_MIGRATION
#define STATE		VFIO_DEVICE_FEATURE_MIG_DEVICE_STATE
#define SIZE		USER_FEATURE_DATA_SIZE
#define HEAD		16u	/* of the fake device's stream, which PRE_COPY gives alone */
#define STREAM		(HEAD + FAKE_STATE + 8)

enum { ERROR, STOP, RUNNING, STOP_COPY, RESUMING, RUNNING_P2P, PRE_COPY };

static const char *path;

struct feature {
	uint32_t argsz, flags;
	uint32_t data[2];
};

/* A request of @len bytes, of which the last may be those behind its data. */
static int feature(int fd, struct feature f, size_t len)
{
	uint8_t bytes[64] = { 0 };

	memcpy(bytes, &f, sizeof(f));
	return call(fd, USER_FEATURE, bytes, len);
}

static struct feature answer(void)
{
	struct feature f = { 0 };

	NEED(in.len == sizeof(f));
	memcpy(&f, in.data, sizeof(f));
	return f;
}

static uint32_t state(int fd)
{
	NEED(!feature(fd, (struct feature){ 16, GET | STATE, { 0 } }, 8));
	NEED(answer().data[1] == UINT32_MAX && answer().argsz == 16);
	return answer().data[0];
}

static int set(int fd, uint32_t to)
{
	int ret = feature(fd, (struct feature){ 16, SET | STATE, { to, 0 } }, 16);

	if (!ret)
		NEED(answer().data[0] == to && answer().data[1] == UINT32_MAX);
	return ret;
}

/* Features */

static void features(void)
{
	int fd = client_open(path);
	struct feature f;

	NEED(!feature(fd, (struct feature){ 16, GET | FLAGS, { 0 } }, 8));
	f = answer();
	NEED(f.argsz == 16 && f.flags == (GET | FLAGS) && f.data[0] == 7 && !f.data[1]);
	NEED(!feature(fd, (struct feature){ UINT32_MAX, GET | SIZE, { 0 } }, 16));
	f = answer();
	NEED(f.argsz == 16 && f.data[0] == STREAM && !f.data[1]);
	NEED(state(fd) == RUNNING);
	NEED(!set(fd, STOP) && state(fd) == STOP);
	NEED(!set(fd, RUNNING) && state(fd) == RUNNING);
	/* The data of a question comes back, and no more than there was and may be. */
	for (size_t len = 8; len < 40; len++) {
		NEED(!feature(fd, (struct feature){ 16, PROBE | GET | STATE, { 1, 2 } }, len));
		NEED(in.len == (len < 16 ? len : 16));
	}
	NEED(!feature(fd, (struct feature){ 11, PROBE | GET | SIZE, { 0 } }, 16) && in.len == 11);
	NEED(!feature(fd, (struct feature){ 8, PROBE | FLAGS, { 0 } }, 8) && in.len == 8);
	close(fd);
}

static void features_refused(void)
{
	static const struct { struct feature f; size_t len; int error; } bad[] = {
		{ { 15, GET | FLAGS }, 16, EINVAL }, { { 8, GET | STATE }, 16, EINVAL },
		{ { 0, GET | SIZE }, 16, EINVAL }, { { 7, PROBE | STATE }, 16, EINVAL },
		{ { 15, SET | STATE, { STOP } }, 16, EINVAL },
		{ { 16, SET | STATE, { STOP } }, 15, EINVAL },
		{ { 16, SET | STATE, { STOP } }, 8, EINVAL },
		{ { 16, GET | STATE }, 7, EINVAL }, { { 16, STATE, { STOP } }, 16, EINVAL },
		{ { 16, GET | SET | STATE, { STOP } }, 16, EINVAL },
		{ { 16, 1u << 19 | SET | STATE, { STOP } }, 16, EINVAL },
		{ { 16, 1u << 31 | GET | STATE, { STOP } }, 16, EINVAL },
		{ { 16, SET | FLAGS }, 16, EINVAL }, { { 16, SET | SIZE }, 16, EINVAL },
		{ { 16, PROBE | SET | FLAGS }, 16, EINVAL },
		{ { 16, PROBE | GET | SET | SIZE }, 16, EINVAL },
		{ { 16, GET }, 16, ENOTTY }, { { 16, GET | 3 }, 16, ENOTTY },
		{ { 16, GET | 8 }, 16, ENOTTY }, { { 16, PROBE | 0xffff }, 16, ENOTTY },
	};
	static const uint32_t no_states[] = { ERROR, 8, 99, 1u << 31, UINT32_MAX };
	int fd = client_open(path);

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		NEED(feature(fd, bad[i].f, bad[i].len) == bad[i].error);
		NEED(state(fd) == RUNNING);
	}
	for (size_t i = 0; i < ARRAY_SIZE(no_states); i++)
		NEED(set(fd, no_states[i]) == EINVAL && state(fd) == RUNNING);
	NEED(!set(fd, STOP_COPY) && set(fd, PRE_COPY) == EINVAL && state(fd) == STOP_COPY);
	close(fd);
}

/* The stream */

static int read_data(int fd, uint32_t argsz, uint32_t size)
{
	const struct user_mig_data head = { argsz, size };

	return call(fd, USER_MIG_READ, &head, sizeof(head));
}

/* What came, which is all that the reply has. */
static size_t data_came(void)
{
	struct user_mig_data head = { 0 };

	if (!NEED(in.len >= sizeof(head)))
		return 0;
	memcpy(&head, in.data, sizeof(head));
	NEED(head.argsz == in.len && in.len == sizeof(head) + head.size);
	return head.size;
}

static int write_data(int fd, const void *data, uint32_t size, size_t len)
{
	static uint8_t bytes[sizeof(struct user_mig_data) + USER_MAX_DATA + 64];
	const struct user_mig_data head = { sizeof(head), size };
	int ret;

	memcpy(bytes, &head, sizeof(head));
	memcpy(bytes + sizeof(head), data, len);
	ret = call(fd, USER_MIG_WRITE, bytes, sizeof(head) + len);
	NEED(ret || !in.len);
	return ret;
}

static uint32_t scratch(int fd)
{
	const struct user_region_access access = { 4, 0, 4 };
	uint32_t v = 0;

	NEED(!call(fd, USER_REGION_READ, &access, sizeof(access)) && in.len == 20);
	memcpy(&v, in.data + 16, sizeof(v));
	return v;
}

static void set_scratch(int fd, uint32_t v)
{
	const struct {
		struct user_region_access access;
		uint32_t v;
	} write = { { 4, 0, 4 }, v };

	NEED(!call(fd, USER_REGION_WRITE, &write, 20));
}

/* The fake device gives and takes less than it is asked for; a client sees nothing of that. */
static void stream(void)
{
	static uint8_t saved[STREAM];
	int fd = client_open(path);

	set_scratch(fd, 0x12345678);
	NEED(!set(fd, STOP_COPY));
	NEED(!read_data(fd, 8 + 5000, 5000) && data_came() == 5000);
	memcpy(saved, in.data + 8, 5000);
	NEED(!read_data(fd, UINT32_MAX, USER_MAX_DATA) && data_came() == STREAM - 5000);
	memcpy(saved + 5000, in.data + 8, STREAM - 5000);
	NEED(!read_data(fd, 8 + 100, 100) && data_came() == 0);
	NEED(!read_data(fd, 8, 0) && data_came() == 0);
	NEED(!call(fd, USER_RESET, NULL, 0) && state(fd) == RUNNING && !scratch(fd));
	NEED(!set(fd, RESUMING));
	NEED(!write_data(fd, saved, 7, 7) && !write_data(fd, saved + 7, 5000, 5000));
	NEED(!write_data(fd, saved, 0, 0) && !write_data(fd, saved, 0, 20));
	NEED(!write_data(fd, saved + 5007, STREAM - 5007, STREAM - 5007));
	NEED(write_data(fd, saved, 1, 1) == EINVAL);
	NEED(!set(fd, RUNNING) && scratch(fd) == 0x12345678);
	close(fd);
	fd = client_open(path);
	NEED(!set(fd, RESUMING) && !write_data(fd, saved, 5000, 5000));
	close(fd);
	fd = client_open(path);
	NEED(state(fd) == RUNNING && !scratch(fd));
	close(fd);
}

static void stream_refused(void)
{
	static uint8_t data[USER_MAX_DATA + 64];
	int fd = client_open(path);

	NEED(read_data(fd, 16, 8) == ENODEV && write_data(fd, data, 8, 8) == ENODEV);
	NEED(!set(fd, STOP) && read_data(fd, 16, 8) == ENODEV);
	NEED(!set(fd, STOP_COPY) && write_data(fd, data, 8, 8) == ENODEV);
	NEED(read_data(fd, 15, 8) == EINVAL && read_data(fd, 7, 0) == EINVAL);
	NEED(read_data(fd, 0, 8) == EINVAL && read_data(fd, 0, UINT32_MAX - 7) == EINVAL);
	NEED(read_data(fd, UINT32_MAX, UINT32_MAX) == EINVAL);
	NEED(read_data(fd, UINT32_MAX, USER_MAX_DATA + 1) == EINVAL);
	NEED(call(fd, USER_MIG_READ, data, 7) == EINVAL);
	/* None of them has taken a byte out of the stream. */
	NEED(!read_data(fd, UINT32_MAX, USER_MAX_DATA) && data_came() == STREAM);
	NEED(!set(fd, RESUMING) && read_data(fd, 16, 8) == ENODEV);
	NEED(write_data(fd, data, 9, 8) == EINVAL);
	NEED(write_data(fd, data, USER_MAX_DATA + 1, USER_MAX_DATA + 1) == EINVAL);
	NEED(write_data(fd, data, UINT32_MAX, 8) == EINVAL);
	NEED(write_data(fd, data, UINT32_MAX - 7, 8) == EINVAL);
	NEED(call(fd, USER_MIG_WRITE, data, 7) == EINVAL);
	NEED(set(fd, STOP) == EINVAL && state(fd) == RESUMING);
	close(fd);
}

/* In PRE_COPY a short answer is no end: there is no more for now. */
static void precopy(void)
{
	int fd = client_open(path);

	NEED(!set(fd, PRE_COPY) && !read_data(fd, 8 + 5000, 5000) && data_came() == HEAD);
	NEED(!read_data(fd, 8 + 5000, 5000) && data_came() == 0);
	NEED(!set(fd, STOP_COPY) && !read_data(fd, UINT32_MAX, USER_MAX_DATA));
	NEED(data_came() == STREAM - HEAD);
	close(fd);
}

/* Versions */

static bool says(const char *text, const char *needed)
{
	int fd = client_connect(path);
	bool good = !client_version(fd, 0, 0, text, &in);

	close(fd);
	return good && strstr((char *)in.data + sizeof(struct user_version), needed);
}

static void versions(void)
{
	int fd;

	NEED(says("{\"capabilities\":{\"migration\":{\"pgsize\":4096}}}",
		  "\"migration\":{\"pgsize\":4096}"));
	NEED(says("{\"capabilities\":{\"migration\":{\"pgsize\":512}}}",
		  "\"migration\":{\"pgsize\":512}"));
	NEED(says("{\"capabilities\":{\"migration\":{\"pgsize\":65536}}}",
		  "\"migration\":{\"pgsize\":4096}"));
	NEED(!says(CLIENT_JSON, "migration"));
	NEED(!says("{\"capabilities\":{\"migration\":true}}", "migration"));
	NEED(!says("{\"capabilities\":{\"migration\":{\"pgsize\":-1}}}", "migration"));
	/* A client gets no more at once than it takes. */
	fd = client_connect(path);
	NEED(!client_version(fd, 0, 0, "{\"capabilities\":{\"max_data_xfer_size\":4096}}", &in));
	NEED(!set(fd, STOP_COPY) && read_data(fd, UINT32_MAX, 4097) == EINVAL);
	NEED(!read_data(fd, UINT32_MAX, 4096) && data_came() == 4096);
	close(fd);
}

static const struct check checks[] = {
	{ "flags, state and size, and questions about them", features },
	{ "features that are wrong are refused, and change nothing", features_refused },
	{ "a stream is read, written and loaded, whatever pieces the device makes of it", stream },
	{ "reads and writes of a stream that are wrong are refused", stream_refused },
	{ "PRE_COPY gives what there is, and STOP_COPY the rest", precopy },
	{ "what a version says of migration", versions },
};

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	path = argv[1];
	printf("KTAP version 1\n1..%zu\n", ARRAY_SIZE(checks));
	return !!checks_run(checks, ARRAY_SIZE(checks));
}

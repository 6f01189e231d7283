// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device of any driver that can be migrated, moved in one process: states, streams, what arrives.
 * usage: PROGRAM [hostile]
 *        PROGRAM keep FILE     writes a stream of this release
 *        PROGRAM load FILE     loads one of this or an earlier release
 */
#include "migrate.h"

#include <errno.h>

static const struct {
	const char *type;
	void (*test)(struct user_device *from, struct user_device *to);
} drivers[] = {
	{ "mtty-", move_mtty },
	{ "vgpu_stub-", move_vgpu_stub },
	{ "mdkmig-", move_mdkmig },
	{ "mdkmig-", move_blobs },
	{ "moved_virtio_rng-", move_virtio_rng },
	{ "moved_virtio_net-", move_virtio_net },
	{ "mdkvirtio-", move_mdkvirtio },
};

struct user_device *another(const char *type)
{
	static unsigned int nr = 0x3000;
	char uuid[37];

	snprintf(uuid, sizeof(uuid), "83b8f4f2-509f-382f-3c1e-e6bfe0fa%04x", nr++);
	return user_device_create(type, uuid);
}

/* Something to move: what a user may have written anywhere. */
static void scribble(struct guest *g)
{
	struct vfio_region_info info;
	uint64_t size, off;
	uint32_t region;

	for (region = 0; region < 6; region++) {
		size = guest_region(g, region, &info);
		/* Statistics stand at the beginning, and are written there at any time. */
		off = info.flags & VFIO_REGION_INFO_FLAG_MMAP ? 64 : 0;
		for (; off < size && off < 4096; off += 4)
			put(g, region, off, 0x01010101 * (region + 1) + off);
	}
	guest_master(g);
}

/* From each state to each: as the device says itself, and refused ones leave it where it was. */
static void states(struct user_device *dev, const struct stream *s)
{
	static const uint32_t all[] = { STOP, RUNNING, STOP_COPY, RUNNING_P2P, PRE_COPY,
					PRE_COPY_P2P, RESUMING };
	const unsigned int nr = sizeof(all) / sizeof(all[0]);
	unsigned int i, j;
	bool refused;

	for (i = 0; i < nr; i++) {
		for (j = 0; j < nr; j++) {
			CHECK(!set_state(dev, all[i]) && state_of(dev) == all[i]);
			refused = all[i] == STOP_COPY && all[j] >= PRE_COPY;
			if (all[i] == RESUMING && all[j] != RESUMING)
				CHECK(!stream_write(dev, s, s->len < 65536 ? 1 : 9973));
			CHECK(set_state(dev, all[j]) == (refused ? -EINVAL : 0));
			CHECK(state_of(dev) == (refused ? all[i] : all[j]));
			CHECK(!user_device_ioctl(dev, VFIO_DEVICE_RESET, NULL));
			CHECK(state_of(dev) == RUNNING);
		}
		CHECK(!set_state(dev, all[i]));
		CHECK(set_state(dev, ERROR_STATE) == -EINVAL && set_state(dev, 8) == -EINVAL &&
		      set_state(dev, ~0u) == -EINVAL && state_of(dev) == all[i]);
		CHECK(!user_device_ioctl(dev, VFIO_DEVICE_RESET, NULL));
	}
}

/* A stream is the same however it is read, and what arrives gives the same again. */
static void streams(struct guest *from, struct guest *to, struct stream *kept)
{
	struct stream s, again, pieces;

	scribble(from);
	CHECK(!set_state(from->dev, PRE_COPY));
	again = stream_read(from->dev, 16);
	CHECK(again.len);
	stream_free(&again);
	s = save(from->dev);
	CHECK(user_device_migration_write(from->dev, s.bytes, 1) == -EBADF);
	CHECK(!set_state(from->dev, STOP));
	CHECK(user_device_migration_read(from->dev, s.bytes, 1) < 0);
	stream_free(&s);
	s = save(from->dev);
	CHECK(!set_state(from->dev, STOP) && !set_state(from->dev, STOP_COPY));
	/* Of a device with much memory by larger pieces, or it takes minutes. */
	pieces = stream_read(from->dev, s.len < 65536 ? 7 : 4099);
	CHECK(stream_same(&s, &pieces));
	/* Without running in between, where a worker that has come too would change it. */
	CHECK(!set_state(to->dev, RESUMING) && !stream_write(to->dev, &s, 65536));
	again = save(to->dev);
	CHECK(stream_same(&s, &again));
	CHECK(!set_state(to->dev, RUNNING) && !set_state(from->dev, RUNNING));
	stream_free(&again);
	stream_free(&pieces);
	*kept = s;
}

/* A close in each state: the next user finds a device that runs, and nothing of the one before. */
static void closes(struct user_device *dev)
{
	struct stream first, s;
	struct guest g;
	uint32_t state;

	guest_open(&g, dev);
	first = save(dev);
	stream_forget_works(&first);
	guest_close(&g);
	for (state = STOP; state <= PRE_COPY_P2P; state++) {
		guest_open(&g, dev);
		scribble(&g);
		CHECK(!set_state(dev, state));
		guest_close(&g);
		guest_open(&g, dev);
		CHECK(state_of(dev) == RUNNING);
		s = save(dev);
		stream_forget_works(&s);
		CHECK(stream_same(&first, &s));
		stream_free(&s);
		guest_close(&g);
	}
	stream_free(&first);
}

/* A parent that sleeps while a device is stopped, or loaded: it comes back when both are over. */
static void sleeps(struct user_device *from, struct user_device *to)
{
	struct stream s, again;
	struct guest a, b;

	guest_open(&a, from);
	guest_open(&b, to);
	scribble(&a);
	CHECK(!set_state(from, STOP));
	CHECK(!user_parent_event("suspend"));
	s = save(from);
	CHECK(!set_state(to, RESUMING) && !stream_write(to, &s, 65536));
	CHECK(!set_state(to, RUNNING) && !set_state(from, RUNNING));
	CHECK(!user_parent_event("resume"));
	CHECK(!set_state(to, STOP) && !user_parent_event("suspend") && !set_state(to, RUNNING) &&
	      !set_state(to, STOP) && !user_parent_event("resume"));
	again = save(to);
	CHECK(again.len == s.len);
	CHECK(!set_state(to, RUNNING));
	stream_free(&s);
	stream_free(&again);
	guest_close(&a);
	guest_close(&b);
}

/*
 * The hardware goes for good while one is stopped and one is loaded: both can be closed. A driver
 * with blobs is not asked for them any more, nor given any.
 */
static void is_gone(struct user_device *from, struct user_device *to, bool blobs)
{
	struct stream s;
	struct guest a, b;

	guest_open(&a, from);
	guest_open(&b, to);
	s = save(from);
	CHECK(!set_state(to, RESUMING) && !stream_write(to, &s, 65536));
	CHECK(!user_parent_event("gone"));
	CHECK(set_state(to, RUNNING) == -ENODEV && state_of(to) == (blobs ? RESUMING : STOP));
	CHECK(set_state(to, RUNNING) == -ENODEV);
	CHECK(!set_state(from, STOP) && set_state(from, STOP_COPY) == (blobs ? -ENODEV : 0));
	CHECK(set_state(from, RUNNING) == -ENODEV);
	CHECK(user_device_ioctl(from, VFIO_DEVICE_RESET, NULL) == -ENODEV);
	stream_free(&s);
	guest_close(&a);
	guest_close(&b);
}

static void moves(const char *type, bool attack)
{
	struct user_device *from = another(type), *to = another(type);
	struct stream s = {};
	struct guest a, b;
	unsigned int i;

	guest_open(&a, from);
	guest_open(&b, to);
	streams(&a, &b, &s);
	if (attack)
		hostile(to, &s);
	else
		states(to, &s);
	guest_close(&a);
	guest_close(&b);
	stream_free(&s);
	if (!attack)
		closes(from);
	for (i = 0; i < sizeof(drivers) / sizeof(drivers[0]) && !attack; i++)
		if (!strncmp(type, drivers[i].type, strlen(drivers[i].type)))
			drivers[i].test(from, to);
	/* The last: nothing can be opened any more afterwards. */
	if (!attack) {
		sleeps(from, to);
		is_gone(from, to, !strncmp(type, "mdkmig-", 7));
	}
	CHECK(!user_device_remove(from) && !user_device_remove(to));
}

static void keep(struct guest *g, const char *path)
{
	FILE *file = fopen(path, "w");
	struct stream s;

	CHECK(file);
	if (!file)
		return;
	scribble(g);
	s = save(g->dev);
	CHECK(fwrite(s.bytes, 1, s.len, file) == s.len);
	CHECK(!fclose(file));
	stream_free(&s);
}

static void load_kept(struct guest *g, const char *path)
{
	FILE *file = fopen(path, "r");
	struct stream s = { .bytes = malloc(1 << 20) };

	CHECK(file);
	if (!file)
		return;
	s.len = fread(s.bytes, 1, 1 << 20, file);
	CHECK(s.len && !load(g->dev, &s));
	fclose(file);
	stream_free(&s);
}

static void with_file(const char *type, void (*what)(struct guest *g, const char *path),
		      const char *path)
{
	struct user_device *dev = another(type);
	struct guest g;

	guest_open(&g, dev);
	what(&g, path);
	guest_close(&g);
	CHECK(!user_device_remove(dev));
}

int main(int argc, char **argv)
{
	char *type;

	if (user_start())
		return 1;
	type = strdup(user_type_name(0));
	if (argc > 2)
		with_file(type, strcmp(argv[1], "keep") ? load_kept : keep, argv[2]);
	else
		moves(type, argc > 1 && !strcmp(argv[1], "hostile"));
	user_stop();
	CHECK(!user_warnings());
	printf("%s: %u failures\n", type, failures);
	free(type);
	return !!failures;
}

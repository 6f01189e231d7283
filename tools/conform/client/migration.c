// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Live migration of a device: features, states, and the file of a session. */
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../control.h"
#include "../vfio.h"
#include "migration.h"

#ifndef VFIO_MIG_GET_PRECOPY_INFO
#define VFIO_MIG_GET_PRECOPY_INFO _IO(VFIO_TYPE, VFIO_BASE + 21)
#endif

struct state_data {
	uint32_t state;
	int32_t file;
};

int mig_feature(int device, uint32_t argsz, uint32_t flags, void *data)
{
	struct {
		struct vfio_device_feature head;
		uint8_t data[8];
	} request = { .head = { .argsz = argsz, .flags = flags } };
	int ret;

	_Static_assert(sizeof(request) == MIG_ARGSZ, "a feature and its data");
	memcpy(request.data, data, sizeof(request.data));
	ret = vfio_ioctl(device, VFIO_DEVICE_FEATURE, &request);
	memcpy(data, request.data, sizeof(request.data));
	return ret;
}

int mig_flags(int device, uint64_t *flags)
{
	*flags = 0;
	return mig_feature(device, MIG_ARGSZ, MIG_GET | MIG_FEATURE_FLAGS, flags);
}

int mig_size(int device, uint64_t *size)
{
	*size = 0;
	return mig_feature(device, MIG_ARGSZ, MIG_GET | MIG_FEATURE_SIZE, size);
}

int mig_get(int device, uint32_t *state, int *file)
{
	struct state_data data = { .state = UINT32_MAX };
	int ret = mig_feature(device, MIG_ARGSZ, MIG_GET | MIG_FEATURE_STATE, &data);

	*state = data.state;
	*file = data.file;
	return ret;
}

int mig_set(int device, uint32_t from, uint32_t to, int *file)
{
	struct state_data data = { .state = to, .file = -1 };
	int ret = mig_feature(device, MIG_ARGSZ, MIG_SET | MIG_FEATURE_STATE, &data);

	*file = ret ? -1 : data.file;
	if (control_active())
		*file = !ret && mig_begins(from, to) ? device : -1;
	return ret;
}

ssize_t mig_read(int file, void *buf, size_t len)
{
	return vfio_session_read(file, buf, len);
}

ssize_t mig_write(int file, const void *buf, size_t len)
{
	return vfio_session_write(file, buf, len);
}

int mig_precopy(int file, struct mig_precopy *info)
{
	return vfio_ioctl(file, VFIO_MIG_GET_PRECOPY_INFO, info);
}

void mig_close(int file)
{
	if (file >= 0 && !control_active())
		close(file);
}

/* States */

static const struct {
	const char *name;
	uint64_t needs;
} states[MIG_STATES] = {
	[MIG_ERROR] = { "ERROR", 0 },
	[MIG_STOP] = { "STOP", MIG_HAS_STOP_COPY },
	[MIG_RUNNING] = { "RUNNING", 0 },
	[MIG_STOP_COPY] = { "STOP_COPY", MIG_HAS_STOP_COPY },
	[MIG_RESUMING] = { "RESUMING", MIG_HAS_STOP_COPY },
	[MIG_RUNNING_P2P] = { "RUNNING_P2P", MIG_HAS_P2P },
	[MIG_PRE_COPY] = { "PRE_COPY", MIG_HAS_PRE_COPY },
	[MIG_PRE_COPY_P2P] = { "PRE_COPY_P2P", MIG_HAS_P2P | MIG_HAS_PRE_COPY },
};

bool mig_has(uint64_t flags, uint32_t state)
{
	return state < MIG_STATES && (flags & states[state].needs) == states[state].needs;
}

bool mig_is_saving(uint32_t state)
{
	return state == MIG_STOP_COPY || state == MIG_PRE_COPY || state == MIG_PRE_COPY_P2P;
}

bool mig_begins(uint32_t from, uint32_t to)
{
	if (to == MIG_RESUMING)
		return from != MIG_RESUMING;
	return mig_is_saving(to) && !mig_is_saving(from);
}

/*
 * Of VFIO's rules: a path leads through no state that saves, so from STOP_COPY there is none back
 * to what precedes it; ERROR is left by a reset and entered by no request. All else has a path.
 */
bool mig_may_go(uint64_t flags, uint32_t from, uint32_t to)
{
	if (from == MIG_ERROR || to == MIG_ERROR || !mig_has(flags, from) || !mig_has(flags, to))
		return false;
	return from != MIG_STOP_COPY || !mig_is_saving(to) || to == MIG_STOP_COPY;
}

const char *mig_name(uint32_t state)
{
	static char number[2][24];
	static unsigned int turn;

	if (state < MIG_STATES)
		return states[state].name;
	turn = !turn;
	snprintf(number[turn], sizeof(number[turn]), "state %u", state);
	return number[turn];
}

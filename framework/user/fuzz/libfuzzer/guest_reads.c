// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where in guest memory a driver reads while an input is played. user.mk leads the SDK's reads
 * here. What stands there may never have been filled, or with a number that is everywhere: the
 * place says more than the number does.
 */
#include <string.h>

#include "grammar.h"

/* Of one input; of each the beginning. */
#define READS 128u
#define BYTES 64u
/* Bytes at a time of what is wider: headers of frames have odd places. */
#define STEP 2u

static struct guest_read {
	uint64_t at;
	uint32_t len, event;
	uint8_t bytes[BYTES];
} reads[READS];
static uint32_t nr_reads;

void guest_reads_begin(void)
{
	nr_reads = 0;
}

static bool is_known(uint64_t at, uint32_t len, uint32_t event)
{
	uint32_t i;

	for (i = nr_reads; i-- && reads[i].event == event;)
		if (reads[i].at == at && reads[i].len == len)
			return true;
	return false;
}

static void note(uint64_t iova, const void *bytes, size_t size)
{
	uint32_t len = size < BYTES ? size : BYTES, event;
	uint64_t at;

	if (!compared_event(&event) || nr_reads == READS || !memory_of_iova(iova, &at) ||
	    is_known(at, len, event))
		return;
	reads[nr_reads] = (struct guest_read){ .at = at, .len = len, .event = event };
	memcpy(reads[nr_reads++].bytes, bytes, len);
}

/* <mdk/pin.h>, <mdk/pins.h> */
struct mdk_pinned;
int mdk_pinned_read(struct mdk_pinned *pinned, uint64_t offset, void *buf, size_t len);
int fuzz_mdk_pinned_read(struct mdk_pinned *pinned, uint64_t offset, void *buf, size_t len);
int mdk_dma_read(void *dev, uint64_t iova, void *buf, size_t len);
int fuzz_mdk_dma_read(void *dev, uint64_t iova, void *buf, size_t len);

int fuzz_mdk_pinned_read(struct mdk_pinned *pinned, uint64_t offset, void *buf, size_t len)
{
	int ret = mdk_pinned_read(pinned, offset, buf, len);

	if (!ret)
		note(user_pinned_iova(pinned) + offset, buf, len);
	return ret;
}

int fuzz_mdk_dma_read(void *dev, uint64_t iova, void *buf, size_t len)
{
	int ret = mdk_dma_read(dev, iova, buf, len);

	if (!ret)
		note(iova, buf, len);
	return ret;
}

/* A place in a read. */
struct found {
	const struct guest_read *read;
	uint32_t at, nr;
};

static uint64_t number_at(const uint8_t *bytes, uint32_t width)
{
	uint64_t number = 0;

	memcpy(&number, bytes, width);
	return number;
}

/* Each is as likely. @is: the number there; NULL: any but zero. */
static void look_at(const struct guest_read *read, const uint64_t *is, uint32_t width,
		    struct found *found)
{
	uint32_t step = !is ? width : width < STEP ? width : STEP, i;
	uint64_t number;

	for (i = 0; i + width <= read->len; i += step) {
		number = number_at(read->bytes + i, width);
		if ((is ? number != *is : !number) || !chance_one_in(++found->nr))
			continue;
		found->read = read;
		found->at = i;
	}
}

/* A worker that runs later has what was read before. */
static struct found find(uint32_t event, const uint64_t *is, uint32_t width)
{
	struct found found = { 0 };
	uint32_t i;

	for (i = nr_reads; i--;)
		if (reads[i].event <= event &&
		    (!found.nr || found.read->event == reads[i].event))
			look_at(&reads[i], is, width, &found);
	return found;
}

/* Any place. */
static struct found find_any(uint32_t event, uint32_t width)
{
	struct found found = { 0 };
	uint32_t tries;

	for (tries = 0; nr_reads && tries < 16; tries++) {
		found.read = &reads[chance_below(nr_reads)];
		if (found.read->event > event || found.read->len < width)
			continue;
		found.at = chance_below(found.read->len / width) * width;
		found.nr = 1;
		break;
	}
	return found;
}

/* Bytes of an event that fills them, the last one before the driver reads; or NULL. */
static uint8_t *filled(struct events *events, uint32_t last, uint64_t at, uint32_t len)
{
	struct event *fill;
	uint32_t i;

	for (i = last + 1; i--;) {
		fill = &events->list[i];
		if (fill->kind == EVENT_FILL && at >= fill->at && at - fill->at <= fill->len &&
		    len <= fill->len - (at - fill->at))
			return fill->data + (at - fill->at);
	}
	return NULL;
}

/* Now an event fills all of it, with what it was. */
static uint8_t *fill(struct events *events, uint32_t last, const struct guest_read *read)
{
	struct event *event = events_room(events, last, 1);

	if (!event)
		return NULL;
	*event = (struct event){ .kind = EVENT_FILL, .at = read->at, .len = read->len };
	memcpy(event->data, read->bytes, read->len);
	return event->data;
}

static bool put(struct events *events, const struct found *found, uint64_t value, uint32_t width)
{
	uint32_t last;
	uint8_t *there;

	if (!found->nr)
		return false;
	last = found->read->event < events->nr ? found->read->event : events->nr - 1;
	there = filled(events, last, found->read->at + found->at, width);
	if (!there) {
		there = fill(events, last, found->read);
		if (!there)
			return false;
		there += found->at;
	}
	memcpy(there, &value, width);
	return true;
}

bool guest_reads_put(struct events *events, uint32_t event, uint64_t is, uint64_t value,
		     uint32_t width)
{
	struct found found = find(event, &is, width);

	return put(events, &found, value, width);
}

bool guest_reads_add(struct events *events, uint32_t event, uint64_t more, uint32_t width)
{
	struct found found = find(event, NULL, width);

	return found.nr && put(events, &found,
			       number_at(found.read->bytes + found.at, width) + more, width);
}

bool guest_reads_put_any(struct events *events, uint32_t event, uint64_t value, uint32_t width)
{
	struct found found = find_any(event, width);

	return put(events, &found, value, width);
}

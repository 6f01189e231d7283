// SPDX-License-Identifier: GPL-2.0-only
/* A timer gets its function when it is made; before, it was a member to set. */
#include <linux/hrtimer.h>

void mdk_probe(struct hrtimer *timer, enum hrtimer_restart (*fn)(struct hrtimer *));

#if PROBE_FORM == 1
void mdk_probe(struct hrtimer *timer, enum hrtimer_restart (*fn)(struct hrtimer *))
{
	hrtimer_setup(timer, fn, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
}
#else
/* For some time kernels had both: there this name is taken. */
struct hrtimer *hrtimer_setup(int unused);

void mdk_probe(struct hrtimer *timer, enum hrtimer_restart (*fn)(struct hrtimer *))
{
	hrtimer_init(timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
	timer->function = fn;
}
#endif

// SPDX-License-Identifier: GPL-2.0-only
/* A timer gets its function when it is set up; for some releases hrtimer_init() was there too. */
#include <linux/hrtimer.h>

void mdk_probe(struct hrtimer *timer, enum hrtimer_restart (*fn)(struct hrtimer *timer));
#if PROBE_FORM == 2
/* Clashes with the kernel's, if it has one. */
void hrtimer_setup(void);
#endif
void mdk_probe(struct hrtimer *timer, enum hrtimer_restart (*fn)(struct hrtimer *timer))
{
#if PROBE_FORM == 1
	hrtimer_setup(timer, fn, CLOCK_MONOTONIC, HRTIMER_MODE_REL_SOFT);
#else
	hrtimer_init(timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_SOFT);
	timer->function = fn;
#endif
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * For tests/clients/failing.sh, which adds this to the end of a copy of framework/mdev/main.c. The
 * parameter fail="CALL ERRNO NTH MS": from the NTH call of that name on, each returns ERRNO (negative)
 * instead of being made; with 0 it is made. MS milliseconds pass after the first of them. Each, not
 * one: busybox' insmod tries a second system call where the first one failed.
 */
#include <linux/delay.h>

#include "fail.h"

static DEFINE_SPINLOCK(mdk_fail_lock);
static char mdk_fail_call[32];
static int mdk_fail_errno, mdk_fail_ms, mdk_fail_late;
static unsigned int mdk_fail_nth;

static int mdk_fail_set(const char *val, const struct kernel_param *kp)
{
	int ret;

	spin_lock(&mdk_fail_lock);
	mdk_fail_nth = 0;
	ret = sscanf(val, "%31s %d %u %d", mdk_fail_call, &mdk_fail_errno, &mdk_fail_nth,
		     &mdk_fail_ms);
	spin_unlock(&mdk_fail_lock);
	return ret == 4 || !mdk_fail_nth ? 0 : -EINVAL;
}

static const struct kernel_param_ops mdk_fail_ops = { .set = mdk_fail_set };
module_param_cb(fail, &mdk_fail_ops, NULL, 0200);

int mdk_fails(const char *call)
{
	int ret = 0;

	spin_lock(&mdk_fail_lock);
	if (mdk_fail_nth > 1 && !strcmp(call, mdk_fail_call)) {
		mdk_fail_nth--;
	} else if (mdk_fail_nth && !strcmp(call, mdk_fail_call)) {
		ret = mdk_fail_errno;
		mdk_fail_late = mdk_fail_ms;
		mdk_fail_ms = 0;
		pr_info("fail: %s gives %d, and %d ms\n", call, ret, mdk_fail_late);
	}
	spin_unlock(&mdk_fail_lock);
	return ret;
}
EXPORT_SYMBOL_GPL(mdk_fails);

void mdk_fail_sleep(const char *call)
{
	int ms;

	spin_lock(&mdk_fail_lock);
	ms = strcmp(call, mdk_fail_call) ? 0 : mdk_fail_late;
	mdk_fail_late = ms ? 0 : mdk_fail_late;
	spin_unlock(&mdk_fail_lock);
	if (ms)
		msleep(ms);
}
EXPORT_SYMBOL_GPL(mdk_fail_sleep);

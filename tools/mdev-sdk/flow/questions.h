/* SPDX-License-Identifier: GPL-2.0-only */
/* What flow can be asked: the word of a rule's line "// Flow:". */
#ifndef MDEV_SDK_FLOW_QUESTIONS_H
#define MDEV_SDK_FLOW_QUESTIONS_H

#include "code.h"

struct question {
	const char *name;
	void (*ask)(const struct asked *asked);
};

extern const struct question questions[];
extern const size_t nr_questions;

void ask_balance(const struct asked *asked);
void ask_after_put(const struct asked *asked);
void ask_request(const struct asked *asked);
void ask_range(const struct asked *asked);
void ask_guest_number(const struct asked *asked);
void ask_guest_length(const struct asked *asked);
void ask_guest_sum(const struct asked *asked);
void ask_stale(const struct asked *asked);
void ask_second_fetch(const struct asked *asked);
void ask_mmap(const struct asked *asked);
void ask_irq_payload(const struct asked *asked);
void ask_nospec(const struct asked *asked);
void ask_endless(const struct asked *asked);
void ask_stack_bytes(const struct asked *asked);
void ask_owned(const struct asked *asked);
void ask_kept(const struct asked *asked);
void ask_restart(const struct asked *asked);
void ask_list_walk(const struct asked *asked);
void ask_lock_wait(const struct asked *asked);
void ask_lock_order(const struct asked *asked);
void ask_overwrite(const struct asked *asked);
void ask_half_checked(const struct asked *asked);
void ask_unchecked(const struct asked *asked);
void ask_causes(const struct asked *asked);
void ask_lifetimes(const struct asked *asked);
void ask_rcu(const struct asked *asked);
void ask_dangling(const struct asked *asked);
void ask_order(const struct asked *asked);
void ask_atomic(const struct asked *asked);
void ask_shared(const struct asked *asked);
void ask_mapping(const struct asked *asked);
void ask_position(const struct asked *asked);
void ask_offset(const struct asked *asked);
void ask_place_fetch(const struct asked *asked);
void ask_region_size(const struct asked *asked);
void ask_page_end(const struct asked *asked);
void ask_registered(const struct asked *asked);
void ask_wraps(const struct asked *asked);
void ask_lazy_map(const struct asked *asked);
void ask_count_back(const struct asked *asked);
void ask_irq_lock(const struct asked *asked);
void ask_lockset(const struct asked *asked);
void ask_unmap_range(const struct asked *asked);
void ask_unwind(const struct asked *asked);
void ask_clear(const struct asked *asked);
void ask_relock(const struct asked *asked);
void ask_holder(const struct asked *asked);
void ask_unlock(const struct asked *asked);
void ask_put_first(const struct asked *asked);
void ask_found(const struct asked *asked);
void ask_failed_init(const struct asked *asked);
void ask_lost_many(const struct asked *asked);
void ask_last_put(const struct asked *asked);
void ask_unmap_lock(const struct asked *asked);

/* shared.c: the SDK calls it with the lock of the instance. */
bool runs_locked(const struct function *fn);

#endif

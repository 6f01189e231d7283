// SPDX-License-Identifier: GPL-2.0-only
/* The table of questions. */
#include "questions.h"

const struct question questions[] = {
	{ "balance", ask_balance },
	{ "after-put", ask_after_put },
	{ "request", ask_request },
	{ "endless", ask_endless },
	{ "stack-bytes", ask_stack_bytes },
	{ "owned", ask_owned },
	{ "order", ask_order },
	{ "range", ask_range },
	{ "guest-number", ask_guest_number },
	{ "guest-length", ask_guest_length },
	{ "guest-sum", ask_guest_sum },
	{ "stale", ask_stale },
	{ "second-fetch", ask_second_fetch },
	{ "mmap", ask_mmap },
	{ "irq-payload", ask_irq_payload },
	{ "nospec", ask_nospec },
	{ "shared", ask_shared },
	{ "mapping", ask_mapping },
	{ "position", ask_position },
	{ "atomic", ask_atomic },
	{ "offset", ask_offset },
	{ "lock-wait", ask_lock_wait },
	{ "overwrite", ask_overwrite },
	{ "unchecked", ask_unchecked },
	{ "causes", ask_causes },
	{ "lifetimes", ask_lifetimes },
	{ "irq-lock", ask_irq_lock },
	{ "lockset", ask_lockset },
	{ "unmap-range", ask_unmap_range },
	{ "unwind", ask_unwind },
	{ "clear", ask_clear },
	{ "page-end", ask_page_end },
	{ "wraps", ask_wraps },
};

const size_t nr_questions = LAB_ARRAY_SIZE(questions);

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
	{ "shared", ask_shared },
	{ "atomic", ask_atomic },
	{ "lock-wait", ask_lock_wait },
	{ "overwrite", ask_overwrite },
	{ "unchecked", ask_unchecked },
	{ "causes", ask_causes },
};

const size_t nr_questions = LAB_ARRAY_SIZE(questions);

// SPDX-License-Identifier: GPL-2.0-only
/// The result of a function of the SDK is thrown away, or kept and never looked at.
///
/// These functions fail in normal operation: a guest unmaps what is to be pinned, memory runs
/// out. Who does not look goes on with an error in place of a pointer, or with a buffer that
/// nobody filled, which then reaches the guest. The compiler sees a call without a result; it
/// does not see one whose result is overwritten or lies in a variable that nobody reads.
/// Do: test the result (IS_ERR() where a pointer comes back) before anything else, and return it.
// Confidence: High
// Severity: error
// Class: C9
// Options: --no-includes
// Needs: names(answers)

virtual report
virtual org
virtual context

@mdk_result_ignored_call@
identifier f = {names(answers)};
position p;
@@

(
 f@p(...);
|
 (void)f@p(...);
)

@mdk_result_ignored_reads@
local idexpression x;
expression e;
position q;
@@

 x@q = <+... x ...+>

@mdk_result_ignored_kept@
identifier f = {names(answers)};
local idexpression x;
expression e;
position p;
position q != mdk_result_ignored_reads.q;
@@

 x = f@p(...);
 ... when != x
 x@q = e

@mdk_result_ignored_end@
identifier f = {names(answers)};
identifier g;
local idexpression x;
position p;
@@

 g(...)
 {
 ... when any
 x = f@p(...);
 ... when != x
 }

@mdk_result_ignored_context_call depends on context && !report && !org@
identifier mdk_result_ignored_call.f;
position mdk_result_ignored_call.p;
@@

* f@p(...)

@mdk_result_ignored_context_kept depends on context && !report && !org@
identifier mdk_result_ignored_kept.f;
position mdk_result_ignored_kept.p;
@@

* f@p(...)

@mdk_result_ignored_context_end depends on context && !report && !org@
identifier mdk_result_ignored_end.f;
position mdk_result_ignored_end.p;
@@

* f@p(...)

@script:python depends on report@
p << mdk_result_ignored_call.p;
@@

coccilib.report.print_report(p[0], "mdk-result-ignored: this call may fail, and nobody looks at its result")

@script:python depends on report@
p << mdk_result_ignored_kept.p;
@@

coccilib.report.print_report(p[0], "mdk-result-ignored: the result is kept and never looked at")

@script:python depends on report@
p << mdk_result_ignored_end.p;
@@

coccilib.report.print_report(p[0], "mdk-result-ignored: the result is kept and never looked at")

@script:python depends on org@
p << mdk_result_ignored_call.p;
@@

coccilib.org.print_todo(p[0], "mdk-result-ignored: this call may fail, and nobody looks at its result")

@script:python depends on org@
p << mdk_result_ignored_kept.p;
@@

coccilib.org.print_todo(p[0], "mdk-result-ignored: the result is kept and never looked at")

@script:python depends on org@
p << mdk_result_ignored_end.p;
@@

coccilib.org.print_todo(p[0], "mdk-result-ignored: the result is kept and never looked at")

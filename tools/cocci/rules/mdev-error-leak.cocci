// SPDX-License-Identifier: GPL-2.0-only
/// An error return loses memory that was allocated just before.
///
/// Nothing else knows of it: a user who provokes the error takes the host's memory bit by bit.
/// Do: free it on this way out too, best at one label at the end of the function.
// Confidence: High
// Severity: error
// Class: C6
// Options: --no-includes
// Needs: kmalloc kzalloc kcalloc kvmalloc kvzalloc kmemdup memdup_user vmalloc kmalloc_array

virtual report
virtual org
virtual context
virtual patch

@initialize:python@
@@

import re

mdev_error_leak_texts = {}

# "T *x __free(kfree)": the compiler frees it.
def mdev_error_leak_scoped(p, x):
    text = mdev_error_leak_texts.get(p[0].file)
    if text is None:
        with open(p[0].file, encoding="utf-8", errors="replace") as source:
            text = mdev_error_leak_texts[p[0].file] = source.read()
    return re.search(r"\b%s\s+__free\(" % re.escape(x), text)

@mdev_error_leak_r exists@
identifier x, f, fn;
expression e, e2;
identifier al = {kmalloc, kzalloc, kcalloc, kvmalloc, kvzalloc, kmemdup, memdup_user, vmalloc,
		 vzalloc, kmalloc_array};
statement S;
constant C;
position p;
@@

 x = al(...);
(
 if (!x) S
|
 if (IS_ERR(x)) S
)
 ... when != x = e
     when != e2 = x
     when != fn(..., x, ...)
     when != &x->f
 return@p -C;

@mdev_error_leak_context1 depends on context && !report && !org@
expression E;
position mdev_error_leak_r.p;
@@

* E@p

@script:python depends on report@
p << mdev_error_leak_r.p;
x << mdev_error_leak_r.x;
@@

if not mdev_error_leak_scoped(p, x):
    coccilib.report.print_report(p[0], "mdev-error-leak: %s is lost on this way out: free it" % (x))

@script:python depends on org@
p << mdev_error_leak_r.p;
x << mdev_error_leak_r.x;
@@

if not mdev_error_leak_scoped(p, x):
    coccilib.org.print_todo(p[0], "mdev-error-leak: %s is lost on this way out: free it" % (x))

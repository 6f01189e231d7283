// SPDX-License-Identifier: GPL-2.0-only
/// An eventfd context is put and stays in its place, or is overwritten while it is alive.
///
/// After eventfd_ctx_put() a pointer that stays is signalled or put again: use after free. A
/// context that is overwritten is never put: a user leaks one for each SET_IRQS. 0 is a valid
/// file descriptor; only negative ones mean "none".
/// Do: set the pointer to NULL with the put; put the old context before storing a new one; test
/// fd < 0.
// Confidence: High
// Severity: error
// Class: C4
// Options: --no-includes
// Needs: eventfd_ctx_put eventfd_ctx_fdget
// Fix: mechanical

virtual report
virtual org
virtual context
virtual patch

// What empties the place after the put may be a helper of a helper.
@initialize:python@
@@

mdev_eventfd_clear_nulled = set()
mdev_eventfd_clear_calls = set()

def mdev_eventfd_clear_empties(where, fld, depth, line):
    if (where, fld) in mdev_eventfd_clear_nulled and not line:
        return True
    return depth > 0 and any(
        mdev_eventfd_clear_empties((where[0], h), fld, depth - 1, 0)
        for (w, h, at) in mdev_eventfd_clear_calls if w == where and at > line)

def mdev_eventfd_clear_later(p, fld):
    return mdev_eventfd_clear_empties((p[0].file, p[0].current_element), fld, 2, int(p[0].line))

@mdev_eventfd_clear_null@
identifier fld;
expression x;
position n;
@@

(
 x->fld@n = NULL
|
 x.fld@n = NULL
)

@script:python@
n << mdev_eventfd_clear_null.n;
fld << mdev_eventfd_clear_null.fld;
@@

mdev_eventfd_clear_nulled.add(((n[0].file, n[0].current_element), fld))

@mdev_eventfd_clear_call@
identifier h;
position c;
@@

 h@c(...)

@script:python@
c << mdev_eventfd_clear_call.c;
h << mdev_eventfd_clear_call.h;
@@

mdev_eventfd_clear_calls.add(((c[0].file, c[0].current_element), h, int(c[0].line)))

@mdev_eventfd_clear_put exists@
identifier f, fld;
identifier fr =~ "free";
expression x, e;
position p;
@@

 f(...)
 {
 ... when any
 eventfd_ctx_put@p(x->fld);
 ... when != x->fld = e
     when != kfree(...)
     when != kvfree(...)
     when != kfree_rcu(...)
     when != x = e
     when != fr(..., x, ...)
     when != WRITE_ONCE(x->fld, e)
     when != memset(...)
     when any
 }

@mdev_eventfd_clear_putdot exists@
identifier f, fld;
expression x, e;
position p;
@@

 f(...)
 {
 ... when any
 eventfd_ctx_put@p(x.fld);
 ... when != x.fld = e
     when != kfree(...)
     when != kvfree(...)
     when != memset(...)
     when any
 }

@mdev_eventfd_clear_new exists@
expression x, e;
identifier fld, al =~ "alloc";
type T;
position ok;
@@

 x = \( al(...) \| (T)al(...) \)
 ... when != x = e
 x->fld@ok = e

// A helper that leaves the place empty, and one that calls it.
@mdev_eventfd_clear_emptier exists@
identifier h, fld;
expression x;
identifier dev;
type T;
@@

 h(..., T *dev, ...)
 {
 <+...
(
 dev->fld = NULL
|
 xchg(&dev->fld, NULL)
|
 WRITE_ONCE(dev->fld, NULL)
|
 rcu_replace_pointer(dev->fld, NULL, x)
|
 rcu_assign_pointer(dev->fld, NULL)
)
 ...+>
 }

@mdev_eventfd_clear_emptier2 exists@
identifier mdev_eventfd_clear_emptier.h, mdev_eventfd_clear_emptier.fld;
identifier h2, dev;
type T;
@@

 h2(..., T *dev, ...)
 {
 <+...
 h(..., dev, ...)
 ...+>
 }

@mdev_eventfd_clear_emptied exists@
identifier mdev_eventfd_clear_emptier.h, mdev_eventfd_clear_emptier.fld;
expression x, e;
position ok;
@@

 h(..., x, ...);
 ... when != x = e
 x->fld@ok = e

@mdev_eventfd_clear_emptied2 exists@
identifier mdev_eventfd_clear_emptier2.h2, mdev_eventfd_clear_emptier.fld;
expression x, e;
position ok;
@@

 h2(..., x, ...);
 ... when != x = e
 x->fld@ok = e

// What says whether there is one: it is emptied where the place is, and tested here.
@mdev_eventfd_clear_both exists@
identifier h, fld, with;
expression x;
@@

 h(...)
 {
 ... when any
(
 x->with = \( NULL \| 0 \| false \);
 ... when any
 x->fld = NULL;
|
 x->fld = NULL;
 ... when any
 x->with = \( NULL \| 0 \| false \);
)
 ... when any
 }

@mdev_eventfd_clear_tested exists@
identifier mdev_eventfd_clear_both.fld, mdev_eventfd_clear_both.with;
expression x, e, c;
identifier l;
position ok;
@@

 if (\( x->with \| x->with || c \| c || x->with \)) {
 ...
(
 goto l;
|
 return ...;
)
 }
 ... when != x->with = e
 x->fld@ok = e

@mdev_eventfd_clear_over exists@
identifier f, fld;
identifier un =~ "disable|release|clear|put|free|teardown|reset";
expression x;
identifier evt;
position p != { mdev_eventfd_clear_new.ok, mdev_eventfd_clear_emptied.ok,
		mdev_eventfd_clear_emptied2.ok, mdev_eventfd_clear_tested.ok };
@@

 f(...)
 {
 ... when != x->fld
     when != un(..., x, ...)
 evt = eventfd_ctx_fdget(...)
 ... when != x->fld
     when != eventfd_ctx_put(evt)
     when != un(..., x, ...)
 x->fld@p = evt
 ... when any
 }

@mdev_eventfd_clear_direct exists@
identifier f, fld;
identifier un =~ "disable|release|clear|put|free|teardown|reset";
expression x;
position p != { mdev_eventfd_clear_new.ok, mdev_eventfd_clear_emptied.ok,
		mdev_eventfd_clear_emptied2.ok, mdev_eventfd_clear_tested.ok };
@@

 f(...)
 {
 ... when != x->fld
     when != un(..., x, ...)
 x->fld@p = eventfd_ctx_fdget(...)
 ... when any
 }

@mdev_eventfd_clear_zero exists@
identifier fd;
position p;
@@

(
 fd@p > 0
|
 fd@p <= 0
)
 ... when any
 eventfd_ctx_fdget(fd)

@mdev_eventfd_clear_patch depends on patch && !report && !org && !context@
position mdev_eventfd_clear_put.p;
identifier mdev_eventfd_clear_put.fld;
expression x;
@@

 eventfd_ctx_put@p(x->fld);
+x->fld = NULL;

@mdev_eventfd_clear_context1 depends on context && !report && !org@
expression E;
position mdev_eventfd_clear_put.p;
@@

* E@p

@script:python depends on report@
p << mdev_eventfd_clear_put.p;
fld << mdev_eventfd_clear_put.fld;
@@

if not mdev_eventfd_clear_later(p, fld):
    msg = "mdev-eventfd-clear: %s keeps the context that was put: set it to NULL" % (fld)
    coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_eventfd_clear_put.p;
fld << mdev_eventfd_clear_put.fld;
@@

if not mdev_eventfd_clear_later(p, fld):
    msg = "mdev-eventfd-clear: %s keeps the context that was put: set it to NULL" % (fld)
    coccilib.org.print_todo(p[0], msg)

@mdev_eventfd_clear_context2 depends on context && !report && !org@
expression E;
position mdev_eventfd_clear_putdot.p;
@@

* E@p

@script:python depends on report@
p << mdev_eventfd_clear_putdot.p;
fld << mdev_eventfd_clear_putdot.fld;
@@

if not mdev_eventfd_clear_later(p, fld):
    msg = "mdev-eventfd-clear: %s keeps the context that was put: set it to NULL" % (fld)
    coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_eventfd_clear_putdot.p;
fld << mdev_eventfd_clear_putdot.fld;
@@

if not mdev_eventfd_clear_later(p, fld):
    msg = "mdev-eventfd-clear: %s keeps the context that was put: set it to NULL" % (fld)
    coccilib.org.print_todo(p[0], msg)

@mdev_eventfd_clear_context3 depends on context && !report && !org@
expression E;
position mdev_eventfd_clear_over.p;
@@

* E@p

@script:python depends on report@
p << mdev_eventfd_clear_over.p;
fld << mdev_eventfd_clear_over.fld;
@@

msg = ("mdev-eventfd-clear: %s may hold a live context, which is lost here: put it "
       "first") % (fld)
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_eventfd_clear_over.p;
fld << mdev_eventfd_clear_over.fld;
@@

msg = ("mdev-eventfd-clear: %s may hold a live context, which is lost here: put it "
       "first") % (fld)
coccilib.org.print_todo(p[0], msg)

@mdev_eventfd_clear_context4 depends on context && !report && !org@
expression E;
position mdev_eventfd_clear_direct.p;
@@

* E@p

@script:python depends on report@
p << mdev_eventfd_clear_direct.p;
fld << mdev_eventfd_clear_direct.fld;
@@

msg = ("mdev-eventfd-clear: %s may hold a live context, which is lost here: put it "
       "first") % (fld)
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_eventfd_clear_direct.p;
fld << mdev_eventfd_clear_direct.fld;
@@

msg = ("mdev-eventfd-clear: %s may hold a live context, which is lost here: put it "
       "first") % (fld)
coccilib.org.print_todo(p[0], msg)

@mdev_eventfd_clear_context5 depends on context && !report && !org@
expression E;
position mdev_eventfd_clear_zero.p;
@@

* E@p

@script:python depends on report@
p << mdev_eventfd_clear_zero.p;
@@

coccilib.report.print_report(p[0], "mdev-eventfd-clear: file descriptor 0 is valid: test for < 0")

@script:python depends on org@
p << mdev_eventfd_clear_zero.p;
@@

coccilib.org.print_todo(p[0], "mdev-eventfd-clear: file descriptor 0 is valid: test for < 0")

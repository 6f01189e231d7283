// SPDX-License-Identifier: GPL-2.0-only
/// The buffer of a capability chain is lost on an error, or freed and left in its place.
///
/// vfio_info_add_capability() reallocates caps.buf. Who owns the struct frees it on every way out;
/// who only fills it leaves it alone: a buffer that was freed and not forgotten is freed twice.
/// Do: kfree(caps.buf) on each error path of the owner; set a freed member to NULL.
// Confidence: High
// Severity: error
// Class: C6
// Options: --no-includes
// Needs: vfio_info_cap vfio_info_add_capability

virtual report
virtual org
virtual context
virtual patch

// The owner: a local chain, an error return after something was added.
@mdev_caps_free_leak exists@
identifier caps;
position p;
@@

 struct vfio_info_cap caps;
 ... when any
 copy_to_user(..., caps.buf, ...)
 ... when != kfree(caps.buf)
     when != kvfree(caps.buf)
 return@p ...;

// Freed through a pointer that somebody else holds, and left there on an error.
@mdev_caps_free_twice exists@
identifier caps;
expression e;
position p;
@@

 kfree@p(caps->buf);
 ... when != caps->buf = e
     when != kfree(caps)
 return ...;

@mdev_caps_free_context1 depends on context && !report && !org@
expression E;
position mdev_caps_free_leak.p;
@@

* E@p

@script:python depends on report@
p << mdev_caps_free_leak.p;
@@

coccilib.report.print_report(p[0], "mdev-caps-free: caps.buf is lost on this way out: kfree() it")

@script:python depends on org@
p << mdev_caps_free_leak.p;
@@

coccilib.org.print_todo(p[0], "mdev-caps-free: caps.buf is lost on this way out: kfree() it")

@mdev_caps_free_context2 depends on context && !report && !org@
expression E;
position mdev_caps_free_twice.p;
@@

* E@p

@script:python depends on report@
p << mdev_caps_free_twice.p;
@@

msg = ("mdev-caps-free: buf is freed and left in its place: the owner frees it "
       "again; set it to NULL")
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_caps_free_twice.p;
@@

msg = ("mdev-caps-free: buf is freed and left in its place: the owner frees it "
       "again; set it to NULL")
coccilib.org.print_todo(p[0], msg)

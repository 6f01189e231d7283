// SPDX-License-Identifier: GPL-2.0-only
/// The result of copy_to_user() or copy_from_user() is returned as if it were an error code.
///
/// They return how many bytes were NOT copied, a positive number. The caller's caller takes it
/// for success, or for the result of the ioctl.
/// Do: return -EFAULT when it is not 0.
// Confidence: High
// Severity: error
// Class: C8
// Options: --no-includes
// Needs: copy_to_user copy_from_user __copy_to_user __copy_from_user clear_user
// Fix: mechanical

virtual report
virtual org
virtual context
virtual patch

// Who has the name of what he wraps keeps its promise as well.
@mdev_copyret_wrapper@
identifier f =~ "(copy_(to|from)|clear)_user$";
identifier cp = {copy_to_user, copy_from_user, __copy_to_user, __copy_from_user, clear_user};
position ok;
@@

 f(...)
 {
 <+... cp@ok(...) ...+>
 }

@mdev_copyret_patch depends on patch && !report && !org && !context@
identifier cp = {copy_to_user, copy_from_user, __copy_to_user, __copy_from_user, clear_user};
position p != mdev_copyret_wrapper.ok;
@@

- return cp@p(
+ return cp(
  ...)
+ ? -EFAULT : 0
  ;

@mdev_copyret_ret depends on !patch@
identifier cp = {copy_to_user, copy_from_user, __copy_to_user, __copy_from_user, clear_user};
position p != mdev_copyret_wrapper.ok;
@@

 return cp@p(...);

@mdev_copyret_var depends on !patch@
identifier cp = {copy_to_user, copy_from_user, __copy_to_user, __copy_from_user, clear_user};
identifier ret;
position p != mdev_copyret_wrapper.ok;
@@

 ret = cp@p(...);
 ... when != ret
 return ret;

@mdev_copyret_goto depends on !patch exists@
identifier cp = {copy_to_user, copy_from_user, __copy_to_user, __copy_from_user, clear_user};
identifier ret, l;
expression e;
position p != mdev_copyret_wrapper.ok;
@@

(
 ret = cp@p(...);
 if (ret) { ... when != ret = e
 goto l; }
|
 if ((ret = cp@p(...))) { ... when != ret = e
 goto l; }
|
 ret = cp@p(...);
 if (ret) goto l;
|
 if ((ret = cp@p(...))) goto l;
)
 ... when != ret = e
     when any
 return ret;

@mdev_copyret_prop depends on !patch exists@
identifier cp = {copy_to_user, copy_from_user, __copy_to_user, __copy_from_user, clear_user};
identifier ret;
position p != mdev_copyret_wrapper.ok;
@@

 ret = cp@p(...);
 if (ret)
  return ret;

@mdev_copyret_context1 depends on context && !report && !org@
expression E;
position mdev_copyret_ret.p;
@@

* E@p

@script:python depends on report@
p << mdev_copyret_ret.p;
cp << mdev_copyret_ret.cp;
@@

msg = ("mdev-copyret: %s() returns a count of bytes, not an error: return -EFAULT "
       "when it is not 0") % (cp)
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_copyret_ret.p;
cp << mdev_copyret_ret.cp;
@@

msg = ("mdev-copyret: %s() returns a count of bytes, not an error: return -EFAULT "
       "when it is not 0") % (cp)
coccilib.org.print_todo(p[0], msg)

@mdev_copyret_context2 depends on context && !report && !org@
expression E;
position mdev_copyret_var.p;
@@

* E@p

@script:python depends on report@
p << mdev_copyret_var.p;
cp << mdev_copyret_var.cp;
@@

msg = ("mdev-copyret: %s() returns a count of bytes, not an error: return -EFAULT "
       "when it is not 0") % (cp)
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_copyret_var.p;
cp << mdev_copyret_var.cp;
@@

msg = ("mdev-copyret: %s() returns a count of bytes, not an error: return -EFAULT "
       "when it is not 0") % (cp)
coccilib.org.print_todo(p[0], msg)

@mdev_copyret_context3 depends on context && !report && !org@
expression E;
position mdev_copyret_goto.p;
@@

* E@p

@script:python depends on report@
p << mdev_copyret_goto.p;
cp << mdev_copyret_goto.cp;
@@

msg = ("mdev-copyret: %s() returns a count of bytes, not an error: return -EFAULT "
       "when it is not 0") % (cp)
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_copyret_goto.p;
cp << mdev_copyret_goto.cp;
@@

msg = ("mdev-copyret: %s() returns a count of bytes, not an error: return -EFAULT "
       "when it is not 0") % (cp)
coccilib.org.print_todo(p[0], msg)

@mdev_copyret_context4 depends on context && !report && !org@
expression E;
position mdev_copyret_prop.p;
@@

* E@p

@script:python depends on report@
p << mdev_copyret_prop.p;
cp << mdev_copyret_prop.cp;
@@

msg = ("mdev-copyret: %s() returns a count of bytes, not an error: return -EFAULT "
       "when it is not 0") % (cp)
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_copyret_prop.p;
cp << mdev_copyret_prop.cp;
@@

msg = ("mdev-copyret: %s() returns a count of bytes, not an error: return -EFAULT "
       "when it is not 0") % (cp)
coccilib.org.print_todo(p[0], msg)

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Revoking the mappings of one device leaves those of its neighbours alone: of a second device,
 * and of a virtual processor, whose descriptor is an anonymous inode like a device's.
 * Needs the fixture mdkirq and /dev/kvm.
 */
#include <fcntl.h>
#include <linux/kvm.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "client.h"

#define MEMORY_BAR (2ULL << 40)

/* A machine of one page of memory with one instruction in it. */
struct machine {
	int kvm, vm, vcpu;
	struct kvm_run *run;
};

static bool machine_run(const struct machine *m)
{
	struct kvm_sregs sregs;
	struct kvm_regs regs = { .rflags = 2 };

	if (ioctl(m->vcpu, KVM_GET_SREGS, &sregs))
		return false;
	sregs.cs.base = 0;
	sregs.cs.selector = 0;
	return !ioctl(m->vcpu, KVM_SET_SREGS, &sregs) && !ioctl(m->vcpu, KVM_SET_REGS, &regs) &&
	       !ioctl(m->vcpu, KVM_RUN, 0) && m->run->exit_reason == KVM_EXIT_HLT;
}

static bool machine_start(struct machine *m)
{
	struct kvm_userspace_memory_region region = { .memory_size = PAGE };
	unsigned char *page = memory(PAGE);

	page[0] = 0xf4;		/* hlt */
	region.userspace_addr = (uintptr_t)page;
	m->kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	m->vm = ioctl(m->kvm, KVM_CREATE_VM, 0);
	if (m->vm < 0 || ioctl(m->vm, KVM_SET_USER_MEMORY_REGION, &region))
		return false;
	m->vcpu = ioctl(m->vm, KVM_CREATE_VCPU, 0);
	if (m->vcpu < 0)
		return false;
	m->run = mmap(NULL, ioctl(m->kvm, KVM_GET_VCPU_MMAP_SIZE, 0), PROT_READ | PROT_WRITE,
		      MAP_SHARED, m->vcpu, 0);
	return m->run != MAP_FAILED && machine_run(m);
}

static long faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_minflt + usage.ru_majflt;
}

/* Is it mapped? What was taken away comes back by a fault, and is then mapped again. */
static bool present(const volatile void *page)
{
	long before = faults();

	*(const volatile unsigned int *)page;
	return faults() == before;
}

static volatile unsigned int *map_device(struct vfio *v, const char *uuid)
{
	void *at;

	write_file(class_path("mdkirq/mdev_supported_types/mdkirq-1/create"), uuid);
	if (open_user(v, uuid))
		return NULL;
	at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, v->device, MEMORY_BAR);
	return at == MAP_FAILED ? NULL : at;
}

static void neighbours_are_there(const char *after, const struct machine *m,
				 const volatile void *of_b)
{
	char name[80];

	snprintf(name, sizeof(name), "%s.the_other_device_keeps_its_page", after);
	ok(present(of_b), name);
	snprintf(name, sizeof(name), "%s.the_virtual_processor_keeps_its_page", after);
	ok(present(m->run), name);
}

int revoke_main(void)
{
	struct vfio a = VFIO_CLOSED, b = VFIO_CLOSED;
	volatile unsigned int *of_a, *of_b;
	struct machine m = { -1, -1, -1, NULL };

	of_a = map_device(&a, UUID_A);
	of_b = map_device(&b, UUID_B);
	if (!ok(of_a && of_b, "two_devices_are_mapped") ||
	    !ok(machine_start(&m), "a_virtual_processor_runs"))
		return 1;
	*of_a = 1;
	*of_b = 2;
	ok(present(of_a) && present(of_b) && present(m.run), "all_pages_are_there");

	ioctl(a.device, VFIO_DEVICE_RESET, NULL);
	ok(!present(of_a), "reset.takes_the_device_s_own_page");
	neighbours_are_there("reset", &m, of_b);
	munmap((void *)of_a, PAGE);
	close_user(&a);
	if (remove_mdev(UUID_A))
		diag("the first device was not removed");
	neighbours_are_there("removal", &m, of_b);
	ok(*of_b == 2 && machine_run(&m), "both_go_on");
	return done();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "parser/sandbox.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#else
#error "seccomp: this machine's AUDIT_ARCH is not known here"
#endif

/* -- seccomp: a program for the kernel's packet filter -- */

#define FIELD(name) ((uint32_t)offsetof(struct seccomp_data, name))
/* The low half of an argument: both machines are little-endian. */
#define ARGUMENT(n) (FIELD(args) + 8u * (n))

#define LOAD(at) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (at))
#define ANSWER(what) BPF_STMT(BPF_RET | BPF_K, (what))
#define KILL SECCOMP_RET_KILL_PROCESS
#define NO_MEMORY (SECCOMP_RET_ERRNO | ENOMEM)
/* brk answers with the end of the heap: one at 0 is not what was asked for,
 * while an error number would be taken for a high address. */
#define NO_HEAP (SECCOMP_RET_ERRNO | 0)
/* Where the loaded word is k, the next instruction, else the one after it. */
#define IS(k) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (k), 0, 1)
#define HAS_BIT(k) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (k), 0, 1)
#define CALL(name, what) IS(__NR_##name), ANSWER(what)

/* Of another machine, and on x86-64 of its 32-bit relative x32, a number means
 * another call. */
#define ON_THIS_MACHINE                                                        \
	LOAD(FIELD(arch)), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0),    \
		ANSWER(KILL), LOAD(FIELD(nr)),                                 \
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),         \
		ANSWER(KILL)

#if SANDBOX_SANITIZED
static const struct sock_filter program[] = {
	ON_THIS_MACHINE,
	CALL(openat, KILL),
	CALL(openat2, KILL),
	CALL(socket, KILL),
	CALL(socketpair, KILL),
	CALL(connect, KILL),
	CALL(execve, KILL),
	CALL(execveat, KILL),
	CALL(ptrace, KILL),
	CALL(process_vm_readv, KILL),
	CALL(process_vm_writev, KILL),
	CALL(kill, KILL),
	CALL(clone3, KILL),
	CALL(clone, KILL),
	CALL(io_uring_setup, KILL),
#ifdef __NR_open
	CALL(open, KILL),
	CALL(creat, KILL),
	CALL(fork, KILL),
	CALL(vfork, KILL),
#endif
	/* mprotect and mmap: not to be executed. */
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_mprotect, 1, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_mmap, 0, 3),
	LOAD(ARGUMENT(2)),
	HAS_BIT(PROT_EXEC),
	ANSWER(KILL),
	ANSWER(SECCOMP_RET_ALLOW),
};
#else
static const struct sock_filter program[] = {
	ON_THIS_MACHINE,
	CALL(read, SECCOMP_RET_ALLOW),
	CALL(write, SECCOMP_RET_ALLOW),
	CALL(munmap, SECCOMP_RET_ALLOW),
	CALL(brk, NO_HEAP),
	CALL(mremap, NO_MEMORY),
	CALL(exit_group, SECCOMP_RET_ALLOW),
	CALL(rt_sigreturn, SECCOMP_RET_ALLOW),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_mmap, 0, 5),
	LOAD(ARGUMENT(2)),
	HAS_BIT(PROT_EXEC),
	ANSWER(KILL),
	LOAD(ARGUMENT(3)),
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, MAP_ANONYMOUS, 1, 0),
	ANSWER(KILL),
	ANSWER(SECCOMP_RET_ALLOW),
};
#endif

#define REFUSE (SECCOMP_RET_ERRNO | EPERM)
static const struct sock_filter network[] = {
	ON_THIS_MACHINE,
#if SANDBOX_SANITIZED
	CALL(execve, REFUSE),
	CALL(execveat, REFUSE),
	CALL(ptrace, REFUSE),
	CALL(kill, REFUSE),
	CALL(process_vm_readv, REFUSE),
	CALL(process_vm_writev, REFUSE),
	ANSWER(SECCOMP_RET_ALLOW),
#else
	CALL(read, SECCOMP_RET_ALLOW),
	CALL(write, SECCOMP_RET_ALLOW),
	CALL(recvfrom, SECCOMP_RET_ALLOW),
	CALL(sendto, SECCOMP_RET_ALLOW),
	CALL(recvmsg, SECCOMP_RET_ALLOW),
	CALL(sendmsg, SECCOMP_RET_ALLOW),
#ifdef __NR_poll
	CALL(poll, SECCOMP_RET_ALLOW),
#endif
	CALL(ppoll, SECCOMP_RET_ALLOW),
	CALL(accept4, SECCOMP_RET_ALLOW),
	CALL(connect, SECCOMP_RET_ALLOW),
	CALL(getsockopt, SECCOMP_RET_ALLOW),
	CALL(setsockopt, SECCOMP_RET_ALLOW),
	CALL(shutdown, SECCOMP_RET_ALLOW),
	CALL(close, SECCOMP_RET_ALLOW),
	CALL(fcntl, SECCOMP_RET_ALLOW),
	CALL(munmap, SECCOMP_RET_ALLOW),
	CALL(mremap, SECCOMP_RET_ALLOW),
	CALL(madvise, SECCOMP_RET_ALLOW),
	CALL(brk, SECCOMP_RET_ALLOW),
	CALL(futex, SECCOMP_RET_ALLOW),
	CALL(getrandom, SECCOMP_RET_ALLOW),
	CALL(clock_gettime, SECCOMP_RET_ALLOW),
	CALL(gettimeofday, SECCOMP_RET_ALLOW),
	CALL(getpid, SECCOMP_RET_ALLOW),
	CALL(restart_syscall, SECCOMP_RET_ALLOW),
	CALL(rt_sigreturn, SECCOMP_RET_ALLOW),
	CALL(rt_sigprocmask, SECCOMP_RET_ALLOW),
	CALL(exit_group, SECCOMP_RET_ALLOW),
	/* mprotect and mmap: not to be executed. */
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_mprotect, 1, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_mmap, 0, 4),
	LOAD(ARGUMENT(2)),
	HAS_BIT(PROT_EXEC), ANSWER(REFUSE), ANSWER(SECCOMP_RET_ALLOW),
	/* socket: of the internet alone. */
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_socket, 0, 5),
	LOAD(ARGUMENT(0)),
	IS(2 /* AF_INET */), ANSWER(SECCOMP_RET_ALLOW),
	IS(10 /* AF_INET6 */), ANSWER(SECCOMP_RET_ALLOW),
	ANSWER(REFUSE),
#endif
};

static bool filter(const struct sock_filter *of, size_t count)
{
	/* The kernel's struct lacks the const that it keeps. */
	struct sock_filter copy[128];
	struct sock_fprog p = {(unsigned short)count, copy};

	for (size_t i = 0; i < count; i++)
		copy[i] = of[i];
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &p) == 0;
}

/* -- Landlock -- */

/* linux/landlock.h of Linux 6.12; older headers know less of it. */
enum {
	CREATE_RULESET = 444,
	RESTRICT_SELF = 446,
	VERSION_WANTED = 1, /* flag: the ABI, and no ruleset */
};
struct ruleset {
	uint64_t files, net, scoped;
};

/* All rights that an ABI knows; a right that it does not know is refused. */
static struct ruleset all_of(long abi)
{
	struct ruleset r = {.files = 0x1fff};

	if (abi >= 2)
		r.files |= 1 << 13; /* REFER */
	if (abi >= 3)
		r.files |= 1 << 14; /* TRUNCATE */
	if (abi >= 5)
		r.files |= 1 << 15; /* IOCTL_DEV */
	if (abi >= 4)
		r.net = 3; /* BIND_TCP, CONNECT_TCP */
	if (abi >= 6)
		r.scoped = 3; /* ABSTRACT_UNIX_SOCKET, SIGNAL */
	return r;
}

static size_t size_of(long abi)
{
	return abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
}

/* A ruleset without a rule: nothing is allowed; net: nor TCP. */
static int enter_landlock(bool net)
{
	long abi = syscall(CREATE_RULESET, NULL, 0, VERSION_WANTED);
	struct ruleset r;
	long fd;
	bool ok;

	if (abi < 1)
		return 0;
	r = all_of(abi);
	if (!net)
		r.net = r.scoped = 0;
	fd = syscall(CREATE_RULESET, &r, size_of(abi), 0);
	if (fd < 0)
		return 0;
	ok = syscall(RESTRICT_SELF, fd, 0) == 0;
	(void)close((int)fd);
	return ok ? (int)abi : 0;
}

/* -- all -- */

static bool bound(int what, rlim_t most)
{
	struct rlimit l = {most, most};

	return setrlimit((__rlimit_resource_t)what, &l) == 0;
}

void sandbox_enter(size_t memory, struct sandbox *out)
{
	*out = (struct sandbox){0};
	(void)close_range(SANDBOX_SANITIZED ? 3 : 2, ~0u, 0);
	(void)bound(RLIMIT_CORE, 0);
	(void)bound(RLIMIT_FSIZE, 0);
	if (!SANDBOX_SANITIZED) {
		(void)bound(RLIMIT_NPROC, 0);
		if (bound(RLIMIT_AS, memory))
			out->memory = memory;
	}
	out->no_new_privileges = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
	out->landlock = enter_landlock(true);
	out->seccomp = filter(program, sizeof program / sizeof *program);
}

void sandbox_network(void)
{
	(void)bound(RLIMIT_CORE, 0);
	(void)bound(RLIMIT_FSIZE, 0);
	if (!SANDBOX_SANITIZED)
		(void)bound(RLIMIT_NPROC, 0);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return;
	(void)enter_landlock(false);
	(void)filter(network, sizeof network / sizeof *network);
}

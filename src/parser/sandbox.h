/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sandbox.h - what a process that reads strangers' bytes gives up before it
 * reads the first of them (docs/design/PROOF.md, "Hostile files").
 *
 * All file descriptors but 0 and 1; memory beyond a bound; files, processes
 * and core dumps, by rlimits; new privileges; every file, TCP port, abstract
 * socket and signal, by Landlock; every system call, by seccomp, but
 *
 *	read write exit_group rt_sigreturn munmap
 *	mmap       anonymous and never executable
 *	brk mremap are refused without harm, as malloc() then maps
 *
 * Any other call ends the process with SIGSYS, which nothing in it can catch.
 * There is no way back.
 *
 * Built with a sanitizer, whose runtime opens, maps and starts threads, it
 * forbids instead what a parser never does: files, sockets, programs, new
 * processes, ptrace, signals to others, memory that can be executed; fd 2 stays
 * open and memory is not bounded. */
#ifndef PARSER_SANDBOX_H
#define PARSER_SANDBOX_H

#include <stddef.h>

#include "base/fault.h"

struct sandbox { /* what holds */
	bool seccomp;
	bool no_new_privileges;
	int landlock;  /* ABI that the kernel gave; 0: none */
	size_t memory; /* bytes of address space; 0: no bound */
};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANDBOX_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANDBOX_SANITIZED 1
#endif
#endif
#ifndef SANDBOX_SANITIZED
#define SANDBOX_SANITIZED 0
#endif

/* What the kernel refuses is left out, and said in *out. */
void sandbox_enter(size_t memory, struct sandbox *out);

/* For a process that speaks to the network: no file, program, process or
 * privilege any more, nor a system call but those of sockets, memory and time;
 * others fail with EPERM.  File descriptors stay as they are.  What the kernel
 * refuses is left out. */
void sandbox_network(void);

#endif

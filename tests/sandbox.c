/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sandbox.c - parsers that do what a parser never does, each in a child of this
 * very program: the `formats` below stand in place of the product's.  Files,
 * sockets, programs, processes and executable memory end the child; so do
 * endless loops and idling; memory is bounded; what a child invents is refused;
 * one that is killed in mid-file costs nothing. */
#include "check.h"
#include "parser/parser.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { SEGMENTS = 4000, SAMPLES = 700, BIG = 900 * 1000 };

static int any(struct bytes b, const struct origin *o)
{
	(void)b;
	(void)o;
	return 0;
}

#define FORMAT(x)                                                             \
	static const struct format x = {#x, "hostile", false, any, do_##x}

#define DOES(x)                                                               \
	static bool do_##x(struct bytes in, const struct origin *o,           \
		struct arena *a, const struct intake *to, struct fault *f)

#define UNUSED ((void)in, (void)o, (void)a, (void)to, (void)f)

/* true: it was not stopped. */
#define TRIES(x, call)                                                        \
	DOES(x)                                                               \
	{                                                                     \
		long got = (long)(call);                                      \
		UNUSED;                                                       \
		return got != 77;                                             \
	}                                                                     \
	FORMAT(x)

TRIES(opens, open("/etc/passwd", O_RDONLY));
TRIES(creates, open("/tmp/truce-sandbox-test", O_WRONLY | O_CREAT, 0600));
TRIES(sockets, socket(AF_INET, SOCK_STREAM, 0));
TRIES(unix_sockets, socket(AF_UNIX, SOCK_STREAM, 0));
TRIES(execs, execl("/bin/true", "true", (char *)NULL));
TRIES(forks, fork());
TRIES(traces, ptrace(PTRACE_TRACEME, 0, NULL, NULL));
TRIES(kills, kill(getppid(), SIGTERM));
TRIES(maps_code, mmap(NULL, 4096, PROT_READ | PROT_EXEC,
	MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
TRIES(x32, syscall(0x40000000 + 39));
#if !SANDBOX_SANITIZED
TRIES(makes_code, mprotect((void *)((uintptr_t)a->at & ~(uintptr_t)4095), 4096,
	PROT_READ | PROT_EXEC));
TRIES(maps_file, mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 0, 0));
TRIES(asks, getpid() + (int)syscall(SYS_gettid));
#endif

DOES(crashes)
{
	volatile int *volatile p = NULL;

	UNUSED;
	*p = 1;
	return true;
}
FORMAT(crashes);

DOES(loops)
{
	volatile uint64_t n = 1;

	UNUSED;
	while (n)
		n += 2;
	return true;
}
FORMAT(loops);

DOES(sleeps) /* the parent says nothing more */
{
	char c;

	UNUSED;
	return read(0, &c, 1) == 1;
}
FORMAT(sleeps);

DOES(hoards)
{
	size_t all = 0, step = 16 << 20;
	void *p;

	UNUSED;
	while ((p = malloc(step))) {
		memset(p, 1, step);
		all += step;
		if (all > (size_t)2 << 30)
			return true; /* nobody stopped it */
	}
	return fault(f, FAULT_LIMIT, "no memory after %zu MiB", all >> 20);
}
FORMAT(hoards);

DOES(babbles)
{
	const struct fault why = {FAULT_INPUT, "again"};

	UNUSED;
	while (to->damage(to->self, &why, 0, 1, f))
		;
	return true;
}
FORMAT(babbles);

/* Segments of two shapes, one longer than a part may be. */
static bool give(const struct intake *to, struct fault *f)
{
	static int32_t counts[BIG];
	struct segment s = {.channel = "XX_A", .rate_hz = 100, .scale = NAN,
		.time_quality = NAN, .counts = counts,
		.start = {INT64_C(1770091506000000000)}};

	for (size_t i = 0; i < SEGMENTS; i++) {
		s.count = s.declared = i == 2000 ? BIG : SAMPLES;
		for (size_t k = 0; k < s.count; k++)
			counts[k] = (int32_t)(i * 7919 + k * k);
		if (!to->segment(to->self, &s, f))
			return false;
	}
	return true;
}

DOES(gives)
{
	UNUSED;
	return give(to, f);
}
FORMAT(gives);

DOES(cites_beyond)
{
	const struct fault why = {FAULT_INPUT, "beyond"};

	UNUSED;
	return to->damage(to->self, &why, 1, in.len, f);
}
FORMAT(cites_beyond);

DOES(forges) /* an answer of its own, past the outbox */
{
	uint8_t bad[32] = {0xff, 0xff, 0xff, 0xff};

	UNUSED;
	return write(1, bad, sizeof bad) == sizeof bad;
}
FORMAT(forges);

DOES(wanders)
{
	struct observation x = observation_new(OBSERVATION_REPORT);

	UNUSED;
	x.source = "S";
	x.kind = (enum kind)KIND_COUNT;
	return to->observation(to->self, &x, f);
}
FORMAT(wanders);

DOES(asks_exit)
{
	UNUSED;
	_exit(3);
}
FORMAT(asks_exit);

const struct format *const formats[] = {&asks_exit, &babbles, &cites_beyond,
	&crashes, &creates, &execs, &forges, &forks, &gives, &hoards, &kills,
	&loops, &maps_code, &opens, &sleeps, &sockets, &traces, &unix_sockets,
	&wanders, &x32,
#if !SANDBOX_SANITIZED
	&asks, &makes_code, &maps_file,
#endif
	NULL};

struct heard {
	struct parsers *all;
	uint64_t segments, hash;
	int kills; /* how many children to kill in mid-file */
};

static bool segment(void *self, const struct segment *s, struct fault *f)
{
	struct heard *h = self;
	struct parsers_seen seen;

	(void)f;
	h->segments++;
	for (size_t i = 0; i < s->count; i++)
		h->hash = (h->hash ^ (uint32_t)s->counts[i]) *
			UINT64_C(1099511628211);
	if (h->kills > 0 && h->segments % 1500 == 0) {
		parsers_seen(h->all, &seen);
		(void)kill(seen.last, SIGKILL);
		h->kills--;
	}
	return true;
}

static bool damage(void *self, const struct fault *why, uint64_t offset,
	uint64_t length, struct fault *f)
{
	(void)self;
	(void)why;
	(void)offset;
	(void)length;
	(void)f;
	return true;
}

static bool parse(struct parsers *all, const char *format, struct parse *p,
	struct heard *h, struct fault *f)
{
	static const struct origin o = {"x", ""};
	const struct intake to = {
		h, segment, intake_no_observation, damage, false};
	static struct arena scratch;

	if (!scratch.at && !arena_map(&scratch, (size_t)1 << 30, f))
		abort();
	scratch.used = 0;
	*h = (struct heard){.all = all, .kills = h->kills};
	*p = (struct parse){.format = format_named(format),
		.in = bytes_of("hostile bytes"), .origin = &o,
		.scratch = &scratch};
	*f = (struct fault){0};
	return parsers_decode(all, p, &to, f);
}

/* -- tests -- */

static void dies(struct parsers *all, const char *format, const char *how)
{
	struct heard h = {0};
	struct fault f;
	struct parse p;
	bool ok = parse(all, format, &p, &h, &f);

	CHECK(!ok && p.deaths == PARSER_DEATHS && f.kind == FAULT_INPUT &&
		strstr(f.text, how), "%s: %s", format, f.text);
}

static void forbidden(struct parsers *all)
{
	static const char *const all_of[] = {"opens", "creates", "sockets",
		"unix_sockets", "execs", "forks", "traces", "kills",
		"maps_code", "x32",
#if !SANDBOX_SANITIZED
		"makes_code", "maps_file", "asks",
#endif
	};

	for (size_t i = 0; i < sizeof all_of / sizeof *all_of; i++)
		dies(all, all_of[i], "SIGSYS");
	CHECK(access("/tmp/truce-sandbox-test", F_OK) != 0, "no file is made");
}

static void hold(struct parsers *all)
{
	struct sandbox s;
	struct fault f;
	bool ok = parsers_hold(all, &s, &f);

	CHECK(ok && s.no_new_privileges, "no new privileges");
	if (ok && s.seccomp)
		CHECK(true, "seccomp holds");
	else
		CHECK_SKIP("the kernel refuses seccomp here");
	if (ok && s.landlock > 0)
		CHECK(true, "Landlock holds, ABI %d", s.landlock);
	else
		CHECK_SKIP("this kernel has no Landlock");
	CHECK(ok && (SANDBOX_SANITIZED || s.memory == (size_t)512 << 20),
		"memory is bounded");
}

static void bounded(struct parsers *all)
{
	struct heard h = {0};
	struct fault f;
	struct parse p;

	dies(all, "loops", "SIGXCPU");
	dies(all, "sleeps", "did nothing");
	dies(all, "babbles", "says more");
	if (SANDBOX_SANITIZED) {
		CHECK_SKIP("memory is not bounded under a sanitizer");
		/* The runtime opens its own map to report it. */
		dies(all, "crashes", "died");
		return;
	}
	dies(all, "crashes", "SIGSEGV");
	CHECK(!parse(all, "hoards", &p, &h, &f) && p.deaths == 0 &&
		f.kind == FAULT_LIMIT, "hoards: %s", f.text);
}

static void lies(struct parsers *all)
{
	dies(all, "cites_beyond", "what cannot be");
	dies(all, "wanders", "what cannot be");
	dies(all, "forges", "no message");
	dies(all, "asks_exit", "ended with 3");
}

static void mid_file(struct parsers *all)
{
	struct heard plain = {0}, h = {.kills = 1}, twice = {.kills = 2};
	struct fault f;
	struct parse p;
	bool ok = parse(all, "gives", &p, &plain, &f);

	CHECK(ok && p.deaths == 0 && plain.segments == SEGMENTS,
		"%d segments, one of %d samples, all come", SEGMENTS, BIG);
	ok = parse(all, "gives", &p, &h, &f);
	CHECK(ok && p.deaths == 1 && strstr(p.died.text, "SIGKILL"),
		"kill -9 in mid-file is survived, and said: %s", p.died.text);
	CHECK(h.segments == plain.segments && h.hash == plain.hash,
		"and costs nothing: the same samples, each once");
	ok = parse(all, "gives", &p, &twice, &f);
	CHECK(!ok && p.deaths == PARSER_DEATHS, "twice: %s", f.text);
}

struct thread {
	struct parsers *all;
	uint64_t hash;
	bool ok;
};

static void *one_thread(void *self)
{
	struct thread *t = self;
	struct arena scratch;
	struct fault f;

	t->ok = arena_map(&scratch, (size_t)64 << 20, &f);
	for (int i = 0; t->ok && i < 3; i++) {
		static const struct origin o = {"x", ""};
		struct heard h = {.all = t->all};
		const struct intake to = {
			&h, segment, intake_no_observation, damage, false};
		struct parse p = {.format = format_named("gives"),
			.in = bytes_of("bytes"), .origin = &o,
			.scratch = &scratch};

		t->ok = parsers_decode(t->all, &p, &to, &f);
		t->hash = h.hash;
	}
	arena_unmap(&scratch);
	return NULL;
}

static void threads(void)
{
	struct thread t[4];
	pthread_t id[4];
	struct parsers *all;
	struct parsers_seen seen;
	struct fault f;
	bool ok = parsers_open(&all, NULL, &f);

	for (size_t i = 0; ok && i < 4; i++) {
		t[i] = (struct thread){.all = all};
		if (pthread_create(&id[i], NULL, one_thread, &t[i]) != 0)
			abort();
	}
	for (size_t i = 0; i < 4; i++) {
		(void)pthread_join(id[i], NULL);
		ok = ok && t[i].ok && t[i].hash == t[0].hash;
	}
	parsers_seen(all, &seen);
	parsers_close(all);
	CHECK(ok && seen.started <= 4, "four threads hear the same, of %llu "
		"children", (unsigned long long)seen.started);
	CHECK(waitpid(-1, NULL, WNOHANG) < 0, "and no child is left");
}

/* What a front door may not do, a bit each, and may. */
static int tries_network(void)
{
	char byte = 0;
	int pair[2], bad = 0;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
		return 255;
	sandbox_network();
	bad |= open("/etc/passwd", O_RDONLY) >= 0 ? 1 : 0;
	bad |= socket(AF_UNIX, SOCK_STREAM, 0) >= 0 ? 2 : 0;
	bad |= socket(AF_NETLINK, SOCK_RAW, 0) >= 0 ? 4 : 0;
	bad |= fork() >= 0 ? 8 : 0;
	(void)execl("/bin/true", "true", NULL); /* would end with 0 */
	bad |= kill(getppid(), 0) == 0 ? 16 : 0;
	bad |= mmap(NULL, 4096, PROT_READ | PROT_EXEC,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED ? 32 : 0;
	bad |= socket(AF_INET, SOCK_STREAM, 0) < 0 ? 64 : 0;
	bad |= send(pair[0], &byte, 1, 0) != 1 || recv(pair[1], &byte, 1, 0) !=
		1 || !realloc(malloc(1000), 10000000) ? 128 : 0;
	return bad == 0 ? 100 : bad;
}

static void network(struct parsers *all)
{
	struct sandbox s;
	struct fault f;
	int status = 0;
	pid_t pid;

	if (SANDBOX_SANITIZED || !parsers_hold(all, &s, &f) || !s.seccomp) {
		CHECK_SKIP("fronts are not confined by seccomp here");
		return;
	}
	pid = fork();
	if (pid == 0)
		_exit(tries_network());
	CHECK(pid > 0 && waitpid(pid, &status, 0) == pid &&
		WIFEXITED(status) && WEXITSTATUS(status) == 100,
		"a front has the internet, and nothing else: %d",
		WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
}

int main(void)
{
	const struct parsers_limits quick = {.cpu_s = 1, .idle_s = 1};
	struct parsers *all;
	struct fault f;

	if (!parsers_open(&all, &quick, &f))
		abort();
	hold(all);
	network(all);
	forbidden(all);
	bounded(all);
	lies(all);
	mid_file(all);
	parsers_close(all);
	threads();
	return check_done();
}

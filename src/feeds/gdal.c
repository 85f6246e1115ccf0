/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "feeds/gdal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"

enum { ARGUMENTS = 40, NUMBER = 32, SAID = 400 };

#define LONGEST ((size_t)1 << 30)

struct call {
	char *argv[ARGUMENTS];
	size_t count;
	char number[5][NUMBER];
};

static void say(struct call *c, const char *word)
{
	c->argv[c->count++] = (char *)(uintptr_t)word;
}

static void say_number(struct call *c, int at, double v)
{
	struct text t = text_on(c->number[at], NUMBER);

	text_fmt(&t, "%.7f", v);
	say(c, c->number[at]);
}

static void spell(struct call *c, const struct gdal_wish *w)
{
	static const char *const always[] = {"ogr2ogr", "-f", "GeoJSON",
		"/vsistdout/", "-t_srs", "EPSG:4326", "-lco", "RFC7946=YES",
		"-lco", "COORDINATE_PRECISION=7"};

	for (size_t i = 0; i < sizeof always / sizeof *always; i++)
		say(c, always[i]);
	if (w->box) {
		say(c, "-clipsrc");
		for (int i = 0; i < 4; i++)
			say_number(c, i, w->box[i]);
	}
	if (w->simplify_deg > 0) {
		say(c, "-simplify");
		say_number(c, 4, w->simplify_deg);
	}
	if (w->where) {
		say(c, "-where");
		say(c, w->where);
	}
	say(c, w->path);
	if (w->layer)
		say(c, w->layer);
	say(c, NULL);
}

static void bound(__rlimit_resource_t what, rlim_t to)
{
	struct rlimit r = {to, to};

	(void)setrlimit(what, &r);
}

static _Noreturn void become(const struct call *c, int out, int err)
{
	int none = open("/dev/null", O_RDONLY);

	(void)dup2(none, 0);
	(void)dup2(out, 1);
	(void)dup2(err, 2);
	bound(RLIMIT_CPU, 60);
	bound(RLIMIT_AS, (rlim_t)4 << 30);
	bound(RLIMIT_FSIZE, 0);
	/* A VRT names other files and addresses. */
	(void)setenv("GDAL_SKIP", "OGR_VRT VRT", 1);
	(void)setenv("CPL_DEBUG", "OFF", 1);
	(void)execvp(c->argv[0], c->argv);
	_exit(127);
}

static size_t drain(int fd, uint8_t *at, size_t room)
{
	size_t n = 0;
	ssize_t got;

	while (n < room) {
		got = read(fd, at + n, room - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		n += (size_t)got;
	}
	return n;
}

static bool ended(int status, const char *said, struct fault *f)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return fault(f, FAULT_SYSTEM, "there is no ogr2ogr: install "
			"GDAL's programs (Debian: gdal-bin)");
	if (WIFSIGNALED(status))
		return fault(f, FAULT_INPUT, "ogr2ogr ended by signal %d: more "
			"than a minute, or 4 GiB", WTERMSIG(status));
	if (strncmp(said, "FAILURE:", 8) == 0)
		said += 8 + strspn(said + 8, " \n");
	return fault(f, FAULT_INPUT, "GDAL: %.*s", (int)strcspn(said, "\n"),
		said);
}

bool gdal_geojson(const struct gdal_wish *w, struct arena *a,
	struct bytes *out, struct fault *f)
{
	struct call call = {.count = 0};
	uint8_t *at = arena_room(a, LONGEST, f);
	char said[SAID] = "";
	int to[2], err[2], status = 0;
	pid_t child;
	size_t n;

	if (!at)
		return false;
	spell(&call, w);
	if (pipe2(to, O_CLOEXEC) < 0 || pipe2(err, O_CLOEXEC) < 0)
		return fault_errno(f, "pipe");
	/* It says too much rather than wait for us. */
	(void)fcntl(err[1], F_SETFL, O_NONBLOCK);
	child = fork();
	if (child < 0)
		return fault_errno(f, "fork");
	if (child == 0)
		become(&call, to[1], err[1]);
	(void)close(to[1]);
	(void)close(err[1]);
	n = drain(to[0], at, LONGEST);
	(void)close(to[0]); /* who goes on writing ends by SIGPIPE */
	(void)drain(err[0], (uint8_t *)said, sizeof said - 1);
	(void)close(err[0]);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (n == LONGEST)
		return fault(f, FAULT_LIMIT, "over 1 GiB of shapes");
	*out = (struct bytes){at, n};
	return ended(status, said, f);
}

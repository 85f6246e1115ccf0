/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "feeds/inbox.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "feeds/file.h"

#define SECOND_NS INT64_C(1000000000)
#define MEMORY_BYTES ((size_t)4 << 30)
#define WALK_BYTES ((size_t)1 << 30)

enum {
	BUCKETS = 1 << 16,
	FOLDERS_MAX = 65536,
	EVENTS_BYTES = 64 << 10,
	PATH_BYTES = 4096,
	TICK_MS = 100,
	AGE_S = 60, /* more is no more */
	WALK_SHARE = 20, /* of the time at most one part in so many */
};

#define EVENTS (IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_ONLYDIR)

struct sign { /* by which a change shows */
	uint64_t device, inode, size;
	int64_t changed_ns, modified_ns;
};

struct seen { /* a file */
	struct seen *next;      /* of its bucket */
	struct seen *waits_next;
	const char *path;
	struct sign sign;
	int64_t since_ns; /* monotonic: the sign is as it is */
	bool waits, known; /* known: `sign` is */
};

struct folder { /* watched, by its number */
	int watch;
	const char *path; /* relative; "" the inbox */
};

struct inbox {
	char root[PATH_BYTES];
	int notes; /* inotify */
	struct arena memory, walking;
	struct seen **bucket, *waits;
	struct folder *folder;
	size_t folders;
	int64_t walk_ns; /* when the next is due */
	uint64_t walks;
};

static int64_t now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * SECOND_NS + t.tv_nsec;
}

bool inbox_open(struct inbox **out, const char *folder, struct fault *f)
{
	struct inbox *x = calloc(1, sizeof *x);
	struct text root;

	*out = NULL;
	if (!x)
		return fault(f, FAULT_LIMIT, "no memory");
	root = text_on(x->root, sizeof x->root);
	text_add(&root, folder);
	x->notes = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (x->notes < 0)
		fault_errno(f, "inotify");
	else if (text_check(&root, f) &&
		arena_map(&x->memory, MEMORY_BYTES, f) &&
		arena_map(&x->walking, WALK_BYTES, f) &&
		(x->bucket = arena_array(&x->memory, BUCKETS,
			 sizeof(struct seen *), f)) &&
		(x->folder = arena_array(&x->memory, FOLDERS_MAX,
			 sizeof *x->folder, f)))
		*out = x;
	if (!*out)
		inbox_close(x);
	return *out != NULL;
}

void inbox_close(struct inbox *x)
{
	if (!x)
		return;
	if (x->notes >= 0)
		(void)close(x->notes);
	arena_unmap(&x->walking);
	arena_unmap(&x->memory);
	free(x);
}

uint64_t inbox_walks(const struct inbox *x)
{
	return x->walks;
}

static bool path_of(const struct inbox *x, const char *path,
	char out[PATH_BYTES])
{
	struct text t = text_on(out, PATH_BYTES);
	struct fault no;

	text_fmt(&t, "%s/%s", x->root, path);
	return text_check(&t, &no);
}

/* -- folders -- */

static bool is_watched(const struct inbox *x, int watch)
{
	for (size_t i = x->folders; i > 0; i--)
		if (x->folder[i - 1].watch == watch)
			return true;
	return false;
}

/* What cannot be watched is walked. */
static bool watch(struct inbox *x, const char *path, struct fault *f)
{
	char at[PATH_BYTES];
	int n;

	if (!path_of(x, path, at) || x->folders == FOLDERS_MAX)
		return true;
	n = inotify_add_watch(x->notes, at, EVENTS);
	if (n < 0 || is_watched(x, n))
		return true;
	x->folder[x->folders].watch = n;
	x->folder[x->folders].path = arena_text(&x->memory, bytes_of(path), f);
	return x->folder[x->folders++].path != NULL;
}

/* -- files -- */

static struct seen **bucket(struct inbox *x, const char *path)
{
	uint32_t h = 2166136261u; /* FNV-1a */

	for (const char *s = path; *s; s++)
		h = (h ^ (uint8_t)*s) * 16777619u;
	return &x->bucket[h % BUCKETS];
}

static struct seen *find(struct inbox *x, const char *path, struct fault *f)
{
	struct seen **b = bucket(x, path);

	for (struct seen *s = *b; s; s = s->next)
		if (strcmp(s->path, path) == 0)
			return s;
	struct seen *s = arena_take(&x->memory, sizeof *s, f);
	if (!s || !(s->path = arena_text(&x->memory, bytes_of(path), f)))
		return NULL;
	s->next = *b;
	*b = s;
	return s;
}

static struct sign sign_of(const struct stat *st)
{
	return (struct sign){(uint64_t)st->st_dev, (uint64_t)st->st_ino,
		(uint64_t)st->st_size,
		st->st_ctim.tv_sec * SECOND_NS + st->st_ctim.tv_nsec,
		st->st_mtim.tv_sec * SECOND_NS + st->st_mtim.tv_nsec};
}

static bool same(const struct sign *a, const struct sign *b)
{
	return a->device == b->device && a->inode == b->inode &&
		a->size == b->size && a->changed_ns == b->changed_ns &&
		a->modified_ns == b->modified_ns;
}

/* How long the file is as it is: its change time is the system's own. */
static int64_t age_ns(const struct sign *s)
{
	struct timespec t;
	int64_t age;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	age = t.tv_sec * SECOND_NS + t.tv_nsec - s->changed_ns;
	return age < 0 ? 0 : age > AGE_S * SECOND_NS ? AGE_S * SECOND_NS : age;
}

/* Notes what there is; what is new, or changed, waits. */
static bool look(struct inbox *x, const char *path, struct fault *f)
{
	char at[PATH_BYTES];
	struct stat st;
	struct sign sign;
	struct seen *s;

	if (!path_of(x, path, at) || stat(at, &st) < 0 ||
		!S_ISREG(st.st_mode))
		return true;
	if (!(s = find(x, path, f)))
		return false;
	sign = sign_of(&st);
	if (s->known && same(&sign, &s->sign))
		return true;
	s->known = true;
	s->sign = sign;
	s->since_ns = now_ns() - age_ns(&sign);
	if (!s->waits) {
		s->waits = true;
		s->waits_next = x->waits;
		x->waits = s;
	}
	return true;
}

enum writers { WRITERS_NONE, WRITERS_SOME, WRITERS_UNKNOWN };

static enum writers writers_of(const char *at)
{
	int fd = open(at, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	enum writers w = WRITERS_UNKNOWN;

	if (fd < 0)
		return w;
	if (fcntl(fd, F_SETLEASE, F_RDLCK) == 0) {
		(void)fcntl(fd, F_SETLEASE, F_UNLCK);
		w = WRITERS_NONE;
	} else if (errno == EAGAIN) {
		w = WRITERS_SOME;
	}
	(void)close(fd);
	return w;
}

/* Complete?  *gone: it is no file any more. */
static bool complete(struct inbox *x, struct seen *s, bool *gone)
{
	char at[PATH_BYTES];
	struct stat st;
	struct sign sign;
	int64_t now = now_ns(), quiet;
	enum writers w;

	*gone = !path_of(x, s->path, at) || stat(at, &st) < 0 ||
		!S_ISREG(st.st_mode);
	if (*gone)
		return false;
	w = writers_of(at);
	sign = sign_of(&st);
	if (!same(&sign, &s->sign) || w == WRITERS_SOME) {
		s->sign = sign;
		s->since_ns = now;
		return false;
	}
	quiet = w == WRITERS_UNKNOWN || st.st_size == 0
		? INBOX_UNSURE_S * SECOND_NS
		: (int64_t)(INBOX_QUIET_S * 1e9);
	return now - s->since_ns >= quiet;
}

static bool name_complete(struct inbox *x,
	bool (*name)(void *self, const char *path, struct fault *),
	void *self, struct fault *f)
{
	for (struct seen **at = &x->waits; *at;) {
		struct seen *s = *at;
		bool gone = false;

		if (!complete(x, s, &gone) && !gone) {
			at = &s->waits_next;
			continue;
		}
		*at = s->waits_next;
		s->waits = false;
		if (gone)
			s->known = false;
		else if (!name(self, s->path, f))
			return false;
	}
	return true;
}

/* -- walking, and what the kernel tells -- */

/* Each folder on the way to a file. */
static bool watch_above(struct inbox *x, const char *path, struct fault *f)
{
	char at[PATH_BYTES];
	struct text t = text_on(at, sizeof at);
	const char *slash = path;

	while ((slash = strchr(slash, '/'))) {
		t = text_on(at, sizeof at);
		text_bytes(&t, (struct bytes){(const uint8_t *)path,
			(size_t)(slash - path)});
		if (!watch(x, at, f))
			return false;
		slash++;
	}
	return true;
}

static bool walk(struct inbox *x, struct fault *f)
{
	int64_t began = now_ns(), took;
	const char **names, *last = "";
	size_t count, same_folder;

	x->walking.used = 0;
	if (!watch(x, "", f) ||
		!folder_walk(x->root, &x->walking, &names, &count, f))
		return false;
	for (size_t i = 0; i < count; i++) {
		const char *slash = strrchr(names[i], '/');

		same_folder = slash ? (size_t)(slash - names[i]) + 1 : 0;
		if (strncmp(names[i], last, same_folder) != 0 &&
			!watch_above(x, names[i], f))
			return false;
		last = names[i];
		if (!look(x, names[i], f))
			return false;
	}
	took = now_ns() - began;
	x->walk_ns = now_ns() + INBOX_WALK_S * SECOND_NS;
	if (took * WALK_SHARE > INBOX_WALK_S * SECOND_NS)
		x->walk_ns = now_ns() + took * WALK_SHARE;
	x->walks++;
	return true;
}

static const char *folder_of(const struct inbox *x, int n)
{
	for (size_t i = 0; i < x->folders; i++)
		if (x->folder[i].watch == n)
			return x->folder[i].path;
	return NULL;
}

static bool note(struct inbox *x, const struct inotify_event *e,
	struct fault *f)
{
	const char *folder = folder_of(x, e->wd);
	char at[PATH_BYTES];
	struct text t = text_on(at, sizeof at);

	if (e->mask & IN_Q_OVERFLOW)
		x->walk_ns = 0;
	if (!folder || e->len == 0 || e->name[0] == '.')
		return true;
	text_fmt(&t, "%s%s%s", folder, *folder ? "/" : "", e->name);
	if (!text_check(&t, f))
		return true; /* of the system's, and too long for it */
	if (!(e->mask & IN_ISDIR))
		return look(x, at, f);
	x->walk_ns = 0; /* what came into it before it was watched */
	return watch(x, at, f);
}

static bool take_notes(struct inbox *x, struct fault *f)
{
	static _Alignas(struct inotify_event) char at[EVENTS_BYTES];
	ssize_t n;

	while ((n = read(x->notes, at, sizeof at)) > 0)
		for (ssize_t i = 0; i < n;) {
			const struct inotify_event *e =
				(const void *)(at + i);

			if (!note(x, e, f))
				return false;
			i += (ssize_t)(sizeof *e + e->len);
		}
	return true;
}

bool inbox_next(struct inbox *x, int wait_ms,
	bool (*name)(void *self, const char *path, struct fault *),
	void *self, struct fault *f)
{
	struct pollfd one = {.fd = x->notes, .events = POLLIN};
	int64_t due = (x->walk_ns - now_ns()) / (SECOND_NS / 1000);

	if (x->waits && wait_ms > TICK_MS)
		wait_ms = TICK_MS;
	if (due < wait_ms)
		wait_ms = due < 0 ? 0 : (int)due;
	(void)poll(&one, 1, wait_ms);
	return take_notes(x, f) && (now_ns() < x->walk_ns || walk(x, f)) &&
		name_complete(x, name, self, f);
}

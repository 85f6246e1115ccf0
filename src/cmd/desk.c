/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/desk.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/encode.h"
#include "cmd/courier.h"
#include "cmd/take.h"
#include "feeds/file.h"
#include "ledger/sign.h"
#include "model/id.h"
#include "roles/owe.h"
#include "roles/published.h"
#include "roles/reconsider.h"
#include "roles/reviews.h"
#include "roles/steps.h"

extern const struct cmd cmd_review;

enum { KEY_FILE = 1024, ARENA = 1 << 26 };

bool desk_key(const char *path, struct sign_key *k, struct fault *f)
{
	char at[KEY_FILE];
	struct stat st;
	FILE *file = fopen(path, "rbe");
	bool ok = false;
	size_t n;

	if (!file)
		return fault_errno(f, "%s", path);
	if (fstat(fileno(file), &st) != 0) {
		fault_errno(f, "%s", path);
	} else if ((st.st_mode & 077) != 0) {
		fault(f, FAULT_INPUT, "%s: others than its owner can read it: "
			"chmod go= it, and think of the key as known", path);
	} else {
		n = fread(at, 1, sizeof at, file);
		ok = sign_ready(f) && (sign_key_read((struct bytes){
			(uint8_t *)at, n}, k, f) || fault_in(f, "%s", path));
	}
	(void)fclose(file);
	sign_forget(at, sizeof at);
	return ok;
}

bool desk_key_new(const char *path, const char *name, struct sign_key *k,
	struct fault *f)
{
	char at[KEY_FILE];
	struct text t = text_on(at, sizeof at);
	struct text n = text_on(k->name, sizeof k->name);
	bool ok = false;
	int fd;

	text_add(&n, name);
	if (!org_ok(bytes_of(name)))
		return fault(f, FAULT_INPUT, "'%s': a key's name is letters, "
			"digits, dots, dashes, at most %d", name, ORG_MAX);
	if (!sign_ready(f) || !text_check(&n, f))
		return false;
	sign_random(k->seed, sizeof k->seed);
	sign_key_fill(k);
	sign_key_print(k, &t);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno == EEXIST ? fault(f, FAULT_INPUT,
			"%s is there already; nothing was overwritten", path) :
			fault_errno(f, "%s", path);
	ok = write(fd, t.at, t.len) == (ssize_t)t.len && fsync(fd) == 0;
	if (close(fd) != 0)
		ok = false;
	sign_forget(at, sizeof at);
	return ok || fault_errno(f, "%s", path);
}

static bool begin(struct desk *d, const char *folder, struct fault *f)
{
	*d = (struct desk){.folder = folder, .files = {.root = -1},
		.turn = {.lock = -1}, .now = take_now()};
	d->now.utc_ns -= d->now.utc_ns % 1000000;
	return load_folder(folder, f) && arena_map(&d->arena, ARENA, f) &&
		files_open(&d->files, folder, f);
}

bool desk_look(struct desk *d, const char *folder, struct fault *f)
{
	if (!begin(d, folder, f) ||
		!ledger_open(&d->ledger, &d->files.disk, false, f))
		return false;
	d->people = ledger_people(d->ledger);
	return true;
}

bool desk_open(struct desk *d, const char *folder, struct fault *f)
{
	if (!begin(d, folder, f) ||
		!turn_open(&d->turn, &d->files.disk, &d->ledger, f) ||
		!ledger_compare(d->ledger, &courier_http, f))
		return false;
	d->people = ledger_people(d->ledger);
	return true;
}

void desk_close(struct desk *d)
{
	ledger_close(d->ledger);
	turn_close(&d->turn);
	files_close(&d->files);
	arena_unmap(&d->arena);
}

/* -- ids -- */

static bool is_number(const char *s)
{
	return *s && strspn(s, "0123456789") == strlen(s) && strlen(s) < 19;
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return m <= n && strcmp(s + n - m, end) == 0;
}

static bool by_id(struct desk *d, const char *id, uint64_t *index,
	struct fault *f)
{
	const struct people_item *found = NULL;

	if (strlen(id) < 4)
		return fault(f, FAULT_INPUT,
			"'%s' is too short: give 4 letters or more", id);
	for (size_t i = d->people->items; i > 0; i--) {
		const struct people_item *x = &d->people->item[i - 1];
		char at[ID_TEXT];

		if (x->type != ENTRY_INCIDENT && x->type != ENTRY_FINDING)
			continue;
		reviews_id(x, at);
		if (!ends_with(at, id))
			continue;
		if (found && memcmp(found->subject, x->subject,
				     ENTRY_SUBJECT) != 0)
			return fault(f, FAULT_INPUT, "several records end in "
				"'%s': give more letters", id);
		found = found ? found : x;
	}
	if (!found)
		return fault(f, FAULT_INPUT, "nothing has the id '%s'", id);
	*index = found->index;
	return true;
}

bool desk_find(struct desk *d, const char *id, uint64_t *index,
	struct fault *f)
{
	if (!is_number(id))
		return by_id(d, id, index, f);
	*index = strtoull(id, NULL, 10);
	return *index < ledger_size(d->ledger) || fault(f, FAULT_INPUT,
		"there is no entry %s", id);
}

bool desk_item(struct desk *d, const char *id,
	const struct people_item **item, struct fault *f)
{
	uint64_t index = 0;

	if (!desk_find(d, id, &index, f))
		return false;
	*item = people_item_at(d->people, index);
	return *item || fault(f, FAULT_INPUT,
		"entry %" PRIu64 " is none that people review", index);
}

bool desk_sealed(const struct desk *d, uint64_t index)
{
	const struct people_item *x = people_item_at(d->people, index);

	return x && x->type == ENTRY_SEALED && !x->lifted;
}

static bool take_entry(
	void *self, const struct ledger_entry *e, struct fault *f)
{
	*(struct entry *)self = e->entry;
	f->kind = FAULT_NONE;
	return false;
}

bool desk_entry(struct desk *d, uint64_t index, struct entry *e,
	struct fault *f)
{
	f->kind = FAULT_NONE;
	return ledger_read(d->ledger, index, take_entry, e, f) ||
		f->kind == FAULT_NONE;
}

/* -- appending -- */

/* The findings of incidents of which people made versions, anew. */
static bool judge_anew(struct desk *d, struct store *s, const struct loaded *l,
	struct fault *f)
{
	struct reconsidering r = {.store = s, .ledger = d->ledger,
		.disk = &d->files.disk, .mission = &l->mission,
		.terms = l->terms, .now = d->now};
	bool ok = !l->terms || reconsider(&r, f);

	d->changed += r.changed;
	return ok;
}

/* What people make of findings may reach a pledge's trigger, or leave it. */
static bool owe(struct desk *d, struct store *s, const struct loaded *l,
	struct fault *f)
{
	struct rows rows = {.store = s};
	struct owe_ask ask = {.rows = &rows, .ledger = d->ledger,
		.disk = &d->files.disk, .clock = d->now,
		.pledges = l->pledges};
	struct owe_done done;
	bool ok = !owe_wanted(l->pledges) ||
		(rows_open(&rows, s, f) && owe_all(&ask, &done, f) &&
			(done.logged == 0 || ledger_sign(d->ledger, f)));

	rows_close(&rows);
	return ok;
}

static bool follow(struct desk *d, struct store *s, struct fault *f)
{
	struct loaded l;
	bool ok;

	/* What is wrong with its files is for `truce check` to say. */
	if (load_mission(&cmd_review, d->folder, &l) != EXIT_DONE)
		return true;
	ok = l.wrong > 0 || ((!d->versions || judge_anew(d, s, &l, f)) &&
		owe(d, s, &l, f));
	load_free(&l);
	return ok;
}

static bool tell_index(struct desk *d, struct fault *f)
{
	struct store store = {stores[0], NULL};
	bool ok;

	/* `truce run` does it then, when that is done. */
	if (turn_replaying(&d->files.disk))
		return true;
	if (!store.engine->open(&store, d->folder, true, f))
		return false;
	ok = reviews_index(&store, d->ledger, f) && follow(d, &store, f) &&
		steps_index(&store, d->ledger, f) &&
		published_index(&store, d->ledger, f);
	store.engine->close(&store);
	return ok;
}

bool desk_tell(const char *folder, struct fault *f)
{
	struct desk d;
	bool ok;

	ok = desk_open(&d, folder, f);
	d.versions = true;
	ok = ok && tell_index(&d, f);
	desk_close(&d);
	return ok;
}

bool desk_append_all(struct desk *d, struct ledger_item *item, size_t count,
	struct fault *f)
{
	d->logged = ledger_append(d->ledger, item, count, f);
	return d->logged && ledger_sign(d->ledger, f) && tell_index(d, f);
}

bool desk_append(struct desk *d, struct ledger_item *item, struct fault *f)
{
	return desk_append_all(d, item, 1, f);
}

void desk_say_key(const struct people_key *k)
{
	char hex[2 * PERSON_LEN + 1];
	struct text t = text_on(hex, sizeof hex);

	text_hex(&t, (struct bytes){k->person, PERSON_LEN});
	printf("%s of %s, person %s", people_role_name(k->role), k->org, hex);
}

void desk_hex(struct fields *s, const char *name, const void *at, size_t n)
{
	char hex[2 * SIGN_LEN + 1];
	struct text t = text_on(hex, sizeof hex);

	text_hex(&t, (struct bytes){at, n});
	fields_text(s, name, hex);
}

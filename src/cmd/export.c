/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/export.h"

#include "base/csv.h"
#include "cmd/desk.h"
#include "cmd/staging.h"
#include "feeds/file.h"
#include "feeds/yaml.h"
#include "ledger/secrets.h"
#include "spool/files.h"

#include <inttypes.h>

extern const struct cmd cmd_export;

enum { ARENA = 64 << 20, OWN = 4096 };

struct ask {
	const char *to, *level, *since, *sign;
	const char *who, *by, *why; /* is handed it, by whom; NULL: not said */
	struct export_ask export;
	struct sign_key key;
	struct arena arena;
	const char *own[OWN];
};

static bool add(struct ask *q, const char *mission, const char *name,
	struct fault *f)
{
	const char *path = path_join(&q->arena, mission, name, f);

	if (!path)
		return false;
	for (size_t i = 0; i < q->export.files; i++)
		if (strcmp(q->own[i], name) == 0)
			return true;
	if (!file_exists(path) || folder_exists(path))
		return true;
	if (q->export.files == OWN)
		return fault(f, FAULT_LIMIT, "more than %d files in geo/", OWN);
	q->own[q->export.files++] = name;
	return true;
}

/* What mission.yaml names, and all of geo/: no other file leaves, so what
 * else lies there (keys, notes) stays. */
static bool own_files(struct ask *q, const char *mission, struct fault *f)
{
	static const char *const named[] = {"agreement", "pledges", "sensors",
		"gazetteer", "geometry", NULL};
	const char *path = path_join(&q->arena, mission, "mission.yaml", f);
	const char *geo = path_join(&q->arena, mission, "geo", f);
	const struct yaml *y, *v;
	const char **names;
	struct bytes b;
	size_t n;

	q->export.file = q->own;
	if (!path || !geo || !file_read(path, &q->arena, &b, f) ||
		!yaml_read(b, &q->arena, &y, f) ||
		!add(q, mission, "mission.yaml", f) ||
		!add(q, mission, "agreement.terms", f) ||
		!add(q, mission, "pledges.pledges", f) ||
		!add(q, mission, "sensors.csv", f))
		return false;
	for (size_t i = 0; named[i]; i++) {
		v = yaml_get(y, named[i]);
		if (v && v->type == YAML_SCALAR &&
			!add(q, mission, v->text, f))
			return false;
		for (v = v && v->type == YAML_LIST ? v->first : NULL; v;
			v = v->next)
			if (v->type == YAML_SCALAR &&
				!add(q, mission, v->text, f))
				return false;
	}
	if (!folder_walk(geo, &q->arena, &names, &n, f))
		return false;
	for (size_t i = 0; i < n; i++) {
		const char *x = path_join(&q->arena, "geo", names[i], f);

		if (!x || !add(q, mission, x, f))
			return false;
	}
	return true;
}

/* --sign FILE, or the log's own key, or none. */
static bool find_key(struct ask *q, struct disk *d, struct fault *f)
{
	uint8_t at[SECRETS_FILE_MAX];
	struct bytes b = {0};
	size_t n = 0;
	bool ok;

	if (q->sign) {
		if (!file_read(q->sign, &q->arena, &b, f))
			return false;
	} else {
		if (!small_read(d, "ledger/keys/log", at, &n, f))
			return false;
		b = (struct bytes){at, n};
	}
	ok = b.len == 0 || sign_key_read(b, &q->key, f) ||
		fault_in(f, "%s", q->sign ? q->sign : "ledger/keys/log");
	if (b.len > 0)
		q->export.key = &q->key;
	sign_forget(at, sizeof at);
	return ok;
}

/* First the log knows. */
static bool log_handed(const struct ask *q, const char *mission,
	struct fault *f)
{
	struct desk d;
	struct fields body;
	struct ledger_item item = {.type = ENTRY_ACCESS, .body = &body};
	struct digest of;
	char what[80];
	uint64_t last;
	bool ok = desk_open(&d, mission, f);

	if (ok) {
		last = ledger_size(d.ledger) - 1;
		body = fields_in(&d.arena);
		item.clock = d.now;
		(void)snprintf(what, sizeof what, "a pack of level %s, from "
			"entry %" PRIu64 " on", q->level, q->export.since);
		ok = ledger_leaf(d.ledger, last, &of);
		fields_text(&body, "who", q->by ? q->by : "operator");
		desk_hex(&body, "of", of.at, SHA256_LEN);
		fields_i64(&body, "index", (int64_t)last);
		fields_text(&body, "fields", what);
		fields_text(&body, "to", q->who);
		fields_text(&body, "why", q->why ? q->why : "");
		entry_subject(d.now, digest_view(&of), item.subject);
		ok = ok && fields_done(&body, f) && desk_append(&d, &item, f);
	}
	if (ok)
		printf("entry %" PRIu64 ": says who is handed it\n",
			item.index);
	desk_close(&d);
	return ok;
}

static bool write_pack(struct ask *q, const char *mission, struct exported *x,
	struct fault *f)
{
	struct files from = {.root = -1}, to = {.root = -1};
	struct staging stage = {.lock = -1};
	bool ok;

	ok = arena_map(&q->arena, ARENA, f) && load_folder(mission, f) &&
		files_open(&from, mission, f) &&
		ledger_open(&q->export.ledger, &from.disk, false, f) &&
		find_key(q, &from.disk, f) &&
		(q->export.level < EXPORT_FULL || own_files(q, mission, f)) &&
		staging_open(&stage, q->to, f) &&
		files_open(&to, stage.part, f);
	q->export.from = &from.disk;
	q->export.to = &to.disk;
	ok = ok && export_write(&q->export, x, f) && staging_done(&stage, f);
	files_close(&to);
	staging_drop(&stage);
	ledger_close(q->export.ledger);
	files_close(&from);
	arena_unmap(&q->arena);
	sign_forget(&q->key, sizeof q->key);
	return ok;
}

static bool read_ask(struct ask *q, int *code)
{
	int level = export_level_named(q->level);
	int64_t since = 0;
	struct fault f;

	*code = EXIT_USAGE;
	if (level < 0) {
		(void)cmd_usage(&cmd_export, "--level '%s', wants public, "
			"parties or full", q->level);
		return false;
	}
	if (q->since && (!integer_read(bytes_of(q->since), &since, &f) ||
		since < 0)) {
		(void)cmd_usage(&cmd_export, "--since '%s', wants the number "
			"of an entry", q->since);
		return false;
	}
	q->export.level = (enum export_level)level;
	q->export.since = (uint64_t)since;
	return true;
}

static int run(int argc, char **argv)
{
	static struct ask q = {.level = "full"};
	const struct ui_option options[] = {
		{"-o", &q.to, NULL}, {"--output", &q.to, NULL},
		{"--level", &q.level, NULL}, {"--since", &q.since, NULL},
		{"--sign", &q.sign, NULL}, {"--to", &q.who, NULL},
		{"--by", &q.by, NULL}, {"--why", &q.why, NULL},
		{NULL, NULL, NULL},
	};
	struct fault f = {0};
	struct exported x;
	int code;

	if (!ui_options(&cmd_export, &argc, argv, options))
		return EXIT_USAGE;
	if (argc != 2 || !q.to)
		return cmd_usage(&cmd_export, "which mission, and -o where?");
	if (!read_ask(&q, &code))
		return code;
	if (!q.who && (q.by || q.why))
		return cmd_usage(&cmd_export, "--by and --why are of --to");
	if ((q.who && !log_handed(&q, argv[1], &f)) ||
		!write_pack(&q, argv[1], &x, &f))
		return cmd_fault(&cmd_export, &f);
	printf("%s: level %s, %" PRIu64 " entries, %" PRIu64 " bodies, %"
		PRIu64 " evidence files, %" PRIu64 " received records; %"
		PRIu64 " files, %.1f MB, %s\n", q.to, q.level, x.entries,
		x.bodies, x.blobs, x.records, x.files, (double)x.bytes * 1e-6,
		q.export.key ? "signed" : "not signed: there is no key");
	if (!q.who && q.export.level > EXPORT_PUBLIC)
		printf("the log does not say that it was made, nor for whom: "
			"who hands it on names them with --to\n");
	printf("check it: truce audit %s\n", q.to);
	return EXIT_DONE;
}

const struct cmd cmd_export = {
	.name = "export",
	.usage = "export MISSION -o FOLDER [--level public|parties|full] "
		"[--since N] [--sign KEYFILE] [--to NAME] [--by NAME] "
		"[--why TEXT]",
	.about = "hand the log over: proofs, bodies, evidence",
	.run = run,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/authorities.h"
#include "cmd/courier.h"
#include "cmd/take.h"
#include "ledger/clocks.h"
#include "ledger/note.h"
#include "ledger/secrets.h"
#include "ledger/stamp.h"
#include "roles/turn.h"

#include <inttypes.h>

extern const struct cmd cmd_anchor;

#define ARENA_BYTES ((size_t)1 << 30)

struct anchoring {
	const char *mission, *token, *ca, *to;
	bool request;
	struct files files;
	struct arena arena;
	struct ledger *ledger;
	struct turn turn;
};

static bool write_out(const char *path, struct bytes b, struct fault *f)
{
	FILE *to = path ? fopen(path, "wb") : stdout;
	bool ok = to && fwrite(b.at, 1, b.len, to) == b.len;

	if (to && path)
		ok = fclose(to) == 0 && ok;
	return ok || fault_errno(f, "%s", path ? path : "standard output");
}

/* Over the published checkpoint: what others can see. */
static bool request(struct anchoring *a, struct fault *f)
{
	static struct note n;
	uint8_t at[SECRETS_FILE_MAX], der[STAMP_REQUEST_MAX];
	struct digest imprint;
	size_t len;

	if (!small_read(&a->files.disk, "ledger/pub/checkpoint", at, &len, f))
		return false;
	if (len == 0)
		return fault(f, FAULT_INPUT, "%s: no checkpoint is published "
			"yet; replay it first", a->mission);
	if (!note_read((struct bytes){at, len}, &n, f))
		return false;
	imprint = sha256_of(n.text);
	return stamp_request(&imprint, der, &len, f) &&
		write_out(a->to, (struct bytes){der, len}, f);
}

static bool import(struct anchoring *a, struct fault *f)
{
	struct fields body = fields_in(&a->arena);
	struct ledger_item item;
	struct authorities known;
	struct bytes token;
	struct instant at;
	uint64_t size = 0;
	char when[INSTANT_TEXT];

	if (!authorities_load(a->mission, a->ca, &a->arena, &known, f) ||
		!file_read(a->token, &a->arena, &token, f) ||
		!turn_open(&a->turn, &a->files.disk, &a->ledger, f) ||
		!ledger_compare(a->ledger, &courier_http, f) ||
		!anchor_entry(a->ledger, &a->files.disk, &known, token, &body,
			&item, &at, f))
		return false;
	item.clock = take_now();
	if (at.utc_ns - item.clock.utc_ns >
		CLOCKS_OFF_S * INT64_C(1000000000))
		return fault(f, FAULT_SYSTEM, "this machine's clock is behind: "
			"the stamp is of %s; nothing was logged, set the clock "
			"first", instant_print(at, 0, when));
	if (!ledger_append(a->ledger, &item, 1, f) ||
		!ledger_sign(a->ledger, f) ||
		!body_number(&body, "size", &size))
		return false;
	printf("%s entry %" PRIu64 ": the first %" PRIu64 " entries, no later "
		"than %s, by %.200s\n", item.fresh ? "logged as" : "known as",
		item.index, size, instant_print(at, 0, when),
		fields_find(&body, "authority")->value.at);
	return true;
}

static int run(int argc, char **argv)
{
	struct anchoring a = {.files = {.root = -1}};
	const struct ui_option options[] = {{"--request", NULL, &a.request},
		{"--ca", &a.ca, NULL}, {"-o", &a.to, NULL},
		{"--output", &a.to, NULL}, {0}};
	struct fault f = {0};
	int code;

	if (!ui_options(&cmd_anchor, &argc, argv, options))
		return EXIT_USAGE;
	if (argc != (a.request ? 2 : 3))
		return cmd_usage(&cmd_anchor, a.request ? "which mission?" :
			"which mission, and which token?");
	a.mission = argv[1];
	a.token = argv[2];
	code = load_folder(a.mission, &f) && sign_ready(&f) &&
			arena_map(&a.arena, ARENA_BYTES, &f) &&
			files_open(&a.files, a.mission, &f) &&
			(a.request ? request(&a, &f) : import(&a, &f))
		? EXIT_DONE : cmd_fault(&cmd_anchor, &f);
	ledger_close(a.ledger);
	turn_close(&a.turn);
	files_close(&a.files);
	arena_unmap(&a.arena);
	return code;
}

const struct cmd cmd_anchor = {
	.name = "anchor",
	.usage = "anchor MISSION TOKEN.tsr [--ca CERTIFICATE] | anchor MISSION "
		"--request [-o FILE.tsq]",
	.about = "time stamps of strangers over the log (RFC 3161)",
	.run = run,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/audit.h"

#include "base/json.h"
#include "cmd/load.h"
#include "spool/files.h"

#include <inttypes.h>

extern const struct cmd cmd_audit;

static const char one_machine[] =
	"all keys lie on one machine: no protection against its operator";

static void say(void *self, const char *line)
{
	if (!*(bool *)self)
		printf("  %s\n", line);
}

static void print_text(const struct audit *a)
{
	char hex[SHA256_HEX];

	printf("  log %s\n  root %s\n", a->vkey,
		a->entries ? digest_hex(&a->root, hex) : "-");
	printf("  entry 0 %s\n", digest_hex(&a->genesis, hex));
	if (a->uncommitted)
		printf("  %" PRIu64 " spool records are not in an intake yet\n",
			a->uncommitted);
	printf("%s\n", one_machine);
	if (a->verified) {
		printf("VERIFIED %" PRIu64 " entries, 0 witnesses\n",
			a->entries);
		return;
	}
	printf("%s\nNOT VERIFIED ", a->where);
	if (a->index != UINT64_MAX)
		printf("%" PRIu64 " ", a->index);
	else
		printf("- ");
	printf("%s\n", a->rule);
}

static void count(struct json *j, const char *key, uint64_t n)
{
	json_key(j, key);
	json_i64(j, (int64_t)n);
}

static void print_json(const struct audit *a)
{
	static char buffer[8192];
	struct text t = text_on(buffer, sizeof buffer);
	struct json j = json_on(&t);
	char hex[SHA256_HEX];

	json_object(&j);
	json_key(&j, "schema");
	json_text(&j, "truce.audit/1");
	json_key(&j, "verified");
	json_flag(&j, a->verified);
	json_key(&j, "index");
	if (a->verified || a->index == UINT64_MAX)
		json_null_value(&j);
	else
		json_i64(&j, (int64_t)a->index);
	json_key(&j, "rule");
	json_text(&j, a->verified ? NULL : a->rule);
	json_key(&j, "where");
	json_text(&j, a->verified ? NULL : a->where);
	count(&j, "entries", a->entries);
	count(&j, "signed", a->signed_size);
	count(&j, "batches", a->batches);
	count(&j, "intakes", a->intakes);
	count(&j, "blobs", a->blobs);
	count(&j, "blob_bytes", a->blob_bytes);
	count(&j, "spools", a->spools);
	count(&j, "spool_records", a->spool_records);
	count(&j, "uncommitted", a->uncommitted);
	count(&j, "witnesses", 0);
	json_key(&j, "log");
	json_text(&j, a->vkey);
	json_key(&j, "root");
	json_text(&j, digest_hex(&a->root, hex));
	json_key(&j, "genesis");
	json_text(&j, digest_hex(&a->genesis, hex));
	json_key(&j, "limits");
	json_list(&j);
	json_text(&j, one_machine);
	json_close(&j);
	json_close(&j);
	printf("%s\n", buffer);
}

static int run(int argc, char **argv)
{
	const char *mission = NULL;
	bool json = false, ok;
	struct files files = {.root = -1};
	struct fault f = {0};
	struct audit a;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0)
			json = true;
		else if (argv[i][0] == '-')
			return cmd_usage(&cmd_audit, "no option '%s'", argv[i]);
		else if (mission)
			return cmd_usage(&cmd_audit, "one mission at a time");
		else
			mission = argv[i];
	}
	if (!mission)
		return cmd_usage(&cmd_audit, "which mission?");
	ok = load_folder(mission, &f) && files_open(&files, mission, &f) &&
		ledger_audit(&files.disk, say, &json, &a, &f);
	files_close(&files);
	if (!ok)
		return cmd_fault(&cmd_audit, &f);
	if (json)
		print_json(&a);
	else
		print_text(&a);
	return a.verified ? EXIT_DONE : EXIT_NO;
}

const struct cmd cmd_audit = {
	.name = "audit",
	.usage = "audit MISSION [--json]",
	.about = "verify log, signatures, evidence and intake",
	.run = run,
};

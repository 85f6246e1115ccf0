/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/load.h"
#include "feeds/file.h"
#include "ledger/pack.h"
#include "spool/files.h"

#include <inttypes.h>

extern const struct cmd cmd_export;

static bool is_empty(const char *folder, struct fault *f)
{
	struct arena a;
	const char **names;
	size_t n = 0;
	bool ok;

	if (!arena_map(&a, 1 << 24, f))
		return false;
	ok = folder_list(folder, &a, &names, &n, f);
	arena_unmap(&a);
	return ok && (n == 0 || fault(f, FAULT_INPUT,
		"%s: is not empty: name a new folder", folder));
}

static bool write_pack(const char *mission, const char *to, struct pack *p,
	struct fault *f)
{
	struct files from = {.root = -1}, out = {.root = -1};
	struct ledger *l = NULL;
	bool ok;

	ok = load_folder(mission, f) && folder_make(to, f) &&
		is_empty(to, f) && files_open(&from, mission, f) &&
		files_open(&out, to, f) &&
		ledger_open(&l, &from.disk, false, f) &&
		pack_write(l, &from.disk, &out.disk, p, f);
	ledger_close(l);
	files_close(&from);
	files_close(&out);
	return ok;
}

static int run(int argc, char **argv)
{
	const char *to = NULL;
	const struct ui_option options[] = {
		{"-o", &to, NULL}, {"--output", &to, NULL},
		{NULL, NULL, NULL},
	};
	struct fault f = {0};
	struct pack p;

	if (!ui_options(&cmd_export, &argc, argv, options))
		return EXIT_USAGE;
	if (argc != 2 || !to)
		return cmd_usage(&cmd_export, "which mission, and -o where?");
	if (!write_pack(argv[1], to, &p, &f))
		return cmd_fault(&cmd_export, &f);
	printf("%s: %" PRIu64 " entries, %" PRIu64 " bodies, %" PRIu64
		" evidence files; %" PRIu64 " files, %.1f MB\n", to,
		p.entries, p.bodies, p.blobs, p.files,
		(double)p.bytes * 1e-6);
	printf("check it: truce audit %s\n", to);
	return EXIT_DONE;
}

const struct cmd cmd_export = {
	.name = "export",
	.usage = "export MISSION -o FOLDER",
	.about = "hand the log over: proofs, bodies, evidence",
	.run = run,
};

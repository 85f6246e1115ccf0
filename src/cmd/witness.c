/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <signal.h>
#include <stdlib.h>

#include "base/csv.h"
#include "cmd/monitor.h"
#include "cmd/ui.h"
#include "feeds/file.h"
#include "serve/cosign.h"
#include "spool/files.h"

#include <inttypes.h>

extern const struct cmd cmd_witness;

struct watching {
	struct files files;
	struct cosigner cosigner;
};

static bool begin(struct watching *w, const char *folder, bool writable,
	struct fault *f)
{
	*w = (struct watching){.files = {.root = -1}};
	return sign_ready(f) && files_open(&w->files, folder, f) &&
		cosigner_open(&w->cosigner, &w->files.disk, ".", writable, f);
}

static void end(struct watching *w)
{
	if (w->cosigner.disk)
		cosigner_close(&w->cosigner);
	files_close(&w->files);
}

/* init FOLDER NAME */
static int init(int argc, char **argv)
{
	struct files files = {.root = -1};
	struct note_key key;
	struct fault f = {0};
	char at[2 * SIGN_NAME_MAX];
	struct text t = text_on(at, sizeof at);
	bool ok;

	if (argc != 3)
		return cmd_usage(&cmd_witness, "init wants FOLDER NAME");
	ok = folder_make(argv[1], &f) && files_open(&files, argv[1], &f) &&
		cosigner_make(&files.disk, ".", argv[2], &key, &f);
	files_close(&files);
	if (!ok)
		return cmd_fault(&cmd_witness, &f);
	note_key_print(&key, &t);
	printf("%s\n", at);
	return EXIT_DONE;
}

/* add FOLDER VKEY */
static int add(int argc, char **argv)
{
	struct watching w = {.files = {.root = -1}};
	struct note_key key;
	struct fault f = {0};
	bool ok;

	if (argc != 3)
		return cmd_usage(&cmd_witness, "add wants FOLDER KEY");
	ok = note_key_read(bytes_of(argv[2]), &key, &f) &&
		begin(&w, argv[1], true, &f) &&
		cosigner_add(&w.cosigner, &key, &f);
	if (f.kind == FAULT_NONE || w.files.root >= 0)
		end(&w);
	return ok ? EXIT_DONE : cmd_fault(&cmd_witness, &f);
}

/* accept FOLDER VKEY */
static int accept_key(int argc, char **argv)
{
	struct watching w = {.files = {.root = -1}};
	struct note_key key;
	struct fault f = {0};
	bool ok;

	if (argc != 3)
		return cmd_usage(&cmd_witness, "accept wants FOLDER KEY");
	ok = note_key_read(bytes_of(argv[2]), &key, &f) &&
		begin(&w, argv[1], true, &f) &&
		cosigner_accept(&w.cosigner, &key, &f);
	if (f.kind == FAULT_NONE || w.files.root >= 0)
		end(&w);
	return ok ? EXIT_DONE : cmd_fault(&cmd_witness, &f);
}

static int status(int argc, char **argv)
{
	struct watching w;
	struct fault f = {0};
	char hex[SHA256_HEX];

	if (argc != 2)
		return cmd_usage(&cmd_witness, "status wants FOLDER");
	if (!begin(&w, argv[1], false, &f)) {
		end(&w);
		return cmd_fault(&cmd_witness, &f);
	}
	printf("witness %s, %zu logs\n", w.cosigner.key.name,
		w.cosigner.logs);
	for (size_t i = 0; i < w.cosigner.logs; i++) {
		const struct witness_log *l = &w.cosigner.log[i];

		printf("%s: %" PRIu64 " entries%s%s\n", l->key.name, l->size,
			l->size ? ", root " : ", never seen",
			l->size ? digest_hex(&l->root, hex) : "");
	}
	end(&w);
	return EXIT_DONE;
}

/* ADDRESS:PORT, PORT; anything but loopback is nginx' task. */
static bool read_port(const char *s, uint16_t *port, struct fault *f)
{
	static const char own[] = "127.0.0.1:";
	int64_t n;

	if (strncmp(s, own, sizeof own - 1) == 0)
		s += sizeof own - 1;
	else if (strncmp(s, "localhost:", 10) == 0)
		s += 10;
	if (!integer_read(bytes_of(s), &n, f) || n < 0 || n > 65535)
		return false;
	*port = (uint16_t)n;
	return true;
}

static const char nginx[] =
	"only loopback is served; let nginx speak to the world:\n"
	"    location /witness/ {\n"
	"        proxy_pass http://127.0.0.1:8417/;\n"
	"        client_max_body_size 64k;\n"
	"    }";

/* run FOLDER [PORT] */
static int serve(int argc, char **argv)
{
	struct watching w;
	struct cosign_door *door = NULL;
	struct fault f = {0};
	uint16_t port = 8417;
	sigset_t set;
	int got;

	if (argc < 2 || argc > 3)
		return cmd_usage(&cmd_witness, "run wants FOLDER [PORT]");
	if (argc == 3 && !read_port(argv[2], &port, &f))
		return cmd_usage(&cmd_witness, "'%s': %s", argv[2], nginx);
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGTERM);
	(void)pthread_sigmask(SIG_BLOCK, &set, NULL);
	if (begin(&w, argv[1], true, &f) &&
		cosign_open(&door, &w.cosigner, port, &f)) {
		printf("%s: %zu logs, http://127.0.0.1:%u\n",
			w.cosigner.key.name, w.cosigner.logs,
			(unsigned)cosign_port(door));
		(void)fflush(stdout);
		(void)sigwait(&set, &got);
		cosign_close(door);
		end(&w);
		return EXIT_DONE;
	}
	end(&w);
	return cmd_fault(&cmd_witness, &f);
}

static int monitor(int argc, char **argv)
{
	return monitor_run(&cmd_witness, argc, argv);
}

static int run(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(int argc, char **argv);
	} verbs[] = {{"init", init}, {"add", add}, {"accept", accept_key},
		{"run", serve}, {"status", status}, {"monitor", monitor}};

	for (size_t i = 0; argc > 1 && i < sizeof verbs / sizeof *verbs; i++)
		if (strcmp(argv[1], verbs[i].name) == 0)
			return verbs[i].run(argc - 1, argv + 1);
	return cmd_usage(&cmd_witness,
		"init, add, accept, run, status or monitor?");
}

const struct cmd cmd_witness = {
	.name = "witness",
	.usage = "witness init FOLDER NAME | add FOLDER KEY | accept FOLDER "
		 "KEY | run FOLDER [PORT] | status FOLDER | "
		 "monitor FOLDER URL [KEY]",
	.about = "cosign logs, and never two histories of one",
	.run = run,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/serving.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/list.h"
#include "serve/door.h"

/* Where the page's files are: beside the program as built, or installed. */
static const char *web_folder(char *out, size_t size)
{
	static const char *const at[] = {"/../../web/build/desk",
		"/../share/truce/web"};
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	struct stat st;
	char *slash;

	self[n > 0 ? n : 0] = '\0';
	slash = strrchr(self, '/');
	if (!slash)
		return NULL;
	*slash = '\0';
	for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
		struct text t = text_on(out, size);

		text_fmt(&t, "%s%s", self, at[i]);
		if (stat(out, &st) == 0 && S_ISDIR(st.st_mode))
			return out;
	}
	return NULL;
}

bool serving_until_end(const struct loaded *l, uint16_t port, struct fault *f)
{
	char web[4200];
	struct api api = {.folder = l->folder, .mission = &l->mission,
		.web = web_folder(web, sizeof web), .revise = list_revise};
	struct door *door;
	sigset_t set;
	int got;

	if (l->terms)
		api.terms = terms_sha256(l->terms);
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	if (!door_open(&door, &api, port, f))
		return false;
	printf("open       http://127.0.0.1:%u/   (Ctrl-C ends)\n",
		(unsigned)door_port(door));
	(void)fflush(stdout);
	(void)sigwait(&set, &got);
	door_close(door);
	printf("\nended\n");
	return true;
}

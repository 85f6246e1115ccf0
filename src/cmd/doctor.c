/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include "cmd/confine.h"
#include "cmd/desk.h"
#include "cmd/trial.h"
#include "feeds/file.h"
#include "roles/packets.h"

extern const struct cmd cmd_doctor;

static int bad;

static void say(bool ok, const char *what, const char *mend)
{
	printf("%-5s %s\n", ok ? "ok" : "WRONG", what);
	if (!ok) {
		printf("      mend: %s\n", mend);
		bad++;
	}
}

static void clock_of(void)
{
	struct timex t = {0};
	int state = adjtimex(&t);
	char s[128];

	(void)snprintf(s, sizeof s, "clock: %s, estimated error %.3f s",
		state == TIME_ERROR ? "not synchronised" : "synchronised",
		(double)t.esterror * 1e-6);
	say(state != TIME_ERROR, s,
		"install chrony or systemd-timesyncd; detections from files "
		"are not concerned");
}

static void disk_of(const char *folder)
{
	struct statvfs v;
	double free_gb;
	char s[256];

	if (statvfs(folder, &v) != 0) {
		(void)snprintf(s, sizeof s, "disk: %s: %s", folder,
			strerrordesc_np(errno));
		say(false, s, "give a folder that exists");
		return;
	}
	free_gb = (double)v.f_bavail * (double)v.f_frsize * 1e-9;
	(void)snprintf(s, sizeof s, "disk: %.1f GB free below %s", free_gb,
		folder);
	say(free_gb > 1, s, "free space: intake stops when the disk is full");
	(void)snprintf(s, sizeof s, "permissions: %s can be written", folder);
	say(access(folder, W_OK | X_OK) == 0, s,
		"chown or chmod the folder for the user that runs truce");
}

/* Is it ours that listens there? */
static bool serves(const struct sockaddr_in *a)
{
	static const char ask[] = "GET /api/v1/mission HTTP/1.0\r\n"
		"Host: 127.0.0.1\r\n\r\n";
	const struct timeval most = {.tv_sec = 2};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char got[4096];
	size_t n = 0;
	ssize_t more = 1;

	if (fd < 0)
		return false;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
	if (connect(fd, (const struct sockaddr *)a, sizeof *a) == 0 &&
		send(fd, ask, sizeof ask - 1, MSG_NOSIGNAL) > 0)
		while (n < sizeof got - 1 && (more = recv(fd, got + n,
			sizeof got - 1 - n, 0)) > 0)
			n += (size_t)more;
	(void)close(fd);
	got[n] = '\0';
	return strstr(got, "\"truce.mission/1\"") != NULL;
}

static void port_of(uint16_t port)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
	bool ok;
	char s[64];

	if (fd >= 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one,
			sizeof one);
	ok = fd >= 0 &&
		bind(fd, (const struct sockaddr *)&a, sizeof a) == 0;
	if (fd >= 0)
		(void)close(fd);
	if (!ok && serves(&a)) {
		(void)snprintf(s, sizeof s, "port: 127.0.0.1:%d is served by "
			"truce", port);
		say(true, s, "");
		return;
	}
	(void)snprintf(s, sizeof s, "port: 127.0.0.1:%d is free", port);
	say(ok, s, "another program listens there; choose another --port");
}

static void private_of(const char *folder, const char *name)
{
	char path[4096], s[4200];
	struct stat st;

	(void)snprintf(path, sizeof path, "%s/ledger/%s", folder, name);
	(void)snprintf(s, sizeof s, "secret: %s is for its owner only", path);
	say(stat(path, &st) == 0 && (st.st_mode & 077) == 0, s,
		"chmod go= it, and think of the keys as known to others");
}

/* Does somebody receive, and what is kept and in no file of the mission yet?
 * Nothing of a mission that never was live. */
static void run_of(const char *folder)
{
	struct files files = {0};
	struct disk *d = &files.disk;
	struct packets p = {0};
	struct fault f = {0};
	unsigned long long waiting;
	bool there, receives;
	char s[160];
	int lock;

	if (!files_open(&files, folder, &f))
		return;
	there = packets_look(&p, d, &f) && spool_end(&p.spool) > 0;
	waiting = there ? spool_end(&p.spool) - p.done : 0;
	if (there) {
		receives = !d->lock(d->self, "spool/live", &lock, &f);
		if (!receives)
			d->close(d->self, lock);
		(void)snprintf(s, sizeof s, receives ? "live: `truce run` "
			"receives; %llu groups wait for its next replay" :
			"live: nobody receives; %llu groups are kept that no "
			"replay has taken in", waiting);
		say(receives || waiting == 0, s, "begin `truce run` again, or "
			"`truce replay`: nothing that was kept is lost");
	}
	packets_close(&p);
	files_close(&files);
}

/* As whoever writes it finds it, its witnesses asked. */
static void log_of(const char *folder)
{
	struct desk d;
	struct fault f = {0};

	if (!desk_open(&d, folder, &f))
		say(false, f.text, "nothing is logged until then; what comes "
			"in is kept");
	else if (ledger_off(d.ledger))
		say(false, ledger_held(d.ledger), "set the clock (chronyc "
			"makestep, timedatectl), then begin again: nothing is "
			"lost");
	else if (*ledger_held(d.ledger))
		say(false, ledger_held(d.ledger), "see why those witnesses do "
			"not answer; what comes in is kept and logged");
	else
		say(true, "log: can be written; its witnesses agree with it, "
			"and with this clock", "");
	desk_close(&d);
}

static void ledger_of(const char *folder)
{
	char path[4096];

	(void)snprintf(path, sizeof path, "%s/ledger", folder);
	if (!folder_exists(path))
		return;
	private_of(folder, "keys");
	private_of(folder, "secrets");
	log_of(folder);
	trial_tell(folder);
}

static void parsers_here(void)
{
	char s[CONFINE_TEXT];
	bool ok = confine_tell(s);

	say(ok, s, "let the container use seccomp(2) and mount /proc; until "
		"then take in no file of a stranger, or say --strict");
}

static int run(int argc, char **argv)
{
	static const struct ui_option none[] = {{0}};
	const char *folder;

	if (!ui_options(&cmd_doctor, &argc, argv, none))
		return EXIT_USAGE;
	folder = argc > 1 ? argv[1] : ".";
	clock_of();
	disk_of(folder);
	port_of(8080);
	say(folder_exists("/usr/share/zoneinfo"),
		"tzdata: /usr/share/zoneinfo", "apt-get install tzdata");
	say(sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE) >
		(long)1 << 30, "memory: more than 1 GiB",
		"a mission of some size wants 2 GiB and more");
	parsers_here();
	run_of(folder);
	ledger_of(folder);
	printf("%d thing%s to mend\n", bad, bad == 1 ? "" : "s");
	return bad ? EXIT_NO : EXIT_DONE;
}

const struct cmd cmd_doctor = {
	.name = "doctor",
	.usage = "doctor [MISSION]",
	.about = "clock, disk, ports, keys: what is wrong here",
	.run = run,
};

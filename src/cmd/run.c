/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * run.c - the mission, live.  One loop keeps what comes and says so; it comes
 * through front doors (fronts.h), and another process hears it (hearing.h);
 * children that it forks now and then make files of what was kept, and replay
 * (replaying.h).  They meet at the spool. */
#include "cmd/confine.h"
#include "cmd/peers.h"
#include "cmd/running.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/csv.h"

enum { WAIT_MS = 50, EVERY_S = 60, EVERY_MAX_S = 86400,
	DRAIN_S = 5,
	DRAINED_MS = 250, /* nothing came for so long */
	STEP_MS = 50, LEAVING_MS = 1000,
	HEARING_S = 60 }; /* in the end, for what is not heard yet */
/* Alerts that wait for their reader: some thousand. */
#define ALERTS_BYTES ((size_t)4 << 20)

static volatile sig_atomic_t stop;

static void on_signal(int signal_number)
{
	stop = signal_number;
}

/* The second signal ends it as it would anybody. */
static bool listen_to_signals(struct fault *f)
{
	struct sigaction a = {.sa_handler = on_signal,
		.sa_flags = (int)SA_RESETHAND};

	return (sigaction(SIGTERM, &a, NULL) == 0 &&
		sigaction(SIGINT, &a, NULL) == 0) || fault_errno(f, "signals");
}

/* Children of one that was killed end in a moment. */
static bool open_packets(struct running *r, struct fault *f)
{
	const struct timespec t = {0, STEP_MS * 1000000L};
	bool busy = true;

	for (int ms = 0; busy && ms <= LEAVING_MS; ms += STEP_MS) {
		if (packets_open(&r->packets, &r->files.disk, &busy, f))
			return true;
		if (busy)
			(void)nanosleep(&t, NULL);
	}
	return false;
}

/* -- all -- */

/* All that lay complete in the inbox when the end was asked for. */
static bool drain_inbox(struct running *r, struct fault *f)
{
	const int64_t began = live_now_ns();
	int64_t ms = 0;

	while (ms < DRAIN_S * 1000 && (r->porter.walks == 0 ||
			ms < RUNNING_INBOX_MS)) {
		struct pollfd one = {.fd = porter_fd(&r->porter),
			.events = POLLIN};

		(void)poll(&one, 1, WAIT_MS);
		if (!porter_go(&r->porter, f))
			return false;
		ms = (live_now_ns() - began) / 1000000;
	}
	return true;
}

/* What has come already is kept, as long as there is more, and not for ever. */
static bool drain(struct running *r, struct fault *f)
{
	int64_t now = live_now_ns(), last = now;
	int64_t until = now + DRAIN_S * INT64_C(1000000000);
	struct feeds_seen seen, was;

	while (now < until && now - last < DRAINED_MS * INT64_C(1000000)) {
		fronts_seen(r->fronts, &was);
		if (!fronts_wait(r->fronts, WAIT_MS, f) || !running_keep(r, f))
			return false;
		fronts_seen(r->fronts, &seen);
		now = live_now_ns();
		last = seen.bytes > was.bytes ? now : last;
	}
	return hearing_end(&r->hearing, HEARING_S * 1000, f);
}

static bool loop(struct running *r, struct fault *f)
{
	while (!stop) {
		speaker_go(&r->speaker);
		running_silent(r);
		fronts_watch(r->fronts, 1, hearing_fd(&r->hearing));
		if (!fronts_wait(r->fronts, WAIT_MS, f) ||
			!running_keep(r, f) || !hearing_go(&r->hearing, f) ||
			!running_release(r, false, f) || !running_yield(r, f) ||
			!running_end(r, false, f) || !running_beat(r, f))
			return false;
		fronts_heard(r->fronts, running_mark(r->hearing.at));
		if (!porter_go(&r->porter, f) ||
			(running_due(r) && !running_begin(r, f)))
			return false;
	}
	running_say(NULL, "ending: the last replay");
	if (r->beating > 0)
		(void)waitpid(r->beating, NULL, 0);
	return drain(r, f) && drain_inbox(r, f) &&
		running_release(r, true, f) && running_last(r, f) &&
		running_beat_now(r, true, f);
}

static void summary(const struct running *r)
{
	const struct live_seen l = r->hearing.seen;
	struct feeds_seen s;

	if (ui_quiet())
		return;
	fronts_seen(r->fronts, &s);
	(void)fprintf(stderr, "truce run: %llu groups, %llu bytes, %llu "
		"refused; %zu channels, %llu samples heard, %llu late; %llu "
		"arrivals, %llu of doubted sources, %llu alerts, the slowest "
		"%.3f s after its last arrival, %llu lines dropped\n",
		(unsigned long long)s.groups,
		(unsigned long long)s.bytes, (unsigned long long)s.refused,
		l.channels, (unsigned long long)l.samples,
		(unsigned long long)l.late, (unsigned long long)l.arrivals,
		(unsigned long long)l.doubted, (unsigned long long)l.alerts,
		l.slowest_s,
		(unsigned long long)r->speaker.dropped);
}

static bool open_frames(struct running *r, struct fault *f)
{
	struct mission *m = &r->loaded.mission;
	bool wanted, busy;

	r->replaying.loaded = &r->loaded;
	r->replaying.disk = &r->files.disk;
	if (!frames_wanted(&r->files.disk, m, NULL, &wanted, f))
		return false;
	if (!wanted)
		return true;
	r->release = (struct release){.frames = &r->frames, .self = r,
		.tell = running_tell};
	if (!replaying_log(&r->replaying, &r->ledger, f) || !frames_open(
		&r->frames, &r->files.disk, m, r->ledger, &busy, f))
		return false;
	r->framed = true;
	r->release.ledger = r->ledger;
	return release_open(&r->release, f) && silence_open(&r->silence,
		&r->frames.memory, r->frames.sensors.count, f);
}

/* And who we are to brokers: of one mission always the same. */
static bool introduce(struct running *r, struct feeds_ask *ask,
	struct fault *f)
{
	if (ask->mqtt_count > 0 && !packets_client(&r->packets, r->client, f))
		return false;
	ask->client = r->client;
	return !r->login || peers_login(r->login, &r->loaded.arena,
		&ask->user, &ask->password, f);
}

/* Before any byte of a stranger comes: are those confined who would read it? */
static int confined(void)
{
	struct parsers *p;
	struct fault f = {0};
	int code = parsers_open(&p, NULL, &f) ? confine_check(&cmd_run, p)
		: cmd_fault(&cmd_run, &f);

	parsers_close(p);
	return code;
}

static int open_all(struct running *r, struct feeds_ask *ask)
{
	const char *inbox;
	struct fault f = {0};
	int code = load_sound(&cmd_run, r->folder, &r->loaded);

	if (code != EXIT_DONE)
		return code;
	r->loaded_ok = true;
	(void)signal(SIGPIPE, SIG_IGN);
	if (!arena_map(&r->queue, ALERTS_BYTES, &f))
		return cmd_fault(&cmd_run, &f);
	speaker_start(&r->speaker, STDOUT_FILENO, r->queue.at, ALERTS_BYTES);
	r->files_open = files_open(&r->files, r->folder, &f);
	r->packets_open = r->files_open && open_packets(r, &f);
	if (!r->packets_open || !open_frames(r, &f) || !listen_to_signals(&f))
		return cmd_fault(&cmd_run, &f);
	code = confined();
	if (code != EXIT_DONE)
		return code;
	r->replaying.cmd = &cmd_run;
	r->replaying.frames = r->framed ? &r->frames : NULL;
	r->replaying.leave = running_leave;
	r->replaying.self = r;
	ask->frames = r->framed;
	r->hearing = (struct hearing){.folder = r->folder,
		.disk = &r->files.disk, .alerts = {running_alert, r},
		.say = running_say};
	if (!introduce(r, ask, &f) || !fronts_open(&r->fronts, ask, &f) ||
		!hearing_open(&r->hearing, (struct heard){r->packets.done,
			running_ends(r).frames}, &f))
		return cmd_fault(&cmd_run, &f);
	hearing_kept(&r->hearing, running_ends(r));
	running_learn(r);
	inbox = path_join(&r->loaded.arena, r->folder, "inbox", &f);
	if (!inbox || !porter_open(&r->porter, inbox, running_leave, r, &f))
		return cmd_fault(&cmd_run, &f);
	running_say(NULL, "watching inbox/");
	return EXIT_DONE;
}

static void close_all(struct running *r)
{
	porter_close(&r->porter);
	fronts_close(r->fronts);
	hearing_close(&r->hearing);
	warned_free(&r->warned);
	if (r->packets_open)
		packets_close(&r->packets);
	release_close(&r->release);
	if (r->framed)
		frames_close(&r->frames);
	ledger_close(r->ledger);
	if (r->files_open)
		files_close(&r->files);
	if (r->loaded_ok)
		load_free(&r->loaded);
	arena_unmap(&r->queue);
}

static int go(struct running *r, struct feeds_ask *ask)
{
	struct fault f = {0};
	int code = open_all(r, ask);

	if (code == EXIT_DONE) {
		r->replay_ns = live_now_ns() +
			r->every_s * INT64_C(1000000000);
		code = loop(r, &f) ? r->code : cmd_fault(&cmd_run, &f);
		speaker_end(&r->speaker, DRAIN_S * 1000);
		summary(r);
	}
	close_all(r);
	return code;
}

/* This process is to hear (hearing.h). */
static int hear(const char *folder, const char *place)
{
	struct loaded l;
	uint64_t from[2];
	int code;

	if (!hearing_numbers(bytes_of(place), "from", from, 2))
		return EXIT_USAGE;
	code = load_sound(&cmd_run, folder, &l);
	if (code != EXIT_DONE)
		return code;
	code = hearing_run(folder, &l.mission,
		(struct heard){from[0], from[1]});
	load_free(&l);
	return code;
}

static int run(int argc, char **argv)
{
	const char *place = NULL;
	const char *every = NULL, *jobs = NULL, *login = NULL;
	const char *list[FEEDS_SERVERS_MAX], *brokers[FEEDS_SERVERS_MAX];
	struct running r = {.every_s = EVERY_S, .found = -1};
	struct feeds_ask ask = {.seedlink = list, .mqtt = brokers,
		.take = running_take,
		.resume = running_resume, .say = running_say, .self = &r};
	const struct ui_option options[] = {{"--listen", &ask.listen, NULL},
		{"--every", &every, NULL}, {"--jobs", &jobs, NULL},
		{"--mqtt-login", &login, NULL},
		{"--tls-ca", &ask.tls_ca, NULL},
		{"--tls-cert", &ask.tls_cert, NULL},
		{"--tls-key", &ask.tls_key, NULL},
		{"--tls-nodes", &ask.tls_nodes, NULL},
		{"--hearing", &place, NULL},
		{0}};
	struct fault f;

	if (argc == 2 && strcmp(argv[1], "--front") == 0)
		return front_run(); /* this process is one (fronts.h) */
	if (!peers_listed(&cmd_run, &argc, argv, "--seedlink", list,
		&ask.seedlink_count) ||
		!peers_listed(&cmd_run, &argc, argv, "--mqtt", brokers,
			&ask.mqtt_count) ||
		!ui_options(&cmd_run, &argc, argv, options))
		return EXIT_USAGE;
	if (argc != 2)
		return cmd_usage(&cmd_run, "one mission folder is wanted");
	if (every && (!integer_read(bytes_of(every), &r.every_s, &f) ||
		r.every_s < 0 || r.every_s > EVERY_MAX_S))
		return cmd_usage(&cmd_run, "--every '%s', wants 0 to %d "
			"seconds", every, EVERY_MAX_S);
	if (!take_jobs(&cmd_run, jobs, &r.replaying.jobs))
		return EXIT_USAGE;
	if (place)
		return hear(argv[1], place);
	r.folder = argv[1];
	r.login = login;
	return go(&r, &ask);
}

const struct cmd cmd_run = {
	.name = "run",
	.usage = "run MISSION [--listen HOST:PORT] [--seedlink HOST:PORT"
		"[/STREAMS]]... [--mqtt HOST:PORT/TOPICS]... "
		"[--mqtt-login FILE] [--tls-ca FILE] [--tls-cert FILE "
		"--tls-key FILE [--tls-nodes FILE]] [--every S] [--jobs N]",
	.about = "live: inbox and network, alerts, replays",
	.run = run,
};

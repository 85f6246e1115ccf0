/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * run.c - the mission, live.  One loop takes records from the network, keeps
 * them and says so; another process hears them (hearing.h), and children that
 * it forks now and then make files of what was kept, and replay (replaying.h).
 * They meet at the spool. */
#include "cmd/courier.h"
#include "cmd/speaker.h"
#include "cmd/confine.h"
#include "cmd/fronts.h"
#include "cmd/hearing.h"
#include "cmd/peers.h"
#include "cmd/porter.h"
#include "cmd/replaying.h"
#include "cmd/take.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/csv.h"
#include "ledger/pulse.h"
#include "roles/live.h"
#include "roles/packets.h"
#include "roles/release.h"
#include "roles/silence.h"
#include "roles/turn.h"
#include "roles/warn.h"

extern const struct cmd cmd_run;

enum { WAIT_MS = 50, EVERY_S = 60, EVERY_MAX_S = 86400,
	DRAIN_S = 5,
	DRAINED_MS = 250, /* nothing came for so long */
	BEAT_S = PULSE_EVERY_S,
	OPENS = 10, /* a heartbeat after so many times what opening takes */
	TURN_MS = 100, STEP_MS = 50, LEAVING_MS = 1000,
	AGAIN_S = 5, AGAIN_MOST = 12, /* after a replay failed */
	INBOX_MS = 500, /* for what comes together with the first */
	HEARING_S = 60,   /* in the end, for what is not heard yet */
	RELEASE_MS = 500 }; /* receipts within a second (PROOF.md 4) */
/* Alerts that wait for their reader: some thousand. */
#define ALERTS_BYTES ((size_t)4 << 20)

struct running {
	struct warned warned; /* what was told of obligations */
	int64_t found;        /* to here of the log findings were told of */
	const char *folder;
	const char *login; /* a file: user and password for brokers */
	char client[PACKETS_CLIENT]; /* what brokers know us by */
	int64_t every_s; /* 0: at the end only */
	struct loaded loaded;
	struct files files;
	struct packets packets;
	/* Where sensors sign: the log is ours all the time. */
	struct frames frames;
	struct ledger *ledger;
	struct release release;
	struct silence silence; /* of sensors that sign */
	int64_t release_ns;     /* when the next is due */
	int64_t turn_ns;        /* when it is asked who else wants the log */
	uint64_t frames_packed; /* records that the last child saw */
	struct fronts *fronts;
	struct porter porter;
	int64_t hasten_ns; /* since when messages wait; 0: none */
	int64_t inbox_ns; /* no replay for the inbox's sake before */
	int64_t began_ns; /* the last replay */
	int64_t failures; /* of replays, one after the other */
	struct hearing hearing;
	struct arena queue; /* of the speaker */
	struct speaker speaker;
	struct replaying replaying;
	int64_t replay_ns; /* when the next is due */
	int64_t beat_ns;   /* likewise */
	int64_t beaten_ns; /* when the last heartbeat began */
	pid_t telling; /* who tells the index of turns; 0: nobody */
	pid_t beating; /* who asks the witnesses; 0: nobody */
	int code;
	bool loaded_ok, files_open, packets_open;
	bool framed;
	bool missed;   /* it was said that alerts are dropped */
	bool replayed; /* all that is in files, by this process */
	bool knows;    /* `found` was looked at */
};

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

/* -- what comes -- */

/* What somebody should look at, when it happens. */
static void say_chain(const struct running *r, const struct chain_arrival *a)
{
	const struct frames_sensor *s =
		frames_sensor(&r->frames.sensors, a->frame.sensor);

	if (ui_quiet() || !s || (a->verdict != CHAIN_JUMP &&
			a->verdict != CHAIN_FORK && a->verdict != CHAIN_BREAK))
		return;
	(void)fprintf(stderr, "truce run: %s: frame %llu of boot %u: %s",
		s->source->id, (unsigned long long)a->frame.sequence,
		(unsigned)a->frame.boot, a->verdict == CHAIN_FORK ?
			"its key is used twice" : a->verdict == CHAIN_BREAK ?
			a->why.text : "");
	if (a->verdict == CHAIN_JUMP)
		(void)fprintf(stderr, "%llu before it are missing",
			(unsigned long long)a->missing);
	(void)fputc('\n', stderr);
}

static const char *name_of(const struct running *r, size_t sensor)
{
	return r->frames.sensors.sensor[sensor].source->id;
}

/* A frame that is its sensor's, whatever else. */
static void note_heard(struct running *r, const struct chain_arrival *a)
{
	const struct frames_sensor *s =
		frames_sensor(&r->frames.sensors, a->frame.sensor);
	size_t i = s ? (size_t)(s - r->frames.sensors.sensor) : 0;
	double after_s;

	if (!s || a->verdict == CHAIN_REFUSED)
		return;
	silence_heard(&r->silence, i, a->frame.span_us, live_now_ns(),
		&after_s);
	if (isfinite(after_s) && !ui_quiet())
		(void)fprintf(stderr, "truce run: %s is heard again, after "
			"%.0f s\n", name_of(r, i), after_s);
}

static void say_silent(struct running *r)
{
	for (size_t i = 0; silence_next(&r->silence, live_now_ns(), &i);)
		if (!ui_quiet())
			(void)fprintf(stderr, "truce run: %s is silent: two of "
				"its frames are missing\n", name_of(r, i));
}

static bool keep_frame(
	struct running *r, const struct feed_group *g, struct fault *f)
{
	struct chain_arrival a = {.verdict = CHAIN_REFUSED};

	if (!frames_take(&r->frames, g->bytes, take_now(), 0, &a, f))
		return false;
	say_chain(r, &a);
	note_heard(r, &a);
	return release_hold(&r->release, g->node, &a, f);
}

static bool keep_gap(struct running *r, const struct feed_group *g,
	struct fault *f)
{
	(void)fprintf(stderr, "truce run: %s: %s: %llu bytes were passed "
		"over, which is kept as a fault\n", g->feed, g->entry,
		(unsigned long long)g->lost);
	return packets_gap(&r->packets, &(struct packet){.feed = g->feed,
		.entry = g->entry, .sequence = g->sequence}, g->lost,
		take_now(), f);
}

/* What is no record of samples waits for no more than a file would. */
static void hasten(struct running *r, struct bytes b)
{
	bool record = b.len > 7 && (bytes_start(b, "MS\3") ||
		(b.at[0] >= '0' && b.at[0] <= '9' && b.at[6] >= 'A' &&
			b.at[6] <= 'Z' && (b.at[7] == ' ' || b.at[7] == 0)));

	if (!record && r->hasten_ns == 0)
		r->hasten_ns = live_now_ns();
}

static bool keep_frames(struct running *r, struct bytes b, struct fault *f)
{
	struct frames_file x = {.name = "mqtt", .bytes = b, .now = take_now()};

	return frames_take_file(&r->frames, &x, f);
}

static bool keep_group(
	void *self, const struct feed_group *g, struct fault *f)
{
	struct running *r = self;
	struct packet p = {.feed = g->feed, .entry = g->entry,
		.sequence = g->sequence, .bytes = g->bytes};

	if (g->node)
		return keep_frame(r, g, f);
	if (g->lost > 0)
		return keep_gap(r, g, f);
	if (g->file && r->framed && bytes_start(g->bytes, "CFS1"))
		return keep_frames(r, g->bytes, f);
	if (g->file)
		hasten(r, g->bytes);
	return packets_add(&r->packets, &p, take_now(), f);
}

static bool resume(void *self, const char *feed, const char *entry,
	uint64_t *sequence)
{
	struct running *r = self;

	return packets_resume(&r->packets, feed, entry, sequence);
}

static void say(void *self, const char *text)
{
	(void)self;
	if (!ui_quiet())
		(void)fprintf(stderr, "truce run: %s\n", text);
}

/* Nobody waits for who reads alerts: the log gets all that they are of. */
static bool print_alert(void *self, struct bytes line, struct fault *f)
{
	struct running *r = self;

	(void)f;
	speaker_say(&r->speaker, line);
	speaker_go(&r->speaker);
	if (r->speaker.dropped > 0 && !r->missed) {
		r->missed = true;
		say(NULL, r->speaker.gone ? "nobody reads the alerts any more"
			: "alerts are read too slowly: the oldest are "
			  "dropped");
	}
	return true;
}

static void tell(void *self, uint64_t node, struct bytes b)
{
	struct running *r = self;

	fronts_answer(r->fronts, node, b);
}

static struct heard ends(const struct running *r)
{
	return (struct heard){spool_end(&r->packets.spool),
		r->framed ? spool_end(&r->frames.spool) : 0};
}

/* What is kept, and heard, as a number that grows. */
static uint64_t mark_of(struct heard x)
{
	return x.live + x.frames;
}

/* Level 1, and whoever goes too far is cut off. */
static void tell_kept(struct running *r)
{
	fronts_kept(r->fronts, mark_of(ends(r)));
	if (!r->framed)
		return;
	for (size_t i = 0; i < r->release.heards; i++)
		if (r->release.heard[i].verdict == CHAIN_REFUSED)
			fronts_refuse(r->fronts, r->release.heard[i].node);
	release_kept(&r->release);
}

/* Kept, told, heard: in this order. */
static bool keep(struct running *r, struct fault *f)
{
	struct packets *p = &r->packets;

	if (p->count == 0 && (!r->framed || r->release.heards == 0)) {
		fronts_kept(r->fronts, mark_of(ends(r)));
		return true;
	}
	if (!packets_keep(p, f) || (r->framed && !frames_keep(&r->frames, f)))
		return false;
	tell_kept(r);
	packets_clear(p);
	if (r->framed)
		frames_clear(&r->frames);
	hearing_kept(&r->hearing, ends(r));
	return true;
}

/* Level 2. */
static bool release(struct running *r, bool now, struct fault *f)
{
	if (!r->framed || !release_due(&r->release) ||
		(!now && live_now_ns() < r->release_ns))
		return true;
	r->release_ns = live_now_ns() + RELEASE_MS * INT64_C(1000000);
	return release_go(&r->release, take_now(), f);
}

/* -- the replay -- */

static void leave(void *self)
{
	struct running *r = self;

	fronts_leave(r->fronts);
	r->fronts = NULL;
	/* Its locks are the parent's alone: who comes after a parent that was
	 * killed does not wait for its children. */
	(void)close(r->packets.spool.log.lock);
	if (r->framed)
		(void)close(r->frames.spool.log.lock);
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

/* A file of signed frames: they are ours to keep.  *is false: it is none. */
static bool take_frames(struct running *r, const char *name, bool *is,
	struct fault *f)
{
	struct frames_file x = {.name = name, .now = take_now()};
	struct fault why = {0};
	struct arena *a = &r->porter.memory;
	size_t mark = a->used;
	const char *path = path_join(a, r->porter.folder, name, f);
	bool ok;

	*is = false;
	if (!path)
		return false;
	ok = file_map(path, &x.bytes, &why);
	a->used = mark;
	if (!ok)
		return true; /* the replay says why */
	*is = bytes_start(x.bytes, "CFS1");
	ok = !*is || frames_take_file(&r->frames, &x, f);
	file_unmap(x.bytes);
	if (ok && x.count[CHAIN_REFUSED] > 0 && !ui_quiet())
		(void)fprintf(stderr, "truce run: %s: %s; %llu refused, kept "
			"with their faults\n", name, x.why.text,
			(unsigned long long)x.count[CHAIN_REFUSED]);
	return ok;
}

/* Leaves the others for the replay. */
static bool take_all_frames(struct running *r, struct fault *f)
{
	struct porter *p = &r->porter;
	size_t kept = 0;

	for (size_t i = 0; i < p->count; i++) {
		bool is;

		if (!take_frames(r, p->name[i], &is, f))
			return false;
		if (!is)
			p->name[kept++] = p->name[i];
	}
	p->count = kept;
	return true;
}

static bool begin_replay(struct running *r, struct fault *f)
{
	if (r->framed && !take_all_frames(r, f))
		return false;
	r->began_ns = live_now_ns();
	r->hasten_ns = 0;
	r->replaying.inbox = r->porter.name;
	r->replaying.files = r->porter.count;
	if (!replaying_begin(&r->replaying, r->ledger,
		spool_end(&r->packets.spool), f))
		return false;
	if (r->framed) {
		fronts_watch(r->fronts, 0, replaying_fd(&r->replaying));
		r->frames_packed = spool_end(&r->frames.spool);
	}
	return true;
}

/* What the last replay made; there may be none yet.  What cannot be read ends
 * nothing: alerts do without it. */
static void learn(struct running *r)
{
	struct store store = {stores[0], NULL};
	struct fault why = {0};

	hearing_learn(&r->hearing);
	if (!store.engine->open(&store, r->folder, false, &why)) {
		r->knows = true;
		return;
	}
	if (!warn_each(&store, &r->warned, take_now(), print_alert, r, &why))
		say(NULL, why.text);
	/* What was found before we came is no news. */
	if (!(r->knows ? warn_findings(&store, &r->found, print_alert, r, &why)
		: store.engine->newest(&store, &r->found, &why)))
		say(NULL, why.text);
	r->knows = true;
	store.engine->close(&store);
}

/* The log may be another after a turn. */
static void new_log(struct running *r)
{
	if (r->framed)
		r->frames.ledger = r->release.ledger = r->ledger;
}

static bool end_replay(struct running *r, bool wait, struct fault *f)
{
	int status = 0;
	bool done, ok;

	if (r->replaying.child == 0)
		return true;
	ok = replaying_go(&r->replaying, &r->ledger, wait, &done, &status, f);
	new_log(r);
	if (!ok || !done)
		return ok;
	if (r->framed)
		fronts_watch(r->fronts, 0, -1);
	r->replay_ns = live_now_ns() + r->every_s * INT64_C(1000000000);
	r->code = WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_SYSTEM;
	r->replayed = r->code == EXIT_DONE;
	/* Replays for the inbox's sake take half of the time at most. */
	r->failures = r->replayed ? 0 : r->failures + 1;
	r->inbox_ns = r->replayed ? 2 * live_now_ns() - r->began_ns
		: live_now_ns() + (r->failures < AGAIN_MOST ? r->failures
			: AGAIN_MOST) * AGAIN_S * INT64_C(1000000000);
	if (r->replayed) {
		porter_taken(&r->porter, r->replaying.files);
		learn(r);
	}
	if (WIFSIGNALED(status))
		(void)fprintf(stderr, "truce run: the replay was killed by "
			"signal %d\n", WTERMSIG(status));
	return packets_packed(&r->packets, hearing_needs(&r->hearing).live,
		f) &&
		replaying_tell(&r->replaying, &r->telling, f);
}

/* -- all -- */

/* All that lay complete in the inbox when the end was asked for. */
static bool drain_inbox(struct running *r, struct fault *f)
{
	const int64_t began = live_now_ns();
	int64_t ms = 0;

	while (ms < DRAIN_S * 1000 && (r->porter.walks == 0 || ms < INBOX_MS)) {
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
		if (!fronts_wait(r->fronts, WAIT_MS, f) || !keep(r, f))
			return false;
		fronts_seen(r->fronts, &seen);
		now = live_now_ns();
		last = seen.bytes > was.bytes ? now : last;
	}
	return hearing_end(&r->hearing, HEARING_S * 1000, f);
}

static bool is_new(const struct running *r)
{
	return r->porter.count > 0 ||
		spool_end(&r->packets.spool) > r->packets.done || (r->framed &&
			spool_end(&r->frames.spool) > r->frames_packed);
}

/* Files of the inbox wait for no more than others that come with them. */
static bool replay_due(const struct running *r)
{
	int64_t now = live_now_ns(), since = INT64_MAX;

	if (r->every_s == 0 || r->replaying.child != 0 || r->beating != 0 ||
		r->telling != 0 || !is_new(r))
		return false;
	if (r->porter.count > 0)
		since = r->porter.since_ns;
	if (r->hasten_ns != 0 && r->hasten_ns < since)
		since = r->hasten_ns;
	return now >= r->replay_ns || (since < INT64_MAX &&
		now >= r->inbox_ns && now - since >=
			INBOX_MS * INT64_C(1000000));
}

static bool last_replay(struct running *r, struct fault *f)
{
	if (!end_replay(r, true, f))
		return false;
	if (r->replayed && !is_new(r))
		return true;
	return begin_replay(r, f) && end_replay(r, true, f);
}

/* To somebody at a desk who waits for the log.  Who takes long at it holds all
 * up, so only short verbs ask (turn.h). */
static bool yield_log(struct running *r, struct fault *f)
{
	bool ok;

	if (!r->framed || r->replaying.child > 0 ||
		live_now_ns() < r->turn_ns)
		return true;
	r->turn_ns = live_now_ns() + TURN_MS * INT64_C(1000000);
	if (!turn_wanted(&r->files.disk))
		return true;
	if (!release(r, true, f))
		return false;
	ok = turn_give(&r->files.disk, &r->ledger, &courier_http, f);
	new_log(r);
	return ok;
}

static void reap(pid_t *pid)
{
	int status;

	if (*pid > 0 && waitpid(*pid, &status, WNOHANG) != 0)
		*pid = 0;
}

/* An entry which shows that the log lives (pulse.h); what there is is signed
 * and cosigned with it.  Without frames the log is to be opened first, and the
 * longer that takes the rarer it is. */
static bool beat_now(struct running *r, bool last, struct fault *f)
{
	int64_t began = live_now_ns();
	struct ledger *l = r->ledger;
	struct turn turn = {.lock = -1};
	uint64_t next_s = BEAT_S;
	bool there, ok;

	if (!r->framed) {
		if (!ledger_exists(&r->files.disk, &there, f) || !there)
			return f->kind == FAULT_NONE;
		if (!turn_open(&turn, &r->files.disk, &l, f))
			return false;
		next_s += (uint64_t)(live_now_ns() - began) / 1000000000 *
			OPENS;
	}
	ok = (r->framed || ledger_compare(l, &courier_http, f)) &&
		pulse_beat(l, &r->files.disk, take_now(), last ? 0 : next_s,
			f) && ledger_sign(l, f);
	if (!r->framed) {
		ledger_close(l);
		turn_close(&turn);
	}
	return ok;
}

/* Each 60 s (PROOF.md 4).  Witnesses may be slow: without frames a child asks
 * them, with them the log is open here. */
static bool beat(struct running *r, struct fault *f)
{
	bool beats = r->beating > 0;

	reap(&r->beating);
	reap(&r->telling);
	if (beats && r->beating == 0)
		r->beat_ns = live_now_ns() + BEAT_S * INT64_C(1000000000) +
			OPENS * (live_now_ns() - r->beaten_ns) / 2;
	if ((r->replaying.child != 0 && !r->framed) || r->beating > 0 ||
		live_now_ns() < r->beat_ns)
		return true;
	r->beaten_ns = live_now_ns();
	r->beat_ns = r->beaten_ns + BEAT_S * INT64_C(1000000000);
	if (r->framed)
		return beat_now(r, false, f);
	(void)fflush(stdout);
	(void)fflush(stderr);
	r->beating = fork();
	if (r->beating != 0)
		return r->beating > 0 || fault_errno(f, "fork");
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	fronts_leave(r->fronts);
	_exit(beat_now(r, false, f) ? EXIT_DONE : EXIT_SYSTEM);
}

static bool loop(struct running *r, struct fault *f)
{
	while (!stop) {
		speaker_go(&r->speaker);
		say_silent(r);
		fronts_watch(r->fronts, 1, hearing_fd(&r->hearing));
		if (!fronts_wait(r->fronts, WAIT_MS, f) || !keep(r, f) ||
			!hearing_go(&r->hearing, f) ||
			!release(r, false, f) || !yield_log(r, f) ||
			!end_replay(r, false, f) || !beat(r, f))
			return false;
		fronts_heard(r->fronts, mark_of(r->hearing.at));
		if (!porter_go(&r->porter, f) ||
			(replay_due(r) && !begin_replay(r, f)))
			return false;
	}
	say(NULL, "ending: the last replay");
	if (r->beating > 0)
		(void)waitpid(r->beating, NULL, 0);
	return drain(r, f) && drain_inbox(r, f) && release(r, true, f) &&
		last_replay(r, f) && beat_now(r, true, f);
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
		.tell = tell};
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
	r->replaying.leave = leave;
	r->replaying.self = r;
	ask->frames = r->framed;
	r->hearing = (struct hearing){.folder = r->folder,
		.disk = &r->files.disk, .alerts = {print_alert, r}, .say = say};
	if (!introduce(r, ask, &f) || !fronts_open(&r->fronts, ask, &f) ||
		!hearing_open(&r->hearing, (struct heard){r->packets.done,
			ends(r).frames}, &f))
		return cmd_fault(&cmd_run, &f);
	hearing_kept(&r->hearing, ends(r));
	learn(r);
	inbox = path_join(&r->loaded.arena, r->folder, "inbox", &f);
	if (!inbox || !porter_open(&r->porter, inbox, leave, r, &f))
		return cmd_fault(&cmd_run, &f);
	say(NULL, "watching inbox/");
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
		.take = keep_group,
		.resume = resume, .say = say, .self = &r};
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

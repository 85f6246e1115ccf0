/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * api.h - what the outside may ask of a mission (docs/api.md): one function
 * from request to response.  It reads the store and the published files of
 * the log, writes submissions and hands on what persons sign, and knows no
 * socket.
 *
 *	/api/v1/                       what there is
 *	/api/v1/incidents, ...         a page of records (ask.h, render.h)
 *	/api/v1/incidents/ID           one record; any unique ending of 4
 *	/api/v1/explanations/ID        why: its trace (truce explain --json)
 *	/api/v1/pictures/ID            record section and map, SVG
 *	/api/v1/photos/SHA256          of a report (photos.h)
 *	/api/v1/board                  the commitments board (truce.board/1)
 *	/api/v1/reports                what out/ holds (reports.h)
 *	/api/v1/mission, sources, geometry      (landmarks.h)
 *	/api/v1/columns                incidents for a map (points.h)
 *	/api/v1/coverage               what could be seen where (watching.h)
 *	/api/v1/submissions/ID         PUT: into the inbox (submission.h)
 *	/api/v1/session                who asks (session.h)
 *	/api/v1/leases/ID              POST, DELETE (leases.h)
 *	/api/v1/queue                  what waits for people (queue.h)
 *	/api/v1/entries                POST: what they decide (entries.h)
 *	/api/v1/disclosures            POST: one entry, shown (disclosures.h)
 *	/api/v1/party/...              the same at level parties (level.h)
 *	/public/v1/..., /cap           what was published (public.h)
 *	/api/v1/stream                 what is logged from now on (events.h)
 *	/checkpoint, /tile/...         the log, for any auditor
 *	/ogc/...                       OGC API Features (features.h)
 *	/api/v1/map, /map/...          the map beneath (atlas.h)
 *	/out/NAME                      reports as written
 *	/api/v1/report                 one that is made now (reports.h)
 *	anything else                  files of the page
 *
 * Who asks without a session sees what the front door gives everybody
 * (struct api's open); with one, what the person's role may see. */
#ifndef SERVE_API_H
#define SERVE_API_H

#include "base/disk.h"
#include "model/mission.h"
#include "publish/publish.h"
#include "serve/atlas.h"
#include "serve/wire.h"
#include "store/store.h"

struct api_telling {
	enum { API_EXPLANATION, API_PICTURE, API_BOARD } what;
	const char *id;   /* of the board: NULL */
	const char *lang; /* of the picture: "uk" */
};

struct api_report { /* to be made now, as `truce report` takes its options */
	const char *format, *lang, *level, *period;
	const char *incident; /* NULL: the whole period */
	bool week;
};

struct drafts;
struct leases;
struct office;
struct search_names;
struct sessions;
struct totals;

struct api {
	/* Without a session: all (127.0.0.1, whose users can read the folder),
	 * or what is public. */
	bool open;
	enum level level; /* of the request that is being answered */
	struct instant now; /* when it came */
	bool secure; /* reached by TLS alone */
	struct sessions *sessions; /* these four: NULL, nobody decides here */
	struct leases *leases;
	struct drafts *drafts;
	const struct office *office;
	struct totals *totals; /* NULL: counted anew each time */
	const char *folder; /* of the mission */
	const char *web;    /* folder of the page's files; NULL: none */
	struct store *store;
	struct disk *disk;  /* takes submissions; NULL: none */
	const struct mission *mission;
	const struct search_names *names; /* of its towns; NULL: none */
	const struct atlas *atlas; /* tiles; NULL: none */
	struct digest terms; /* terms_sha256; zeros: no agreement */
	/* From the porch: what people made of a record, out of the store's
	 * named value `reviews` (status and body may be exchanged for others,
	 * in the arena), with the time that a mission's parties have for a
	 * reply; what a verb tells: a record's explanation as JSON or SVG,
	 * or the board; and a report. */
	bool (*revise)(struct bytes reviews, const struct mission *,
		struct instant now, struct row *, struct arena *,
		struct fault *);
	/* The same of an obligation, which the clock has a part in. */
	bool (*owed)(struct store *, struct instant now, struct row *,
		struct arena *, struct fault *);
	bool (*tell)(void *self, const struct api_telling *, struct arena *,
		struct bytes *out, struct fault *);
	bool (*print)(void *self, const struct api_report *, struct arena *,
		struct bytes *out, struct fault *);
	void *self; /* both may be called by several threads at once */
};

enum { API_BYTES = 64 << 20 }; /* the longest answer, in the arena */

/* Always a response; the arena has room for twice API_BYTES. */
void api_answer(const struct api *, const struct wire_request *,
	struct arena *, struct wire_response *);
/* The named value, into the arena. */
MUST_USE bool api_reviews(const struct api *, struct arena *,
	struct bytes *reviews, struct fault *);
void api_text(
	struct wire_response *, const char *type, const struct text *);
/* Says of a fault what a client may know: 400, 404, 413 or 503. */
void api_fault(const struct fault *, struct arena *, struct wire_response *);

#endif

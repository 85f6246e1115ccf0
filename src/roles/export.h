/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * export.h - a log in the hands of others: what ledger/mirror.h reads, and at
 * level full all that a mission is made of.
 *
 *	MANIFEST                       all that follows, signed (manifest.h)
 *	PACK                           level, from which entry on, how many
 *	README                         how a stranger checks it
 *	checkpoint, tile/...           as published, with its cosignatures
 *	disclosures/<N>.disclosure     bodies
 *	stamps/<N>.tsr                 time stamps that entries are about
 *	blobs/sha256/aa/bb/<hex>       evidence
 *	spool/<NAME>/<N>.seg            records as received
 *	cosigned/<N>.seg               all that witnesses cosigned, and when
 *	policy/<NAME>.policy           whose cosignatures are asked for
 *	mission/...                    mission.yaml, terms, sensors, geometry
 *
 * What a level opens:
 *
 *	of an entry          public          parties      full
 *	key, intake, batch,  all             all          all
 *	  agreement, anchor,
 *	  publication, report
 *	incident             id, version,    all          all
 *	                     status, kind,
 *	                     count
 *	finding              also incident,  all          all
 *	                     clause, verdict,
 *	                     probability, grade,
 *	                     party, standard,
 *	                     its two hashes
 *	review               does, of        all          all
 *	any other            id, state       all          all
 *	who read what (11)   nothing         nothing      all
 *	sealed (0)           nothing         once lifted  once lifted
 *	evidence files       none            those that   all
 *	                                     bodies name
 *	spool, mission       none            none         all
 *
 * What is shut stays there by its name and hash.  No secret and no key
 * leaves: salts of single open fields only.
 *
 * The same log and files give the same bytes.  The spool is cut where the
 * last intake under the checkpoint ends, so that all of it is committed to. */
#ifndef ROLES_EXPORT_H
#define ROLES_EXPORT_H

#include "base/disk.h"
#include "ledger/ledger.h"
#include "ledger/sign.h"

enum export_level { EXPORT_PUBLIC, EXPORT_PARTIES, EXPORT_FULL };

struct export_ask {
	struct ledger *ledger;
	struct disk *from, *to; /* `to` is empty */
	enum export_level level;
	/* Bodies, evidence and records of entries from here on; keys and
	 * tiles are always all there, so that it can be audited alone. */
	uint64_t since;
	const struct sign_key *key; /* of MANIFEST; NULL: unsigned */
	const char *const *file;    /* of the mission, for level full */
	size_t files;
};

struct exported {
	uint64_t entries, bodies, blobs, records, files, bytes;
};

/* -1: no such level. */
int export_level_named(const char *);
const char *export_level_name(enum export_level);
/* May a body of this type show this field? */
bool export_opens(enum export_level, uint8_t type, struct bytes name);

/* All is durable but the name of `to` itself. */
MUST_USE bool export_write(
	const struct export_ask *, struct exported *, struct fault *);

#endif

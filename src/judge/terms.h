/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * terms.h - the agreement inside judge/: what the parser makes, what binding
 * completes, what the evaluator reads.  Everything lies in one arena and is
 * not changed after terms_bind(). */
#ifndef JUDGE_TERMS_H
#define JUDGE_TERMS_H

#include "judge/chance.h"
#include "judge/fixed.h"
#include "judge/judge.h"

enum {
	TERMS_BYTES_MAX = 1 << 20,
	TERMS_ERRORS_MAX = 1000,
	TERMS_CONDITIONS_MAX = 16, /* of one rule or exception */
	TERMS_EXCEPTIONS_MAX = 16, /* of one rule */
	TERMS_GRADES_MAX = 8,
	TERMS_NOTICES_MAX = 4, /* of one example; zones it is outside, too */
	TERMS_DEPTH_MAX = 32, /* of brackets */
	TERMS_TREE_MAX = 200, /* words of one expression */
	TERMS_STRETCH_MAX = 4000000,
	TERMS_RUN = 8, /* stretches of a chunk at most, chunks of a sheaf */
};
#define TERMS_NEVER_US INT64_MIN
#define TERMS_LENGTH_MAX_MM INT64_C(500000000) /* 500 km */
#define TERMS_OPEN_MM INT64_MAX /* no floor, no ceiling */

/* What a weapon may be called (docs/names.md, `weapon`). */
enum weapon {
	WEAPON_TANK, WEAPON_MLRS, WEAPON_ARTILLERY, WEAPON_MORTAR,
	WEAPON_MISSILE, WEAPON_APC, WEAPON_IFV, WEAPON_ANTI_TANK,
	WEAPON_AIR_DEFENCE, WEAPON_MACHINE_GUN, WEAPON_SMALL_ARMS,
	WEAPON_GRENADE_LAUNCHER, WEAPON_UAV, WEAPON_AIRCRAFT,
	WEAPON_HELICOPTER, WEAPON_MINE, WEAPON_COUNT,
};
extern const char *const terms_weapons[WEAPON_COUNT + 1]; /* NULL ends it */
int terms_weapon(const char *word); /* -1 */

enum compare { COMPARE_GE, COMPARE_GT, COMPARE_LE, COMPARE_LT, COMPARE_EQ };

/* An expression of a class.  Parts that speak of kinds alone are one set,
 * since a thing has one kind: `explosion or shot` is a sum, not a bound. */
struct expression {
	enum {
		IS_KINDS, IS_WEAPON, IS_CALIBRE, IS_CLASS,
		IS_AND, IS_OR, IS_NOT,
	} is;
	bool pure;            /* of kinds alone */
	uint32_t kinds;       /* bits: pure: true for these; else it can be */
	int words;            /* in it, `not` among them; at most 200 */
	enum weapon weapon;
	enum compare compare;
	int64_t calibre_um;
	size_t class_;
	const struct expression *a, *b;
};

struct terms_class {
	const char *name;
	const struct expression *is;
};

struct standard {
	const char *name;
	int32_t ppm;
	int64_t modalities; /* at least so many; 0 not asked */
};

/* A piece of a line or border, no longer than 0.2 degree. */
struct stretch {
	struct spot a, b;
};

struct chunk { /* a run of stretches and the box they lie in */
	size_t from, count;
	struct spot low, high;
	int64_t cos; /* the least within the box */
};

struct outline {
	const struct stretch *stretch;
	size_t count;
	const struct chunk *chunk;
	size_t chunks;
	const struct chunk *sheaf; /* of chunks, as these of stretches */
	size_t sheaves;
	bool closed;
	const char *party; /* of a control shape */
	int64_t from_us;   /* its map is in force from then; 0: undated */
};

enum area_is {
	AREA_LINE,
	AREA_BAND, /* WITHIN limit_mm of another line */
	AREA_FILE, /* polygons of a file */
};

struct area { /* a LINE or ZONE */
	const char *name;
	enum area_is is;
	const char *file;      /* "" none */
	const char *not_given; /* why there is no geometry, or NULL */
	bool has_hash;
	struct digest sha256;
	char sha256_hex[SHA256_HEX];
	int64_t error_mm;
	const char *measured_by; /* "" */
	size_t of;               /* AREA_BAND: the line */
	int64_t limit_mm;        /* AREA_BAND: a side */
	bool total;
	int64_t floor_mm, ceiling_mm;
	size_t line, column;
	bool bound;
	struct outline outline;
};

enum condition_is {
	ON_WITHIN, /* limit_mm of area */
	ON_INSIDE,
	ON_OUTSIDE,
	ON_OWN_SIDE,
	ON_SIDE_OF, /* who */
	ON_FROM,
	ON_UNTIL,
	ON_DAILY,
	ON_BY, /* who */
	ON_NOTIFIED,
};

struct condition {
	enum condition_is is;
	size_t area;
	int64_t limit_mm; /* a side */
	bool total;
	int64_t at_us;
	int64_t daily_from_us, daily_to_us; /* after local midnight */
	const char *who, *what;
	int64_t before_us; /* notice ahead of the start */
	int64_t near_mm;   /* -1 not asked */
};

struct exception {
	const char *id;
	struct condition condition[TERMS_CONDITIONS_MAX];
	size_t conditions;
};

struct grade_step {
	int64_t at_least;
	const char *name;
};

struct rule {
	const char *id;
	const char *article, *text; /* "" when the rule stands alone */
	bool requires_;
	const char *subject;        /* as written */
	uint32_t manner;            /* kinds of `presence of`, or 0 */
	const struct expression *is;
	const char *by, *of, *else_; /* of REQUIRES */
	int64_t due_us;
	struct condition condition[TERMS_CONDITIONS_MAX];
	size_t conditions;
	const struct exception *exception;
	size_t exceptions;
	size_t standard; /* SIZE_MAX until chosen */
	struct grade_step grade[TERMS_GRADES_MAX];
	size_t grades;
	bool by_count;
	size_t line, column;
	const char *head[2]; /* first lines of every explanation */
	size_t heads;
};

struct article {
	const char *id, *text;
	size_t line, column;
};

struct example { /* EXAMPLE rule "says" GIVEN thing ... -> want */
	const char *rule, *says;
	const struct expression *thing; /* a kind or a weapon */
	int64_t distance_mm; /* FROM area; -1 not given */
	size_t from;
	size_t inside;       /* area; SIZE_MAX none */
	size_t outside[TERMS_NOTICES_MAX], outsides;
	int64_t error_mm;    /* radius of level 0.9 */
	int64_t calibre_um;  /* -1 not given */
	int64_t at_us;
	int64_t count, modalities; /* -1 not given */
	const char *by;      /* "" */
	struct {
		const char *what;
		int64_t at_us;
	} notified[TERMS_NOTICES_MAX];
	size_t notices;
	int64_t until_us;    /* the record reaches to it; or for ever */
	enum verdict want;
	size_t line, column;
};

struct token; /* lex.h */

struct terms {
	const struct token *token; /* as it was read; the last is TOKEN_END */
	const char *id, *title, *status, *timezone;
	size_t timezone_line, timezone_column;
	int64_t status_us; /* TERMS_NEVER_US */
	struct party party[PARTIES_MAX];
	size_t parties;
	struct area *area; /* lines and zones as they stand */
	size_t areas;
	struct terms_class *class_;
	size_t classes;
	struct standard *standard;
	size_t standards;
	struct article *article;
	size_t articles;
	struct rule *rule;
	size_t rules;
	struct example *example;
	size_t examples;
	const struct zone_offset *offset; /* since binding */
	size_t offsets;
	struct outline *control;
	size_t controls;
	struct digest sha256;
	char sha256_hex[SHA256_HEX];
};

#endif

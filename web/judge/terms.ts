// SPDX-License-Identifier: GPL-3.0-or-later
//
// terms.ts - an agreement as data: what parse.ts makes and bind.ts completes.
import type { Compare } from "./lex.js";
import type { Outline } from "./ground.js";
import type { Moment } from "./time.js";
import type { Verdict } from "./words.js";

/** What a class of things is.  `kinds`: the kinds it can be of; `pure`: it
 * speaks of kinds alone, and is true for these; `words` count. */
export type Expression = { kinds: number; pure: boolean; words: number } & (
	| { is: "kind"; kind: number }
	| { is: "weapon"; weapon: number }
	| { is: "calibre"; compare: Compare; um: number }
	| { is: "class"; index: number }
	| { is: "not"; a: Expression }
	| { is: "and" | "or"; a: Expression; b: Expression });

export interface Area { /* a LINE or a ZONE */
	name: string;
	is: "line" | "band" | "file";
	file: string;
	notGiven: string | null;
	sha256: string | null;
	error: number; /* all lengths in mm */
	measuredBy: string;
	of: number; /* of a band: its line, and how far */
	limit: number;
	total: boolean;
	floor: number | null;
	ceiling: number | null;
	outline: Outline | null; /* once bound */
}

export type Condition =
	| { is: "within"; area: number; limit: number; total: boolean }
	| { is: "inside" | "outside"; area: number }
	| { is: "own side" }
	| { is: "side of" | "by"; who: string }
	| { is: "from" | "until"; at: number }
	| { is: "daily"; from: number; to: number } /* us after midnight */
	| { is: "notified"; what: string; before: number; near: number | null };

export interface Exception { id: string; conditions: Condition[] }

export interface Grade { atLeast: number; name: string }

export interface Rule {
	id: string;
	article: string;
	text: string;
	subject: string; /* presence, flight, use, or what is owed */
	manner: number; /* kinds */
	is: Expression | null; /* what is forbidden */
	duty: { by: string; due: number; of: string; orElse: string } | null;
	conditions: Condition[];
	exceptions: Exception[];
	standard: number;
	grades: Grade[];
	byCount: boolean;
}

export interface Standard { name: string; ppm: number; modalities: number }

export interface Example {
	rule: string;
	says: string;
	thing: Expression;
	distance: number | null;
	from: number;
	inside: number | null;
	outside: number[];
	error: number;
	calibre: number | null; /* um */
	at: Moment;
	count: number | null;
	modalities: number | null;
	by: string;
	notified: { what: string; at: number }[];
	until: Moment; /* the record reaches to it; null: for ever */
	want: Verdict;
}

/** Ground that a party controls, by a map in force from then; 0: undated. */
export interface Ground { outline: Outline; party: string; from: number }

export interface Terms {
	id: string;
	title: string;
	status: string;
	statusAt: Moment;
	timezone: string;
	parties: { id: string; name: string }[];
	areas: Area[];
	classes: { name: string; is: Expression }[];
	standards: Standard[];
	articles: { id: string; text: string }[];
	rules: Rule[];
	examples: Example[];
	/* Since binding: */
	offsets: { from: number; east: number }[]; /* us, s */
	control: Ground[];
	sha256: string;
}

// SPDX-License-Identifier: GPL-3.0-or-later
//
// named.ts - a finding's sentences with the names of lines and zones: the judge
// says the agreement's word for one, "distance to loc", whose map calls it
// "line of contact" (src/model/called.h has the rule, and why).
import type { Called, Mission } from "./api";
import type { Lang } from "./words";

const LEADS = new Set(["to", "from", "OF", "inside", "outside", "INSIDE",
	"OUTSIDE", "zone", "names"]);

export function calledIn(c: Called, lang: Lang): string {
	const own = lang === "uk" ? c.name_uk : lang === "ru" ? c.name_ru
		: lang === "fr" ? c.name_fr : null;
	return own || c.name;
}

export function named(line: string, mission: Mission, lang: Lang): string {
	if (line.startsWith("article "))
		return line;
	const rule = line.startsWith("rule ");
	let before = "", out = "";
	for (const [, word = "", blanks = ""] of
		line.matchAll(/([^ ,:;)]*)([ ,:;)]*)/g)) {
		const c = LEADS.has(before)
			? mission.called.find((x) => x.id === word) : undefined;
		const name = c ? calledIn(c, lang) : "";
		const twice = mission.called.some((x) => x !== c &&
			calledIn(x, lang) === name);
		out += (!c ? word : rule ? `${word} (${name})` : twice
			? `${name} (${word})` : name) + blanks;
		before = word;
	}
	return out;
}

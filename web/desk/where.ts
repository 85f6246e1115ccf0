// SPDX-License-Identifier: GPL-3.0-or-later
//
// where.ts - the phrase of a place in a record ("3 km north-west of Y (party
// A-controlled)", src/model/phrase.h) in another language, as the reports say
// it.  What people wrote in other words stands as they wrote it.

type Lang = "en" | "uk" | "ru" | "fr";
type Other = Exclude<Lang, "en">;
interface Feature { properties?: Record<string, unknown> }

/** By the name that records use: the names of /api/v1/geometry. */
const towns = new Map<string, Record<string, unknown>>();

export function learnTowns(geometry: unknown) {
	const g = geometry as { features?: Feature[] } | undefined;
	for (const f of g?.features ?? [])
		if (f.properties?.role === "town")
			towns.set(String(f.properties.name), f.properties);
}

/** Of four winds: as first and as last of two, or alone. */
const WINDS: Record<Other, Record<string, [string, string]>> = {
	uk: { north: ["північний", "північ"], south: ["південний", "південь"],
		east: ["", "схід"], west: ["", "захід"] },
	ru: { north: ["северо", "северу"], south: ["юго", "югу"],
		east: ["востоко", "востоку"], west: ["западо", "западу"] },
	fr: { north: ["nord", "nord"], south: ["sud", "sud"],
		east: ["est", "est"], west: ["ouest", "ouest"] },
};

function wind(way: string, lang: Other): string | null {
	const parts = way.split("-").map((w) => WINDS[lang][w]);
	if (parts.some((p) => !p))
		return null;
	const last = parts[parts.length - 1]?.[1] ?? "";
	const two = `${parts[parts.length - 2]?.[0] ?? ""} ${last}`;
	if (lang === "uk")
		return parts.length === 1 ? last : parts.length === 2 ? two
			: `${parts[0]?.[1] ?? ""}-${two}`;
	const all = [...parts.slice(0, -1).map((p) => p?.[0]), last].join("-");
	return lang !== "fr" ? all : /^[eo]/.test(all) ? "à l’" + all
		: "au " + all;
}

/** "NNE" of the wind rose, by the letters of the language. */
const LETTERS: Record<Other, Record<string, string>> = {
	uk: { N: "Пн", E: "Сх", S: "Пд", W: "Зх" },
	ru: { N: "С", E: "В", S: "Ю", W: "З" },
	fr: { N: "N", E: "E", S: "S", W: "O" },
};

export const windIn = (point: string, lang: Lang): string => lang === "en"
	? point : [...point].map((l) => LETTERS[lang][l] ?? l).join("");

/** A town by its name in the language. */
export function townIn(name: string, lang: Lang): string {
	const own = lang === "en" ? name : towns.get(name)?.["name_" + lang];
	return typeof own === "string" && own ? own : name;
}

const SAID: Record<Other, { at: string; km: string; m: string; by: string }> = {
	uk: { at: "{y}, на місці", km: "{n} км на {w} від: {y}",
		m: "{n} м на {w} від: {y}", by: " (контроль сторони {p})" },
	ru: { at: "{y}, на месте", km: "{n} км к {w} от: {y}",
		m: "{n} м к {w} от: {y}", by: " (контроль стороны {p})" },
	fr: { at: "à {y}", km: "{n} km {w} de {y}", m: "{n} m {w} de {y}",
		by: " (sous contrôle de la partie {p})" },
};

const FORM = new RegExp("^(?:at|(\\d+) (k?m) ([a-z-]+) of) (.+?)"
	+ "(?: \\(party (.+)-controlled\\))?$");

export function whereIn(phrase: string, lang: Lang): string {
	const f = lang === "en" ? null : FORM.exec(phrase);
	if (lang === "en" || !f)
		return phrase;
	const [, n, unit, way = "", town = "", party] = f;
	const w = n ? wind(way, lang) : "";
	if (w === null)
		return phrase;
	const put: Record<string, string> = { n: n ?? "", w, p: party ?? "",
		y: townIn(town, lang) };
	const said = SAID[lang];
	const form = said[n ? unit as "km" | "m" : "at"] + (party ? said.by : "");
	// "de Odarivka" is "d’Odarivka", as in phrase_fill() of the reports.
	return (lang === "fr" && /^[AEIOUÀ-ÿ]/i.test(put.y ?? "")
		? form.replace("de {y}", "d’{y}") : form)
		.replace(/\{(\w)\}/g, (_, k: string) => put[k] ?? "");
}

// SPDX-License-Identifier: GPL-3.0-or-later
//
// app.tsx - the desk: map, time, table and card over one filter that stands in
// the address.
import { render } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import { cells as fetchCells, columns as fetchColumns, json, listen, page, query, type Alert,
	type Mission, type Row, type Words } from "./api";
import { Card } from "./card";
import { Clock } from "./clock";
import type { Columns } from "./columns";
import { parseFilter, printFilter, type Filter } from "./filter";
import { COLOURS, GROUPS, SHAPES, groupOf, groupTable, path, type Group }
	from "./kinds";
import { Later } from "./later";
import { List, LISTS } from "./lists";
import type { Sheet } from "./basemap";
import { DeskMap } from "./map";
import { between, type Shared } from "./parts";
import { Period, shownOf, type Replay } from "./period";
import { PrintHead, usePaperMap } from "./printed";
import { brush, drawTimeline, extent } from "./timeline";
import { learnTowns } from "./where";
import { catalogues, tongueOf, type Lang, type Tongue } from "./words";

interface Begun {
	mission: Mission;
	words: Words;
	/** Lines, zones and towns, whose names places are told by. */
	geometry: unknown;
	columns: Columns;
}

const HOUR = 3600e3;

/** What is not the map comes in a part of its own. */
const screens = {
	review: () => import("./review"),
	party: () => import("./party"),
	board: () => import("./board"),
	watch: () => import("./watch"),
	reports: () => import("./reports"),
	audit: () => import("./audit"),
} as const;
type Screen = keyof typeof screens;
const search = () => import("./search");
const sheet = () => import("./sheet");

const screenOf = (f: Filter): Screen | null =>
	f.tab && f.tab in screens ? f.tab as Screen : null;

function useFilter(): [Filter, (change: Partial<Filter>, back?: boolean)
	=> void] {
	const [filter, set] = useState(() => parseFilter(location.search));
	const now = useRef(filter);
	now.current = filter;
	useEffect(() => {
		const back = () => set(parseFilter(location.search));
		addEventListener("popstate", back);
		return () => removeEventListener("popstate", back);
	}, []);
	return [filter, (change, back = false) => {
		const next = { ...now.current, ...change };
		now.current = next;
		const address = location.pathname + printFilter(next);
		if (back)
			history.pushState(null, "", address);
		else
			history.replaceState(null, "", address);
		set(next);
	}];
}

function Legend({ mask, counts, toggle, tongue }: {
	mask: Set<Group>; counts: Map<Group, number>;
	toggle: (g: Group) => void; tongue: Tongue;
}) {
	return <div class="legend" role="group" aria-label={tongue.say("kind")}>
		{GROUPS.filter((g) => counts.get(g)).map((g) =>
			<button aria-pressed={mask.has(g)} onClick={() => toggle(g)}>
				<svg width="14" height="14" viewBox="-8 -8 16 16"
					aria-hidden="true"><path d={path(SHAPES[g], 6)}
						fill={COLOURS[g]} fill-rule="evenodd"
						class="mark" /></svg>
				{tongue.record(g)} {tongue.number(counts.get(g) ?? 0)}
			</button>)}
		<span class="key"><i class="hatch unwatched" />
			{tongue.say("unwatched")}</span>
		<span class="key"><i class="hatch partly" />{tongue.say("partly")}</span>
	</div>;
}

function Timeline({ data, mask, filter, within, change, clock, tongue }: {
	data: Begun; mask: Set<Group>; filter: Filter;
	within: [number | null, number | null];
	change: (c: Partial<Filter>) => void; clock: Clock; tongue: Tongue;
}) {
	const canvas = useRef<HTMLCanvasElement>(null);
	const held = useRef(data.columns);
	held.current = data.columns;
	useEffect(() => {
		if (canvas.current)
			brush(canvas.current, () => held.current,
				(from, to) => change({ from, to }));
	}, []);
	useEffect(() => {
		const draw = () => canvas.current && drawTimeline(canvas.current, {
			columns: data.columns, kinds: data.words.kinds, mask,
			from: within[0], to: within[1],
		}, clock);
		draw();
		addEventListener("resize", draw);
		return () => removeEventListener("resize", draw);
	});
	const step = (e: KeyboardEvent) => {
		const [t0, t1] = extent(data.columns);
		const from = filter.from ?? t0, to = filter.to ?? t1;
		const by = Math.max(60e3, Math.round((to - from) / 4 / 60e3) * 60e3);
		const sign = e.key === "ArrowLeft" ? -1 : e.key === "ArrowRight" ? 1
			: 0;
		if (e.key === "Escape")
			change({ from: null, to: null });
		else if (sign !== 0)
			change({ from: e.shiftKey ? from : from + sign * by,
				to: to + sign * by });
		else
			return;
		e.preventDefault();
	};
	return <canvas ref={canvas} class="timeline" tabIndex={0} role="slider"
		aria-label={tongue.say("time")} aria-valuemin={0}
		aria-valuemax={100} aria-valuenow={0} onKeyDown={step} aria-valuetext={
			`${clock.full(filter.from ?? extent(data.columns)[0])} – ${
				clock.full(filter.to ?? extent(data.columns)[1])}`} />;
}

/** How many rows are shown: by the hundred thousand, on each step of a brush. */
function visible(c: Columns, table: Uint8Array, f: Pick<Filter, "from" | "to">,
	mask: Set<Group>): number {
	const shown = Uint8Array.from(GROUPS, (g) => mask.has(g) ? 1 : 0);
	const from = f.from === null ? -Infinity : (f.from - c.t0) / 1000;
	const to = f.to === null ? Infinity : (f.to - c.t0) / 1000;
	let n = 0;
	for (let i = 0; i < c.rows; i++) {
		const t = c.t[i] ?? 0;
		if (t >= to)
			break; // they are in order of time
		if (t >= from || t + (c.d[i] ?? 0) > from)
			n += shown[table[c.kind[i] ?? 255] ?? 7] ?? 0;
	}
	return n;
}

/** Of each group, in the whole of the columns. */
function countOf(c: Columns, table: Uint8Array): Map<Group, number> {
	const n = new Uint32Array(GROUPS.length);
	for (let i = 0; i < c.rows; i++) {
		const g = table[c.kind[i] ?? 255] ?? 7;
		n[g] = (n[g] ?? 0) + 1;
	}
	return new Map(GROUPS.map((g, i) => [g, n[i] ?? 0]));
}

function Nav({ shared }: { shared: Shared }) {
	const { tongue, change, filter } = shared;
	const here = screenOf(filter);
	return <nav class="screens" aria-label={tongue.say("screens")}>
		<button aria-current={here === null ? "page" : undefined}
			onClick={() => change({ tab: null, open: null }, true)}>
			{tongue.say("map")}</button>
		{(Object.keys(screens) as Screen[]).map((s) =>
			<button aria-current={here === s ? "page" : undefined}
				onClick={() => change({ tab: s, open: null }, true)}>
				{tongue.say(s === "party" ? "parties" : s)}</button>)}
		<a href={`form.html?lang=${tongue.lang}`}>{tongue.say("report")}</a></nav>;
}

function Tools({ shared, theme, flip, find }: {
	shared: Shared; theme: "light" | "dark"; flip: () => void;
	find: () => void;
}) {
	const { tongue, filter, change } = shared;
	return <div class="tools">
		<button onClick={find} aria-keyshortcuts="Control+K">
			{tongue.say("search")} <kbd>Ctrl K</kbd></button>
		<button aria-pressed={filter.local} onClick={() =>
			change({ local: !filter.local })}>
			{filter.local ? tongue.say("local") : tongue.say("utc")}</button>
		<select aria-label={tongue.say("language")} value={tongue.lang}
			onChange={(e) => change({
				lang: (e.target as HTMLSelectElement).value })}>
			{(Object.keys(catalogues) as Lang[]).map((l) =>
				<option value={l}>{catalogues[l].lang}</option>)}
		</select>
		<button onClick={flip} aria-pressed={theme === "dark"}
			aria-label={tongue.say("theme")}>◐</button>
		<button onClick={() => print()}>{tongue.say("print")}</button>
	</div>;
}

const remembered = (): "light" | "dark" => {
	const kept = localStorage.getItem("theme");
	return kept === "dark" || kept === "light" ? kept
		: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
};

/** The incident whose mark lies nearest to a row of the columns. */
async function named(d: Begun, f: Filter, at: number): Promise<string | null> {
	const t = d.columns.t0 + (d.columns.t[at] ?? 0) * 1000;
	const near = await page("incidents", { ...f, from: t - 1000,
		to: t + 2000 });
	const lat = (d.columns.lat[at] ?? 0) * 1e-7;
	const lon = (d.columns.lon[at] ?? 0) * 1e-7;
	const off = (r: Record<string, string>) =>
		Math.hypot(Number(r.lat) - lat, Number(r.lon) - lon);
	return near.rows.sort((a, b) => off(a) - off(b))[0]?.id ?? null;
}

/** So many that were just heard are shown, and so long: by then the log has
 * them. */
const ALERTS = 20, ALERT_MS = 120_000;

/** When it was, in the columns' seconds. */
const heardAt = (a: Alert, c: Columns): number => (Date.parse(String(
	(a.incident?.time as Row | undefined)?.at)) - c.t0) / 1000;

/** Whether the log has it by now: columns tell seconds. */
const logged = (a: Alert, c: Columns): boolean =>
	c.t.some((s) => Math.abs(s - heardAt(a, c)) < 1.5);

/** Older than the newest that was just logged: it is there, or was taken for
 * something else. */
const settled = (a: Alert, c: Columns): boolean => c.rows > 0 &&
	heardAt(a, c) < (c.t[c.rows - 1] ?? 0) + 1.5;

/** New columns a moment after something was logged, while the view is live. */
function useLive(begun: Begun, filter: Filter, failed: (e: unknown) => void):
{ data: Begun; live: boolean; stamp: number; alerts: Alert[] } {
	const [alerts, setAlerts] = useState<Alert[]>([]);
	const [data, setData] = useState(begun);
	const [live, setLive] = useState(true);
	const [stamp, setStamp] = useState(0);
	const known = useRef(begun.mission.index ?? -1);
	useEffect(() => {
		if (filter.at !== null)
			return undefined;
		let wait: ReturnType<typeof setTimeout> | undefined;
		let stream: EventSource | null = null;
		const hear = () => listen(known.current, (e) => {
			known.current = Math.max(known.current, e.index);
			wait ??= setTimeout(() => {
				wait = undefined;
				fetchColumns(filter).then((columns) => {
					setData((d) => ({ ...d, columns, mission: { ...d.mission,
						index: known.current } }));
					setStamp((n) => n + 1);
					setAlerts((all) => all.filter((a) =>
						!settled(a, columns)));
				}).catch(failed);
			}, 250);
		}, (a) => {
			if (!a.incident)
				return;
			const others = (all: Alert[]) =>
				all.filter((x) => x.alert !== a.alert);
			setAlerts((all) => [...others(all), a].slice(-ALERTS));
			setTimeout(() => setAlerts((all) =>
				all.filter((x) => x !== a)), ALERT_MS);
		}, setLive);
		// A tab that nobody sees lets go of its connection: a browser has six,
		// and six tabs that listen would keep the seventh from loading.
		const turn = () => {
			if (document.hidden) {
				stream?.close();
				stream = null;
			} else {
				stream ??= hear();
			}
		};
		turn();
		document.addEventListener("visibilitychange", turn);
		return () => {
			document.removeEventListener("visibilitychange", turn);
			stream?.close();
		};
	}, [filter.at]);
	const heard = useMemo(() => alerts.filter((a) => !logged(a, data.columns)),
		[alerts, data.columns]);
	return { data, live, stamp, alerts: heard };
}

function Heard({ alerts, tongue, clock }: { alerts: Alert[]; tongue: Tongue;
	clock: Clock }) {
	const last = alerts[alerts.length - 1];
	const kind = Object.entries((last?.incident?.kind ?? {}) as
		Record<string, number>).sort((a, b) => b[1] - a[1])[0]?.[0];
	const at = Date.parse(String((last?.incident?.time as Row | undefined)
		?.at));
	return <p class="heard" role="status" data-alert={last?.alert}>{last
		? tongue.say("heard", { k: tongue.record(kind ?? "other"),
			t: clock.full(at) }) : ""}</p>;
}

function Desk({ begun, failed }: { begun: Begun; failed: (e: unknown) => void }) {
	const [filter, change] = useFilter();
	const { data, live, stamp, alerts } = useLive(begun, filter, failed);
	const [theme, setTheme] = useState(remembered);
	const [replay, setReplay] = useState<Replay | null>(null);
	const [finding, setFinding] = useState(false);
	const box = useRef<HTMLDivElement>(null);
	const paper = useRef<HTMLImageElement>(null);
	const map = useRef<DeskMap>();
	const tongue = tongueOf(filter.lang);
	const clock = new Clock(data.mission, filter.local);
	const shared: Shared = { tongue, clock, filter, change, stamp,
		mission: data.mission, extent: extent(data.columns) };
	const table = useMemo(() => groupTable(data.words.kinds), [data.words]);
	const counts = useMemo(() => countOf(data.columns, table),
		[data.columns, table]);
	const mask = new Set<Group>(filter.kinds.length === 0 ? GROUPS
		: filter.kinds.map(groupOf));
	const screen = screenOf(filter);
	const tab = filter.tab && LISTS.includes(filter.tab) ? filter.tab
		: "incidents";
	const within = replay ? shownOf(replay) : null;
	const [seen, until] = within ?? [filter.from, filter.to];
	const latest = useRef({ filter, data });
	latest.current = { filter, data };
	usePaperMap(map, paper);

	const pick = async (at: number) => {
		const { data: d, filter: f } = latest.current;
		const id = at < 0 ? null : await named(d, f, at);
		if (at < 0 || id)
			change({ open: id }, true);
	};

	useEffect(() => {
		if (!box.current)
			return undefined;
		const m = new DeskMap(box.current, data.mission.bbox, theme,
			tongue.lang, (at) => { void pick(at).catch(failed); });
		map.current = m;
		m.set(latest.current.data.columns, data.words.kinds);
		m.ask = (zoom, from, to) => fetchCells({ ...latest.current.filter,
			from, to }, zoom, data.words.kinds);
		json<{ sheets: Sheet[] }>("map").then((a) =>
			m.beneath(a.sheets, theme, tongue.lang)).catch(failed);
		void m.data("geometry", begun.geometry);
		json("sources").then((g) => m.data("sources", g)).catch(failed);
		return () => m.remove();
	}, [theme, tongue.lang]);

	useEffect(() => {
		map.current?.set(data.columns, data.words.kinds);
	}, [data.columns]);

	useEffect(() => {
		void map.current?.alerts(alerts);
	}, [alerts, theme, tongue.lang]);

	useEffect(() => {
		const m = map.current;
		if (!m)
			return;
		m.show(seen, until, mask);
	});

	// What was watched: of the time shown, its last day at most.
	const [start, end] = extent(data.columns);
	const to = filter.to ?? end;
	const from = Math.max(filter.from ?? start, to - 24 * HOUR);
	const [watching, setWatching] = useState(true);
	const wanted = useRef<Filter | null>(null);
	const asking = useRef(false);
	const ask = async () => {
		// One at a time, the newest: it is seconds of work for the server.
		if (asking.current)
			return;
		asking.current = true;
		try {
			for (let f = wanted.current; f; f = wanted.current) {
				wanted.current = null;
				await map.current?.data("coverage",
					await json("coverage" + query(f)));
			}
			setWatching(false);
		} finally {
			asking.current = false;
		}
	};
	useEffect(() => {
		setWatching(true);
		const wait = setTimeout(() => {
			wanted.current = { ...filter, from, to, at: null };
			void ask().catch(failed);
		}, 400);
		return () => clearTimeout(wait);
	}, [from, to, theme, tongue.lang]);

	useEffect(() => {
		document.documentElement.dataset.theme = theme;
		document.documentElement.lang = tongue.lang;
	}, [theme, tongue.lang]);

	useEffect(() => {
		const key = (e: KeyboardEvent) => {
			if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "k") {
				e.preventDefault();
				setFinding(true);
			} else if (e.key === "Escape" && latest.current.filter.open
				&& !document.querySelector("dialog[open]")) {
				change({ open: null }, true);
			}
		};
		addEventListener("keydown", key);
		return () => removeEventListener("keydown", key);
	}, []);

	const n = visible(data.columns, table, { from: seen, to: until }, mask);
	const toggle = (g: Group) => {
		const next = new Set(mask);
		if (!next.delete(g))
			next.add(g);
		const all = GROUPS.every((x) => next.has(x) || !counts.get(x));
		change({ kinds: all ? [] : [...next] });
	};
	const close = () => {
		change({ open: null }, true);
		void map.current?.region(null, null);
	};
	const show = (g: unknown) => { void map.current?.evidence(g); };
	const title = data.mission.title ?? data.mission.name;
	return <div class={`desk${filter.open ? " with-card" : ""}${
		filter.open?.startsWith("f-") ? " with-sheet" : ""}${screen
		? " with-screen" : ""}`}>
		<a class="skip" href="#main">{tongue.say("skip")}</a>
		<header>
			<h1>{title}</h1>
			<p class="counts" aria-live="polite">{tongue.say("shown", {
				n: tongue.number(n), m: tongue.number(data.columns.rows) })}
			{data.columns.cut ? " · " + tongue.say("cut", {
				n: tongue.number(data.columns.rows) }) : ""}
			{" · "}<span class={live ? "live" : "lost"}>
				{filter.at !== null ? tongue.say("pinned", { n: filter.at })
					: tongue.say(live ? "live" : "lost")}</span></p>
			<Nav shared={shared} />
			<Tools shared={shared} theme={theme} find={() => setFinding(true)}
				flip={() => {
					const next = theme === "dark" ? "light" : "dark";
					localStorage.setItem("theme", next);
					setTheme(next);
				}} />
			{filter.unknown.length > 0 ? <p class="failed">
				{tongue.say("unknownFilter",
					{ s: filter.unknown.join(", ") })}</p> : null}
		</header>
		<PrintHead title={title} filter={filter} extent={[start, end]}
			index={filter.at ?? data.mission.index} clock={clock}
			tongue={tongue} />
		<div class="map" inert={screen !== null}><div class="canvas" ref={box} />
			<img class="on-paper" ref={paper} alt="" />
			<div class="over"><p class="coverage" aria-busy={watching}>
				{watching ? tongue.say("coverageWaits")
					: tongue.say("coverage", {
						t: between(from, to, clock, tongue) })}</p>
			<Heard alerts={alerts} tongue={tongue} clock={clock} /></div>
			<p class="coverage afar">{tongue.say("afar")}</p></div>
		<Legend mask={mask} counts={counts} toggle={toggle} tongue={tongue} />
		<Period extent={[start, end]} filter={filter} change={change}
			replay={replay} setReplay={setReplay} clock={clock}
			tongue={tongue} />
		<Timeline data={data} mask={mask} filter={filter} within={[seen, until]}
			change={(c) => { setReplay(null); change(c); }} clock={clock}
			tongue={tongue} />
		{screen ? <main id="main" class="screen" data-screen={screen}
			tabIndex={-1}><Later part={screens[screen]}
				shared={shared} /></main>
		: <main id="main" class="lists" tabIndex={-1}>
			<div role="tablist">{LISTS.map((l) =>
				<button role="tab" aria-selected={tab === l}
					onClick={() => change({ tab: l, open: null }, true)}>
					{tongue.say(l as "incidents")}</button>)}</div>
			<List plural={tab} filter={filter} within={within} stamp={stamp}
				clock={clock} kinds={filter.kinds.length === 0 ? null
					: new Set(data.words.kinds.filter((k) =>
						mask.has(groupOf(k))))}
				tongue={tongue} mission={data.mission}
				opened={filter.open}
				open={(id) => change({ open: id }, true)} />
		</main>}
		{filter.open?.startsWith("f-") ? <Later part={sheet} id={filter.open}
			shared={shared} close={close} />
		: filter.open ? <Card id={filter.open} shared={shared} close={close}
			show={show} loaded={(r) => {
				void map.current?.region(r, data.columns); }}
			fly={(lon, lat) => map.current?.fly(lon, lat)} /> : null}
		{finding ? <Later part={search} shared={shared}
			close={() => setFinding(false)}
			fly={(lon, lat) => map.current?.fly(lon, lat)} /> : null}
	</div>;
}

async function begin(root: HTMLElement) {
	const say = document.createElement("p");
	say.className = "failed toast";
	say.hidden = true;
	document.body.append(say);
	const failed = (e: unknown) => {
		say.textContent = String(e);
		say.hidden = false;
		setTimeout(() => { say.hidden = true; }, 8000);
	};
	try {
		// Labels are drawn with the font that is there when the map begins.
		await Promise.all(["Aä", "Жїґ"].map((s) =>
			document.fonts.load("12px 'Noto Sans Variable'", s)));
		const [mission, words, columns, geometry] = await Promise.all([
			json<Mission>("mission"), json<Words>(""),
			fetchColumns(parseFilter(location.search)),
			json("geometry").catch((e: unknown) => { failed(e); })]);
		learnTowns(geometry);
		document.title = `${mission.title ?? mission.name} – Truce`;
		render(<Desk begun={{ mission, words, columns,
			geometry }} failed={failed} />,
			root);
	} catch (e) {
		failed(e);
		say.hidden = false;
	}
}

const root = document.getElementById("desk");
if (root)
	void begin(root);

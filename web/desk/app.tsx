// SPDX-License-Identifier: GPL-3.0-or-later
//
// app.tsx - the desk: map, time, table and card over one filter that stands in
// the address.
import { render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { columns as fetchColumns, json, listen, query, table, type Mission,
	type Words } from "./api";
import { Audit } from "./audit";
import { Card } from "./card";
import { Clock } from "./clock";
import { touches, type Columns } from "./columns";
import { parseFilter, printFilter, type Filter } from "./filter";
import { COLOURS, GROUPS, SHAPES, groupOf, path, type Group } from "./kinds";
import { List, LISTS } from "./lists";
import { DeskMap } from "./map";
import { brush, drawTimeline, extent } from "./timeline";
import { catalogues, tongueOf, type Lang, type Tongue } from "./words";

interface Begun {
	mission: Mission;
	words: Words;
	columns: Columns;
}

const HOUR = 3600e3;
const TABS = [...LISTS, "audit"];

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

function Timeline({ data, mask, filter, change, clock }: {
	data: Begun; mask: Set<Group>; filter: Filter;
	change: (c: Partial<Filter>) => void; clock: Clock;
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
			from: filter.from, to: filter.to,
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
		aria-label="time" onKeyDown={step} aria-valuetext={
			`${clock.full(filter.from ?? extent(data.columns)[0])} – ${
				clock.full(filter.to ?? extent(data.columns)[1])}`} />;
}

function visible(d: Begun, f: Filter, mask: Set<Group>): number {
	let n = 0;
	for (let i = 0; i < d.columns.rows; i++) {
		if (touches(d.columns, i, f.from, f.to) && mask.has(
			groupOf(d.words.kinds[d.columns.kind[i] ?? 255] ?? "")))
			n++;
	}
	return n;
}

function Desk({ begun, failed }: { begun: Begun; failed: (e: unknown) => void }) {
	const [data, setData] = useState(begun);
	const [filter, change] = useFilter();
	const [live, setLive] = useState(true);
	const [stamp, setStamp] = useState(0);
	const [theme, setTheme] = useState<"light" | "dark">(() =>
		matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
	const box = useRef<HTMLDivElement>(null);
	const map = useRef<DeskMap>();
	const tongue = tongueOf(filter.lang);
	const clock = new Clock(data.mission, filter.local);
	const counts = new Map<Group, number>();
	for (let i = 0; i < data.columns.rows; i++) {
		const g = groupOf(data.words.kinds[data.columns.kind[i] ?? 255] ?? "");
		counts.set(g, (counts.get(g) ?? 0) + 1);
	}
	const mask = new Set<Group>(filter.kinds.length === 0 ? GROUPS
		: filter.kinds.map(groupOf));
	const tab = filter.tab && TABS.includes(filter.tab) ? filter.tab
		: "incidents";
	const latest = useRef({ filter, data });
	latest.current = { filter, data };

	const pick = async (row: number) => {
		const { data: d, filter: f } = latest.current;
		if (row < 0) {
			change({ open: null }, true);
			return;
		}
		const t = d.columns.t0 + (d.columns.t[row] ?? 0) * 1000;
		const index = d.columns.id[row];
		const near = await table("incidents", { ...f, from: t - 1000,
			to: t + 2000 });
		const lat = (d.columns.lat[row] ?? 0) * 1e-7;
		const lon = (d.columns.lon[row] ?? 0) * 1e-7;
		const best = near.sort((a, b) => Math.hypot(Number(a.lat) - lat,
			Number(a.lon) - lon) - Math.hypot(Number(b.lat) - lat,
			Number(b.lon) - lon))[0];
		if (best?.id && index !== undefined)
			change({ open: best.id }, true);
	};

	useEffect(() => {
		if (!box.current)
			return undefined;
		const m = new DeskMap(box.current, data.mission.bbox, theme,
			tongue.lang, (row) => { void pick(row).catch(failed); });
		map.current = m;
		m.points.set(latest.current.data.columns, data.words.kinds);
		json("geometry").then((g) => m.data("geometry", g)).catch(failed);
		json("sources").then((g) => m.data("sources", g)).catch(failed);
		return () => m.remove();
	}, [theme, tongue.lang]);

	useEffect(() => {
		const m = map.current;
		if (!m)
			return;
		m.points.window = [filter.from, filter.to];
		m.points.shown = mask;
		m.repaint();
	});

	// What was watched: of the time shown, its last day at most.
	const [start, end] = extent(data.columns);
	const to = filter.to ?? end;
	const from = Math.max(filter.from ?? start, to - 24 * HOUR);
	useEffect(() => {
		const wait = setTimeout(() => {
			json("coverage" + query({ ...filter, from, to, at: null }))
				.then((c) => map.current?.data("coverage", c)).catch(failed);
		}, 400);
		return () => clearTimeout(wait);
	}, [from, to, theme, tongue.lang]);

	useEffect(() => {
		document.documentElement.dataset.theme = theme;
		document.documentElement.lang = tongue.lang;
	}, [theme, tongue.lang]);

	useEffect(() => {
		if (filter.at !== null)
			return undefined;
		let wait: ReturnType<typeof setTimeout> | undefined;
		const stream = listen(data.mission.index ?? -1, () => {
			wait ??= setTimeout(() => {
				wait = undefined;
				fetchColumns(latest.current.filter).then((columns) => {
					setData((d) => ({ ...d, columns }));
					map.current?.points.set(columns, begun.words.kinds);
					setStamp((n) => n + 1);
				}).catch(failed);
			}, 250);
		}, setLive);
		return () => stream.close();
	}, [filter.at]);

	const n = visible(data, filter, mask);
	const toggle = (g: Group) => {
		const next = new Set(mask);
		if (!next.delete(g))
			next.add(g);
		const all = GROUPS.every((x) => next.has(x) || !counts.get(x));
		change({ kinds: all ? [] : [...next] });
	};
	const last = (hours: number | null) => change(hours === null
		? { from: null, to: null } : { from: end - hours * HOUR, to: end });
	return <div class={filter.open ? "desk with-card" : "desk"}>
		<header>
			<h1>{data.mission.title ?? data.mission.name}</h1>
			<p class="counts" aria-live="polite">{tongue.say("shown", {
				n: tongue.number(n), m: tongue.number(data.columns.rows) })}
			{data.columns.cut ? " · " + tongue.say("cut", {
				n: tongue.number(data.columns.rows) }) : ""}
			{" · "}<span class={live ? "live" : "lost"}>
				{filter.at !== null ? tongue.say("pinned", { n: filter.at })
					: tongue.say(live ? "live" : "lost")}</span></p>
			<nav>
				<button onClick={() => last(1)}>{tongue.say("hour")}</button>
				<button onClick={() => last(6)}>{tongue.say("sixHours")}</button>
				<button onClick={() => last(24)}>{tongue.say("day")}</button>
				<button onClick={() => last(null)}>{tongue.say("whole")}</button>
				<button aria-pressed={filter.local} onClick={() =>
					change({ local: !filter.local })}>
					{filter.local ? tongue.say("local") : tongue.say("utc")}
				</button>
				<select aria-label="language" value={tongue.lang}
					onChange={(e) => change({
						lang: (e.target as HTMLSelectElement).value })}>
					{(Object.keys(catalogues) as Lang[]).map((l) =>
						<option value={l}>{catalogues[l].lang}</option>)}
				</select>
				<button onClick={() => setTheme(theme === "dark" ? "light"
					: "dark")} aria-label={tongue.say("theme")}>◐</button>
			</nav>
			{filter.unknown.length > 0 ? <p class="failed">
				{tongue.say("unknownFilter",
					{ s: filter.unknown.join(", ") })}</p> : null}
		</header>
		<div class="map"><div class="canvas" ref={box} />
			<p class="coverage">{tongue.say("coverage", {
				t: `${clock.full(from)} – ${clock.full(to)}` })}</p></div>
		<Legend mask={mask} counts={counts} toggle={toggle} tongue={tongue} />
		<Timeline data={data} mask={mask} filter={filter} change={change}
			clock={clock} />
		<section class="lists">
			<div role="tablist">{TABS.map((l) =>
				<button role="tab" aria-selected={tab === l}
					onClick={() => change({ tab: l }, true)}>
					{tongue.say(l as "incidents")}</button>)}</div>
			{tab === "audit" ? <Audit tongue={tongue} />
			: <List plural={tab} filter={filter} stamp={stamp} clock={clock}
				kinds={filter.kinds.length === 0 ? null : new Set(
					data.words.kinds.filter((k) => mask.has(groupOf(k))))}
				tongue={tongue} open={(id) => change({ open: id }, true)} />}
		</section>
		{filter.open ? <Card id={filter.open} tongue={tongue} clock={clock}
			close={() => { change({ open: null }, true);
				void map.current?.region(null, null); }}
			loaded={(r) => { void map.current?.region(r, data.columns); }} />
			: null}
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
		const [mission, words, columns] = await Promise.all([
			json<Mission>("mission"), json<Words>(""),
			fetchColumns(parseFilter(location.search))]);
		document.title = `${mission.title ?? mission.name} – Truce`;
		render(<Desk begun={{ mission, words, columns }} failed={failed} />,
			root);
	} catch (e) {
		failed(e);
		say.hidden = false;
	}
}

const root = document.getElementById("desk");
if (root)
	void begin(root);

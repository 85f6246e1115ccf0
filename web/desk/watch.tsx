// SPDX-License-Identifier: GPL-3.0-or-later
//
// watch.tsx - what could be seen and heard, and by which sources: coverage by
// kind over the time shown, and every source's health as a strip.
import { useEffect, useState } from "preact/hooks";

import { json, page, query } from "./api";
import { between, csv, row, save, text, useAnswer, Waiting, type Shared } from "./parts";

const DAY = 24 * 3600e3;
const SLICES = 8;

interface Share { watched: number; partly: number; not: number }

/** Of area and time, as the daily report says it; cells are of one size. */
function shares(cells: { properties: { watched: number; partly: number } }[]):
Share {
	const n = Math.max(1, cells.length);
	const watched = cells.reduce((t, c) => t + c.properties.watched, 0) / n;
	const partly = cells.reduce((t, c) => t + c.properties.partly, 0) / n;
	return { watched, partly, not: 1 - watched - partly };
}

function Strip({ is, label }: { is: Share | null; label: string }) {
	if (!is)
		return <td class="strip" aria-busy="true">…</td>;
	const w = is.watched * 100, p = is.partly * 100;
	return <td class="strip"><svg viewBox="0 0 100 12"
		preserveAspectRatio="none" role="img" aria-label={label}>
		<rect width="100" height="12" class="unwatched" />
		<rect width={w + p} height="12" class="partly" />
		<rect width={w} height="12" class="watched" /></svg></td>;
}

function Coverage({ kinds, from, to, shared }: {
	kinds: string[]; from: number; to: number; shared: Shared;
}) {
	const { tongue, clock, filter } = shared;
	const [by, setBy] = useState<Record<string, (Share | null)[]>>({});
	useEffect(() => {
		let here = true;
		setBy({});
		void (async () => {
			for (const k of kinds)
				for (let s = 0; s < SLICES && here; s++) {
					const a = from + (to - from) * s / SLICES;
					const c = await json<{ features: [] }>("coverage"
						+ query({ ...filter, from: a, at: null,
							to: a + (to - from) / SLICES }, { kind: k }))
						.catch(() => null);
					if (here)
						setBy((b) => ({ ...b, [k]: [...b[k] ?? [],
							c ? shares(c.features) : null] }));
				}
		})();
		return () => { here = false; };
	}, [kinds.join(), from, to, filter.at]);
	const percent = (k: string, what: keyof Share) => {
		const of = (by[k] ?? []).filter((s) => s !== null);
		return of.length === 0 ? "…" : `${(of.reduce((t, s) =>
			t + s[what], 0) / of.length * 100).toFixed(0)} %`;
	};
	return <table class="watching" tabIndex={0}><thead><tr><th scope="col">
		{tongue.say("kind")}</th>
		{Array.from({ length: SLICES }, (_, s) => <th scope="col"
			class="hour">{clock.minute(from + (to - from) * s / SLICES)}</th>)}
		<th scope="col" class="number">{tongue.say("watched")}</th>
		<th scope="col" class="number">{tongue.say("partly")}</th>
		<th scope="col" class="number">{tongue.say("unwatched")}</th></tr>
	</thead><tbody>{kinds.map((k) => <tr><th scope="row">{tongue.record(k)}</th>
		{Array.from({ length: SLICES }, (_, s) => <Strip
			is={by[k]?.[s] ?? null} label={`${tongue.record(k)} ${clock.minute(
				from + (to - from) * s / SLICES)}`} />)}
		<td class="number">{percent(k, "watched")}</td>
		<td class="number">{percent(k, "partly")}</td>
		<td class="number">{percent(k, "not")}</td></tr>)}</tbody></table>;
}

type Cells = Record<string, string>;

function Health({ sources, health, from, to, shared }: {
	sources: Record<string, unknown>[]; health: Cells[]; from: number;
	to: number; shared: Shared;
}) {
	const { tongue, clock } = shared;
	const [only, setOnly] = useState(false);
	const of = (id: string) => health.filter((h) => h.source === id &&
		h.state !== "up");
	const shown = sources.filter((s) => !only || of(text(s.id)).length > 0);
	const x = (t: number) => Math.min(100, Math.max(0,
		(t - from) / (to - from) * 100));
	return <><p class="foot">
		<label><input type="checkbox" checked={only} onChange={(e) =>
			setOnly((e.target as HTMLInputElement).checked)} />{" "}
		{tongue.say("onlyTroubled")}</label>
		<button onClick={() => save("health.csv", "text/csv", csv(health))}>
			CSV</button></p>
	<table class="health" tabIndex={0}><thead><tr><th scope="col">{tongue.say("source")}
	</th><th scope="col">{tongue.say("kind")}</th>
	<th scope="col" class="span">{between(from, to, clock, tongue)}</th>
	<th scope="col">{tongue.say("why")}</th></tr></thead>
	<tbody>{shown.map((s) => {
		const id = text(s.id), bad = of(id);
		return <tr key={id}><th scope="row">{id}</th>
			<td>{tongue.record(text(s.kind))}</td>
			<td class="strip"><svg viewBox="0 0 100 12"
				preserveAspectRatio="none" role="img" aria-label={bad.map((h) =>
					`${tongue.record(h.state ?? "")} ${h.from ?? ""} – ${
						h.to ?? ""}`).join("; ") || tongue.record("up")}>
				<rect width="100" height="12" class="up" />
				{bad.map((h) => {
					const a = x(Date.parse(h.from ?? ""));
					const b = h.to ? x(Date.parse(h.to)) : 100;
					return <rect x={a} width={Math.max(.4, b - a)} height="12"
						class={h.state} />;
				})}</svg></td>
			<td>{[...new Set(bad.map((h) =>
				`${tongue.record(h.state ?? "")}: ${tongue.record(
					h.why ?? "")}`))]
				.join("; ")}</td></tr>;
	})}</tbody></table></>;
}

const LOOK_MS = 10_000, LOW_BYTES = 1e9; // as `truce doctor`

/** Whether anything comes in at all: a quiet map is told from a dead one. */
function Intake({ shared: { tongue, clock } }: { shared: Shared }) {
	const [is, set] = useState<{ receives: boolean | null;
		at: string | null; free_bytes: number | null } | null>(null);
	useEffect(() => {
		let here = true;
		const look = () => json<NonNullable<typeof is>>("intake").then(
			(x) => { if (here) set(x); }, () => {});
		const again = setInterval(() => void look(), LOOK_MS);
		void look();
		return () => { here = false; clearInterval(again); };
	}, []);
	const low = is?.free_bytes !== null && (is?.free_bytes ?? LOW_BYTES)
		< LOW_BYTES;
	return <p class="intake" role="status">{is?.receives === true
		&& tongue.say("receives")}{is?.receives === false &&
		<span class="lost">{tongue.say("deaf", { t: clock.full(Date.parse(
			is.at ?? "")) })}</span>}{low && <>{" "}<span class="lost">
		{tongue.say("diskLow", { n: tongue.number(Math.floor(
			(is?.free_bytes ?? 0) / 1e6)) })}</span></>}</p>;
}

export default function Watch({ shared }: { shared: Shared }) {
	const { tongue, filter, stamp, clock, extent } = shared;
	const [sources, failed] = useAnswer<{ features: { properties:
		Record<string, unknown> }[] }>("sources");
	const [health, setHealth] = useState<Cells[]>([]);
	const to = filter.to ?? extent[1];
	const from = Math.max(filter.from ?? extent[0], to - DAY);
	useEffect(() => {
		let here = true;
		page("health", { ...filter, from, to }).then(
			(p) => { if (here) setHealth(p.rows); }, () => {});
		return () => { here = false; };
	}, [from, to, filter.at, stamp]);
	if (!sources)
		return <div class="page"><h2>{tongue.say("watch")}</h2>
			<Waiting failed={failed} tongue={tongue} /></div>;
	const all = sources.features.map((f) => row(f.properties));
	const kinds = ["explosion", "fire", "weapon", "flight"];
	return <div class="page watch">
		<h2>{tongue.say("watchedWhat")}</h2>
		<p class="limits">{between(from, to, clock, tongue)}.{" "}
			{tongue.say("watchedIs")}</p>
		<Coverage kinds={kinds} from={from} to={to} shared={shared} />
		<p class="keys">
			{(["watched", "partly", "unwatched"] as const).map((k) =>
				<span class="key"><svg width="18" height="12"
					aria-hidden="true"><rect width="18" height="12" class={k} />
				</svg>{tongue.say(k)}</span>)}</p>
		<h2>{tongue.say("healthOf", { n: tongue.number(all.length) })}</h2>
		<Intake shared={shared} />
		<p class="keys">{(["up", "degraded", "down", "quarantined"] as const)
			.map((k) => <span class="key"><svg width="18" height="12"
				aria-hidden="true"><rect width="18" height="12" class={k} />
			</svg>{tongue.record(k)}</span>)}</p>
		<Health sources={all} health={health} from={from} to={to}
			shared={shared} />
	</div>;
}

// SPDX-License-Identifier: GPL-3.0-or-later
//
// sw.ts - keeps the report form, and nothing else, so that it opens without a
// network.  What it keeps is of one build: FILES and BUILD come from build.mjs.
declare const FILES: string[];
declare const BUILD: string;

interface Waiting extends Event {
	waitUntil(p: Promise<unknown>): void;
}
interface Fetching extends Event {
	request: Request;
	respondWith(r: Promise<Response>): void;
}
interface Worker {
	skipWaiting(): Promise<void>;
	clients: { claim(): Promise<void> };
	addEventListener(type: "install" | "activate",
		f: (e: Waiting) => void): void;
	addEventListener(type: "fetch", f: (e: Fetching) => void): void;
}
const worker = self as unknown as Worker;
const NAME = "form-" + BUILD;

worker.addEventListener("install", (e) => e.waitUntil(
	caches.open(NAME).then((c) => c.addAll(FILES))
		.then(() => worker.skipWaiting())));

worker.addEventListener("activate", (e) => e.waitUntil((async () => {
	for (const k of await caches.keys())
		if (k.startsWith("form-") && k !== NAME)
			await caches.delete(k);
	await worker.clients.claim();
})()));

// Ours at once; a newer build brings a worker of its own.
worker.addEventListener("fetch", (e) => {
	const url = new URL(e.request.url);
	if (e.request.method !== "GET" || url.origin !== location.origin
		|| !FILES.includes(url.pathname))
		return;
	e.respondWith((async () => {
		const ours = await caches.match(url.pathname);
		if (ours)
			return ours;
		return fetch(e.request);
	})());
});

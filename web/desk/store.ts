// SPDX-License-Identifier: GPL-3.0-or-later
//
// store.ts - what this browser keeps by itself: one table of IndexedDB, each
// thing under its own key.  A write is on the disk before it is said to be kept.

export interface Store<T> {
	all: () => Promise<T[]>;
	keep: (is: T) => Promise<unknown>;
	drop: (key: string) => Promise<unknown>;
}

function opened(name: string, table: string, key: string):
Promise<IDBDatabase> {
	return new Promise((done, no) => {
		const r = indexedDB.open(name, 1);
		r.onupgradeneeded = () =>
			r.result.createObjectStore(table, { keyPath: key });
		r.onsuccess = () => done(r.result);
		r.onerror = () => no(r.error ?? new Error(name));
	});
}

export function store<T>(name: string, table: string, key: keyof T & string):
Store<T> {
	const within = async <R>(mode: IDBTransactionMode,
		run: (s: IDBObjectStore) => IDBRequest<R>): Promise<R> => {
		const b = await opened(name, table, key);
		try {
			return await new Promise<R>((done, no) => {
				const t = b.transaction(table, mode,
					{ durability: "strict" });
				const r = run(t.objectStore(table));
				t.oncomplete = () => done(r.result);
				t.onabort = t.onerror = () =>
					no(t.error ?? new Error(table));
			});
		} finally {
			b.close();
		}
	};
	return {
		all: () => within("readonly", (s) => s.getAll() as IDBRequest<T[]>),
		keep: (is) => within("readwrite", (s) => s.put(is)),
		drop: (at) => within("readwrite", (s) => s.delete(at)),
	};
}

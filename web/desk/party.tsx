// SPDX-License-Identifier: GPL-3.0-or-later
import type { Shared } from "./parts";
export default function X({ shared }: { shared: Shared }) {
	return <div class="page"><h2>{shared.tongue.say("audit")}</h2></div>;
}

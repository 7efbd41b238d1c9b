/** What a server's switches and array tell of themselves, judged with the frames, and written down for a replay. */
import {
  formatHistoryLine,
  HistoryJudge,
  type HistoryLine,
  historyStart,
  withoutData,
} from '../audit/told-history.ts';
import type { Verdict } from '../audit/verdict.ts';
import type { ByteSink } from '../capture/sink.ts';
import { parseWwn } from '../codecs/layout/index.ts';
import type { HistoryEntry, PortPlace } from '../history/index.ts';
import { fcTargetPort } from '../history/port-name.ts';
import { adapterPortsOf, nodePlaceOf } from '../scenario/topology.ts';
import { unitsOf } from '../scenario/units.ts';
import { commonClock } from './common-clock.ts';
import type { LiveEvent, LiveLink } from './links.ts';
import { arrayOf } from './plan.ts';
import type { LiveServer } from './server.ts';

/** A killed server leaves a history that lacks no more than this. */
const FLUSH_MS = 1000;
const CHUNK_CHARACTERS = 64 * 1024;

/** What an account does. */
export interface HistoryAccountOptions {
  /** Frames and happenings are judged, for `conclude`. */
  readonly judges: boolean;
  /** They are written down here. */
  readonly sink: ByteSink | undefined;
  /** Hears once why what is written has ended early. */
  readonly failed: (error: Error) => void;
}

/** Follows a server from its first cable on. */
export class HistoryAccount {
  readonly #server: LiveServer;
  readonly #judge: HistoryJudge | undefined;
  readonly #sink: ByteSink | undefined;
  readonly #failed: (error: Error) => void;
  readonly #known = new Set<string>();
  /** Units of a pair of arrays: what their blocks hold is told. */
  readonly #stretched = new Set<string>();
  #flushing: NodeJS.Timeout | undefined;
  #text = '';
  #ways = '';
  #frames = 0;
  #firstAt: number | undefined;
  #verdict: Verdict[] | undefined;
  #isOpen: boolean;

  constructor(server: LiveServer, { failed, judges, sink }: HistoryAccountOptions) {
    this.#server = server;
    this.#sink = sink;
    this.#failed = failed;
    this.#isOpen = sink !== undefined;
    const { topology } = server.plan;
    const nodes = topology.nodes.map(nodePlaceOf);
    const units = unitsOf(topology);
    if (server.plan.half !== undefined)
      for (const { isInternal, luName } of units)
        if (isInternal !== true) this.#stretched.add(luName);
    const start = historyStart(
      { nodes, units },
      commonClock(() => server.now),
    );
    this.#judge = judges ? new HistoryJudge(start) : undefined;
    if (this.#isOpen) {
      this.#text = `${formatHistoryLine(start)}\n`;
      this.#flushing = setInterval(() => this.#flush(), FLUSH_MS);
      this.#flushing.unref();
    }
    for (const { fcf, node } of server.fabrics.values()) {
      const { defaultZone, enforced, zones } = fcf.zoning;
      this.#entry({
        at: server.now,
        node,
        event: { type: 'zone-change', enforced, zones, defaultZone, affected: 0 },
      });
    }
    server.onEvent((entry) => this.#event(entry));
    server.onFrame((link, direction, bytes, at) => this.#frame(link, direction, bytes, at));
  }

  /** What is shown until now; the account goes on. */
  soFar(): Verdict[] {
    return this.#verdict ?? this.#judge?.soFar() ?? [];
  }

  /** What is shown until now. The account ends with it, and what is written goes on. */
  conclude(): Verdict[] {
    this.#verdict ??= this.#judge?.conclude() ?? [];
    return this.#verdict;
  }

  /** Writes the end down. */
  async close(): Promise<void> {
    clearInterval(this.#flushing);
    if (!this.#isOpen) return;
    this.#line({ ...this.#taken(), end: true });
    this.#flush();
    this.#isOpen = false;
    await this.#sink!.close();
  }

  #event(entry: HistoryEntry<LiveEvent>): void {
    for (const link of this.#server.links()) this.#know(link);
    const { event } = entry;
    if (event.type === 'apply' && this.#stretched.has(event.luName)) {
      // A Buffer would say itself what it is in JSON.
      const data = new Uint8Array(event.data);
      this.#entry(withoutData(entry), { ...entry, event: { ...event, data } });
    } else this.#entry(withoutData(entry));
  }

  /** `whole`: as it is written down, where that has what blocks hold. */
  #entry(entry: HistoryEntry, whole?: HistoryEntry): void {
    if (this.#verdict === undefined) this.#judge?.observe(entry);
    const ways = this.#taken();
    if (whole === undefined) this.#line({ ...ways, entry });
    else this.#line({ ...ways, entry: whole }, 'as contents');
  }

  #frame(link: LiveLink, direction: 'in' | 'out', bytes: Uint8Array, at: number): void {
    this.#know(link);
    this.#firstAt ??= at;
    this.#ways += direction === 'in' ? 'i' : 'o';
    const number = ++this.#frames;
    if (this.#verdict === undefined)
      this.#judge?.see({ tap: link.name, at, number, bytes }, direction);
  }

  #know({ fabric, name: link, port, to }: LiveLink): void {
    if (this.#known.has(link)) return;
    this.#known.add(link);
    this.#port({ node: this.#server.fabrics.get(fabric)!.node, port, link, fabric });
    if (!('targetPort' in to)) return;
    const { plan } = this.#server;
    const array = arrayOf(plan);
    const { name: node } = array;
    const adapters = adapterPortsOf(array);
    const adapter = adapters[to.targetPort];
    const target =
      adapter === undefined
        ? plan.lan![to.targetPort - adapters.length]!.target
        : fcTargetPort(parseWwn(adapter.wwpn));
    this.#port({ node, port: to.targetPort, link, fabric, target });
  }

  #port(port: PortPlace): void {
    this.#judge?.port(port);
    this.#line({ port });
  }

  /** The ways of the frames since the line before. */
  #taken(): { readonly ways: string; readonly firstAt?: number } {
    const ways = this.#ways;
    const isFirst = ways.length > 0 && ways.length === this.#frames;
    this.#ways = '';
    return isFirst ? { ways, firstAt: this.#firstAt! } : { ways };
  }

  #line(line: HistoryLine, bytes?: 'as contents'): void {
    if (!this.#isOpen) return;
    this.#text += `${formatHistoryLine(line, bytes)}\n`;
    if (this.#text.length >= CHUNK_CHARACTERS) this.#flush();
  }

  #flush(): void {
    if (!this.#isOpen || this.#text === '') return;
    const chunk = Buffer.from(this.#text);
    this.#text = '';
    try {
      this.#sink!.write(chunk);
    } catch (error) {
      this.#isOpen = false;
      clearInterval(this.#flushing);
      this.#failed(error as Error);
    }
  }
}

/** I22: which ports reach each other. */
import { formatFcId, formatWwn } from '../../codecs/layout/index.ts';
import type { HistoryEntry, ZonesChanged } from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings } from '../findings.ts';
import type { Rule } from '../rule.ts';
import { WELL_KNOWN_FIRST } from '../seen/exchange.ts';
import type { FcFrame, SeenFrame } from '../seen/frame.ts';

/** I22: no frame passes between ports that share no zone, where zones are hard. */
export class ZonesAreKept implements Rule {
  readonly invariant = 'I22';
  readonly sentence = 'No frame passes between ports that are not zoned together';
  readonly needs: readonly Evidence[] = ['zone-change', 'login', 'frame'];
  readonly hears: readonly Evidence[] = ['zone-change', 'login', 'frame'];
  readonly #context: Pick<RuleContext, 'logins' | 'places'>;
  readonly #findings = new Findings();
  readonly #zones = new Map<string, ZoneSet>();
  #frames = 0;
  #hard = false;

  constructor(context: Pick<RuleContext, 'logins' | 'places'>) {
    this.#context = context;
  }

  observe({ node, event }: HistoryEntry): void {
    if (event.type !== 'zone-change') return;
    this.#zones.set(this.#context.places.fabricOf(node), new ZoneSet(event));
    this.#hard ||= event.enforced === 'hard';
  }

  see(frame: SeenFrame): void {
    if (this.#hard && frame.protocol === 'fc') this.#frame(frame);
  }

  #frame(fc: FcFrame): void {
    const { sId, dId } = fc.header;
    if (fc.direction !== 'out' || sId >= WELL_KNOWN_FIRST || dId >= WELL_KNOWN_FIRST) return;
    const { fabric } = fc;
    const zones = this.#zones.get(fabric);
    if (zones === undefined || !zones.hard || sId === dId) return;
    const from = this.#nameOf(fabric, sId);
    const to = this.#nameOf(fabric, dId);
    if (from === undefined || to === undefined) return;
    this.#frames++;
    if (zones.permits(from, to)) return;
    this.#findings.add(
      `a frame of ${formatWwn(from)} (${formatFcId(sId)}) was delivered to ${formatWwn(to)} (${formatFcId(dId)}), no zone has both`,
      [fc.number],
    );
  }

  /** WWPN behind an N_Port_ID, the last one it had. */
  #nameOf(fabric: string, nPortId: number): bigint | undefined {
    const { logins } = this.#context;
    return (logins.live(fabric, nPortId) ?? logins.past(fabric, nPortId))?.wwpn;
  }

  conclude() {
    return this.#findings.concludeOf(
      this.#frames,
      `${this.#frames} frames between ports, all within a zone`,
      this.#hard ? 'no frame passed between ports' : 'no fabric filters frames by zones',
    );
  }
}

/** A zone set that answers quickly: what it said once of two ports it remembers. */
class ZoneSet {
  readonly hard: boolean;
  readonly #zones: ZonesChanged;
  readonly #answers = new Map<bigint, Map<bigint, boolean>>();

  constructor(zones: ZonesChanged) {
    this.#zones = zones;
    this.hard = zones.enforced === 'hard';
  }

  permits(a: bigint, b: bigint): boolean {
    let answers = this.#answers.get(a);
    if (answers === undefined) {
      answers = new Map();
      this.#answers.set(a, answers);
    }
    let answer = answers.get(b);
    if (answer === undefined) {
      answer = this.#ask(a, b);
      answers.set(b, answer);
    }
    return answer;
  }

  #ask(a: bigint, b: bigint): boolean {
    const { zones, defaultZone } = this.#zones;
    if (zones.some(({ members }) => members.includes(a) && members.includes(b))) return true;
    const unzoned = (wwpn: bigint) => !zones.some(({ members }) => members.includes(wwpn));
    return defaultZone === 'permit' && unzoned(a) && unzoned(b);
  }
}

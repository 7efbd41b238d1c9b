/** What a capture shows of the world in which it was taken: fabrics, their timers, the ports that logged in. */
import { CaptureJudge, type CaptureReport } from '../audit/capture-judge.ts';
import { FipFrame } from '../audit/seen/frame.ts';
import { LoginWatch } from '../audit/seen/login-watch.ts';
import { seeDecoded } from '../audit/seen/see-frame.ts';
import { openCapture } from '../capture/index.ts';
import {
  Conversation,
  decodeFrame,
  eDTovNs,
  type FlogiAccept,
  fcHeader,
  fipDescriptorOf,
  isCutValue,
  layerOf,
  layerValue,
} from '../codecs/index.ts';
import { formatWwn } from '../codecs/layout/index.ts';
import { MILLISECOND } from '../machine/machine.ts';

/** A fabric, with what its switch told. */
export interface SeenFabric {
  /** What VLAN and VF_ID make of it. */
  readonly key: string;
  readonly vlan: number;
  fkaAdvPeriodMs?: number;
  eDTovMs?: number;
  rATovMs?: number;
}

/** A port that logged in at a fabric. */
export interface SeenPort {
  readonly fabric: string;
  readonly wwpn: string;
  readonly wwnn: string;
  /** The ENode it logged in from. */
  readonly enode: string;
  readonly by: 'FLOGI' | 'FDISC';
  readonly nPortId: number;
}

/** What was seen of a capture. */
export interface CaptureSurvey {
  readonly file: string;
  readonly fabrics: readonly SeenFabric[];
  readonly ports: readonly SeenPort[];
  readonly report: CaptureReport;
}

/** Ports that are kept; a scenario of more is none to start from. */
const PORTS_MAX = 10_000;
/** The F_Port, which answers FLOGI and FDISC. */
const F_PORT = 0xff_fffe;

/** Reads a capture once. Errors: `CaptureError`. */
export async function surveyCapture(file: string): Promise<CaptureSurvey> {
  const capture = await openCapture(file);
  const judge = new CaptureJudge(capture.info);
  const world = new World();
  await capture.visitAll((place) => {
    const { at, bytes, end, fcsBytes, index, linkType, originalLength } = place;
    world.take(bytes.slice(at, end), { index, linkType, originalLength, fcsBytes });
    judge.visit(place);
  });
  const report = judge.finish();
  return { file, fabrics: [...world.fabrics.values()], ports: world.ports, report };
}

interface Taken {
  readonly index: number;
  readonly linkType: number;
  readonly originalLength: number;
  readonly fcsBytes: number | undefined;
}

class World {
  readonly fabrics = new Map<string, SeenFabric>();
  readonly ports: SeenPort[] = [];
  readonly #watch = new LoginWatch();
  readonly #conversation = new Conversation();

  take(bytes: Uint8Array, { index, ...options }: Taken): void {
    const frame = decodeFrame(bytes, { ...options, conversation: this.#conversation });
    const tapped = {
      at: 0,
      number: index,
      tap: '',
      fabric: '',
      direction: 'unknown',
      bytes,
    } as const;
    const seen = seeDecoded(frame, tapped);
    if (seen.protocol === 'foreign') return;
    if (seen instanceof FipFrame) this.#fip(seen);
    const header = layerValue(frame, fcHeader);
    if (header?.sId !== F_PORT) return;
    const accept = layerOf(frame, 'els')?.value as Partial<FlogiAccept> | undefined;
    if (accept?.common !== undefined) this.#timers(this.#fabricOf(seen), accept.common);
  }

  #fabricOf({
    fabric: key,
    vlan = 0,
  }: {
    readonly fabric: string;
    readonly vlan?: number | undefined;
  }): SeenFabric {
    let fabric = this.fabrics.get(key);
    if (fabric === undefined) {
      fabric = { key, vlan };
      this.fabrics.set(key, fabric);
    }
    return fabric;
  }

  #fip(seen: FipFrame): void {
    const { message } = seen;
    if (message === undefined) return;
    const period = fipDescriptorOf(message, 'fkaAdvPeriod')?.fkaAdvPeriodMs;
    if (period !== undefined) this.#fabricOf(seen).fkaAdvPeriodMs = period;
    for (const { enodeMac, event, wwnn } of this.#watch.changes(seen)) {
      if (event.type !== 'login' || this.ports.length >= PORTS_MAX) continue;
      const { key } = this.#fabricOf(seen);
      const { by, nPortId, wwpn } = event;
      const names = { wwpn: formatWwn(wwpn), wwnn: formatWwn(wwnn) };
      this.ports.push({ fabric: key, ...names, enode: enodeMac, by, nPortId });
    }
  }

  #timers(fabric: SeenFabric, common: FlogiAccept['common']): void {
    if (isCutValue(common) || common.rATovMs === undefined || common.eDTov === undefined) return;
    fabric.rATovMs = common.rATovMs;
    fabric.eDTovMs = Math.round(eDTovNs(common) / MILLISECOND);
  }
}

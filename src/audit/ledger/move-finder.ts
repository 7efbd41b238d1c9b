/**
 * The moves that a capture shows: which name went from which port to which, what was open while
 * it did, and how long no I/O was done.
 *
 * A WWPN that logs in on another ENode than before has moved (`same`). A WWPN whose I/O begins on
 * another ENode when that of a WWPN with the same node name has ended has taken its place
 * (`pair`). What a capture does not show is left out: a move without I/O has no blackout.
 */
import { formatFcId, formatWwn } from '../../codecs/layout/index.ts';
import type { ExchangeEnd, ExchangeRow } from '../seen/exchange-row.ts';
import type { LoginChange } from '../seen/login-watch.ts';

/** Tenures and open exchanges that are remembered; a longer capture goes on without noting more. */
const TENURES_MAX = 100_000;
const OPEN_MAX = 10_000;
/** A second name that has been at work for so long beside the first is no successor of it. */
const OVERLAP_NS_MAX = 120_000_000_000n;

/** A frame and its time, in nanoseconds of the capture's clock. */
export interface Moment {
  readonly frame: number;
  readonly timeNs: bigint;
}

/** An I/O of the moving port. */
export interface MoveIo extends Moment {
  readonly command: string;
}

/** One end of a move. */
export interface MoveEnd {
  readonly wwpn: string;
  readonly nPortId: string;
  /** MAC address that the fabric granted, and the ENode's own: `undefined` and empty on a native link. */
  readonly mac: string | undefined;
  readonly enodeMac: string;
  /** Where the port is: the ENode's MAC address, or the native link by the name of its tap. */
  readonly place: string;
  readonly login: Moment | undefined;
  readonly logout: (Moment & { readonly by: string }) | undefined;
}

/** An exchange that was open when the old login ended, and what became of it. */
export interface OpenAcross extends Moment {
  readonly command: string;
  readonly oxId: number;
  readonly responder: string;
  readonly lba: string | undefined;
  readonly blocks: number | undefined;
  readonly end: ExchangeEnd;
  readonly endFrame: number;
}

/** A move as `replay --json` prints it. */
export interface MoveRow {
  readonly kind: 'same' | 'pair';
  /** What the two ends have in common. */
  readonly because: string;
  readonly from: MoveEnd;
  readonly to: MoveEnd;
  /** Last I/O done on the old port, and first one done on the new. */
  readonly lastIo: MoveIo | undefined;
  readonly firstIo: MoveIo | undefined;
  /** Between these two; `undefined` where one of them is not in the capture. */
  readonly blackoutNs: bigint | undefined;
  /** From the last write done on the old port to the first on the new. */
  readonly writeBlackoutNs: bigint | undefined;
  readonly open: readonly OpenAcross[];
}

/** One login of one name, and the I/O that was done under it. */
interface Tenure {
  readonly wwpn: bigint;
  readonly wwnn: bigint;
  readonly nPortId: number;
  readonly mac: string | undefined;
  readonly enodeMac: string;
  readonly place: string;
  readonly fabric: string;
  /** What VLAN and VF_ID tell of its fabric. */
  readonly seenFabric: string;
  readonly began: Moment | undefined;
  ended: (Moment & { readonly by: string }) | undefined;
  firstIo: MoveIo | undefined;
  lastIo: MoveIo | undefined;
  firstWrite: MoveIo | undefined;
  lastWrite: MoveIo | undefined;
  readonly open: OpenAcross[];
}

/** Commands that move a guest's data. */
const READS = /^READ\((6|10|12|16|32)\)$/;
const WRITES = /^(WRITE|WRITE SAME|WRITE AND VERIFY|COMPARE AND WRITE)(\(\d+\))?$/;

type Movement = 'read' | 'write' | 'none';
/** What commands do, by their names: those that the standards have, so there are few. */
const movements = new Map<string, Movement>();

function movesData(command: string): Movement {
  let movement = movements.get(command);
  if (movement === undefined) {
    movement = WRITES.test(command) ? 'write' : READS.test(command) ? 'read' : 'none';
    movements.set(command, movement);
  }
  return movement;
}

/** Follows names from port to port through the frames of a capture. */
export class MoveFinder {
  /** By fabric and then by N_Port_ID, oldest first. */
  readonly #tenures = new Map<string, Map<number, Tenure[]>>();
  #count = 0;

  /** A login or its end, in the order of the capture; `seenFabric` is what VLAN and VF_ID tell. */
  login(change: LoginChange, timeNs: bigint, seenFabric = ''): void {
    const { event, frame, wwnn, mac, enodeMac, place, fabric } = change;
    const { nPortId, wwpn } = event;
    const ofFabric = this.#tenures.get(seenFabric) ?? new Map<number, Tenure[]>();
    this.#tenures.set(seenFabric, ofFabric);
    const tenures = ofFabric.get(nPortId) ?? [];
    ofFabric.set(nPortId, tenures);
    if (event.type === 'logout') {
      const last = tenures.at(-1);
      const by = event.reason;
      if (last !== undefined && last.ended === undefined) last.ended = { frame, timeNs, by };
      return;
    }
    if (++this.#count > TENURES_MAX) return;
    tenures.push({
      wwpn,
      wwnn,
      nPortId,
      mac,
      enodeMac,
      place,
      fabric,
      seenFabric,
      began: { frame, timeNs },
      ended: undefined,
      firstIo: undefined,
      lastIo: undefined,
      firstWrite: undefined,
      lastWrite: undefined,
      open: [],
    });
  }

  /** An exchange that has ended, or never will. */
  exchange(row: ExchangeRow): void {
    if (row.kind !== 'fcp') return;
    const tenure = this.#tenureAt(row);
    if (tenure === undefined) return;
    const moves = movesData(row.command);
    const isWrite = moves === 'write';
    if (row.end === 'completed' && row.status === 'GOOD' && moves !== 'none') {
      const io = { frame: row.lastFrame, timeNs: row.endNs, command: row.command };
      tenure.firstIo = earlier(tenure.firstIo, io);
      tenure.lastIo = later(tenure.lastIo, io);
      if (isWrite) {
        tenure.firstWrite = earlier(tenure.firstWrite, io);
        tenure.lastWrite = later(tenure.lastWrite, io);
      }
    }
    const over = tenure.ended?.timeNs;
    const isOpen = over !== undefined && (row.end === 'unanswered' || row.endNs > over);
    if (!isOpen || tenure.open.length >= OPEN_MAX) return;
    tenure.open.push({
      frame: row.firstFrame,
      timeNs: row.startNs,
      command: row.command,
      oxId: row.oxId,
      responder: formatFcId(row.responder),
      lba: row.lba?.toString(),
      blocks: row.blocks,
      end: row.end,
      endFrame: row.lastFrame,
    });
  }

  /** The login under which a port spoke at a time. */
  #tenureAt({ fabric, originator, startNs }: ExchangeRow): Tenure | undefined {
    return this.#tenures
      .get(fabric)
      ?.get(originator)
      ?.findLast(({ began }) => began === undefined || began.timeNs <= startNs);
  }

  /** The moves, in the order in which they arrived. */
  finish(): MoveRow[] {
    const all = [...this.#tenures.values()].flatMap((one) => [...one.values()].flat());
    const before = new Earlier();
    const moves: MoveRow[] = [];
    for (const to of all.sort(byBegin)) {
      const from = before.predecessorOf(to);
      if (from !== undefined) moves.push(rowOf(from, to));
      before.add(to);
    }
    return moves;
  }
}

function byBegin(a: Tenure, b: Tenure): number {
  return (a.began?.frame ?? 0) - (b.began?.frame ?? 0);
}

/** Tenures that began earlier, by names, in the order in which they began. */
class Earlier {
  readonly #byWwpn = new Map<bigint, Tenure[]>();
  readonly #byWwnn = new Map<bigint, Tenure[]>();

  add(tenure: Tenure): void {
    append(this.#byWwpn, tenure.wwpn, tenure);
    append(this.#byWwnn, tenure.wwnn, tenure);
  }

  /** Whose place a port took: its own name's on another ENode, or that of its pair. */
  predecessorOf(to: Tenure): Tenure | undefined {
    const named = this.#byWwpn.get(to.wwpn);
    if (named === undefined) return this.#byWwnn.get(to.wwnn)?.findLast((one) => isPair(one, to));
    // A trunk carries fabrics whose switches have one name; taps may see one fabric tagged or not.
    const last = named.findLast((one) => one.seenFabric === to.seenFabric) ?? named.at(-1);
    return last?.place === to.place ? undefined : last;
  }
}

function append(map: Map<bigint, Tenure[]>, key: bigint, tenure: Tenure): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [tenure]);
  else known.push(tenure);
}

/** Another name of the same node whose I/O was over when this one's began. */
function isPair(from: Tenure, to: Tenure): boolean {
  if (from.wwnn === 0n || from.wwnn !== to.wwnn || from.wwpn === to.wwpn) return false;
  // A node has names of its own on each fabric: those are no pair.
  if (from.place === to.place || from.fabric !== to.fabric) return false;
  const first = to.firstIo?.timeNs;
  if (first === undefined || from.lastIo === undefined || from.lastIo.timeNs > first) return false;
  // What stays logged in for long has not moved.
  const left = from.ended?.timeNs;
  return left !== undefined && left - to.began!.timeNs < OVERLAP_NS_MAX;
}

function rowOf(from: Tenure, to: Tenure): MoveRow {
  const same = from.wwpn === to.wwpn;
  // A name that was never logged out is replaced by its own next login.
  const ended = from.ended ?? (same && to.began ? { ...to.began, by: 'replaced' } : undefined);
  return {
    kind: same ? 'same' : 'pair',
    because: same
      ? `WWPN ${formatWwn(to.wwpn)} logged in on another ${to.enodeMac === '' ? 'link' : 'ENode'}`
      : `both names belong to node ${formatWwn(to.wwnn)}, and the I/O of one ended before that of the other began`,
    from: endOf({ ...from, ended }),
    to: endOf(to),
    lastIo: from.lastIo,
    firstIo: to.firstIo,
    blackoutNs: between(from.lastIo, to.firstIo),
    writeBlackoutNs: between(from.lastWrite, to.firstWrite),
    open: from.open,
  };
}

function endOf(tenure: Tenure): MoveEnd {
  const { wwpn, nPortId, mac, enodeMac, place, began, ended } = tenure;
  return {
    wwpn: formatWwn(wwpn),
    nPortId: formatFcId(nPortId),
    mac,
    enodeMac,
    place,
    login: began,
    logout: ended,
  };
}

function between(from: MoveIo | undefined, to: MoveIo | undefined): bigint | undefined {
  return from === undefined || to === undefined ? undefined : to.timeNs - from.timeNs;
}

const earlier = (known: MoveIo | undefined, io: MoveIo): MoveIo =>
  known === undefined || io.timeNs < known.timeNs ? io : known;
const later = (known: MoveIo | undefined, io: MoveIo): MoveIo =>
  known === undefined || io.timeNs > known.timeNs ? io : known;

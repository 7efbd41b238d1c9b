/** Who may do what in NFS version 4.1, by what a capture shows of opens and layouts. */
import type { NfsArgOp4, NfsCbArgOp4 } from '../../../codecs/index.ts';
import { formatHex } from '../../../codecs/layout/index.ts';
import { remember } from '../../ledger/remember.ts';
import { addressOf, type SeenMoment, type SessionTold } from '../session.ts';
import type { Session4Seen } from './clients.ts';
import { goodAt, type PlacedOp, type SeenResults } from './compound.ts';
import { devicesIn, signatureIn } from './disks.ts';
import { isForWriting, type LayoutFinding, SeenLayouts } from './layouts.ts';
import { SeenOpens } from './opens.ts';
import type { Call4 } from './tasks.ts';

/** What it tells. */
export interface AccessSink {
  checked(): void;
  fault(of: Session4Seen, what: string, frames: readonly number[]): void;
  /** What layouts and devices are about. */
  tell(told: Extract<SessionTold, { type: 'disk' | 'layout' }>): void;
  /** When a client was last heard of. */
  heard(client: string): SeenMoment | undefined;
}

/** Files whose devices are remembered. */
const FILES_MAX = 10_000;

/** Follows opens and layouts. */
export class Access4 {
  readonly #opens = new SeenOpens();
  readonly #layouts = new SeenLayouts();
  readonly #sink: AccessSink;
  /** Devices on which files lie, by server and file. */
  readonly #devices = new Map<string, readonly string[]>();

  constructor(sink: AccessSink) {
    this.#sink = sink;
  }

  /** A client has sent a call: what it asks to return may be given on from now on. */
  asked({ client, session }: Session4Seen, operations: readonly PlacedOp[], at: SeenMoment): void {
    const server = addressOf(session.server);
    for (const { op, file } of operations)
      if (isReturn(op)) this.#layouts.returning(server, client, returned(op, file), at);
  }

  /** A server has called a client. */
  called(server: string, client: string, operations: readonly NfsCbArgOp4[], at: SeenMoment): void {
    for (const one of operations) {
      if (one.kind !== 'CB_LAYOUTRECALL') continue;
      const object: unknown = one.file?.object;
      const file = object instanceof Uint8Array ? formatHex(object) : '';
      this.#layouts.recalled(server, client, file, at);
    }
  }

  /** A call was answered. */
  answered(call: Call4, of: Session4Seen, answer: SeenResults, at: SeenMoment): void {
    let file = '';
    for (const [place, one] of call.compound.operations.entries()) {
      // What an answer tells of the current file handle holds for the operations behind it.
      const told = goodAt(answer, place, 'GETFH')?.resok?.object;
      if (told instanceof Uint8Array) file = formatHex(told);
      this.#one(
        call,
        of,
        { op: one.op, file: one.file === '' ? file : one.file },
        place,
        answer,
        at,
      );
    }
  }

  #one(
    { began, tasks }: Call4,
    of: Session4Seen,
    { op, file }: PlacedOp,
    place: number,
    answer: SeenResults,
    at: SeenMoment,
  ): void {
    const { client, session } = of;
    const server = addressOf(session.server);
    const owner = { server, client, who: addressOf(session.client), file };
    switch (op.kind) {
      case 'OPEN': {
        const made = goodAt(answer, place, op.kind)?.resok;
        this.#opens.opened(server, client, made?.stateid);
        this.#opens.opened(server, client, made?.delegation?.stateid);
        return;
      }
      case 'CLOSE':
      case 'DELEGRETURN':
        if (goodAt(answer, place, op.kind) === undefined) return;
        this.#opens.closed(server, op.stateid, at);
        this.#layouts.returned(server, client, file, at);
        return;
      case 'GETDEVICEINFO': {
        const signature = signatureIn(goodAt(answer, place, op.kind)?.resok?.body);
        const device = formatHex(op.deviceId);
        if (signature !== undefined) this.#sink.tell({ type: 'disk', server, device, signature });
        return;
      }
      case 'LAYOUTRETURN': {
        if (goodAt(answer, place, op.kind)?.resok?.hasStateid !== 0) return;
        const what = returned(op, file);
        this.#layouts.returned(server, client, what, at);
        const devices = what === '' ? undefined : this.#devices.get(`${server} ${what}`);
        if (what !== '' && devices === undefined) return;
        this.#sink.tell({ type: 'layout', owner: nameOf(of), server, devices, returned: at });
        return;
      }
      case 'LAYOUTGET': {
        const made = goodAt(answer, place, op.kind)?.resok;
        if (made?.layouts.some(isForWriting) !== true) return;
        const devices = made.layouts.filter(isForWriting).flatMap(({ body }) => devicesIn(body));
        remember(this.#devices, `${server} ${file}`, devices, FILES_MAX);
        const layout = { type: 'layout', owner: nameOf(of), server, devices } as const;
        this.#sink.tell({ ...layout, returned: undefined });
        const heard = (who: string): SeenMoment | undefined => this.#sink.heard(who);
        this.#tell(of, this.#layouts.granted(owner, made.stateid, at, heard), []);
        return;
      }
      case 'LAYOUTCOMMIT':
        if (goodAt(answer, place, op.kind) !== undefined)
          this.#tell(of, this.#layouts.committed(owner, op.stateid, began), [at.frame]);
        return;
      case 'WRITE': {
        const task = tasks.find((one) => one.place === place)?.task;
        if (task === undefined || goodAt(answer, place, op.kind) === undefined) return;
        this.#tell(of, this.#opens.wrongWith(server, client, op.stateid, task), task.frames);
      }
    }
  }

  #tell(of: Session4Seen, found: LayoutFinding | undefined, frames: readonly number[]): void {
    if (found === undefined) return;
    this.#sink.checked();
    if (found.what !== '') this.#sink.fault(of, found.what, [...found.frames, ...frames]);
  }

  /** Nothing is known any more. */
  clear(): void {
    this.#devices.clear();
    this.#opens.clear();
    this.#layouts.clear();
  }
}

/** The name that a client gives itself (`co_ownerid`). */
const nameOf = ({ session }: Session4Seen): string =>
  session.device.replace(/[0-9a-f]{2}/g, (hex) => String.fromCharCode(Number.parseInt(hex, 16)));

/** A close returns what was given until then (`logr_return_on_close`). */
const isReturn = ({ kind }: NfsArgOp4): boolean => kind === 'LAYOUTRETURN' || kind === 'CLOSE';

/** The file whose layout an operation returns; empty for all files. */
const returned = (op: NfsArgOp4, file: string): string =>
  op.kind === 'LAYOUTRETURN' && op.file === undefined ? '' : file;

/** What two taps show of Fibre Channel that lie behind one another: a write that was sent before its repetition, and came after it. */
import { describe, expect, it } from 'vitest';
import { judgeSeen, type SeenAtTap } from '../../../src/audit/seen-judge.ts';
import { baAcc } from '../../../src/codecs/bls/index.ts';
import { FcType, RCtl } from '../../../src/codecs/fc/index.ts';
import { fcpCmnd, fcpRsp, fcpXferRdy } from '../../../src/codecs/fcp/index.ts';
import { cdb } from '../../../src/codecs/scsi/index.ts';
import { putStamp, STAMP_BYTES } from '../../../src/codecs/stamp/index.ts';
import { fc } from '../../helpers/fc-frames.ts';
import { invariantsThat, verdictOf } from '../../helpers/session-tap.ts';

const MS = 1e6;
const LBA = 8;
const [H1, H2, ARRAY] = [0x01_0005, 0x01_0006, 0x01_0004];
/** F_CTL of data with a relative offset, and of what a responder says last. */
const [DATA, DATA_BACK, LAST] = [0x09_0008, 0x88_0008, 0x99_0000];

function stamped(version: number): Uint8Array {
  const block = new Uint8Array(STAMP_BYTES);
  putStamp(block, 0, { writerId: 1, version, lba: LBA, luId: new Uint8Array(16).fill(7) });
  return block;
}
const [OLD, NEW] = [stamped(5), stamped(6)];
const PLAIN = Uint8Array.from({ length: STAMP_BYTES }, (_, i) => i);

/** What passes between hosts and the array: a frame, and how long it is held on its way to the array. */
class Script {
  readonly said: { readonly at: number; readonly bytes: Uint8Array; readonly heldNs?: number }[] =
    [];
  readonly #vids: Readonly<Record<number, number>>;
  #at = 0;

  /** `vids`: VLANs of hosts. */
  constructor(vids: Readonly<Record<number, number>> = {}) {
    this.#vids = vids;
  }

  #in(host: number): { vid?: number } {
    const vid = this.#vids[host];
    return vid === undefined ? {} : { vid };
  }

  wait(ms: number): void {
    this.#at += ms * MS;
  }

  #host(from: number, header: object, payload: Uint8Array, heldNs = 1000): void {
    this.#at += 10_000;
    this.said.push({
      at: this.#at,
      heldNs,
      bytes: fc({ from, to: ARRAY, header, payload, ...this.#in(from) }),
    });
  }

  #array(to: number, header: object, payload: Uint8Array): void {
    this.#at += 10_000;
    this.said.push({
      at: this.#at,
      bytes: fc({ from: ARRAY, to, header, payload, ...this.#in(to) }),
    });
  }

  ask(host: number, oxId: number, kind: 'READ(10)' | 'WRITE(10)', heldNs?: number): void {
    const bytes = cdb.encode({ kind, lba: LBA, transferLengthBlocks: 1 });
    const asked = fcpCmnd.encode({
      lun: 0n,
      cdb: Uint8Array.from({ length: 16 }, (_, i) => bytes[i] ?? 0),
      fcpDl: STAMP_BYTES,
      ...(kind === 'WRITE(10)' ? { wrData: 1 } : { rdData: 1 }),
    });
    this.#host(host, { oxId }, asked, heldNs);
  }

  data(host: number, oxId: number, data: Uint8Array, heldMs = 0): void {
    const burst = { relativeOffset: 0, burstLengthBytes: STAMP_BYTES };
    const wanted = { oxId, rCtl: RCtl['Data Descriptor'], fCtl: 0x89_0000 };
    this.#array(host, wanted, fcpXferRdy.encode(burst));
    const header = { oxId, rCtl: RCtl['Solicited Data'], fCtl: DATA, parameter: 0 };
    this.#host(host, header, data, heldMs * MS);
  }

  answer(host: number, oxId: number): void {
    const header = { oxId, rCtl: RCtl['Command Status'], fCtl: LAST };
    this.#array(host, header, fcpRsp.encode({}));
  }

  abort(host: number, oxId: number): void {
    this.#host(
      host,
      { oxId, rCtl: RCtl.ABTS, type: FcType.BLS, fCtl: 0x09_0000 },
      new Uint8Array(),
    );
    const said = { oxId, rCtl: RCtl.BA_ACC, type: FcType.BLS, fCtl: LAST };
    this.#array(host, said, baAcc.encode({ oxId, rxId: 0xffff }));
  }

  write(host: number, oxId: number, data: Uint8Array): void {
    this.ask(host, oxId, 'WRITE(10)');
    this.data(host, oxId, data);
    this.answer(host, oxId);
  }

  read(host: number, oxId: number, data: Uint8Array): void {
    this.ask(host, oxId, 'READ(10)');
    const header = { oxId, rCtl: RCtl['Solicited Data'], fCtl: DATA_BACK, parameter: 0 };
    this.#array(host, header, data);
    this.answer(host, oxId);
  }

  /** As taps at the hosts and at the array's card see it; what comes from the array passes its card first. */
  seen(hasQueue = true): SeenAtTap[] {
    return this.said
      .flatMap(({ at, bytes, heldNs }) =>
        heldNs === undefined
          ? [
              { tap: 'array', at, bytes },
              { tap: 'hosts', at: at + 1000, bytes },
            ]
          : [
              { tap: 'hosts', at, bytes },
              { tap: 'array', at: at + heldNs, bytes },
            ],
      )
      .sort((a, b) => a.at - b.at)
      .map((one, i) => ({ ...one, number: i + 1, ...(hasQueue ? { queue: 0 } : {}) }));
  }
}

interface Late {
  readonly heldMs: number;
  readonly data?: Uint8Array;
  /** Its command is held, not its data. */
  readonly command?: boolean;
  readonly aborts?: boolean;
  readonly vids?: Readonly<Record<number, number>>;
  readonly goesOn?: (script: Script) => void;
}

/** A host's WRITE, and another's that sends it again and goes on. */
function late({ aborts, command, data = OLD, goesOn, heldMs, vids }: Late): Script {
  const script = new Script(vids);
  script.ask(H1, 1, 'WRITE(10)', command === true ? heldMs * MS : undefined);
  if (command !== true) script.data(H1, 1, data, heldMs);
  if (aborts === true) script.abort(H1, 1);
  script.write(H2, 2, data);
  script.write(H2, 3, NEW);
  script.wait(heldMs);
  if (command === true) script.data(H1, 1, data);
  script.answer(H1, 1);
  goesOn?.(script);
  return script;
}

const readsOld = (script: Script): void => script.read(H2, 4, OLD);

describe('a write over Fibre Channel that was held between two taps', () => {
  it('is I7, with where it was sent and where it came, however short the time is where one queue shows the order', () => {
    const report = judgeSeen(late({ heldMs: 6 }).seen());
    expect(report.codec.malformed).toEqual([]);
    expect(invariantsThat('violated', report)).toEqual(['I7']);
    const { detail, frames } = verdictOf(report, 'I7');
    expect(detail).toMatch(
      /^at array: LUN 0, LBA 8: WRITE\(10\) of frame \d+ of 010005 → 010004 came, its last data in frame (\d+) \(sent in frame \d+\), and was carried out after the same write \(version 5 of writer 1\), sent again by 010006 → 010004, had been acknowledged in frame \d+$/,
    );
    const [sent, came] = /frame (\d+) \(sent in frame (\d+)\)/.exec(detail)!.slice(1).map(Number);
    expect(frames).toEqual(expect.arrayContaining([sent, came]));
    expect(sent!).toBeGreaterThan(came!);
  });

  it('is I7 without queues where the time between is long enough', () => {
    expect(invariantsThat('violated', judgeSeen(late({ heldMs: 60 }).seen(false)))).toEqual(['I7']);
  });

  it('is I7 where its repetition came over another fabric, to the same card', () => {
    const frames = late({ heldMs: 60, vids: { [H1]: 1002, [H2]: 1003 } }).seen();
    expect(invariantsThat('violated', judgeSeen(frames))).toEqual(['I7']);
  });

  it('is I8, too, where it is read in the place of what had replaced it', () => {
    const report = judgeSeen(late({ heldMs: 60, goesOn: readsOld }).seen());
    expect(invariantsThat('violated', report)).toEqual(['I7', 'I8']);
    expect(verdictOf(report, 'I8').detail).toMatch(
      /^at array: LUN 0, LBA 8: READ\(10\) of frame \d+ returns what WRITE\(10\) of frame \d+ brought back late /,
    );
  });

  it.each<[string, readonly SeenAtTap[]]>([
    ['it was not held', late({ heldMs: 0 }).seen()],
    ['the order is not sure: no queue tells it', late({ heldMs: 6 }).seen(false)],
    ['blocks do not say which write they are of', late({ heldMs: 60, data: PLAIN }).seen()],
    [
      'only one tap shows it',
      late({ heldMs: 60 })
        .seen()
        .filter(({ tap }) => tap === 'array'),
    ],
    [
      'its data were sent behind the repetition, its command before',
      late({ heldMs: 60, command: true }).seen(),
    ],
    ['what was read is new', late({ heldMs: 0, goesOn: (one) => one.read(H2, 4, NEW) }).seen()],
  ])('nobody is accused where %s', (_why, frames) => {
    expect(invariantsThat('violated', judgeSeen(frames))).toEqual([]);
  });

  it('an answer to what was aborted is no write of this kind', () => {
    const report = judgeSeen(late({ heldMs: 60, aborts: true }).seen());
    expect(invariantsThat('violated', report)).not.toContain('I7');
  });

  it('nobody is accused of writing back what was there before, with the same OX_ID even', () => {
    const script = new Script();
    script.write(H1, 1, OLD);
    script.write(H2, 2, OLD);
    script.write(H2, 3, NEW);
    script.wait(100);
    script.write(H1, 1, OLD);
    script.read(H2, 4, OLD);
    expect(invariantsThat('violated', judgeSeen(script.seen()))).toEqual([]);
  });
});

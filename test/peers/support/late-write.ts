/** A write whose data come late, on an old session: what a target makes of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { IscsiPeer, type PeerLogin } from './iscsi-peer.ts';

const LBA = 8;
const BLOCKS = 8;
/** Long enough that no tap takes it for another order of frames. */
const LATE_MS = 200;
const SILENCE_MS = 1000;

/** What came of it. */
export interface LateWrite {
  /** The target answered the late write on the old connection. */
  readonly answered: boolean;
  /** What the blocks hold at the end: the data of the late write, or what was acknowledged after it. */
  readonly holds: 'old' | 'new' | 'other';
}

const dataOf = (seed: number): Uint8Array =>
  Uint8Array.from({ length: BLOCKS * 512 }, (_, i) => (i * 7 + (i >> 8) * 31 + seed * 101) & 0xff);
const isEqual = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/**
 * Holds the data of one write back while a second login takes over and writes newer data, then lets them go.
 * `isid`: that of the second login; `repeats`: it first sends the write of the first once more, as who recovers does.
 */
export async function lateWrite(
  login: PeerLogin,
  isid: readonly number[],
  repeats: boolean,
): Promise<LateWrite> {
  const first = await IscsiPeer.login(login);
  let second: IscsiPeer | undefined;
  try {
    await first.ready();
    const sendLate = await first.announceWrite(LBA, dataOf(1));
    await sleep(LATE_MS);
    second = await IscsiPeer.login({ ...login, isid });
    await second.ready();
    if (repeats && (await second.write(LBA, dataOf(1))) !== 0) throw new Error('not written');
    if ((await second.write(LBA, dataOf(2))) !== 0) throw new Error('not written');
    if (!isEqual(await second.read(LBA, BLOCKS), dataOf(2)))
      throw new Error('not what was written');
    await sleep(LATE_MS);
    sendLate();
    const answered = (await first.answer('SCSI Response', SILENCE_MS))?.status === 0;
    const found = await second.read(LBA, BLOCKS);
    await second.logout();
    const holds = isEqual(found, dataOf(1)) ? 'old' : isEqual(found, dataOf(2)) ? 'new' : 'other';
    return { answered, holds };
  } finally {
    first.destroy();
    second?.destroy();
  }
}

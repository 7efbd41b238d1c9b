/** Puts payloads into FCoE frames and asks tshark what it reads in them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fcHeader } from '../../../../src/codecs/fc/index.ts';

/** A request and, where given, the reply to it in the same exchange. */
export interface Conversation {
  /** R_CTL of request and reply: 22h and 23h for ELS, 02h and 03h for CT and SW_ILS. */
  readonly rCtl: readonly [number, number];
  readonly type: number;
  readonly request: Uint8Array;
  readonly reply?: Uint8Array;
}

const REQUEST_F_CTL = 0x29_0000;
const REPLY_F_CTL = 0x99_0000;
const INITIATOR = 0x01_0101;
const RESPONDER = 0x02_0202;

function frame(isReply: boolean, one: Conversation, oxId: number, payload: Uint8Array): Buffer {
  const header = fcHeader.encode({
    rCtl: one.rCtl[isReply ? 1 : 0],
    dId: isReply ? INITIATOR : RESPONDER,
    sId: isReply ? RESPONDER : INITIATOR,
    type: one.type,
    fCtl: isReply ? REPLY_F_CTL : REQUEST_F_CTL,
    oxId,
    rxId: 0xffff,
  });
  const ethernet = Buffer.from('0efc000202020efc000101018906', 'hex');
  const fcoe = Buffer.from(`${'00'.repeat(13)}2e`, 'hex');
  const trailer = Buffer.from('0000000042000000', 'hex');
  return Buffer.concat([ethernet, fcoe, header, payload, trailer]);
}

/** All values of these fields in the last frame of each conversation, as tshark prints them. */
export function askTshark(
  conversations: readonly Conversation[],
  fields: readonly string[],
): Map<string, string[]>[] {
  const folder = mkdtempSync(join(tmpdir(), 'services-'));
  try {
    const head = Buffer.alloc(24);
    head.writeUInt32LE(0xa1b2_c3d4, 0);
    head.writeUInt16LE(2, 4);
    head.writeUInt16LE(4, 6);
    head.writeUInt32LE(65_536, 16);
    head.writeUInt32LE(1, 20);
    const pieces = [head];
    const last: number[] = [];
    for (const [i, one] of conversations.entries()) {
      const frames = [frame(false, one, 0x100 + i, one.request)];
      if (one.reply !== undefined) frames.push(frame(true, one, 0x100 + i, one.reply));
      for (const bytes of frames) {
        const record = Buffer.alloc(16);
        record.writeUInt32LE(pieces.length, 0);
        record.writeUInt32LE(bytes.length, 8);
        record.writeUInt32LE(bytes.length, 12);
        pieces.push(Buffer.concat([record, bytes]));
      }
      last.push(pieces.length - 2);
    }
    const path = join(folder, 'asked.pcap');
    writeFileSync(path, Buffer.concat(pieces));
    const args = ['-n', '-r', path, '-T', 'fields', '-E', 'occurrence=a', '-E', 'aggregator=|'];
    for (const field of ['_ws.malformed', ...fields]) args.push('-e', field);
    const lines = execFileSync('tshark', args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).split('\n');
    return last.map((index) => {
      const cells = lines[index]!.split('\t');
      const found = new Map<string, string[]>();
      for (const [i, field] of ['_ws.malformed', ...fields].entries()) {
        const cell = cells[i] ?? '';
        if (cell !== '') found.set(field, cell.split('|'));
      }
      return found;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * SCSI commands and their data as an iSCSI session in a pcap file, for tshark: it joins data to
 * commands there, which it does not over Fibre Channel.
 */
import { pcapFile } from './capture.ts';

export interface ScsiExchange {
  readonly cdb: Uint8Array;
  /** What the command sends, as immediate data. */
  readonly dataOut?: Uint8Array;
  /** What the target returns. */
  readonly dataIn?: Uint8Array;
}

const ISCSI_PORT = 3260;
const BHS_BYTES = 48;
const ADDITIONAL_CDB_AHS = 1;

function padded(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  whole.set(bytes);
  return whole;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const one of parts) {
    whole.set(one, at);
    at += one.length;
  }
  return whole;
}

/** Ethernet, IPv4 and TCP around one segment; checksums stay zero. */
function segment(toTarget: boolean, seq: number, ack: number, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(54 + payload.length);
  const view = new DataView(frame.buffer);
  frame.set([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2], 0);
  view.setUint16(12, 0x0800);
  frame[14] = 0x45;
  view.setUint16(16, 40 + payload.length);
  frame[22] = 64;
  frame[23] = 6;
  frame.set(toTarget ? [10, 0, 0, 1, 10, 0, 0, 2] : [10, 0, 0, 2, 10, 0, 0, 1], 26);
  view.setUint16(34, toTarget ? 40_000 : ISCSI_PORT);
  view.setUint16(36, toTarget ? ISCSI_PORT : 40_000);
  view.setUint32(38, seq);
  view.setUint32(42, ack);
  frame[46] = 0x50;
  frame[47] = 0x18;
  view.setUint16(48, 0xffff);
  frame.set(payload, 54);
  return frame;
}

function commandPdu(tag: number, { cdb, dataIn, dataOut }: ScsiExchange): Uint8Array {
  const bhs = new Uint8Array(BHS_BYTES);
  const view = new DataView(bhs.buffer);
  const more = cdb.subarray(16);
  const ahs = more.length === 0 ? more : padded(joined(new Uint8Array(4), more));
  if (more.length > 0) {
    new DataView(ahs.buffer).setUint16(0, more.length + 1);
    ahs[2] = ADDITIONAL_CDB_AHS;
  }
  bhs[0] = 0x01;
  bhs[1] = 0x80 | (dataIn === undefined ? 0 : 0x40) | (dataOut === undefined ? 0 : 0x20);
  bhs[4] = ahs.length / 4;
  view.setUint32(4, (bhs[4] << 24) | (dataOut?.length ?? 0));
  view.setUint32(16, tag);
  view.setUint32(20, (dataIn ?? dataOut)?.length ?? 0);
  view.setUint32(24, tag);
  bhs.set(cdb.subarray(0, 16), 32);
  return joined(bhs, ahs, padded(dataOut ?? new Uint8Array(0)));
}

function dataInPdu(tag: number, data: Uint8Array): Uint8Array {
  const bhs = new Uint8Array(BHS_BYTES);
  const view = new DataView(bhs.buffer);
  bhs[0] = 0x25;
  bhs[1] = 0x81;
  view.setUint32(4, data.length);
  view.setUint32(16, tag);
  view.setUint32(20, 0xffff_ffff);
  return joined(bhs, padded(data));
}

/** A pcap file with one frame for each command, followed by one for its data where it returns some. */
export function iscsiSession(exchanges: readonly ScsiExchange[]): Uint8Array {
  const frames: Uint8Array[] = [];
  const next = { initiator: 1, target: 1 };
  exchanges.forEach((one, i) => {
    const command = commandPdu(i + 1, one);
    frames.push(segment(true, next.initiator, next.target, command));
    next.initiator += command.length;
    if (one.dataIn === undefined) return;
    const data = dataInPdu(i + 1, one.dataIn);
    frames.push(segment(false, next.target, next.initiator, data));
    next.target += data.length;
  });
  return pcapFile(frames.map((bytes, i) => ({ seconds: 1 + i, subseconds: 0, bytes })));
}

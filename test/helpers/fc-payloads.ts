/** Fibre Channel payloads cut from captures, for tests: plain pcap, Ethernet, FCoE and FIP. */
import { existsSync, readFileSync } from 'node:fs';

const CAPTURES = new URL('../../../../shared/captures/', import.meta.url);

/** True where the captures of real systems are at hand. */
export const haveCaptures: boolean = existsSync(CAPTURES);

/** Bytes of a file of the captures folder. */
export function captureFile(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, CAPTURES)));
}

/** The payload of one single-frame FC sequence, with what of its header tells what it is. */
export interface FcPayload {
  readonly frame: number;
  readonly rCtl: number;
  readonly type: number;
  readonly sId: number;
  readonly dId: number;
  readonly oxId: number;
  readonly payload: Uint8Array;
}

const FC_HEADER_BYTES = 24;
const FCOE_HEADER_BYTES = 14;
const FCOE_TRAILER_BYTES = 8;

function fcPayload(frame: number, fc: Uint8Array): FcPayload {
  const at = (i: number): number => fc[i]!;
  return {
    frame,
    rCtl: at(0),
    dId: (at(1) << 16) | (at(2) << 8) | at(3),
    sId: (at(5) << 16) | (at(6) << 8) | at(7),
    type: at(8),
    oxId: (at(16) << 8) | at(17),
    payload: fc.subarray(FC_HEADER_BYTES),
  };
}

/** The FC frame inside a FIP link service message: the descriptor of type 7 to 10. */
function insideFip(fip: Uint8Array): Uint8Array | undefined {
  let at = 10;
  const end = at + 4 * ((fip[6]! << 8) | fip[7]!);
  while (at + 2 <= end && fip[at + 1]! > 0) {
    const bytes = 4 * fip[at + 1]!;
    if (fip[at]! >= 7 && fip[at]! <= 10) return fip.subarray(at + 4, at + bytes);
    at += bytes;
  }
  return undefined;
}

/** All FC payloads of a little-endian pcap file of Ethernet frames. */
export function fcPayloads(name: string): FcPayload[] {
  const file = captureFile(name);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const found: FcPayload[] = [];
  let at = 24;
  for (let frame = 1; at < file.length; frame++) {
    const length = view.getUint32(at + 8, true);
    const bytes = file.subarray(at + 16, at + 16 + length);
    at += 16 + length;
    let next = 12;
    while (((bytes[next]! << 8) | bytes[next + 1]!) === 0x8100) next += 4;
    const etherType = (bytes[next]! << 8) | bytes[next + 1]!;
    next += 2;
    const fc =
      etherType === 0x8906
        ? bytes.subarray(next + FCOE_HEADER_BYTES, length - FCOE_TRAILER_BYTES)
        : etherType === 0x8914
          ? insideFip(bytes.subarray(next))
          : undefined;
    if (fc !== undefined) found.push(fcPayload(frame, fc));
  }
  return found;
}

/** Captures whose every frame a real initiator, target or switch sent, or answers to them. */
export const SESSION_CAPTURES: readonly string[] = [
  'esxi-cisco/fcoe1-both.pcap',
  'linux/vn2vn-login.pcap',
  'linux/vn2vn-linkflap.pcap',
  'linux/vn2vn-logoff.pcap',
  'linux/fabric-npiv.pcap',
  'linux/fabric-cvl.pcap',
  'linux/fabric-rscn.pcap',
  'linux/fabric-move-same.pcap',
];

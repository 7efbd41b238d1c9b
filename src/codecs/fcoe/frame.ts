/**
 * Whole FCoE frames for the hot paths: written in one go, located without decoding.
 *
 * Everything here reads and writes the same bytes as the field tables; the tables are for logic
 * that reasons, these functions for logic that forwards.
 */
import { crc32 } from '../crc32.ts';
import { ETHERTYPE_FCOE, ETHERTYPE_VLAN, EtherType } from '../ethernet/ether-type.ts';
import { FCTL_FILL_MASK, XID_UNASSIGNED } from '../fc/codes.ts';
import { FC_HEADER_BYTES, type FcHeader, type FcHeaderInput } from '../fc/header.ts';
import {
  CodecError,
  isMac,
  type Mac,
  type MessageWriter,
  putBytes,
  putMac,
  putUint24,
} from '../layout/index.ts';
import { FCOE_HEADER_BYTES, FCOE_TRAILER_BYTES } from './header.ts';

const ETHERNET_BYTES = 14;
const VLAN_TAG_BYTES = 4;
const LAYER = 'FCoE frame';

/** A VLAN tag to put on a frame. */
export interface VlanInput {
  readonly vid: number;
  /** Priority code point, 0 to 7; 0 when left out. */
  readonly priority?: number;
  readonly dei?: number;
}

/** The parts of an FCoE frame that its sender decides. */
export interface FcoeFrameInput {
  readonly destination: Mac;
  readonly source: Mac;
  readonly vlan?: VlanInput | undefined;
  readonly sof: number;
  readonly eof: number;
  /** The FC header; the fill count in F_CTL is computed, whatever is given. */
  readonly header: FcHeaderInput;
  /** FC payload, any length; padded with zeros to whole words. */
  readonly payload: Uint8Array;
}

/**
 * Gives zeros for a frame of so many bytes. Who sends many has them cut from a slab (`roomFor` of
 * `sanmotion/machine`): an array of its own for every frame costs more than the frame.
 */
export type RoomFor = (bytes: number) => Uint8Array;

const roomOfItsOwn: RoomFor = (bytes) => new Uint8Array(bytes);

function refuse(field: string, at: number, value: unknown, room: string): never {
  throw new CodecError('out-of-range', LAYER, field, at, `${String(value)} does not fit ${room}`);
}

/** The largest numbers of so many bits. */
const BITS_8 = 0xff;
const BITS_12 = 0xfff;
const BITS_16 = 0xffff;
const BITS_24 = 0xff_ffff;
const BITS_32 = 0xffff_ffff;

function checked(field: string, at: number, value: number, max: number): number {
  if (!Number.isInteger(value) || value < 0 || value > max)
    refuse(field, at, value, `${Math.log2(max + 1)} bits`);
  return value;
}

function put16(target: Uint8Array, at: number, value: number): void {
  target[at] = value >>> 8;
  target[at + 1] = value;
}

function putHeaderFields(
  target: Uint8Array,
  at: number,
  fill: number,
  rCtl: number,
  dId: number,
  csCtl: number,
  sId: number,
  type: number,
  fCtl: number,
  seqId: number,
  dfCtl: number,
  seqCnt: number,
  oxId: number,
  rxId: number,
  parameter: number,
): void {
  target[at] = checked('rCtl', at, rCtl, BITS_8);
  putUint24(target, at + 1, checked('dId', at + 1, dId, BITS_24));
  target[at + 4] = checked('csCtl', at + 4, csCtl, BITS_8);
  putUint24(target, at + 5, checked('sId', at + 5, sId, BITS_24));
  target[at + 8] = checked('type', at + 8, type, BITS_8);
  putUint24(target, at + 9, (checked('fCtl', at + 9, fCtl, BITS_24) & ~FCTL_FILL_MASK) | fill);
  target[at + 12] = checked('seqId', at + 12, seqId, BITS_8);
  target[at + 13] = checked('dfCtl', at + 13, dfCtl, BITS_8);
  put16(target, at + 14, checked('seqCnt', at + 14, seqCnt, BITS_16));
  put16(target, at + 16, checked('oxId', at + 16, oxId, BITS_16));
  put16(target, at + 18, checked('rxId', at + 18, rxId, BITS_16));
  put16(target, at + 20, checked('parameter', at + 20, parameter, BITS_32) >>> 16);
  put16(target, at + 22, parameter);
}

function putFcHeader(target: Uint8Array, at: number, header: FcHeaderInput, fill: number): void {
  const { rCtl, dId, csCtl = 0, sId, type, fCtl, seqId = 0, dfCtl = 0, seqCnt = 0, oxId } = header;
  const { rxId = XID_UNASSIGNED, parameter = 0 } = header;
  putHeaderFields(
    target,
    at,
    fill,
    rCtl,
    dId,
    csCtl,
    sId,
    type,
    fCtl,
    seqId,
    dfCtl,
    seqCnt,
    oxId,
    rxId,
    parameter,
  );
}

/** The same for headers that leave nothing out: a port gives objects of one shape only. */
function putWholeHeader(target: Uint8Array, at: number, header: FcHeader, fill: number): void {
  putHeaderFields(
    target,
    at,
    fill,
    header.rCtl,
    header.dId,
    header.csCtl,
    header.sId,
    header.type,
    header.fCtl,
    header.seqId,
    header.dfCtl,
    header.seqCnt,
    header.oxId,
    header.rxId,
    header.parameter,
  );
}

/** Writes an FC CRC the way FCoE stores it, least significant byte first. */
export function putFcCrc(target: Uint8Array, at: number, crc: number): void {
  target[at] = crc;
  target[at + 1] = crc >>> 8;
  target[at + 2] = crc >>> 16;
  target[at + 3] = crc >>> 24;
}

/** Reads an FC CRC the way FCoE stores it. */
export function fcCrcAt(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at + 3]! << 24) | (bytes[at + 2]! << 16) | (bytes[at + 1]! << 8) | bytes[at]!) >>> 0
  );
}

/** Bytes in front of the FC header. */
const headBytes = (vlan: VlanInput | undefined): number =>
  (vlan === undefined ? ETHERNET_BYTES : ETHERNET_BYTES + VLAN_TAG_BYTES) + FCOE_HEADER_BYTES;

/** Bytes of a frame with a payload of this many, fill included. */
const frameBytes = (fcAt: number, payloadBytes: number): number =>
  fcAt + FC_HEADER_BYTES + payloadBytes + (-payloadBytes & 3) + FCOE_TRAILER_BYTES;

/** Writes all in front of the FC header but the SOF. The target holds zeros. */
function putHead(
  target: Uint8Array,
  destination: Mac,
  source: Mac,
  vlan: VlanInput | undefined,
): void {
  if (!putMac(target, 0, destination)) refuse('destination', 0, destination, 'a MAC address');
  if (!putMac(target, 6, source)) refuse('source', 6, source, 'a MAC address');
  let at = 12;
  if (vlan !== undefined) {
    put16(target, 12, ETHERTYPE_VLAN);
    const priority = checked('vlan.priority', 14, vlan.priority ?? 0, 7);
    const dei = checked('vlan.dei', 14, vlan.dei ?? 0, 1);
    put16(target, 14, (priority << 13) | (dei << 12) | checked('vlan.vid', 14, vlan.vid, BITS_12));
    at = 16;
  }
  put16(target, at, ETHERTYPE_FCOE);
}

/** Writes SOF, CRC and EOF around an FC frame that is there. */
function putAround(frame: Uint8Array, fcAt: number, sof: number, eof: number): void {
  const crcAt = frame.length - FCOE_TRAILER_BYTES;
  frame[fcAt - 1] = checked('sof', fcAt - 1, sof, BITS_8);
  putFcCrc(frame, crcAt, crc32(frame, fcAt, crcAt));
  frame[crcAt + 4] = checked('eof', crcAt + 4, eof, BITS_8);
}

/**
 * A whole FCoE frame without FCS, CRC computed, in one array written once: its own, unless `roomFor`
 * gives another.
 *
 * Shape: Ethernet 14, VLAN tag 4 if asked, FCoE header 14, FC header 24, payload, fill, trailer 8.
 * Errors: `out-of-range` for a value that does not fit its field.
 */
export function encodeFcoeFrame(
  input: FcoeFrameInput,
  roomFor: RoomFor = roomOfItsOwn,
): Uint8Array {
  const { destination, source, vlan, sof, eof, header, payload } = input;
  const fcAt = headBytes(vlan);
  const frame = roomFor(frameBytes(fcAt, payload.length));
  putHead(frame, destination, source, vlan);
  putBytes(frame, fcAt + FC_HEADER_BYTES, payload);
  putFcHeader(frame, fcAt, header, -payload.length & 3);
  putAround(frame, fcAt, sof, eof);
  return frame;
}

/**
 * What all FCoE frames of one port to one other begin with, for `encodeBehindHead`.
 *
 * Shape: Ethernet 14, VLAN tag 4 if asked, FCoE header 14 with an SOF of 0.
 * Errors: `out-of-range` for a value that does not fit its field.
 */
export function fcoeFrameHead(
  destination: Mac,
  source: Mac,
  vlan: VlanInput | undefined,
): Uint8Array {
  const head = new Uint8Array(headBytes(vlan));
  putHead(head, destination, source, vlan);
  return head;
}

/** As `encodeFcoeFrame`, where a port that sends many frames has made their head once. */
export function encodeBehindHead(
  head: Uint8Array,
  sof: number,
  eof: number,
  header: FcHeader,
  payload: Uint8Array,
  roomFor: RoomFor,
): Uint8Array {
  const frame = roomFor(frameBytes(head.length, payload.length));
  putBytes(frame, 0, head);
  putBytes(frame, head.length + FC_HEADER_BYTES, payload);
  putWholeHeader(frame, head.length, header, -payload.length & 3);
  putAround(frame, head.length, sof, eof);
  return frame;
}

/** As `encodeBehindHead`, with a message for a payload: it is written into the frame at once. */
export function encodeMessageBehindHead<I>(
  head: Uint8Array,
  sof: number,
  eof: number,
  header: FcHeader,
  { sizeOf, write }: MessageWriter<I>,
  message: I,
  roomFor: RoomFor,
): Uint8Array {
  const payloadBytes = sizeOf(message);
  const frame = roomFor(frameBytes(head.length, payloadBytes));
  putBytes(frame, 0, head);
  write(frame, head.length + FC_HEADER_BYTES, message);
  putWholeHeader(frame, head.length, header, -payloadBytes & 3);
  putAround(frame, head.length, sof, eof);
  return frame;
}

/** Where the parts of an FCoE frame lie, in bytes from the start of its array. */
export interface FcLocation {
  /** First byte of the FC frame header. */
  readonly fcAt: number;
  /** First byte behind the FC frame header (optional headers, where DF_CTL names some). */
  readonly payloadAt: number;
  /** First byte behind the payload, fill bytes left out. */
  readonly payloadEnd: number;
  readonly sofAt: number;
  readonly eofAt: number;
  /** First byte of the CRC, which covers `[fcAt, crcAt)`. */
  readonly crcAt: number;
  /** VID of the innermost VLAN tag, `undefined` without a tag. */
  readonly vlan: number | undefined;
}

const fault = (field: string, at: number, what: string): CodecError =>
  new CodecError('truncated', LAYER, field, at, what);

/** Finds the FC frame in one Ethernet frame after another, without an object for each. */
export class FcLocator implements FcLocation {
  fcAt = 0;
  payloadAt = 0;
  payloadEnd = 0;
  sofAt = 0;
  eofAt = 0;
  crcAt = 0;
  vlan: number | undefined = undefined;

  /**
   * Moves to a frame (without FCS), behind any number of VLAN tags; `undefined` when it is found.
   * A frame that holds none is answered with a `CodecError` as a value, not thrown: a port that
   * drops and counts garbage must not pay for a throw.
   */
  find(frame: Uint8Array): CodecError | undefined {
    const end = frame.length;
    let at = 12;
    let vlan: number | undefined;
    for (;;) {
      if (at + 2 > end)
        return fault('etherType', at, `needs 2 bytes, ${Math.max(0, end - at)} remain`);
      const etherType = (frame[at]! << 8) | frame[at + 1]!;
      at += 2;
      if (etherType === ETHERTYPE_FCOE) break;
      if (etherType !== ETHERTYPE_VLAN && etherType !== EtherType['S-VLAN']) {
        const what = `0x${etherType.toString(16).padStart(4, '0')} is not FCoE`;
        return new CodecError('bad-value', LAYER, 'etherType', at - 2, what);
      }
      if (at + 2 > end) return fault('vlan', at, `needs 2 bytes, ${end - at} remain`);
      vlan = ((frame[at]! & 0x0f) << 8) | frame[at + 1]!;
      at += 2;
    }
    const fcAt = at + FCOE_HEADER_BYTES;
    const crcAt = end - FCOE_TRAILER_BYTES;
    const payloadAt = fcAt + FC_HEADER_BYTES;
    if (crcAt < payloadAt) {
      const need = FCOE_HEADER_BYTES + FC_HEADER_BYTES + FCOE_TRAILER_BYTES;
      return fault('header', at, `needs ${need} bytes, ${end - at} remain`);
    }
    const payloadEnd = crcAt - (frame[fcAt + 11]! & FCTL_FILL_MASK);
    if (payloadEnd < payloadAt) {
      return new CodecError('bad-length', LAYER, 'fCtl', fcAt + 9, 'more fill bytes than payload');
    }
    this.fcAt = fcAt;
    this.payloadAt = payloadAt;
    this.payloadEnd = payloadEnd;
    this.sofAt = fcAt - 1;
    this.eofAt = crcAt + 4;
    this.crcAt = crcAt;
    this.vlan = vlan;
    return undefined;
  }
}

/** The place of the FC frame in an Ethernet frame; see `FcLocator`. */
export function locateFc(frame: Uint8Array): FcLocation | CodecError {
  const locator = new FcLocator();
  return locator.find(frame) ?? locator;
}

/** True when the stored FC CRC is that of the FC frame. */
export function fcCrcIsGood(frame: Uint8Array, location: FcLocation): boolean {
  return fcCrcAt(frame, location.crcAt) === crc32(frame, location.fcAt, location.crcAt);
}

/**
 * A copy of a frame with other MAC addresses: what an FCF does when it forwards. The FC frame,
 * its CRC included, stays as it is. Errors: `TypeError` for what is no MAC address.
 */
export function rewriteMacs(frame: Uint8Array, destination: Mac, source: Mac): Uint8Array {
  if (!isMac(destination) || !isMac(source))
    throw new TypeError(`not MAC addresses: ${destination}, ${source}`);
  const copy = frame.slice();
  putMac(copy, 0, destination);
  putMac(copy, 6, source);
  return copy;
}

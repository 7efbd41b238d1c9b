/** FCoE frames of one exchange between the guest's port and the target's, for taps to see. */
import { baAcc as baAccIu } from '../../src/codecs/bls/index.ts';
import { FcType, RCtl } from '../../src/codecs/fc/index.ts';
import { Eof, encodeFcoeFrame, type FcoeFrameInput, Sof } from '../../src/codecs/fcoe/index.ts';
import {
  type FcpCmndInput,
  type FcpRspInput,
  fcpCmnd,
  fcpRsp,
  fcpXferRdy,
} from '../../src/codecs/fcp/index.ts';
import { type FipMessageInput, fipMessage } from '../../src/codecs/fip/index.ts';
import { putMac } from '../../src/codecs/layout/index.ts';
import { ADDRESS, TARGET_ADDRESS } from './audit-rig.ts';

/** F_CTL of a whole sequence of the originator, and of the responder's last. */
const FIRST = 0x29_0000;
const LAST = 0x99_0000;

export const SWITCH_MAC = '0e:00:fc:f0:00:01';
export const ENODE_MAC = '00:25:b5:00:01:00';

type Header = Partial<FcoeFrameInput['header']>;

export interface FcInput {
  readonly from?: number;
  readonly to?: number;
  readonly header: Header;
  readonly payload?: Uint8Array;
  readonly sof?: number;
  readonly eof?: number;
  readonly vid?: number;
  readonly source?: string;
  readonly destination?: string;
}

/** One FC frame in an FCoE frame. */
export function fc(input: FcInput): Uint8Array {
  const { from = ADDRESS, to = TARGET_ADDRESS, header, vid } = input;
  return encodeFcoeFrame({
    source: input.source ?? ENODE_MAC,
    destination: input.destination ?? SWITCH_MAC,
    ...(vid === undefined ? {} : { vlan: { vid } }),
    sof: input.sof ?? Sof.SOFi3,
    eof: input.eof ?? Eof.EOFt,
    header: {
      rCtl: RCtl['Unsolicited Command'],
      type: FcType.FCP,
      fCtl: FIRST,
      oxId: 1,
      ...header,
      sId: from,
      dId: to,
    },
    payload: input.payload ?? new Uint8Array(0),
  });
}

const reply = { from: TARGET_ADDRESS, to: ADDRESS };

export function command(
  oxId: number,
  iu: Partial<FcpCmndInput> = {},
  header: Header = {},
): Uint8Array {
  return fc({ header: { oxId, ...header }, payload: fcpCmnd.encode({ lun: 0n, ...iu }) });
}

export function xferRdy(oxId: number, burstLengthBytes: number, relativeOffset = 0): Uint8Array {
  return fc({
    ...reply,
    header: { oxId, rCtl: RCtl['Data Descriptor'], fCtl: 0x89_0000 },
    payload: fcpXferRdy.encode({ relativeOffset, burstLengthBytes }),
  });
}

export function dataOut(
  oxId: number,
  bytes: number,
  header: Header = {},
  ends: Partial<FcInput> = {},
): Uint8Array {
  return fc({
    ...ends,
    header: { oxId, rCtl: RCtl['Solicited Data'], fCtl: 0x09_0008, parameter: 0, ...header },
    payload: new Uint8Array(bytes),
  });
}

export function dataIn(oxId: number, bytes: number, header: Header = {}): Uint8Array {
  return fc({
    ...reply,
    header: { oxId, rCtl: RCtl['Solicited Data'], fCtl: 0x88_0008, parameter: 0, ...header },
    payload: new Uint8Array(bytes),
  });
}

export function response(oxId: number, iu: Partial<FcpRspInput> = {}): Uint8Array {
  return fc({
    ...reply,
    header: { oxId, rCtl: RCtl['Command Status'], fCtl: LAST },
    payload: fcpRsp.encode({ ...iu } as FcpRspInput),
  });
}

export function abts(oxId: number): Uint8Array {
  return fc({ header: { oxId, rCtl: RCtl.ABTS, type: FcType.BLS, fCtl: 0x09_0000 } });
}

export function baAcc(oxId: number): Uint8Array {
  return fc({
    ...reply,
    header: { oxId, rCtl: RCtl.BA_ACC, type: FcType.BLS, fCtl: LAST },
    payload: baAccIu.encode({ oxId, rxId: 0xffff }),
  });
}

/** An ELS of the guest's port, by its payload. */
export function elsRequest(
  oxId: number,
  payload: Uint8Array,
  ends: Partial<FcInput> = {},
): Uint8Array {
  return fc({ ...ends, header: { oxId, rCtl: RCtl['ELS Request'], type: FcType.ELS }, payload });
}

/** The answer to an ELS of the guest's port. */
export function elsReply(
  oxId: number,
  payload: Uint8Array,
  ends: Partial<FcInput> = {},
): Uint8Array {
  return fc({
    ...reply,
    ...ends,
    header: { oxId, rCtl: RCtl['ELS Reply'], type: FcType.ELS, fCtl: LAST },
    payload,
  });
}

/** A FIP frame. */
export function fip(
  message: { operation: number; subcode: number; descriptors: FipMessageInput['descriptors'] },
  { source = SWITCH_MAC, destination = ENODE_MAC, vid = undefined as number | undefined } = {},
): Uint8Array {
  const body = fipMessage.encode({ flags: 0, ...message } as FipMessageInput);
  const head = vid === undefined ? 14 : 18;
  const frame = new Uint8Array(head + body.length);
  putMac(frame, 0, destination);
  putMac(frame, 6, source);
  if (vid !== undefined) frame.set([0x81, 0x00, vid >> 8, vid & 0xff], 12);
  frame.set([0x89, 0x14], head - 2);
  frame.set(body, head);
  return frame;
}

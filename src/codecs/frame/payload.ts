/** The data field of FC frames, by R_CTL and TYPE. */
import { baAcc, baRjt } from '../bls/index.ts';
import { ctReply, ctRequest } from '../ct/index.ts';
import { elsReply, elsRequest } from '../els/index.ts';
import { FCTL_END_SEQUENCE, FcType, RCtl } from '../fc/codes.ts';
import type { FcHeader } from '../fc/header.ts';
import { ackParameter, busyParameter, rejectParameter } from '../fc/link-control.ts';
import type { AnyCodec } from '../layout/index.ts';
import { swIlsReply, swIlsRequest } from '../swils/index.ts';
import { NO_PARTS, openExchange, requestOf, type SequencePlace } from './exchange.ts';
import { readFcp } from './fcp.ts';
import type { LayerName } from './layer.ts';
import { readNvme, readNvmeLinkService } from './nvme.ts';
import type { FrameReader } from './reader.ts';

/** A command that no table has: its accept is read without its body's meaning. */
const UNKNOWN = -1;

/**
 * A message that may go on in other frames of its sequence: the first frame is decoded as far as
 * it stands for itself, the others are pieces.
 */
function message(reader: FrameReader, layer: LayerName, place: SequencePlace, by: AnyCodec): void {
  if (!place.first) reader.raw('data');
  else if (place.last) reader.body(layer, by);
  else reader.piece(layer, by);
}

function readEls(reader: FrameReader, header: FcHeader, place: SequencePlace): void {
  reader.protocol = 'els';
  if (header.rCtl === RCtl['ELS Reply'] || header.rCtl === RCtl['FC-4 Link Service Reply']) {
    const request = requestOf(reader, header);
    message(reader, 'els', place, elsReply(request?.code ?? UNKNOWN));
    return;
  }
  if (place.first && reader.end > reader.at)
    openExchange(reader, header, { ...NO_PARTS, code: reader.bytes[reader.at]! });
  message(reader, 'els', place, elsRequest);
}

/** FC-4 link services of FCP: SRR. They look like ELS and belong to the exchange they are about. */
function readFcpLinkService(reader: FrameReader, header: FcHeader, place: SequencePlace): void {
  readEls(reader, header, place);
  reader.protocol = 'fcp';
}

function readCt(reader: FrameReader, header: FcHeader, place: SequencePlace): void {
  reader.protocol = 'ct';
  const { bytes, at, end } = reader;
  if (header.rCtl === RCtl['Solicited Control']) {
    const request = requestOf(reader, header);
    const { gsType = UNKNOWN, gsSubtype = UNKNOWN, code = UNKNOWN } = request ?? {};
    message(reader, 'ct', place, ctReply(gsType, gsSubtype, code));
    return;
  }
  if (place.first && end - at >= 16) {
    const code = (bytes[at + 8]! << 8) | bytes[at + 9]!;
    openExchange(reader, header, {
      ...NO_PARTS,
      gsType: bytes[at + 4]!,
      gsSubtype: bytes[at + 5]!,
      code,
    });
  }
  message(reader, 'ct', place, ctRequest);
}

function readSwIls(reader: FrameReader, header: FcHeader, place: SequencePlace): void {
  reader.protocol = 'swils';
  const { bytes, at, end } = reader;
  if (header.rCtl === RCtl['Solicited Control']) {
    const request = requestOf(reader, header);
    message(reader, 'swils', place, swIlsReply(request?.code ?? UNKNOWN, request?.subCode));
    return;
  }
  if (place.first && end - at >= 2)
    openExchange(reader, header, { ...NO_PARTS, code: bytes[at]!, subCode: bytes[at + 1]! });
  message(reader, 'swils', place, swIlsRequest);
}

function readBls(reader: FrameReader, header: FcHeader): void {
  reader.protocol = 'bls';
  reader.exchange = reader.conversation?.of(header);
  if (header.rCtl === RCtl.BA_ACC) reader.body('bls', baAcc);
  else if (header.rCtl === RCtl.BA_RJT) reader.body('bls', baRjt);
}

/** Parameter lies in the last 4 bytes of the frame header, just in front of the payload. */
function readLinkControl(reader: FrameReader, header: FcHeader, parameterAt: number): void {
  reader.protocol = 'link-control';
  const end = parameterAt + 4;
  switch (header.rCtl) {
    case RCtl.P_RJT:
    case RCtl.F_RJT:
      reader.inside('link-control', rejectParameter, parameterAt, end);
      break;
    case RCtl.P_BSY:
      reader.inside('link-control', busyParameter, parameterAt, end);
      break;
    case RCtl.ACK_0:
    case RCtl.ACK_1:
      reader.inside('link-control', ackParameter, parameterAt, end);
      break;
    default:
  }
}

/** Reads the data field up to the reader's end. `parameterAt` is where the header's Parameter lies. */
export function readPayload(
  reader: FrameReader,
  header: FcHeader,
  initiate: boolean | undefined,
  parameterAt: number,
): void {
  reader.protocol = 'fc';
  const { rCtl, type } = header;
  const place: SequencePlace = {
    first: initiate ?? header.seqCnt === 0,
    last: (header.fCtl & FCTL_END_SEQUENCE) !== 0,
  };
  const routing = rCtl >> 4;
  if (routing === 0x8) readBls(reader, header);
  else if (routing === 0xc) readLinkControl(reader, header, parameterAt);
  else if (routing === 0x2 && type === FcType.ELS) readEls(reader, header, place);
  else if (routing === 0x0 && type === FcType.CT) readCt(reader, header, place);
  else if (routing === 0x0 && type === FcType.FCP) readFcp(reader, header, place);
  else if (routing === 0x0 && type === FcType.SW_ILS) readSwIls(reader, header, place);
  else if (routing === 0x0 && type === FcType.NVMe) readNvme(reader, header);
  else if (routing === 0x3 && type === FcType.FCP) readFcpLinkService(reader, header, place);
  else if (routing === 0x3 && type === FcType.NVMe) readNvmeLinkService(reader, header, place);
  reader.raw('payload');
}

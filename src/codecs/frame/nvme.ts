/** FC-NVMe information units and link services, by R_CTL. */
import type { FcHeader } from '../fc/header.ts';
import type { AnyCodec } from '../layout/index.ts';
import {
  NvmeRCtl,
  nvmeCmnd,
  nvmeErsp,
  nvmeLinkService,
  nvmeRsp,
  nvmeSr,
  nvmeSrRsp,
  nvmeXferRdy,
} from '../nvme/index.ts';
import { NO_PARTS, openExchange, type SequencePlace } from './exchange.ts';
import type { FrameReader } from './reader.ts';

const UNITS: Readonly<Record<number, AnyCodec>> = {
  [NvmeRCtl.CMND]: nvmeCmnd,
  [NvmeRCtl.XFER_RDY]: nvmeXferRdy,
  [NvmeRCtl.RSP]: nvmeRsp,
  [NvmeRCtl.ERSP]: nvmeErsp,
  [NvmeRCtl.SR]: nvmeSr,
  [NvmeRCtl.SR_RSP]: nvmeSrRsp,
};

/** Reads an FC-NVMe information unit up to the reader's end. */
export function readNvme(reader: FrameReader, header: FcHeader): void {
  reader.protocol = 'nvme';
  const unit = UNITS[header.rCtl];
  if (header.rCtl === NvmeRCtl.CMND) openExchange(reader, header, NO_PARTS);
  else reader.exchange = reader.conversation?.of(header);
  if (unit !== undefined) reader.body('nvme', unit);
  else reader.raw('data');
}

/** Reads an FC-NVMe link service, request or reply, up to the reader's end. */
export function readNvmeLinkService(
  reader: FrameReader,
  header: FcHeader,
  place: SequencePlace,
): void {
  reader.protocol = 'nvme';
  reader.exchange = reader.conversation?.of(header);
  if (!place.first) reader.raw('data');
  else if (place.last) reader.body('nvme', nvmeLinkService);
  else reader.piece('nvme', nvmeLinkService);
}

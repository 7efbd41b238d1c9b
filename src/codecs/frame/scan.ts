/** FCoE frames through views: no value is made, nothing is allocated but what the CRC needs. */
import { crc32 } from '../crc32.ts';
import { ethernet, vlanTag } from '../ethernet/header.ts';
import { EtherType } from '../ethernet/index.ts';
import { DfCtl, FCTL_FILL_MASK, FcType, RCtl } from '../fc/codes.ts';
import { FC_HEADER_BYTES, fcHeader } from '../fc/header.ts';
import { fcCrcAt } from '../fcoe/frame.ts';
import { FCOE_HEADER_BYTES, FCOE_TRAILER_BYTES, fcoeHeader, fcoeTrailer } from '../fcoe/header.ts';
import { fcpCmnd, fcpRsp, fcpXferRdy } from '../fcp/index.ts';
import { u32 } from '../layout/index.ts';
import { fcsBytesBehind } from './fcoe.ts';
import type { CrcState } from './layer.ts';

const { FCoE, VLAN, 'S-VLAN': S_VLAN, 'VLAN 9100': VLAN_9100, 'VLAN 9200': VLAN_9200 } = EtherType;
const { VFT_Header, IFR_Header, Enc_Header } = RCtl;
const {
  'Unsolicited Command': COMMAND,
  'Data Descriptor': DATA_DESCRIPTOR,
  'Command Status': COMMAND_STATUS,
  'Solicited Data': SOLICITED_DATA,
  'Unsolicited Data': UNSOLICITED_DATA,
} = RCtl;
const { FCP } = FcType;

/** Bits of DF_CTL that stand for optional headers; the lowest two count words of one. */
const OPTIONAL_HEADERS = DfCtl.ESP_Header | DfCtl.Network_Header | DfCtl.Association_Header | 0x03;

const { headBytes: ETHERNET_BYTES } = ethernet;
const { headBytes: VLAN_TAG_BYTES } = vlanTag;
const { headBytes: COMMAND_BYTES } = fcpCmnd;
const { headBytes: RESPONSE_BYTES } = fcpRsp;
const { headBytes: XFER_RDY_BYTES } = fcpXferRdy;

/** As deep as `decodeFrame` looks for tags. */
const TAGS_MAX = 8;

/** FCP information units, by the name of the view that reads them; `data` has none. */
export type ScannedUnit = 'command' | 'xferRdy' | 'response' | 'data';

const room = (bytes: number): Uint8Array => new Uint8Array(bytes);

/**
 * Sets one set of views on frame after frame, for scans of whole captures.
 *
 * It knows Ethernet frames of today's FCoE format, tagged or not, and says of the same bytes what
 * `decodeFrame` says; every other frame is left to that. The views stand on the frame until the
 * next `scan`, and are to be read only where `scan` says that they stand.
 */
export class FrameScanner {
  readonly ethernet = ethernet.view(room(ETHERNET_BYTES));
  /** The innermost tag; stands where `vlanTags` is not 0. */
  readonly vlan = vlanTag.view(room(VLAN_TAG_BYTES));
  readonly fcoe = fcoeHeader.view(room(FCOE_HEADER_BYTES));
  readonly fc = fcHeader.view(room(FC_HEADER_BYTES));
  /** Stands where `crc` is `good` or `bad`. */
  readonly trailer = fcoeTrailer.view(room(FCOE_TRAILER_BYTES));
  /** These stand where `unit` names them. */
  readonly command = fcpCmnd.view(room(COMMAND_BYTES));
  readonly xferRdy = fcpXferRdy.view(room(XFER_RDY_BYTES));
  readonly response = fcpRsp.view(room(RESPONSE_BYTES));

  /** What the frame carries behind its tags; -1 where the bytes end before. */
  etherType = -1;
  vlanTags = 0;
  /** `absent` also where it was not asked for. */
  crc: CrcState = 'absent';
  /** The FCP information unit; `undefined` for another protocol, or behind optional headers. */
  unit: ScannedUnit | undefined = undefined;
  /** The payload is `[payloadAt, payloadEnd)` of the bytes; optional headers are part of it. */
  payloadAt = 0;
  payloadEnd = 0;
  private readonly checkCrc: boolean;
  /** Whose bytes the views stand on: mostly those of the frame before. */
  private bytes = room(0);

  /** `checkCrc`: compute the FC CRC; true when left out. */
  constructor(options: { readonly checkCrc?: boolean } = {}) {
    this.checkCrc = options.checkCrc ?? true;
  }

  /** FCP_DL of a command, in bytes: it lies behind the CDB, where no view reaches. */
  get fcpDl(): number | undefined {
    if (this.unit !== 'command') return undefined;
    const { bytes, additionalCdbLengthWords } = this.command;
    const at = this.payloadAt + COMMAND_BYTES + additionalCdbLengthWords * 4;
    return at + 4 > this.payloadEnd ? undefined : u32.read(bytes, at, 0);
  }

  /**
   * Moves to the frame `bytes[at, end)`. True where `fcoe` and `fc` stand on it; `ethernet`,
   * `etherType` and `vlan` may stand without. `originalLength` is the frame's length on the wire,
   * where the capture kept less of it; `fcsBytes` says how much of it is Ethernet FCS, where the
   * capture tells.
   */
  scan(
    bytes: Uint8Array,
    at = 0,
    end: number = bytes.length,
    originalLength: number = end - at,
    fcsBytes?: number,
  ): boolean {
    this.crc = 'absent';
    this.unit = undefined;
    if (this.bytes !== bytes) this.turnTo(bytes);
    const fcoeAt = this.scanTags(bytes, at, end);
    if (this.etherType !== FCoE) return false;
    const fcAt = fcoeAt + FCOE_HEADER_BYTES;
    const payloadAt = fcAt + FC_HEADER_BYTES;
    // The second byte is not zero in the format of before August 2007.
    if (payloadAt > end || bytes[fcoeAt + 1] !== 0) return false;
    const rCtl = bytes[fcAt]!;
    if (rCtl === VFT_Header || rCtl === IFR_Header || rCtl === Enc_Header) return false;
    const isCut = originalLength > end - at;
    const fcs = fcsBytes ?? (isCut ? 0 : fcsBytesBehind(bytes, fcoeAt, end));
    const crcAt = (isCut ? at + originalLength : end) - FCOE_TRAILER_BYTES - fcs;
    const unfilled = crcAt - (bytes[fcAt + 11]! & FCTL_FILL_MASK);
    if (unfilled < payloadAt) return false;
    this.fcoe.at = fcoeAt;
    this.fc.at = fcAt;
    this.payloadAt = payloadAt;
    this.payloadEnd = unfilled < end ? unfilled : end;
    if (bytes[fcAt + 8] === FCP && (bytes[fcAt + 13]! & OPTIONAL_HEADERS) === 0)
      this.scanUnit(rCtl);
    if (isCut && this.checkCrc) this.crc = 'cut';
    else if (this.checkCrc) {
      this.trailer.at = crcAt;
      this.crc = crc32(bytes, fcAt, crcAt) === fcCrcAt(bytes, crcAt) ? 'good' : 'bad';
    }
    return true;
  }

  private turnTo(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.ethernet.bytes = bytes;
    this.vlan.bytes = bytes;
    this.fcoe.bytes = bytes;
    this.fc.bytes = bytes;
    this.trailer.bytes = bytes;
    this.command.bytes = bytes;
    this.xferRdy.bytes = bytes;
    this.response.bytes = bytes;
  }

  /** Moves behind the last tag. */
  private scanTags(bytes: Uint8Array, at: number, end: number): number {
    this.etherType = -1;
    this.vlanTags = 0;
    let next = at + ETHERNET_BYTES;
    if (next > end) return next;
    this.ethernet.at = at;
    let etherType = (bytes[at + 12]! << 8) | bytes[at + 13]!;
    while (
      (etherType === VLAN ||
        etherType === S_VLAN ||
        etherType === VLAN_9100 ||
        etherType === VLAN_9200) &&
      this.vlanTags < TAGS_MAX
    ) {
      if (next + VLAN_TAG_BYTES > end) return next;
      this.vlan.at = next;
      this.vlanTags++;
      etherType = (bytes[next + 2]! << 8) | bytes[next + 3]!;
      next += VLAN_TAG_BYTES;
    }
    this.etherType = etherType;
    return next;
  }

  private scanUnit(rCtl: number): void {
    const at = this.payloadAt;
    const size = this.payloadEnd - at;
    if (rCtl === SOLICITED_DATA || rCtl === UNSOLICITED_DATA) this.unit = 'data';
    else if (rCtl === COMMAND_STATUS && size >= RESPONSE_BYTES) {
      this.unit = 'response';
      this.response.at = at;
    } else if (rCtl === COMMAND && size >= COMMAND_BYTES) {
      this.unit = 'command';
      this.command.at = at;
    } else if (rCtl === DATA_DESCRIPTOR && size >= XFER_RDY_BYTES) {
      this.unit = 'xferRdy';
      this.xferRdy.at = at;
    }
  }
}

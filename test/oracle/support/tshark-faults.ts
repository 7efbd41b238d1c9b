/**
 * Where tshark 4.0.17 is known to read a frame wrongly: what is left when it contradicts us there
 * is documented, not a fault of ours.
 */
import { type Frame, layerOf, NameServerCommand } from '../../../src/codecs/index.ts';
import type { PdmlField, PdmlPacket } from './pdml.ts';

/** A field of tshark's that does not agree with ours, and where it was found. */
export interface Disagreement {
  readonly field: PdmlField;
  readonly packet: PdmlPacket;
  readonly frame: Frame;
}

export interface TsharkFault {
  /** A short name for reports. */
  readonly name: string;
  /** tshark's names of the fields concerned. */
  readonly fields: readonly string[] | RegExp;
  /** When it happens; always, where left out. */
  readonly when?: (found: Disagreement) => boolean;
  readonly reason: string;
  /** Why we are right: a standard, a header file, a dissector's own comment. */
  readonly source: string;
}

export const tsharkFaults: readonly TsharkFault[] = [
  {
    name: 'ifr-header',
    fields: /^fc\./,
    when: ({ frame }) => layerOf(frame, 'ifr') !== undefined,
    reason: 'an Inter-Fabric Routing header is read as if it were the FC header behind it',
    source: 'FC-FS, IFR_Header; packet-fc.c knows only R_CTL 50h (VFT)',
  },
  {
    name: 'fip-vendor-data',
    fields: ['fip.vendor.data'],
    reason: 'the data is shown from byte 9 of the descriptor; the vendor identification ends at 12',
    source: 'FC-BB-5, Vendor_ID descriptor: 2 reserved bytes and 8 of identification come first',
  },
  {
    name: 'flogi-common',
    fields: ['fcels.logi.maxconseq', 'fcels.logi.reloff'],
    when: ({ frame }) => {
      const { common } = (layerOf(frame, 'els')?.value ?? {}) as { common?: object };
      return common !== undefined && 'rATovMs' in common;
    },
    reason: 'the common service parameters of FLOGI and FDISC are read as those of PLOGI',
    source: 'FC-LS-3, FLOGI: R_A_TOV lies there; Linux include/uapi/scsi/fc/fc_els.h, sp_r_a_tov',
  },
  {
    name: 'gpn-ft-entries',
    fields: ['fcdns.rply.pname'],
    when: ({ frame }) => frame.exchange?.code === NameServerCommand.GPN_FT,
    reason:
      'the port name is looked for 4 bytes behind the port identifier, not 4 bytes further on',
    source: 'Linux include/uapi/scsi/fc/fc_ns.h, struct fc_gpn_ft_resp: fp_resvd comes first',
  },
  {
    name: 'behind-the-fault',
    fields: /./,
    when: ({ frame, packet, field }) =>
      frame.malformed !== undefined &&
      field.pos >= frame.malformed.offset &&
      packet.protos.some(({ name }) => name === '_ws.malformed'),
    reason: 'both call the frame malformed; tshark goes on a little behind the fault, we do not',
    source: 'FrameReader: the bytes that a fault concerns are shown as they are',
  },
];

/** The fault that explains a disagreement. */
export function faultFor(found: Disagreement): TsharkFault | undefined {
  return tsharkFaults.find(
    ({ fields, when }) =>
      (fields instanceof RegExp
        ? fields.test(found.field.name)
        : fields.includes(found.field.name)) &&
      (when?.(found) ?? true),
  );
}

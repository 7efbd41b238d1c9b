/** Summary lines of LLDP and VDP. */
import { EtherType } from '../ethernet/ether-type.ts';
import { escapeText, formatHex, isCutValue, isMac, nameOf, utf8Of } from '../layout/index.ts';
import {
  EcpOperation,
  EcpSubtype,
  ecp,
  type Lldpdu,
  type LldpTlv,
  lldpdu,
  VdpType,
  vdpdu,
} from '../lldp/index.ts';
import { type Frame, layerPart, layerValue } from './layer.ts';
import { line } from './summary-words.ts';

/** An ID that is text, a MAC address, or bytes. */
function idText(id: Uint8Array): string {
  const printable = id.length > 0 && id.every((byte) => byte >= 0x20 && byte < 0x7f);
  if (printable) return String.fromCharCode(...id);
  const mac = formatHex(id, ':');
  return isMac(mac) ? mac : formatHex(id);
}

/** A line shows no more application priorities than this. */
const APPLICATIONS_SHOWN_MAX = 8;

/** Priorities whose bit is set: `3` or `3,4`. */
const priorities = (map: number): string =>
  [0, 1, 2, 3, 4, 5, 6, 7].filter((one) => map & (1 << one)).join(',');

function describe(tlv: LldpTlv): string {
  if (isCutValue(tlv)) return '';
  switch (tlv.kind) {
    case 'chassisId':
      return idText(tlv.chassisId);
    case 'portId':
      return `port ${idText(tlv.portId)}`;
    case 'timeToLive':
      return `TTL ${tlv.timeToLiveSeconds} s`;
    case 'systemName':
      return escapeText(utf8Of(tlv.text).trimEnd());
    case 'portVlanId':
      return `PVID ${tlv.vid}`;
    case 'pfcConfiguration':
      return `PFC ${priorities(tlv.enabled) || 'none'}${tlv.willing ? ' willing' : ''}`;
    case 'etsConfiguration':
      return `ETS ${[...tlv.bandwidthPercent].join('/')}${tlv.willing ? ' willing' : ''}`;
    case 'applicationPriority':
      return tlv.applications
        .filter((one) => !isCutValue(one))
        .slice(0, APPLICATIONS_SHOWN_MAX)
        .map(({ protocolId, priority }) => {
          const name = nameOf(EtherType, protocolId) ?? protocolId.toString(16);
          return `${name}=${priority}`;
        })
        .join(' ');
    case 'evb':
      return 'EVB';
    case 'cdcp':
      return `CDCP ${tlv.channels.length} channels`;
    case 'cee':
      return 'DCBX CEE';
    default:
      return '';
  }
}

function describeUnit({ tlvs = [] }: Partial<Lldpdu>): string {
  return line('LLDP', ...tlvs.map(describe));
}

/** An LLDP or ECP frame in one line; `undefined` for another. */
export function summarizeLldp(frame: Frame): string | undefined {
  const unit = layerPart(frame, lldpdu);
  if (unit !== undefined) return describeUnit(unit);
  const edge = layerValue(frame, ecp);
  if (edge === undefined) return undefined;
  const associations = layerValue(frame, vdpdu)?.tlvs ?? [];
  return line(
    nameOf(EcpSubtype, edge.subtype) ?? 'ECP',
    nameOf(EcpOperation, edge.operation)?.toLowerCase(),
    String(edge.sequence),
    ...associations.map((one) =>
      'vsiid' in one ? line(nameOf(VdpType, one.type), formatHex(one.vsiid)) : '',
    ),
  );
}

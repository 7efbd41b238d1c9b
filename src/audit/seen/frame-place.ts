/**
 * Where a captured frame travels: in which network of its own, on which link. What a tunnel carries is
 * a frame of the network that the tunnel is for; what a mirror session carries was seen at its tap.
 */
import type { Erspan2, Geneve, Gre, VlanTag, Vxlan } from '../../codecs/ethernet/index.ts';
import { EtherType } from '../../codecs/ethernet/index.ts';
import type { VftHeader } from '../../codecs/fc/index.ts';
import type { MdsHeader } from '../../codecs/fc/mds.ts';
import type { Frame, LayerName } from '../../codecs/frame/index.ts';
import type { FabricMarks, TappedFrame } from './tapped-frame.ts';

/** A frame as the link shows it that carries Fibre Channel, and what tells its fabric. */
export interface FramePlaceSeen {
  readonly tapped: TappedFrame;
  readonly marks: FabricMarks;
}

/** NVGRE keys: a virtual subnet in 24 bits, a flow in 8. Source: RFC 7637. */
const FLOW_BITS = 8;

/** Layers behind which nothing tells of the link any more. */
const CARRIED: ReadonlySet<LayerName> = new Set(['fip', 'fc']);

/** What the layers in front of Fibre Channel say of link and fabric. */
class Place {
  ethernetAt = 0;
  vlan: number | undefined = undefined;
  vfId: number | undefined = undefined;
  network: string | undefined = undefined;
  session: string | undefined = undefined;

  take({ layer, value, offset }: Frame['layers'][number]): void {
    switch (layer) {
      case 'ethernet':
        this.ethernetAt = offset;
        this.vlan = undefined;
        break;
      case 'vlan':
        this.vlan = (value as VlanTag).vid;
        break;
      case 'vxlan':
      case 'geneve':
        this.network = `VNI ${(value as Vxlan | Geneve).vni}`;
        break;
      case 'gre': {
        const { protocol, key } = value as Gre;
        if (protocol === EtherType['Transparent Ethernet'] && key !== undefined)
          this.network = `VSID ${key >>> FLOW_BITS}`;
        break;
      }
      case 'erspan':
        this.session = `ERSPAN session ${(value as Erspan2).sessionId}`;
        break;
      case 'mds':
        this.vfId = (value as MdsHeader).vsan;
        break;
      default:
    }
  }
}

/** Reads the layers of a captured frame. */
export function placeOf(frame: Frame, tapped: TappedFrame): FramePlaceSeen {
  const place = new Place();
  for (const one of frame.layers) {
    if (one.layer === 'vft') place.vfId = (one.value as VftHeader).vfId;
    if (CARRIED.has(one.layer)) break;
    if (!one.inside) place.take(one);
  }
  const { ethernetAt, vlan, vfId, network, session } = place;
  const marks = { vlan, vfId, network };
  if (ethernetAt === 0 && session === undefined) return { tapped, marks };
  const { at, number, tap, fabric, direction, bytes } = tapped;
  const seenAt = session === undefined ? tap : `${tap}, ${session}`;
  const inner = bytes.subarray(ethernetAt);
  return { tapped: { at, number, tap: seenAt, fabric, direction, bytes: inner }, marks };
}

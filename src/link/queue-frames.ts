/** Frames that links with queues make themselves: PFC, and other traffic than a machine's. */
import {
  EtherType,
  ethernet,
  MAC_CONTROL_DESTINATION,
  type MacControl,
  macControl,
  pfc,
  vlanTag,
} from '../codecs/ethernet/index.ts';
import { CodecError, type Mac } from '../codecs/layout/index.ts';
import { ETHERNET_FRAME_BYTES_MIN } from './channel.ts';
import { isPaused, PRIORITIES } from './qos-options.ts';

/** EtherType for experiments in one's own network: other traffic of a link has it. Source: IEEE 802, local experimental EtherTypes. */
export const LOCAL_EXPERIMENTAL = 0x88b5;
/** The longest pause of a PFC frame. */
export const QUANTA_MAX = 0xffff;
const ETHERNET_BYTES = 14;
/** VLAN of other traffic. */
const OTHER_VID = 1;

/** Other traffic that an end sends: as much as there is room for. */
export interface OtherTraffic {
  readonly priority: number;
  readonly frameBytes: number;
  /** Between the beginnings of two frames. */
  readonly everyNs: number;
  readonly untilNs: number;
}

/** A PFC frame that pauses priorities of a mask for so many quanta; 0 lets them go on. */
export function pfcFrame(source: Mac, priorities: number, quanta: number): Uint8Array {
  const frame = new Uint8Array(ETHERNET_FRAME_BYTES_MIN);
  const etherType = EtherType['MAC control'];
  frame.set(ethernet.encode({ destination: MAC_CONTROL_DESTINATION, source, etherType }));
  const of = (priority: number) => (isPaused(priorities, priority) ? quanta : 0);
  const times = [...Array(PRIORITIES).keys()].map(of);
  frame.set(pfc.encode({ classEnableVector: priorities, quanta: times }), ETHERNET_BYTES);
  return frame;
}

/** What a control frame says; `undefined` for one that a fault has spoilt. */
export function controlIn(frame: Uint8Array): MacControl | undefined {
  try {
    return macControl.decode(frame, ETHERNET_BYTES);
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

/** A frame of other traffic, from a port to itself: whoever it comes to throws it away. */
export function otherFrame(source: Mac, { frameBytes, priority }: OtherTraffic): Uint8Array {
  const frame = new Uint8Array(frameBytes);
  const etherType = EtherType.VLAN;
  frame.set(ethernet.encode({ destination: source, source, etherType }));
  const tag = vlanTag.encode({ priority, vid: OTHER_VID, etherType: LOCAL_EXPERIMENTAL });
  frame.set(tag, ETHERNET_BYTES);
  return frame;
}

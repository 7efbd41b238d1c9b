/**
 * The deterministic driver of machines: virtual time, links, faults, trace and digest.
 *
 * ```ts
 * const simulator = new Simulator<HostEvent>({ seed: 7 });
 * simulator.addNode('h1', host);
 * simulator.addNode('fcf', fcf);
 * const uplink = simulator.connect({ node: 'h1', port: 0 }, { node: 'fcf', port: 1 });
 * simulator.addFault({ link: uplink.name, nth: 3, action: { kind: 'drop' } });
 * simulator.call(2 * SECOND, () => uplink.cut(100 * MILLISECOND));
 * simulator.run({ untilNs: 10 * SECOND });
 * console.log(simulator.digest(), uplink.stats('a-to-b'));
 * ```
 */

export {
  type ChannelStats,
  ETHERNET_FRAME_BYTES_MIN,
  ETHERNET_OVERHEAD_BYTES,
  type LinkOptions,
  type LinkParameters,
} from '../link/channel.ts';
export type { ActiveFault, Direction, FaultAction, FaultRule } from '../link/faults.ts';
export { type RandomStream, type RandomStreams, streams } from '../machine/random.ts';
export { Digest } from './digest.ts';
export {
  EVENTS_PENDING_MAX,
  type EventHandle,
  EventQueue,
  type QueuedEvent,
} from './event-queue.ts';
export type { Link, LinkEnd, LossReason, Tap } from './link.ts';
export { SimulationError } from './nodes.ts';
export {
  type RunOptions,
  type RunResult,
  Simulator,
  type SimulatorOptions,
} from './simulator.ts';
export type { SimulatorStats } from './simulator-stats.ts';
export type {
  FrameRecord,
  LinkRecord,
  MachineEventRecord,
  NodeRecord,
  Observer,
} from './trace.ts';

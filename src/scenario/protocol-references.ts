/** What a schema cannot say of a scenario's protocol: keys and events that mean nothing over it. */
import { SESSION_DEFENCES, SESSION_STRATEGIES } from '../mobility/plan.ts';
import type { EventScenario, LostFrames } from './event-schema.ts';
import { portsOn } from './host-ports.ts';
import { HOST_PORTS_ON_LAN } from './ip-from-scenario.ts';
import type { Complaint } from './origin.ts';
import { isIp, NFS_VERSION_DEFAULT } from './protocols.ts';
import type { Scenario } from './schema.ts';

/** Frames of FIP, of which a native link has none. */
const FIP_FRAMES: ReadonlySet<LostFrames> = new Set<LostFrames>([
  'keep-alives',
  'advertisements',
  'clear-links',
]);

/** Whether an event is about buffer credit, which only native links have. */
const isOfCredit = (event: Scenario['events'][number]): boolean =>
  event.do === 'slow-drain' || (event.do === 'lose' && event.frames === 'r-rdys');

/** What means something on a fabric of Fibre Channel only. */
const FABRIC_EVENTS: ReadonlySet<EventScenario['do']> = new Set<EventScenario['do']>([
  'zones',
  'vlans',
  'rscn',
  'clear-link',
  'clear-port',
  'base-logout',
  'port-failover',
  'port-failback',
]);
/** What means something where commands of SCSI are sent only. */
const SCSI_EVENTS: ReadonlySet<EventScenario['do']> = new Set<EventScenario['do']>([
  'mask',
  'access',
  'preempt',
]);
const SCSI_COMMANDS = ['compareAndWritePercent', 'unmapPercent', 'writeSamePercent'] as const;
const SCSI_DEFENCES: ReadonlySet<string> = new Set(['preempt-and-abort']);
const FABRIC_DEFENCES: ReadonlySet<string> = new Set(['clean-address', 'acl-first', 'oxid-epochs']);
/** What a move over iSCSI alone can do. */
const OF_SESSIONS: ReadonlySet<string> = new Set([...SESSION_STRATEGIES, ...SESSION_DEFENCES]);

/** Strategies and defences that are about sessions. */
function* checkSessions({ move, nextMoves, protocol }: Scenario): Iterable<Complaint> {
  const because = [['protocol']];
  const moves = [move, ...nextMoves].map((one, i) => ({
    path: i === 0 ? ['move'] : ['nextMoves', i - 1],
    words: [
      ['strategy', one.strategy ?? ''] as const,
      ...(one.defences ?? []).map((defence) => ['defences', defence] as const),
    ],
  }));
  for (const { path, words } of moves)
    for (const [key, word] of words) {
      if (!OF_SESSIONS.has(word)) continue;
      const what = `${word} is of iSCSI sessions, and protocol ${protocol} has none`;
      yield { path: [...path, key], what, because };
    }
}

/** A LAN has no switches of a fabric, no zones and no logins there. */
function* checkLan(scenario: Scenario): Iterable<Complaint> {
  const { backup, events, fabrics, hosts, move, protocol } = scenario;
  const because = [['protocol']];
  for (const [i, fabric] of fabrics.entries()) {
    for (const key of ['furtherFcfs', 'npv', 'zones'] as const) {
      if (fabric[key] === undefined) continue;
      const what = `${key} is of a fabric of Fibre Channel, and protocol ${protocol} has a LAN`;
      yield { path: ['fabrics', i, key], what, because };
    }
  }
  for (const [i, host] of hosts.entries()) {
    for (const { name } of fabrics) {
      if (portsOn(host, name).length <= HOST_PORTS_ON_LAN) continue;
      const what = `more than ${HOST_PORTS_ON_LAN} ports on one LAN`;
      yield { path: ['hosts', i, 'ports'], what, because };
    }
  }
  if (backup !== undefined)
    yield { path: ['backup'], what: 'the backup agent speaks Fibre Channel only', because };
  const strategies: readonly string[] = ['proxy', 'handoff'];
  if (strategies.includes(move.strategy)) {
    const what = `strategy ${move.strategy} is the work of a fabric's switches, and protocol ${protocol} has none`;
    yield { path: ['move', 'strategy'], what, because };
  }
  for (const defence of move.defences) {
    if (!FABRIC_DEFENCES.has(defence)) continue;
    const what = `defence ${defence} is of Fibre Channel, and protocol ${protocol} has none`;
    yield { path: ['move', 'defences'], what, because };
  }
  for (const [i, event] of events.entries()) {
    if (FABRIC_EVENTS.has(event.do)) {
      const what = `${event.do} happens on a fabric of Fibre Channel`;
      yield { path: ['events', i, 'do'], what, because };
    } else if (event.do === 'lose' && event.frames !== 'everything') {
      const what = `${event.frames} are frames of Fibre Channel`;
      yield { path: ['events', i, 'frames'], what, because };
    }
  }
}

/** A file server knows files, and no command of SCSI. */
function* checkFiles({ array, events, move, vms }: Scenario): Iterable<Complaint> {
  const because = [['protocol']];
  for (const key of ['masks', 'targetPortGroups'] as const) {
    if (array[key] === undefined) continue;
    yield { path: ['array', key], what: `${key} are SCSI's, and protocol nfs has files`, because };
  }
  for (const [i, { reservation, workload }] of vms.entries()) {
    if (reservation !== undefined) {
      const what = 'reservations are SCSI commands, and protocol nfs has none';
      yield { path: ['vms', i, 'reservation'], what, because };
    }
    for (const key of SCSI_COMMANDS) {
      if (workload[key] === 0) continue;
      const what = `${key} is of SCSI commands that NFS has no call for`;
      yield { path: ['vms', i, 'workload', key], what, because };
    }
  }
  for (const defence of move.defences) {
    if (!SCSI_DEFENCES.has(defence)) continue;
    const what = `defence ${defence} is a SCSI command, and protocol nfs has none`;
    yield { path: ['move', 'defences'], what, because };
  }
  for (const [i, event] of events.entries()) {
    if (!SCSI_EVENTS.has(event.do)) continue;
    yield { path: ['events', i, 'do'], what: `${event.do} is SCSI's: NFS has files`, because };
  }
}

/** What a protocol has no place for: native Fibre Channel has one switch in a fabric, no VLANs and no FIP. */
export function* checkProtocol(scenario: Scenario): Iterable<Complaint> {
  const { protocol } = scenario;
  if (isIp(protocol)) yield* checkLan(scenario);
  const { layouts, version } = scenario.nfs;
  if (layouts && version !== 4.1)
    yield {
      path: ['nfs', 'layouts'],
      what: `version ${version} of NFS has no layouts: say version: 4.1`,
    };
  if (protocol === 'nfs') yield* checkFiles(scenario);
  else if (scenario.nfs.version !== NFS_VERSION_DEFAULT) {
    const what = `versions of NFS are of protocol nfs, and this is ${protocol}`;
    yield { path: ['nfs', 'version'], what, because: [['protocol']] };
  }
  if (protocol === 'fc') yield* checkNative(scenario);
  else yield* checkCredit(scenario);
  if (protocol !== 'iscsi') yield* checkSessions(scenario);
}

/** No other protocol than native Fibre Channel has buffer credit. */
function* checkCredit({ events, qos }: Scenario): Iterable<Complaint> {
  for (const [i, event] of events.entries()) {
    if (!isOfCredit(event)) continue;
    // Buffers of links with queues drain slowly, too.
    if (event.do === 'slow-drain' && qos !== undefined) continue;
    const what = 'buffer credit is of native Fibre Channel: say protocol: fc';
    yield { path: ['events', i, 'do'], what, because: [['protocol']] };
  }
}

/** A fabric of native links. */
function* checkNative({ events, fabrics }: Scenario): Iterable<Complaint> {
  const because = [['protocol']];
  for (const [i, fabric] of fabrics.entries()) {
    for (const key of ['furtherFcfs', 'npv'] as const) {
      if (fabric[key] === undefined) continue;
      const what = `${key} is FCoE's: a fabric of protocol fc has one switch`;
      yield { path: ['fabrics', i, key], what, because };
    }
    if (fabric.accessLists === 'lazy') {
      const what = 'accessLists lazy is of FIP snooping, and protocol fc has no FIP';
      yield { path: ['fabrics', i, 'accessLists'], what, because };
    }
  }
  for (const [i, event] of events.entries()) {
    if (event.do === 'vlans') {
      yield { path: ['events', i, 'do'], what: 'protocol fc has no VLANs', because };
    } else if (event.do === 'lose' && FIP_FRAMES.has(event.frames)) {
      const what = `${event.frames} are frames of FIP, and protocol fc has none`;
      yield { path: ['events', i, 'frames'], what, because };
    }
  }
}

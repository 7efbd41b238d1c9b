/** The kinds of evidence: what an auditor is told, in the words of a reader who misses it. */
import { type Happening, isDisturbance } from '../history/index.ts';

/** What each kind of evidence tells. */
export const MEANING = {
  frame: 'frames',
  login: "the switch's logins",
  logout: "the switch's logouts",
  'handed-over': 'the logins that the switch handed over',
  'login-rejected': 'the logins that the switch refused',
  'zone-change': 'the zones in force',
  mask: "the array's masks",
  nexus: "the target's logins",
  reservation: 'a reservation',
  layout: 'who may go to the disks of files',
  attention: 'the unit attentions owed',
  'command-done': 'how the array ended commands',
  'cache-lost': "the loss of the array's cache",
  flushed: "what the array's cache has written out",
  identities: "the guest's names",
  view: 'what the guest sees of its disks',
  'io-submit': 'what the guest asked for',
  'io-sent': 'which exchange carried which I/O',
  'io-attempt-end': 'how attempts ended',
  'io-requeue': 'what was sent again',
  'io-complete': 'what the guest was told',
  apply: 'what reached the medium',
  medium: 'what the medium holds',
  guest: 'when the guest stood still',
  move: 'the steps of the move',
  disturbance: 'a fall of a machine',
  'task-aborted': 'what the array ended without an answer',
  'task-management': 'what the array was told to end',
  access: "the access states of the array's ports",
  refused: 'what the array refused',
  cut: 'when snapshots were cut',
  snapshot: 'what became of snapshots',
  image: 'what snapshots hold',
  'changed-blocks': 'what maps of changed blocks say',
  pair: 'how two arrays stand to each other',
  'legs-differ': 'where legs of a unit may differ',
  leg: 'what the legs of a unit hold',
  freeze: 'when guests held their writes',
  backup: 'the steps of backups',
  'volume-io': 'what guests asked of volumes',
  'blocks-copied': 'what hosts copied from unit to unit',
  'disk-copy': 'where hosts copied disks to',
  chain: 'where blocks lie, as every level says',
  space: 'when hosts stopped guests for want of space',
  nic: "where guests' NICs are plugged in",
  'mac-table': 'where switches forward',
  datagram: 'datagrams that guests sent and received',
  'datagram-tapped': 'datagrams on links of the LAN',
  'mac-route': 'routes to MAC addresses',
  'mac-duplicate': 'MAC addresses that two stations have',
  'port-profile': 'profiles in force at ports',
  'neighbour-answer': 'what switches answered for others',
  'lan-dropped': 'frames that switches dropped',
  queues: 'the queues at the ends of links',
  'priority-used': 'the priorities that frames have',
  'priority-pause': 'pauses of priorities',
  'started-paused': 'frames that began while their priority was paused',
  'queue-drop': 'frames that found no room in a queue or a buffer',
  'group-served': 'what groups of priorities were given',
} as const;

/** A kind of evidence. `frame`: a tap saw one; `view`: a guest runs, and has been shown its disks. */
export type Evidence = keyof typeof MEANING;

/** The kind of evidence that a happening is; `undefined` for what no invariant is about. */
export function evidenceOf(event: Happening): Evidence | undefined {
  if (isDisturbance(event)) return 'disturbance';
  if (event.type === 'move-step' || event.type === 'move-end') return 'move';
  return event.type in MEANING ? (event.type as Evidence) : undefined;
}

/** Who still holds the view of a mask that has changed, and what it does by it. */
import type { ArrayEvent } from '../array/storage-array.ts';
import { lunNumber, ScsiStatus } from '../codecs/scsi/index.ts';
import { asChosen } from '../history/duration.ts';
import type {
  BlocksApplied,
  CommandDone,
  HistoryEntry,
  NexusChanged,
  NexusName,
} from '../history/index.ts';
import { deviceOf, type InitiatorDevice, isNbdServer, isNfsServer } from '../history/port-name.ts';
import type { Instant } from '../machine/machine.ts';
import { type KnownNames, type LogRecord, loggedIn } from './log.ts';

/** The unit's name under each LUN. */
export type UnitsByLun = ReadonlyMap<number, string>;

/** A LUN that is another unit's since a login looked; `undefined`: none. */
interface Change {
  readonly was: string | undefined;
  readonly is: string | undefined;
  readonly since: Instant;
}

/** A process login: what it found when it looked last, and what is otherwise now. */
interface Login {
  readonly nexus: NexusName;
  readonly found: Map<number, string | undefined>;
  readonly changes: Map<number, Change>;
}

const keyOf = ({ initiator, target }: NexusName): string => `${initiator} ${target}`;

/**
 * Watches the array's masks and its process logins. A login that a change concerns is told of once,
 * again when it writes by its old view, and when it has looked: INQUIRY for a LUN that is another
 * unit's, REPORT LUNS for one that came or went.
 *
 * Limits: as many logins as the array has; a line a second of each login and LUN that writes.
 */
export class MaskWatch {
  readonly #names: KnownNames;
  readonly #viewOf: (device: InitiatorDevice) => UnitsByLun;
  readonly #logins = new Map<string, Login>();
  /** Logins with changes: mostly none, and then a command costs nothing. */
  readonly #stale = new Set<string>();

  /** `viewOf` says what a device may see now. */
  constructor(names: KnownNames, viewOf: (device: InitiatorDevice) => UnitsByLun) {
    this.#names = names;
    this.#viewOf = viewOf;
  }

  /** Lines for what an event of the array changes; mostly none. */
  lines({ at, event }: HistoryEntry<ArrayEvent>): readonly LogRecord[] {
    switch (event.type) {
      case 'nexus':
        // Masks are for SCSI: a client of files or exports sees them all, or none.
        if (isNfsServer(event.nexus.target) || isNbdServer(event.nexus.target)) return [];
        this.#nexus(event);
        return [];
      case 'mask':
        return [...this.#logins.values()].flatMap((login) => this.#compare(login, at));
      case 'command-done':
        return this.#stale.size === 0 ? [] : this.#looked(event);
      case 'apply':
        return this.#stale.size === 0 ? [] : this.#wrote(event, at);
      default:
        return [];
    }
  }

  #nexus({ state, nexus }: NexusChanged): void {
    const key = keyOf(nexus);
    // The end of the login before may come behind the beginning of the next.
    if ((this.#logins.get(key)?.nexus.epoch ?? 0) > nexus.epoch) return;
    this.#stale.delete(key);
    this.#logins.delete(key);
    if (state === 'ended') return;
    const found = new Map(this.#viewOf(deviceOf(nexus.initiator)));
    this.#logins.set(key, { nexus, found, changes: new Map() });
  }

  #compare(login: Login, at: Instant): LogRecord[] {
    const { nexus, found, changes } = login;
    const now = this.#viewOf(deviceOf(nexus.initiator));
    let news = false;
    for (const lun of new Set([...found.keys(), ...now.keys()])) {
      const [was, is] = [found.get(lun), now.get(lun)];
      if (was === is) news = changes.delete(lun) || news;
      else if (changes.get(lun)?.is !== is || !changes.has(lun)) {
        changes.set(lun, { was, is, since: at });
        news = true;
      }
    }
    if (!news) return [];
    return [changes.size > 0 ? this.#isStale(login) : this.#isUpToDate(login, 'sees again what')];
  }

  #isStale({ nexus, changes }: Login): LogRecord {
    this.#stale.add(keyOf(nexus));
    const what = [...changes].map(([lun, change]) => changeText(lun, change)).join('; ');
    return this.#record('warn', 'mask-unseen', nexus, {
      text: `has not looked at its logical units since its mask changed: ${what}`,
      luns: [...changes.keys()],
    });
  }

  #isUpToDate({ nexus }: Login, how: string): LogRecord {
    this.#stale.delete(keyOf(nexus));
    return this.#record('info', 'mask-seen', nexus, { text: `${how} its mask shows it` });
  }

  #looked({ nexus, lun, command, status }: CommandDone): LogRecord[] {
    const login = this.#logins.get(keyOf(nexus));
    if (login === undefined || status !== ScsiStatus.GOOD || !this.#stale.has(keyOf(nexus)))
      return [];
    const { found, changes } = login;
    const asked = command === 'INQUIRY' ? lunNumber(lun) : undefined;
    if (asked === undefined && command !== 'REPORT LUNS') return [];
    for (const [number, { was, is }] of changes) {
      const isSeen = asked === undefined ? was === undefined || is === undefined : number === asked;
      if (!isSeen) continue;
      found.set(number, is);
      changes.delete(number);
    }
    return changes.size > 0 ? [] : [this.#isUpToDate(login, 'has looked at what')];
  }

  #wrote({ nexus, lun }: BlocksApplied, at: Instant): LogRecord[] {
    const number = lunNumber(lun) ?? -1;
    const change = this.#logins.get(keyOf(nexus))?.changes.get(number);
    if (change === undefined) return [];
    const { was = 'nothing', is = 'nothing', since } = change;
    const text = `writes LUN ${number}, which was ${was} and has been ${is} for ${asChosen(at - since)}; it has not asked again`;
    const fields = { text, lun: number, was: change.was, is: change.is };
    return [
      {
        ...this.#record('error', 'mask-wrong-unit', nexus, fields),
        limitKey: `mask-wrong-unit ${keyOf(nexus)} ${number}`,
      },
    ];
  }

  #record(
    level: LogRecord['level'],
    event: string,
    nexus: NexusName,
    { text, ...fields }: { readonly text: string } & Readonly<Record<string, unknown>>,
  ): LogRecord {
    const targetPort = this.#names.targetPort(nexus.target);
    return {
      level,
      event,
      text: `target port ${targetPort}: ${loggedIn(nexus, this.#names)} ${text}`,
      fields: { wwpn: nexus.initiator, targetPort, ...fields },
    };
  }
}

function changeText(lun: number, { was, is }: Change): string {
  if (was === undefined) return `LUN ${lun} is ${is}, and was nothing`;
  return is === undefined
    ? `LUN ${lun} was ${was}, and is gone`
    : `LUN ${lun} was ${was}, is ${is}`;
}

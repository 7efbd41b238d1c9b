/**
 * A guest's reservation by RESERVE(6): it belongs to one login, over which all I/O goes.
 *
 * It ends with that login, so that nothing hands it over: whoever comes after reserves anew, and is
 * kept out as long as the target takes the old login for alive. When its path no longer serves, another one
 * is reserved: after a RELEASE(6), where the first can still be told.
 * Source: SPC-2, 5.5, RESERVE(6) and RELEASE(6); the order is that of AIX's reserve_policy single_path.
 */
import { MILLISECOND } from '../../machine/machine.ts';
import type { InitiatorNexus } from '../transport.ts';
import type { Multipath, Path } from './multipath.ts';
import { type Outcome, sendUntilAnswered } from './reservation-commands.ts';
import type { Keeper, KeeperOwner } from './reservation-keeper.ts';
import { BUSY_PAUSE_NS } from './sense-action.ts';

/** Another login holds the unit: it is asked for again after this long, and what is sent meanwhile meets the conflict. */
const ASK_AGAIN_NS = 100 * MILLISECOND;

/** How far a logical unit is; `denied`: another login has it. */
type Unit =
  | { readonly state: 'none' | 'taking' | 'denied' }
  | { readonly state: 'held'; readonly nexus: InitiatorNexus };

/** Keeps a guest's SPC-2 reservations, one login for each logical unit. */
export class SinglePathKeeper implements Keeper {
  readonly #multipath: Multipath;
  readonly #owner: KeeperOwner;
  readonly #units = new Map<string, Unit>();

  constructor(multipath: Multipath, owner: KeeperOwner) {
    this.#multipath = multipath;
    this.#owner = owner;
  }

  pick(luName: string): Path | undefined {
    const unit = this.#units.get(luName);
    switch (unit?.state) {
      case 'taking':
        return undefined;
      case 'denied':
        return this.#multipath.pick(luName);
      case 'held': {
        const paths = this.#multipath.servingPathsTo(luName);
        const own = paths.find(({ nexus }) => nexus === unit.nexus);
        if (own === undefined) this.#change(luName, unit.nexus);
        return own;
      }
      default:
        this.#take(luName);
        return undefined;
    }
  }

  /** Nothing goes over another path than the one that holds it. */
  onOtherPath(): boolean {
    return false;
  }

  forget(luName: string): void {
    if (this.#units.get(luName)?.state !== 'taking') this.#units.delete(luName);
  }

  handOver(done: () => void): void {
    done();
  }

  /** The path that held it serves no more. */
  #change(luName: string, from: InitiatorNexus): void {
    const old = this.#multipath.pathsTo(luName).find(({ nexus }) => nexus === from);
    if (old === undefined) {
      this.#take(luName);
      return;
    }
    this.#units.set(luName, { state: 'taking' });
    sendUntilAnswered(old, { kind: 'RELEASE(6)' }, this.#owner, () => this.#take(luName));
  }

  #take(luName: string): void {
    const [path] = this.#multipath.servingPathsTo(luName);
    if (path === undefined) {
      this.#units.delete(luName);
      return;
    }
    this.#units.set(luName, { state: 'taking' });
    sendUntilAnswered(path, { kind: 'RESERVE(6)' }, this.#owner, (outcome) =>
      this.#taken(luName, path.nexus, outcome),
    );
  }

  #taken(luName: string, nexus: InitiatorNexus, outcome: Outcome): void {
    const { after, changed } = this.#owner;
    const freeAfter = (delayNs: number): void => {
      after(delayNs, () => {
        this.#units.delete(luName);
        changed();
      });
    };
    if (outcome === 'good') this.#units.set(luName, { state: 'held', nexus });
    else if (outcome === 'failed') freeAfter(BUSY_PAUSE_NS);
    else {
      this.#units.set(luName, { state: 'denied' });
      freeAfter(ASK_AGAIN_NS);
    }
    if (outcome !== 'failed') after(0, changed);
  }
}

/** I23, I24 and I28: under which names a guest's I/O goes out, and what the guest sees. */
import { NameServerCommand, rspnId } from '../../codecs/ct/index.ts';
import { CodecError, formatFcId, formatWwn } from '../../codecs/layout/index.ts';
import { Findings } from '../findings.ts';
import type { Disturbances } from '../ledger/disturbances.ts';
import type {
  IdentitiesSeen,
  IoSent,
  Observation,
  ObservationKind,
  UnitView,
  ViewSeen,
} from '../observation.ts';
import type { InvariantObserver } from '../observer.ts';
import type { FcFrame, FrameRole } from '../seen/fc-frame.ts';
import type { FrameIndex } from '../seen/frame-index.ts';

/** I23: the guest has the same logical units after the move, over as many ports. */
export class SameUnits implements InvariantObserver {
  readonly invariant = 'I23';
  readonly sentence =
    'After a move the guest sees the same logical units, over no fewer host ports';
  readonly needs: readonly ObservationKind[] = ['view'];
  readonly hears: readonly ObservationKind[] = ['view'];
  readonly #disturbances: Disturbances;
  readonly #findings = new Findings();
  readonly #views = new Map<string, ViewSeen>();
  #moves = 0;
  #units = 0;

  constructor(disturbances: Disturbances) {
    this.#disturbances = disturbances;
  }

  observe(one: Observation): void {
    if (one.kind !== 'view') return;
    const before = this.#views.get(one.vm);
    if (before !== undefined && before.host !== one.host) this.#compare(before, one);
    this.#views.set(one.vm, one);
  }

  #compare(before: ViewSeen, after: ViewSeen): void {
    this.#moves++;
    const there = new Map(after.units.map((unit) => [unit.lu, unit]));
    for (const unit of before.units) {
      this.#units++;
      const other = there.get(unit.lu);
      const what = other === undefined ? 'is gone' : difference(unit, other);
      if (other === undefined || what.startsWith('is reached')) {
        // A path that a fault took away comes back with its end.
        if (!this.#disturbances.none) continue;
      }
      if (what === '') continue;
      this.#findings.add(
        `${after.vm} on ${after.host}: ${unit.lu.slice(-8)} ${what} (before, on ${before.host}: LUN ${unit.lun ?? '?'}, ${unit.blocks} blocks, ${unit.ports} ports)`,
      );
    }
  }

  conclude() {
    return this.#findings.concludeOf(
      this.#moves,
      `${this.#units} logical units, the same on both hosts`,
      'no guest came to another host',
    );
  }
}

function difference(before: UnitView, after: UnitView): string {
  if (after.lun !== before.lun) return `is LUN ${after.lun ?? '?'}`;
  if (after.blocks !== before.blocks) return `has ${after.blocks} blocks`;
  if (after.vendor !== before.vendor || after.product !== before.product) {
    return `calls itself ${after.vendor} ${after.product}`;
  }
  return after.ports < before.ports ? `is reached over ${after.ports} ports` : '';
}

/** I24: no I/O goes out under a name that is not the guest's. */
export class NoForeignIdentity implements InvariantObserver {
  readonly invariant = 'I24';
  readonly sentence = "A guest's I/O goes out under its own WWPNs, or the change is on record";
  readonly needs: readonly ObservationKind[] = ['identities', 'sent'];
  readonly hears: readonly ObservationKind[] = ['identities', 'sent'];
  readonly #index: FrameIndex;
  readonly #findings = new Findings();
  readonly #names = new Map<string, Set<bigint>>();
  #sent = 0;

  constructor(index: FrameIndex) {
    this.#index = index;
  }

  observe(one: Observation): void {
    if (one.kind === 'identities') this.#declare(one);
    else if (one.kind === 'sent') this.#check(one);
  }

  #declare({ vm, wwpns }: IdentitiesSeen): void {
    const names = this.#names.get(vm) ?? new Set<bigint>();
    this.#names.set(vm, names);
    for (const wwpn of wwpns) names.add(wwpn);
  }

  #check(one: IoSent): void {
    this.#sent++;
    if (this.#names.get(one.vm)?.has(one.wwpn) === true) return;
    this.#findings.add(
      `I/O ${one.io} of ${one.vm} went out from ${one.host} as ${formatWwn(one.wwpn)}, which is not its name`,
      this.#index.framesOf(one.fabric, one.sId, one.oxId),
    );
  }

  conclude() {
    return this.#findings.conclude(`${this.#sent} attempts, all under the guest's own names`);
  }
}

/** I28: the symbolic name that a port registers tells whose I/O goes through it. */
export class AttributionIsTrue implements InvariantObserver {
  readonly invariant = 'I28';
  readonly sentence =
    'The symbolic name registered for a port names the guest whose I/O it carries';
  readonly needs: readonly ObservationKind[] = ['frame', 'sent'];
  readonly hears: readonly ObservationKind[] = ['frame', 'sent', 'login'];
  readonly roles: readonly FrameRole[] = ['ct'];
  readonly #findings = new Findings();
  /** Registered names, and who registered them, by fabric and N_Port_ID. */
  readonly #names = new Map<string, { readonly name: string; readonly frame: number }>();
  readonly #told = new Set<string>();
  #checked = 0;

  observe(one: Observation, fc: FcFrame | undefined): void {
    if (one.kind === 'login') this.#names.delete(`${one.fabric} ${one.nPortId}`);
    else if (one.kind === 'sent') this.#check(one);
    else if (fc !== undefined && fc.disturbed === undefined) this.#register(fc);
  }

  #register(fc: FcFrame): void {
    if (fc.direction === 'from-fcf') return;
    const request = registrationIn(fc.payload);
    if (request === undefined) return;
    const key = `${fc.seen.fabric} ${request.portId}`;
    this.#names.set(key, { name: request.name, frame: fc.seen.frame });
  }

  #check(one: IoSent): void {
    const key = `${one.fabric} ${one.sId}`;
    const registered = this.#names.get(key);
    if (registered === undefined || registered.name === '') return;
    this.#checked++;
    if (registered.name.includes(one.vm) || this.#told.has(key)) return;
    this.#told.add(key);
    this.#findings.add(
      `${formatFcId(one.sId)} is registered as '${registered.name}' and carries the I/O of ${one.vm}`,
      [registered.frame],
    );
  }

  conclude() {
    return this.#findings.concludeOf(
      this.#checked,
      `${this.#checked} attempts, each through a port that is registered under its guest's name`,
      'no port that carries I/O registered a name',
    );
  }
}

/** The port and the name of an RSPN_ID; `undefined` for other requests. */
function registrationIn(payload: Uint8Array): { portId: number; name: string } | undefined {
  const command = ((payload[8] ?? 0) << 8) | (payload[9] ?? 0);
  if (command !== NameServerCommand.RSPN_ID) return undefined;
  try {
    return rspnId.decode(payload);
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

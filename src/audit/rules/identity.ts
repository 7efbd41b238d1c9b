/** I23, I24 and I28: under which names a guest's I/O goes out, and what the guest sees. */
import { NameServerCommand, rspnId } from '../../codecs/ct/index.ts';
import { CodecError, formatFcId } from '../../codecs/layout/index.ts';
import type {
  GuestRuns,
  HistoryEntry,
  IdentitiesDeclared,
  InitiatorPort,
  IoSent,
  UnitView,
} from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings } from '../findings.ts';
import { nameOfIo } from '../ledger/io-ledger.ts';
import type { Rule } from '../rule.ts';
import type { FcFrame, FrameRole, SeenFrame } from '../seen/frame.ts';

/** What a guest was shown on a host. */
interface Shown {
  readonly vm: string;
  readonly host: string;
  readonly units: readonly UnitView[];
}

/** I23: the guest has the same logical units after the move, over as many ports. */
export class SameUnits implements Rule {
  readonly invariant = 'I23';
  readonly sentence =
    'After a move the guest sees the same logical units, over no fewer host ports';
  readonly needs: readonly Evidence[] = ['view'];
  readonly hears: readonly Evidence[] = ['view'];
  readonly #context: Pick<RuleContext, 'disturbances' | 'places'>;
  readonly #findings = new Findings();
  readonly #views = new Map<string, Shown>();
  #moves = 0;
  #units = 0;

  constructor(context: Pick<RuleContext, 'disturbances' | 'places'>) {
    this.#context = context;
  }

  observe({ node, event }: HistoryEntry): void {
    if (event.type === 'guest' && event.state === 'running') this.#show(node, event);
  }

  #show(host: string, { vm, view: units }: GuestRuns): void {
    const before = this.#views.get(vm);
    const after = { vm, host, units };
    if (before !== undefined && before.host !== host) this.#compare(before, after);
    this.#views.set(vm, after);
  }

  #compare(before: Shown, after: Shown): void {
    this.#moves++;
    const there = new Map(after.units.map((unit) => [unit.luName, unit]));
    for (const unit of before.units) {
      this.#units++;
      const other = there.get(unit.luName);
      const what = other === undefined ? 'is gone' : difference(unit, other);
      if (other === undefined || what.startsWith('is reached')) {
        // A path that a fault took away comes back with its end.
        if (!this.#context.disturbances.none) continue;
      }
      if (what === '') continue;
      this.#findings.add(
        `${after.vm} on ${after.host}: ${this.#context.places.unit(unit.luName)} ${what} (before, on ${before.host}: LUN ${unit.lunNumber ?? '?'}, ${unit.blocks} blocks, ${unit.ports.length} ports)`,
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
  if (after.lunNumber !== before.lunNumber) return `is LUN ${after.lunNumber ?? '?'}`;
  if (after.blocks !== before.blocks) return `has ${after.blocks} blocks`;
  if (after.vendor !== before.vendor || after.product !== before.product) {
    return `calls itself ${after.vendor} ${after.product}`;
  }
  const [ports, portsBefore] = [after.ports.length, before.ports.length];
  return ports < portsBefore ? `is reached over ${ports} ports` : '';
}

/** I24: no I/O goes out under a name that is not the guest's. */
export class NoForeignIdentity implements Rule {
  readonly invariant = 'I24';
  readonly sentence = "A guest's I/O goes out under its own WWPNs, or the change is on record";
  readonly needs: readonly Evidence[] = ['identities', 'io-sent'];
  readonly hears: readonly Evidence[] = ['identities', 'io-sent'];
  readonly #context: RuleContext;
  readonly #findings = new Findings();
  readonly #names = new Map<string, Set<InitiatorPort>>();
  #sent = 0;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  observe({ node, event }: HistoryEntry): void {
    if (event.type === 'identities') this.#declare(event);
    else if (event.type === 'io-sent') this.#check(node, event);
  }

  #declare({ vm, initiators }: IdentitiesDeclared): void {
    const names = this.#names.get(vm) ?? new Set<InitiatorPort>();
    this.#names.set(vm, names);
    for (const initiator of initiators) names.add(initiator);
  }

  #check(host: string, event: IoSent): void {
    this.#sent++;
    const { vm, initiator, address, tag, port } = event;
    if (this.#names.get(vm)?.has(initiator) === true) return;
    const { exchanges, places } = this.#context;
    this.#findings.add(
      `${nameOfIo(event)} went out from ${host} as ${initiator}, which is not its name`,
      exchanges.framesOf(places.linkAt(host, port)?.fabric ?? '', address, tag),
    );
  }

  conclude() {
    return this.#findings.conclude(`${this.#sent} attempts, all under the guest's own names`);
  }
}

/** I28: the symbolic name that a port registers tells whose I/O goes through it. */
export class AttributionIsTrue implements Rule {
  readonly invariant = 'I28';
  readonly sentence =
    'The symbolic name registered for a port names the guest whose I/O it carries';
  readonly needs: readonly Evidence[] = ['frame', 'io-sent'];
  readonly hears: readonly Evidence[] = ['frame', 'io-sent', 'login'];
  readonly roles: readonly FrameRole[] = ['ct'];
  readonly #context: Pick<RuleContext, 'logins' | 'places'>;
  readonly #findings = new Findings();
  /** Registered names, and who registered them, by fabric and N_Port_ID. */
  readonly #names = new Map<string, { readonly name: string; readonly frame: number }>();
  readonly #told = new Set<string>();
  #checked = 0;

  constructor(context: Pick<RuleContext, 'logins' | 'places'>) {
    this.#context = context;
  }

  observe({ node, event }: HistoryEntry): void {
    if (event.type === 'login') {
      const { fabric } = this.#context.logins.placeOf(node, event.port);
      this.#names.delete(`${fabric} ${event.nPortId}`);
    } else if (event.type === 'io-sent') this.#check(node, event);
  }

  see(frame: SeenFrame): void {
    if (frame.protocol === 'fc' && frame.disturbed === undefined) this.#register(frame);
  }

  #register(fc: FcFrame): void {
    if (fc.direction === 'out') return;
    const request = registrationIn(fc.payload);
    if (request === undefined) return;
    const key = `${fc.fabric} ${request.portId}`;
    this.#names.set(key, { name: request.name, frame: fc.number });
  }

  #check(host: string, { vm, address, port }: IoSent): void {
    const fabric = this.#context.places.linkAt(host, port)?.fabric ?? '';
    const key = `${fabric} ${address}`;
    const registered = this.#names.get(key);
    if (registered === undefined || registered.name === '') return;
    this.#checked++;
    if (registered.name.includes(vm) || this.#told.has(key)) return;
    this.#told.add(key);
    this.#findings.add(
      `${formatFcId(address)} is registered as '${registered.name}' and carries the I/O of ${vm}`,
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

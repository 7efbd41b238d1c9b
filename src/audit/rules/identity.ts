/** I24 and I28: under which names a guest's I/O goes out. */
import { NameServerCommand, rspnId } from '../../codecs/ct/index.ts';
import { CodecError, formatFcId } from '../../codecs/layout/index.ts';
import type { HistoryEntry, IoSent } from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings } from '../findings.ts';
import { nameOfIo } from '../ledger/io-ledger.ts';
import type { Rule } from '../rule.ts';
import type { FcFrame, FrameRole, SeenFrame } from '../seen/frame.ts';

/** I24: no I/O goes out under a name that is not the guest's. */
export class NoForeignIdentity implements Rule {
  readonly invariant = 'I24';
  readonly sentence = "A guest's I/O goes out under its own WWPNs, or the change is on record";
  readonly needs: readonly Evidence[] = ['identities', 'io-sent'];
  readonly hears: readonly Evidence[] = ['identities', 'io-sent'];
  readonly #context: RuleContext;
  readonly #findings = new Findings();
  #sent = 0;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  observe({ node, event }: HistoryEntry): void {
    if (event.type === 'io-sent') this.#check(node, event);
  }

  #check(host: string, event: IoSent): void {
    this.#sent++;
    const { vm, initiator, address, tag, port } = event;
    if (this.#context.names.of(vm).has(initiator)) return;
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

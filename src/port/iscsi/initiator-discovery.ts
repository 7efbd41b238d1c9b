/**
 * A discovery session: it asks a portal which targets there are, and logs out.
 *
 * Source: RFC 7143, 4.3 and Appendix C; 11.10 and 11.11 for text that goes on.
 */
import {
  encodeTextKeys,
  type IscsiPduOf,
  LogoutReason,
  RESERVED_TAG,
  textKeysOf,
} from '../../codecs/iscsi/index.ts';
import { CodecError } from '../../codecs/layout/index.ts';
import type { Timer } from '../../machine/timers.ts';
import {
  type ConnectionHost,
  type ConnectionUser,
  InitiatorConnection,
  type KnownPdu,
} from './initiator-connection.ts';
import { advanced } from './serial-number.ts';
import { parseTargetAddress, type TargetAddress } from './target-address.ts';

/** A target, and where it is reached; no address: at the portal that was asked. */
export interface DiscoveredTarget {
  readonly name: string;
  readonly addresses: readonly TargetAddress[];
}

/** What a discovery comes to. */
export type Discovery =
  | { readonly ok: true; readonly targets: readonly DiscoveredTarget[] }
  | { readonly ok: false; readonly reason: string };

const TEXT_BYTES_MAX = 64 * 1024;
const REDIRECTIONS_MAX = 8;
const TAGS = { login: 1, text: 2, logout: 3 } as const;

/** One discovery. */
export class InitiatorDiscovery implements ConnectionUser {
  readonly #host: ConnectionHost;
  readonly #done: (result: Discovery) => void;
  readonly #isid: Uint8Array;
  #connection: InitiatorConnection;
  #cmdSn = 1;
  #text = new Uint8Array(0);
  #redirections = 0;
  /** Told. */
  #isOver = false;
  #logoutTimer: Timer | undefined;

  constructor(
    host: ConnectionHost,
    portal: { readonly address: string; readonly port: number },
    number: number,
    done: (result: Discovery) => void,
  ) {
    this.#host = host;
    this.#done = done;
    this.#isid = host.options.isids.isidOf(number, undefined);
    this.#connection = this.#connect(portal);
  }

  #connect(portal: { readonly address: string; readonly port: number }): InitiatorConnection {
    const isid = this.#isid;
    const goal = { target: undefined, isid, initiatorTaskTag: TAGS.login, cmdSn: this.#cmdSn };
    return new InitiatorConnection(this.#host, this, goal, portal);
  }

  loggedIn(): void {
    this.#ask([{ key: 'SendTargets', value: 'All' }], RESERVED_TAG);
  }

  moved(to: TargetAddress): void {
    if (++this.#redirections > REDIRECTIONS_MAX)
      this.failed('the target is somewhere else without end');
    else this.#connection = this.#connect(to);
  }

  failed(reason: string): void {
    this.#end({ ok: false, reason });
  }

  take(pdu: KnownPdu): void {
    if (pdu.kind === 'Text Response') this.#answered(pdu);
    else if (pdu.kind === 'Logout Response') {
      this.#logoutTimer?.cancel();
      this.#connection.end();
      this.#end({ ok: false, reason: 'the target logs out' });
    } else if (pdu.kind === 'Reject') this.#connection.giveUp('the target rejects SendTargets');
  }

  #answered({ data, final, targetTransferTag }: IscsiPduOf<'Text Response'>): void {
    if (this.#isOver) return;
    const text = new Uint8Array(this.#text.length + data.length);
    text.set(this.#text);
    text.set(data, this.#text.length);
    this.#text = text;
    if (text.length > TEXT_BYTES_MAX)
      this.#connection.giveUp('more targets than there is room for');
    // An answer that goes on without a text would go on for ever.
    else if (final === 0 && data.length === 0) this.#connection.giveUp('an answer without end');
    else if (final === 0) this.#ask([], targetTransferTag);
    else this.#read();
  }

  #read(): void {
    const targets: { name: string; addresses: TargetAddress[] }[] = [];
    try {
      for (const { key, value } of textKeysOf(this.#text)) {
        if (key === 'TargetName') targets.push({ name: value, addresses: [] });
        const address = key === 'TargetAddress' ? parseTargetAddress(value) : undefined;
        if (address !== undefined) targets.at(-1)?.addresses.push(address);
      }
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      this.#connection.giveUp(error.message);
      return;
    }
    this.#connection.send({
      kind: 'Logout Request',
      immediate: 1,
      reason: LogoutReason['close the session'],
      initiatorTaskTag: TAGS.logout,
      cmdSn: this.#cmdSn,
    });
    const { core, times } = this.#host;
    this.#logoutTimer = core.after(times.logoutNs, () => this.#connection.drop());
    this.#end({ ok: true, targets });
  }

  /** Told once, whatever comes after. */
  #end(result: Discovery): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#done(result);
  }

  #ask(keys: readonly { key: string; value: string }[], targetTransferTag: number): void {
    this.#connection.send({
      kind: 'Text Request',
      initiatorTaskTag: TAGS.text,
      targetTransferTag,
      cmdSn: this.#cmdSn,
      data: encodeTextKeys(keys),
    });
    this.#cmdSn = advanced(this.#cmdSn);
  }
}

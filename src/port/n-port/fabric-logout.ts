/**
 * How an N_Port leaves its fabric: in good order, or without a word to the ports it is logged in with.
 * Source: FC-LS-3, LOGO.
 */
import { WellKnownAddress } from '../../codecs/fc/index.ts';
import type { FcId } from '../../codecs/layout/index.ts';
import type { ElsReply } from './els-reply.ts';
import { Exchange, type ExchangeManager } from './exchange.ts';
import type { LportState } from './fabric-login.ts';
import type { Rport } from './rport.ts';

/** What a logout needs of its N_Port. */
export interface LogoutOwner {
  readonly state: LportState;
  readonly nPortId: FcId;
  readonly eDTovNs: number;
  readonly rports: ReadonlyMap<FcId, Rport>;
  readonly exchanges: ExchangeManager;
  enter(state: LportState, reason: string): void;
  enterReset(reason: string, cleared: boolean): void;
  sendEls(
    dId: FcId,
    payload: Uint8Array,
    onReply: (reply: ElsReply) => void,
    timeoutNs: number,
  ): void;
  sendFabricLogout(oxId: number, done: () => void): void;
  logoPayload(): Uint8Array;
}

/** The answer to a fabric LOGO reaches the link and not the exchange, which only holds its OX_ID. */
class SilentExchange extends Exchange {
  handleFrame(): void {}
  handleClosed(): void {}
}

/**
 * LOGO to every port, to the name server, and to the fabric. `done` hears whether every port that
 * was logged in confirmed.
 */
export function logOut(port: LogoutOwner, done: (acknowledged: boolean) => void): void {
  if (port.nPortId === 0) {
    port.enterReset('logged out', true);
    done(true);
    return;
  }
  port.enter('logo', '');
  let waiting = 1;
  let all = true;
  const one = (acknowledged: boolean): void => {
    all &&= acknowledged;
    waiting--;
    if (waiting === 0) logoNameServer(port, () => logoFabric(port, () => done(all), true));
  };
  for (const rport of [...port.rports.values()]) {
    waiting++;
    rport.enterLogo(one);
  }
  one(true);
}

/** LOGO to the fabric alone. */
export function logOutOfFabric(port: LogoutOwner, done: () => void): void {
  if (port.nPortId === 0) {
    port.enterReset('logged out', false);
    done();
    return;
  }
  port.enter('logo', '');
  logoFabric(port, done, false);
}

function logoNameServer(port: LogoutOwner, done: () => void): void {
  const nameServer = WellKnownAddress['Directory Server'];
  port.sendEls(nameServer, port.logoPayload(), () => done(), port.eDTovNs);
}

function logoFabric(port: LogoutOwner, done: () => void, cleared: boolean): void {
  const slot = new SilentExchange(WellKnownAddress['F_Port Controller']);
  if (port.state !== 'logo' || !port.exchanges.open(slot)) {
    done();
    return;
  }
  port.sendFabricLogout(slot.oxId, () => {
    port.exchanges.end(slot);
    port.enterReset('logged out', cleared);
    done();
  });
}

/**
 * The F_Ports of a native switch: their links carry Fibre Channel frames and nothing else, so a port that
 * loses a login unasked is told by a LOGO of the F_Port.
 * Source: FC-FS-3, frames; FC-LS-3, LOGO.
 */
import { logo } from '../../codecs/els/index.ts';
import {
  encodeLinkFrame,
  FCTL_REQUEST,
  type FcHeaderInput,
  FcType,
  RCtl,
  WellKnownAddress,
  XID_UNASSIGNED,
} from '../../codecs/fc/index.ts';
import { roomFor } from '../../machine/slab.ts';
import { frameHeader } from '../../port/n-port/frame-header.ts';
import type { FabricContext } from './context.ts';
import type { FPort } from './f-port.ts';
import type { Adapter, Login } from './logins.ts';

const F_PORT = WellKnownAddress['F_Port Controller'];

/** The F_Ports that the fabric services see, a native link behind each. */
export class NativeLinks implements FPort {
  readonly #core: FabricContext['core'];
  /** OX_ID of the next LOGO; nothing waits for the answer. */
  #oxId = 0;

  constructor({ core }: Pick<FabricContext, 'core'>) {
    this.#core = core;
  }

  /** A native link has no word for a port but its N_Port_ID. */
  linkAddressOf(): string {
    return '';
  }

  send({ port }: Pick<Login, 'port'>, header: FcHeaderInput, payload: Uint8Array, last: boolean) {
    this.sendAt(port, header, payload, last);
  }

  /** Sends a frame by a port, whoever is behind it. */
  sendAt(port: number, header: FcHeaderInput, payload: Uint8Array, last = true): void {
    const { type, rCtl, dId, sId, fCtl, seqId = 0, seqCnt = 0, oxId } = header;
    const { rxId = XID_UNASSIGNED } = header;
    const whole = frameHeader(type, rCtl, dId, sId, fCtl, seqId, oxId, rxId);
    whole.seqCnt = seqCnt;
    this.#core.send(port, encodeLinkFrame(whole, payload, last, roomFor), true);
  }

  loginBegan(): void {}

  loginEnded(): void {}

  /** The base N_Port first: with it the adapter gives the others up. */
  clear(adapter: Adapter, logins: Iterable<Login> | 'all'): void {
    const all = [...(logins === 'all' ? adapter.logins : logins)];
    all.sort((a, b) => Number(b === adapter.base) - Number(a === adapter.base));
    for (const { nPortId, saidWwpn: portName } of all) {
      this.#oxId = (this.#oxId + 1) % XID_UNASSIGNED;
      const header = {
        rCtl: RCtl['ELS Request'],
        dId: nPortId,
        sId: F_PORT,
        type: FcType.ELS,
        fCtl: FCTL_REQUEST,
        oxId: this.#oxId,
      };
      this.sendAt(adapter.port, header, logo.encode({ nPortId, portName }));
    }
  }

  linkLost(): void {}

  forgetName(): void {}
}

/** What the parts of one N_Port virtualizer share. */
import type { FcId } from '../../codecs/layout/index.ts';
import type { FabricEvent, FrameRefusal } from '../../history/fabric.ts';
import { MachineCore } from '../../machine/machine-core.ts';
import { RecentRequests } from '../../machine/recent-requests.ts';
import { EndedLogins } from '../fcoe/ended-logins.ts';
import type { NpvConfig } from './options.ts';
import { Servers } from './servers.ts';

/** The context of an N_Port virtualizer. */
export class NpvContext {
  readonly config: NpvConfig;
  readonly core = new MachineCore<FabricEvent>();
  readonly servers = new Servers();
  /** FLOGI and FDISC that came lately: port, adapter, WWPN and OX_ID. */
  readonly recentLogins = new RecentRequests();
  readonly endedLogins = new EndedLogins();

  constructor(config: NpvConfig) {
    this.config = config;
  }

  /** Refuses a frame. */
  drop(reason: FrameRefusal, port: number, detail: string): void {
    this.core.emit({ type: 'dropped', reason, port, detail });
  }

  /** The peer contradicts our state. */
  protocol(port: number, what: string, nPortId?: FcId): void {
    const more = nPortId === undefined ? {} : { nPortId };
    this.core.emit({ type: 'protocol', port, what, ...more });
  }
}

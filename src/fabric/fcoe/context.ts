/** What the parts of one FCF share besides the fabric: its options of FCoE, access lists, ended logins. */
import { FabricContext } from '../fc/context.ts';
import { AccessList } from './access-list.ts';
import { EndedLogins } from './ended-logins.ts';
import type { FcfConfig } from './options.ts';

/** The context of an FCF. */
export class FcfContext extends FabricContext {
  override readonly config: FcfConfig;
  readonly access: AccessList;
  readonly endedLogins = new EndedLogins();

  constructor(config: FcfConfig) {
    super(config);
    this.config = config;
    this.access = new AccessList(config.accessLists);
  }
}

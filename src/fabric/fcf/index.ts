/** FCF: the switch side of FCoE. */
export type { AccessLists } from './access-list.ts';
export type { FabricAnswer, FabricCommand } from './commands.ts';
export type { FcfCounters, FcfPort } from './context.ts';
export type { DropReason, FcfEvent, LogoutReason } from './events.ts';
export type { RscnPage } from './fabric-controller.ts';
export { Fcf, type LinkSelector } from './fcf.ts';
export type { LoginInfo } from './logins.ts';
export type { FcIdReuse, StaticFcId } from './n-port-ids.ts';
export type {
  BaseLogout,
  DuplicateWwpnPolicy,
  FcfConfig,
  FcfOptions,
  RscnScope,
} from './options.ts';
export { NO_ZONING, type Zone, type Zoning } from './zoning.ts';

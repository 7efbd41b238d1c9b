/** What lies between the ends: Fibre Channel services, and the FCF that offers them over FCoE. */
export type { FabricAnswer, FabricCommand } from './fc/commands.ts';
export type { RscnPage } from './fc/fabric-controller.ts';
export type { LoginInfo } from './fc/logins.ts';
export type { FcIdReuse, StaticFcId } from './fc/n-port-ids.ts';
export { NO_ZONING, type Zone, type Zoning } from './fc/zoning.ts';
export type { AccessLists } from './fcoe/access-list.ts';
export type { FcfCounters, FcfPort } from './fcoe/context.ts';
export { Fcf, type LinkSelector } from './fcoe/fcf.ts';
export type {
  BaseLogout,
  DuplicateWwpnPolicy,
  FcfConfig,
  FcfOptions,
  RscnScope,
} from './fcoe/options.ts';

/** What lies between the ends: Fibre Channel services, and the FCF that offers them over FCoE. */
export type { FabricAnswer, FabricCommand } from './fc/commands.ts';
export type { FcfCounters, FcfPort } from './fc/context.ts';
export type { FPort } from './fc/f-port.ts';
export { FabricSwitch, type LinkSelector } from './fc/fabric-switch.ts';
export { FcSwitch } from './fc/fc-switch.ts';
export type { LoginInfo } from './fc/logins.ts';
export type { FcIdReuse, StaticFcId } from './fc/n-port-ids.ts';
export type { BaseLogout, DuplicateWwpnPolicy, FabricOptions, RscnScope } from './fc/options.ts';
export type { RscnPage } from './fc/rscn-queue.ts';
export { NO_ZONING, type Zone, type Zoning } from './fc/zoning.ts';
export type { AccessLists } from './fcoe/access-list.ts';
export { Fcf } from './fcoe/fcf.ts';
export type { FcfConfig, FcfOptions } from './fcoe/options.ts';
export { type BridgeOptions, EthernetBridge } from './lan/bridge.ts';
export { Npv } from './npv/npv.ts';
export type { NpvConfig, NpvOptions, NpvUplinkOptions } from './npv/options.ts';

/** Whole frames: layers, conversations, one-line summaries, detail trees. */
export { type BgpOptions, bgpNameOf, decodeBgp } from './bgp.ts';
export { carriedBy } from './carried.ts';
export * from './conversation.ts';
export * from './decode.ts';
export * from './detail.ts';
export * from './encode.ts';
export { decodeIscsiPdu, iscsiPduIn, type PduOptions } from './iscsi.ts';
export { IscsiConversation, type IscsiLogin } from './iscsi-conversation.ts';
export {
  bytesOf,
  type CrcState,
  dataBytesOf,
  type Frame,
  type Layer,
  type LayerName,
  layerOf,
  layerPart,
  layerValue,
  type Protocol,
  rawBytes,
  type Unread,
} from './layer.ts';
export * from './plain.ts';
export { summarizePlain } from './plain-summary.ts';
export { type Reject, rejectOf } from './reject.ts';
export type { CommandRecord, ExchangeRecord } from './requests.ts';
export { decodeRpc, RpcConversation, type RpcOptions, rpcNameOf } from './rpc.ts';
export * from './scan.ts';
export * from './streams.ts';
export { summarize, summarizePdu } from './summary.ts';

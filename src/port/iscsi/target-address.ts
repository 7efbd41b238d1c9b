/** Where a target is reached, as SendTargets and redirections write it: `10.0.0.1:3260,1`. Source: RFC 7143, 13.8. */
import { ISCSI_TCP_PORT } from '../../codecs/iscsi/index.ts';

/** A portal, and the tag of its group where that is said. */
export interface TargetAddress {
  readonly address: string;
  /** Of TCP. */
  readonly port: number;
  readonly groupTag: number | undefined;
}

const TEXT = /^(?:\[([0-9a-fA-F:.]{2,45})\]|([0-9A-Za-z.-]{1,253}))(?::(\d{1,5}))?(?:,(\d{1,5}))?$/;
const MOST = 0xffff;

/** What a text says; `undefined` for one that is no address. */
export function parseTargetAddress(text: string): TargetAddress | undefined {
  const [, v6, other, portText, tagText] = TEXT.exec(text) ?? [];
  const address = v6 ?? other;
  if (address === undefined) return undefined;
  const port = portText === undefined ? ISCSI_TCP_PORT : Number(portText);
  const groupTag = tagText === undefined ? undefined : Number(tagText);
  if (port < 1 || port > MOST || (groupTag ?? 0) > MOST) return undefined;
  return { address, port, groupTag };
}

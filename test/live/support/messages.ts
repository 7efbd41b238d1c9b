/** What an adapter and the fabric say to each other, login by login, read from a capture. */
import { openCapture } from '../../../src/capture/index.ts';
import { fipElsOf, fipMessage } from '../../../src/codecs/fip/index.ts';
import {
  Conversation,
  decodeFrame,
  fcHeader,
  layerOf,
  layerValue,
} from '../../../src/codecs/index.ts';

type DecodedFrame = ReturnType<typeof decodeFrame>;

/** F_CTL: the sender did not open the exchange. */
const EXCHANGE_RESPONDER = 0x80_0000;
const WELL_KNOWN = 0xff_fc00;

/** One login and what follows it, up to its first SCSI command. */
export interface LoginMessages {
  /** As `> PLOGI to fffffc`: from the adapter; `<` to it. A peer that is no service is `array` or `port`. */
  readonly messages: string[];
  hasBegunIo: boolean;
}

interface Message {
  readonly isOut: boolean;
  readonly kind: string;
  readonly isReply: boolean;
  readonly own: number;
  readonly peer: number;
  readonly isLogin: boolean;
}

/** The logins of the adapter at one interface, in order; `array` is the interface of the target port. */
export async function loginsOf(path: string, adapter: string, array: string) {
  const logins: LoginMessages[] = [];
  const byId = new Map<number, LoginMessages>();
  const discovery: string[] = [];
  let arrayId = -1;
  const conversation = new Conversation();
  const capture = await openCapture(path);
  for await (const batch of capture.frames) {
    for (const { bytes, interfaceName } of batch) {
      if (interfaceName !== adapter && interfaceName !== array) continue;
      const frame = decodeFrame(bytes, { conversation });
      const isOut = bytes[6] !== 0x0e || bytes[7] !== 0x00;
      const said = messageOf(frame, isOut);
      if (interfaceName === array) {
        if (said?.isLogin && said.isReply) arrayId = said.own;
        continue;
      }
      const isMulticast = (bytes[0]! & 1) !== 0;
      // Advertisements to everybody come with the time, whoever is there.
      if (logins.length === 0 && (isOut || !isMulticast)) addDiscovery(discovery, frame, isOut);
      if (said === undefined) continue;
      if (said.isLogin && !said.isReply) logins.push({ messages: [], hasBegunIo: false });
      if (said.isLogin && said.isReply) byId.set(said.own, logins.at(-1)!);
      const login = said.isLogin ? logins.at(-1)! : byId.get(said.own);
      if (login === undefined || login.hasBegunIo) continue;
      if (said.kind === 'FCP') login.hasBegunIo = true;
      else login.messages.push(textOf(said, arrayId));
    }
  }
  return { discovery, logins };
}

function addDiscovery(discovery: string[], frame: DecodedFrame, isOut: boolean): void {
  const fip = layerValue(frame, fipMessage);
  if (fip === undefined || fipElsOf(fip) !== undefined) return;
  discovery.push(isOut ? '> solicitation' : '< advertisement');
}

function messageOf(frame: DecodedFrame, isOut: boolean): Message | undefined {
  const header = layerValue(frame, fcHeader);
  const fip = layerValue(frame, fipMessage);
  const inFip = fip === undefined ? undefined : fipElsOf(fip);
  if (header === undefined) return undefined;
  const value = (layerOf(frame, 'els') ?? layerOf(frame, 'ct'))?.value as
    | { kind: string }
    | undefined;
  const kind = value?.kind ?? (header.type === 8 ? 'FCP' : undefined);
  if (kind === undefined) return undefined;
  return {
    isOut,
    kind,
    isReply: (header.fCtl & EXCHANGE_RESPONDER) !== 0,
    own: isOut ? header.sId : header.dId,
    peer: isOut ? header.dId : header.sId,
    isLogin: inFip !== undefined,
  };
}

function textOf({ isOut, kind, peer }: Message, arrayId: number): string {
  const name = peer >= WELL_KNOWN ? peer.toString(16) : peer === arrayId ? 'array' : 'port';
  return `${isOut ? '>' : '<'} ${kind} ${isOut ? 'to' : 'from'} ${name}`;
}

/** What an N_Port tells and asks the name server. Source: FC-GS-7; the order is libfc's. */
import {
  CtResponse,
  ctPreamble,
  FcpFeatures,
  fc4TypeMap,
  rffId,
  rftId,
  rnnId,
  rsnnNn,
  rspnId,
} from '../../codecs/ct/index.ts';
import { FCTL_REQUEST, FcType, RCtl, WellKnownAddress } from '../../codecs/fc/index.ts';
import type { FcId } from '../../codecs/layout/index.ts';
import type { ExchangeManager } from './exchange.ts';
import type { PortIdentity } from './login-parameters.ts';

/** How a CT request ended. */
export type CtReply =
  | { readonly result: 'accept'; readonly payload: Uint8Array }
  | { readonly result: 'reject'; readonly reason: number; readonly explanation: number }
  | { readonly result: 'timeout' }
  | { readonly result: 'closed' };

/** What a request to the name server needs of its N_Port. */
export interface CtSender {
  readonly exchanges: ExchangeManager;
  readonly rATovNs: number;
}

/** A registration by its name, and its request. */
export interface Registration {
  readonly name: string;
  readonly request: Uint8Array;
}

/** The registrations that an N_Port makes after its login, in order. */
export function registrations(
  { nodeName, symbolicName, role }: PortIdentity & { readonly symbolicName: string },
  portId: FcId,
): Registration[] {
  const fc4Features = role === 'target' ? FcpFeatures.TARGET : FcpFeatures.INITIATOR;
  return [
    { name: 'RNN_ID', request: rnnId.encode({ portId, nodeName }) },
    { name: 'RSNN_NN', request: rsnnNn.encode({ nodeName, name: symbolicName }) },
    { name: 'RSPN_ID', request: rspnId.encode({ portId, name: symbolicName }) },
    {
      name: 'RFT_ID',
      request: rftId.encode({ portId, fc4Types: fc4TypeMap([FcType.FCP, FcType.CT]) }),
    },
    { name: 'RFF_ID', request: rffId.encode({ portId, fc4Features, fc4Type: FcType.FCP }) },
  ];
}

/** Sends a CT request to the name server; `onReply` is called once. */
export function sendCt(
  port: CtSender,
  request: Uint8Array,
  onReply: (reply: CtReply) => void,
): void {
  const sent = port.exchanges.request(
    {
      dId: WellKnownAddress['Directory Server'],
      rCtl: RCtl['Unsolicited Control'],
      type: FcType.CT,
      fCtl: FCTL_REQUEST,
    },
    request,
    3 * port.rATovNs,
    (reply) => {
      if (reply.result !== 'reply') {
        onReply(reply);
        return;
      }
      if (reply.payload.length < ctPreamble.minBytes) {
        onReply({ result: 'reject', reason: 0, explanation: 0 });
        return;
      }
      const { command, reason, explanation } = ctPreamble.decode(reply.payload);
      if (command === CtResponse.CT_ACC) onReply({ result: 'accept', payload: reply.payload });
      else onReply({ result: 'reject', reason, explanation });
    },
  );
  if (sent === undefined) onReply({ result: 'timeout' });
}

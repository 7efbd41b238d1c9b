/** Requests that begin or end a login, also where a snap length cut what is behind their names. */
import { type ElsRequest, elsRequest } from '../../codecs/els/index.ts';
import { CodecError, cutOf, isCutFault } from '../../codecs/layout/index.ts';

/** A request with the names that matter to a login. */
export type LoginRequest = Extract<ElsRequest, { portName: bigint }>;

const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  FLOGI: ['portName', 'nodeName'],
  FDISC: ['portName', 'nodeName'],
  PLOGI: ['portName'],
  LOGO: ['portName', 'nPortId'],
};

/** FLOGI, FDISC, PLOGI or LOGO in the payload of an ELS; `undefined` where its names are not there. */
export function loginIn(payload: Uint8Array): LoginRequest | undefined {
  const request = readAsFarAsItGoes(payload);
  const required = REQUIRED[String(request?.kind)];
  if (request === undefined || required === undefined) return undefined;
  return required.every((key) => request[key] !== undefined)
    ? (request as unknown as LoginRequest)
    : undefined;
}

function readAsFarAsItGoes(payload: Uint8Array): Record<string, unknown> | undefined {
  try {
    return elsRequest.decode(payload);
  } catch (fault) {
    if (!(fault instanceof CodecError)) throw fault;
    return isCutFault(fault) ? cutOf(elsRequest).decode(payload) : undefined;
  }
}

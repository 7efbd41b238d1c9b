/** Pieces that several SW_ILS payloads share. */
import {
  codec,
  type FixedField,
  named,
  reserved24,
  reserved32,
  rest,
  u8,
  withDefault,
} from '../layout/index.ts';
import { withoutLayout } from '../without-layout.ts';
import { SwIlsCommand, SwRjtExplanation, SwRjtReason } from './codes.ts';

/** The first byte of a request: its own command code unless told otherwise. */
export function commandCode(code: number): FixedField<number, true> {
  return withDefault(named(u8, SwIlsCommand), code);
}

/** First word of most payloads: the command and three reserved bytes. */
export function head(code: number) {
  return { command: commandCode(code), reserved1: reserved24 } as const;
}

/** First word of most accepts. */
export const acceptHead = head(SwIlsCommand.SW_ACC);

/** An SW_ACC that says nothing but yes: 4 bytes. */
export function plainAccept<const K extends string>(name: K) {
  return codec(`SW_ACC to ${name}`, `FC-SW-6, ${name} accept`, acceptHead, `SW_ACC ${name}`);
}

/** A request that is its command and nothing else: 4 bytes. */
export function plainRequest<const K extends keyof typeof SwIlsCommand>(name: K) {
  return codec(name, `FC-SW-6, ${name}`, head(SwIlsCommand[name]), name);
}

/** A service that is named in public and not laid out: `payload` follows the first word. */
export function bareRequest<const K extends keyof typeof SwIlsCommand>(name: K) {
  return codec(
    name,
    withoutLayout(`FC-SW-6, ${name}`),
    { ...head(SwIlsCommand[name]), payload: rest },
    name,
  );
}

/** The accept of such a service. */
export function bareAccept<const K extends string>(name: K) {
  return codec(
    `SW_ACC to ${name}`,
    withoutLayout(`FC-SW-6, ${name} accept`),
    { ...acceptHead, payload: rest },
    `SW_ACC ${name}`,
  );
}

/** Refusal of an internal link service. Shape: 8 bytes. Source: FC-SW-6, SW_RJT. */
export const swRjt = codec(
  'SW_RJT',
  'FC-SW-6, SW_RJT',
  {
    command: commandCode(SwIlsCommand.SW_RJT),
    reserved1: reserved32,
    reason: named(u8, SwRjtReason),
    explanation: withDefault(named(u8, SwRjtExplanation), 0),
    vendorSpecific: withDefault(u8, 0),
  },
  'SW_RJT',
);

/**
 * An accept whose request is not known.
 *
 * Shape: 4 bytes and what follows.
 * Source: FC-SW-6, SW_ACC.
 */
export const swAcc = codec('SW_ACC', 'FC-SW-6, SW_ACC', { ...acceptHead, body: rest }, 'SW_ACC');

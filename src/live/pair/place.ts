/** Where another half of a pair, or its witness, is found: addresses with connections. */
import {
  ListenError,
  type ListenPlace,
  listenAddressFrom,
  STREAM_FORMS,
} from '../listen-address.ts';

/** An address that one connects to. */
export type StreamPlace = Exclude<ListenPlace, { readonly kind: 'udp' }>;

/** A fabric that another server has, and where its guests connect. */
export interface PeerAddress {
  readonly fabric: string;
  readonly place: StreamPlace;
}

/** `unix:PATH` or `tcp:HOST:PORT`, where `said` is the option. Errors: `ListenError`. */
export function streamPlaceFrom(said: string, text: string): StreamPlace {
  return placeOf(said, text, 'no FABRIC=').place;
}

/** `FABRIC=unix:PATH` or `FABRIC=tcp:HOST:PORT`. Errors: `ListenError`. */
export function parsePeerAddress(text: string): PeerAddress {
  const { fabric, place } = placeOf('--peer', text, 'FABRIC=');
  return { fabric: fabric!, place };
}

function placeOf(
  said: string,
  text: string,
  form: 'FABRIC=' | 'no FABRIC=',
): { readonly fabric: string | undefined; readonly place: StreamPlace } {
  const { fabric, place } = listenAddressFrom(said, text, STREAM_FORMS);
  if ((fabric === undefined) === (form === 'FABRIC='))
    throw new ListenError(`${said} ${text}: needs ${form} before it`);
  if (place.kind === 'udp') throw new ListenError(`${said} ${text}: needs ${STREAM_FORMS}`);
  return { fabric, place };
}

/** Where clients of storage that need no fabric connect: `nfs:HOST:PORT`. */
import { type ExportRule, isClientPattern } from '../port/nfs/exports.ts';
import { ListenError } from './listen-address.ts';

/** A protocol, and where it is served. */
export interface ServiceAddress {
  readonly protocol: 'nfs';
  readonly host: string;
  readonly port: number;
}

const FORM = /^(nfs):(.+):(\d{1,5})$/;
const PORT_MAX = 65_535;

/** True for an address whose protocol is none of a fabric. */
export const isServiceAddress = (text: string): boolean => text.startsWith('nfs:');

/** `nfs:HOST:PORT`; port 0 is one that the system chooses. Errors: `ListenError`. */
export function parseServiceAddress(text: string): ServiceAddress {
  const [, protocol, host = '', digits = ''] = FORM.exec(text) ?? [];
  const port = Number(digits);
  if (protocol === undefined)
    throw new ListenError(`--listen ${text}: needs nfs:HOST:PORT, as nfs:127.0.0.1:2049`);
  if (port > PORT_MAX)
    throw new ListenError(`--listen ${text}: port ${digits} is not 0 to ${PORT_MAX}`);
  return { protocol: 'nfs', host: host.replace(/^\[|\]$/g, ''), port };
}

/** An address as it is typed. */
export function formatServiceAddress({ protocol, host, port }: ServiceAddress): string {
  return `${protocol}:${host.includes(':') ? `[${host}]` : host}:${port}`;
}

const READ_ONLY = /:ro$/;

/** `CLIENTS` or `CLIENTS:ro`: `*`, an IP address, an IPv4 network. Errors: `ListenError`. */
export function parseExportRule(text: string): ExportRule {
  const clients = text.replace(READ_ONLY, '');
  if (!isClientPattern(clients))
    throw new ListenError(
      `--export ${text}: needs *, an IP address or a network such as 10.0.0.0/8; :ro behind it to let them only read`,
    );
  return { clients, access: READ_ONLY.test(text) ? 'read-only' : 'read-write' };
}

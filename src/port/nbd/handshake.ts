/** Options of a client and what is answered to them: which exports there are, and what may be asked of one. */
import { CodecError } from '../../codecs/layout/index.ts';
import {
  NBD_EXPORT_ZEROS,
  NBD_OPTION_HEAD_BYTES,
  NbdInfo,
  NbdOption,
  NbdOptionReply,
  type NbdOptionReplyInput,
  type NbdOptionValue,
  NbdTransmissionFlags,
  nbdExportReply,
  nbdOption,
  nbdOptionHead,
  nbdOptionReply,
} from '../../codecs/nbd/index.ts';
import type { NbdExport, NbdExports } from './exports.ts';
import { contextsFor, type MetaContext } from './meta-contexts.ts';

/** Texts of clients and of ours: UTF-8 on the wire, one character for each byte in messages. */
const bytesAsText = (text: string): string =>
  String.fromCharCode(...new TextEncoder().encode(text));
const decoder = new TextDecoder();
const textOf = (bytes: string): string =>
  decoder.decode(Uint8Array.from(bytes, (one) => one.charCodeAt(0)));

/** Bytes of a block that clients should read and write at once, and at most. */
export const PREFERRED_BYTES = 4096;

/** What a client has chosen when it begins to read and write. */
export interface NbdSession {
  readonly exported: NbdExport;
  readonly structured: boolean;
  readonly contexts: readonly MetaContext[];
}

/** How a handshake goes on: with the next option, with the transmission, or not at all. */
export type HandshakeStep =
  | { readonly next: 'option' }
  | { readonly next: 'transmission'; readonly session: NbdSession }
  | { readonly next: 'end' };

const OPTION: HandshakeStep = { next: 'option' };
const END: HandshakeStep = { next: 'end' };

type Known = Exclude<NbdOptionValue, { kind: 'unknown' }>;
type OptionOf<K extends Known['kind']> = Extract<Known, { kind: K }>;
type Reply = NbdOptionReplyInput extends infer R
  ? R extends { option: unknown }
    ? Omit<R, 'option'>
    : never
  : never;

/** What handshakes need. */
export interface HandshakeOwner {
  readonly exports: NbdExports;
  /** Most bytes of a READ or WRITE. */
  readonly transferBytesMax: number;
  send(bytes: Uint8Array): void;
}

/** The options of one connection. */
export class NbdHandshake {
  readonly #owner: HandshakeOwner;
  /** The client knows that options may be refused. */
  readonly #fixed: boolean;
  readonly #noZeros: boolean;
  #structured = false;
  /** The contexts that were chosen, and of which export. */
  #chosen: { readonly exportName: string; readonly contexts: readonly MetaContext[] } | undefined;

  constructor(
    owner: HandshakeOwner,
    client: { readonly fixed: boolean; readonly noZeros: boolean },
  ) {
    this.#owner = owner;
    this.#fixed = client.fixed;
    this.#noZeros = client.noZeros;
  }

  /** Answers a whole option. */
  take(bytes: Uint8Array): HandshakeStep {
    const { option: number } = nbdOptionHead.decode(bytes, 0, NBD_OPTION_HEAD_BYTES);
    if (!this.#fixed && number !== NbdOption.EXPORT_NAME) return END;
    let option: NbdOptionValue;
    try {
      option = nbdOption.decode(bytes);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      return this.#refuse(number, NbdOptionReply.ERR_INVALID, error.message);
    }
    if (option.kind === 'unknown')
      return this.#refuse(number, NbdOptionReply.ERR_UNSUP, `option ${number} is not known`);
    return this.#answer(option);
  }

  #answer(option: Known): HandshakeStep {
    switch (option.kind) {
      case 'EXPORT_NAME':
        return this.#exportName(textOf(option.data));
      case 'INFO':
      case 'GO':
        return this.#info(option);
      case 'LIST_META_CONTEXT':
      case 'SET_META_CONTEXT':
        return this.#metaContexts(option);
      case 'STARTTLS':
        return this.#refuse(option.option, NbdOptionReply.ERR_POLICY, 'there is no TLS here');
      default:
        if (option.data.length > 0)
          return this.#refuse(option.option, NbdOptionReply.ERR_INVALID, 'takes no data');
        return this.#plain(option);
    }
  }

  #plain({ kind, option }: OptionOf<'ABORT' | 'LIST' | 'STRUCTURED_REPLY'>): HandshakeStep {
    if (kind === 'LIST') {
      for (const { name, description } of this.#owner.exports.list()) {
        const data = { exportName: bytesAsText(name), details: bytesAsText(description) };
        this.#reply(option, { kind: 'SERVER', data });
      }
    }
    if (kind === 'STRUCTURED_REPLY') this.#structured = true;
    this.#reply(option, { kind: 'ACK', data: new Uint8Array(0) });
    return kind === 'ABORT' ? END : OPTION;
  }

  #exportName(name: string): HandshakeStep {
    const exported = this.#owner.exports.find(name);
    // Nothing can be refused here: the connection is closed.
    if (exported === undefined) return END;
    const zeros = new Uint8Array(this.#noZeros ? 0 : NBD_EXPORT_ZEROS);
    this.#owner.send(nbdExportReply.encode({ ...this.#sizeOf(exported), zeros }));
    return this.#begin(name, exported);
  }

  #info({ kind, option, data }: OptionOf<'INFO' | 'GO'>): HandshakeStep {
    const name = textOf(data.exportName);
    const exported = this.#owner.exports.find(name);
    if (exported === undefined) return this.#noExport(option, name);
    this.#tell(option, { kind: 'EXPORT', ...this.#sizeOf(exported) });
    const asked = new Set(data.informations);
    if (asked.has(NbdInfo.NAME))
      this.#tell(option, { kind: 'NAME', name: bytesAsText(exported.name) });
    if (asked.has(NbdInfo.DESCRIPTION))
      this.#tell(option, { kind: 'DESCRIPTION', description: bytesAsText(exported.description) });
    if (asked.has(NbdInfo.BLOCK_SIZE)) {
      this.#tell(option, {
        kind: 'BLOCK_SIZE',
        minimumBytes: exported.medium.blockBytes,
        preferredBytes: PREFERRED_BYTES,
        maximumBytes: this.#owner.transferBytesMax,
      });
    }
    this.#reply(option, { kind: 'ACK', data: new Uint8Array(0) });
    return kind === 'GO' ? this.#begin(name, exported) : OPTION;
  }

  #metaContexts({
    kind,
    option,
    data,
  }: OptionOf<'LIST_META_CONTEXT' | 'SET_META_CONTEXT'>): HandshakeStep {
    const isChoice = kind === 'SET_META_CONTEXT';
    if (isChoice) this.#chosen = undefined;
    if (!this.#structured) {
      const what = 'meta contexts need structured replies';
      return this.#refuse(option, NbdOptionReply.ERR_INVALID, what);
    }
    const name = textOf(data.exportName);
    const exported = this.#owner.exports.find(name);
    if (exported === undefined) return this.#noExport(option, name);
    const queries = data.queries.map(({ query }) => textOf(query));
    const contexts = contextsFor(exported, queries, !isChoice);
    for (const [i, { name: context }] of contexts.entries()) {
      const chosen = { contextId: isChoice ? i : 0, context: bytesAsText(context) };
      this.#reply(option, { kind: 'META_CONTEXT', data: chosen });
    }
    if (isChoice) this.#chosen = { exportName: name, contexts };
    this.#reply(option, { kind: 'ACK', data: new Uint8Array(0) });
    return OPTION;
  }

  #begin(name: string, exported: NbdExport): HandshakeStep {
    const chosen = this.#chosen?.exportName === name ? this.#chosen.contexts : [];
    const session = { exported, structured: this.#structured, contexts: chosen };
    return { next: 'transmission', session };
  }

  #sizeOf({ isReadOnly, medium }: NbdExport): { sizeBytes: bigint; flags: number } {
    const F = NbdTransmissionFlags;
    const writes = isReadOnly
      ? F.READ_ONLY
      : F.SEND_FUA | F.SEND_TRIM | F.SEND_WRITE_ZEROES | F.SEND_FAST_ZERO;
    // A flush is the medium's: it covers what any connection wrote.
    const always = F.HAS_FLAGS | F.SEND_FLUSH | F.CAN_MULTI_CONN;
    return {
      sizeBytes: BigInt(medium.blocks) * BigInt(medium.blockBytes),
      flags: always | writes | (this.#structured ? F.SEND_DF : 0),
    };
  }

  #noExport(option: number, name: string): HandshakeStep {
    return this.#refuse(option, NbdOptionReply.ERR_UNKNOWN, `there is no export ${name}`);
  }

  #refuse(option: number, reply: number, what: string): HandshakeStep {
    this.#reply(option, { kind: 'ERROR', reply, data: bytesAsText(what) });
    return OPTION;
  }

  #tell(option: number, data: Extract<Reply, { kind: 'INFO' }>['data']): void {
    this.#reply(option, { kind: 'INFO', data });
  }

  #reply(option: number, reply: Reply): void {
    this.#owner.send(nbdOptionReply.encode({ ...reply, option } as NbdOptionReplyInput));
  }
}

/** The shape that results of NFS version 3 share. Source: RFC 1813, 3.3. */
import {
  type Codec,
  codec,
  embed,
  type FixedField,
  named,
  optional,
  type TableCodec,
  type TailField,
  u32,
  when,
} from '../layout/index.ts';
import { NfsStat3 } from './codes.ts';

type Part<T, I> = TailField<T | undefined, true, I | undefined>;
/** A status, and what comes with it. */
type ResultCodec<Ok, OkI, Fail, FailI> = TableCodec<
  undefined,
  { status: FixedField<number>; resok: Part<Ok, OkI>; resfail: Part<Fail, FailI> }
>;

const isOk = when<{ status: number }>((v) => v.status === NfsStat3.NFS3_OK);
const isFailure = when<{ status: number }>((v) => v.status !== NfsStat3.NFS3_OK);

/** A result: a status, `resok` where it is NFS3_OK, otherwise `resfail`. */
export function result<Ok, OkI, Fail, FailI>(
  name: string,
  source: string,
  resok: Codec<Ok, OkI>,
  resfail: Codec<Fail, FailI>,
): ResultCodec<Ok, OkI, Fail, FailI> {
  return codec(name, source, {
    status: named(u32, NfsStat3),
    resok: optional(isOk, embed(resok)),
    resfail: optional(isFailure, embed(resfail)),
  });
}

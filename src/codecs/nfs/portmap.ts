/** Port mapper, version 2: which program listens where. Source: RFC 1833, 3. */
import { codec, type Infer, named, u32 } from '../layout/index.ts';
import { RpcProgram } from '../rpc/codes.ts';
import { xdrBool, xdrList, xdrOpaque } from '../rpc/xdr.ts';
import { PortmapProtocol } from './codes.ts';

const SOURCE = 'RFC 1833, 3';

/** A program, its version, and where it is reached. Shape: 16 bytes. */
export const mapping = codec('mapping', SOURCE, {
  program: named(u32, RpcProgram),
  version: u32,
  protocol: named(u32, PortmapProtocol),
  port: u32,
});
/** What `mapping` decodes. */
export type Mapping = Infer<typeof mapping>;

/** What SET and UNSET answer. Shape: 4 bytes. */
export const portmapDone = codec('PMAPPROC_SET result', SOURCE, { done: xdrBool });

/** What GETPORT answers: 0 where the program is not there. Shape: 4 bytes. */
export const portmapPort = codec('PMAPPROC_GETPORT result', SOURCE, { port: u32 });

/** What DUMP answers. Shape: 20 bytes for each mapping, and 4. */
export const portmapList = codec('pmaplist', SOURCE, {
  mappings: xdrList('pmaplist', SOURCE, mapping),
});

/** A call that the port mapper shall pass on. Shape: 16 bytes and the parameters in units of 4. */
export const portmapCallIt = codec('call_args', SOURCE, {
  program: named(u32, RpcProgram),
  version: u32,
  procedure: u32,
  ...xdrOpaque('parameters'),
});

/** What the program answered, and where it is. Shape: 8 bytes and the results in units of 4. */
export const portmapCallResult = codec('call_result', SOURCE, {
  port: u32,
  ...xdrOpaque('results'),
});

import { describe, expect, test } from 'vitest';
import { ElsCommand, elsAccept, elsRequests } from '../../../../src/codecs/els/index.ts';
import { checkEveryLength } from '../every-length.ts';

/** Fewest bytes of request and accept: sizeof in fc_els.h, fc_fcp.h, lpfc_hw.h, packet-fcels.c. */
const SIZES: readonly [keyof typeof elsRequests & keyof typeof ElsCommand, number, number?][] = [
  ['LS_RJT', 8],
  ['PLOGI', 116, 116],
  ['FLOGI', 116, 116],
  ['LOGO', 16, 4],
  ['RTV', 4, 16],
  ['RLS', 8, 28],
  ['RRQ', 12, 4],
  ['REC', 12, 24],
  ['SRR', 16, 4],
  ['FPIN', 8],
  ['EDC', 8, 8],
  ['RDP', 8, 8],
  ['RDF', 8, 8],
  ['PRLI', 4, 4],
  ['PRLO', 4, 4],
  ['PDISC', 116, 116],
  ['FDISC', 116, 116],
  ['ADISC', 28, 28],
  ['FARP-REQ', 76],
  ['FARP-REPLY', 76, 4],
  ['RPS', 12, 32],
  ['RPL', 12, 12],
  ['FAN', 24],
  ['RSCN', 4, 4],
  ['SCR', 8, 4],
  ['RNFT', 8, 8],
  ['CSU', 12],
  ['LINIT', 8, 8],
  ['LSTS', 4, 168],
  ['RNID', 8, 8],
  ['RLIR', 8, 4],
  ['LIRR', 8, 4],
  ['SRL', 8, 4],
  ['RPSC', 4, 4],
  ['LCB', 12, 12],
  ['QFPA', 4, 8],
  ['CBIND', 28],
  ['UNBIND', 20],
  ['AUTH_ELS', 12, 4],
];
/** The same of obsolete services: sizes of the structures in Agilent's FCStruct.h, "FC-PH-2 Rev 7.4". */
const OBSOLETE: typeof SIZES = [
  ['SCN', 4],
  ['GAID', 100, 8],
  ['FACT', 12, 4],
  ['FDACT', 12, 4],
  ['NACT', 100, 4],
  ['NDACT', 8, 4],
  ['QoSR', 0x4c, 0x4c],
  ['RVCS', 8, 8],
];

describe('ELS sizes', () => {
  test.each([...SIZES, ...OBSOLETE])('%s: %i and %s bytes', (name, request, accept) => {
    expect(elsRequests[name].minBytes).toBe(request);
    if (accept !== undefined) expect(elsAccept(ElsCommand[name]).minBytes).toBe(accept);
  });

  test.each([...SIZES, ...OBSOLETE].filter(([, bytes]) => bytes > 4))(
    '%s: nothing shorter decodes',
    (name, request) => {
      const bytes = new Uint8Array(request);
      bytes[0] = ElsCommand[name];
      expect(checkEveryLength(elsRequests[name], bytes)).toBe(1);
    },
  );
});

/** An exchange of a capture, as a test needs it. */
import type { ExchangeRow } from '../../src/audit/seen/exchange-row.ts';

/** A READ that went well; `changes` says what is otherwise. */
export function exchangeRow(changes: Partial<ExchangeRow> = {}): ExchangeRow {
  return {
    kind: 'fcp',
    fabric: '',
    originator: 0x010101,
    responder: 0x010201,
    oxId: 7,
    rxId: undefined,
    firstFrame: 1,
    lastFrame: 3,
    startNs: 0n,
    endNs: 1_000_000n,
    command: 'READ(10)',
    lun: 0n,
    lba: 0n,
    blocks: 8,
    dataBytes: 4096,
    expectedBytes: 4096,
    readBytes: undefined,
    expectedReadBytes: undefined,
    readResidual: 0,
    recovered: false,
    status: 'GOOD',
    residual: 0,
    sense: undefined,
    end: 'completed',
    ...changes,
  };
}

/** An exchange as a line and as a row of CSV. */
import { expect, test } from 'vitest';
import type { ExchangeRow } from '../../../src/audit/seen/exchange-row.ts';
import { plain } from '../../../src/cli/columns.ts';
import { EXCHANGE_COLUMNS, exchangeCsv, exchangeLine } from '../../../src/cli/decode-exchanges.ts';

const row = {
  kind: 'fcp',
  fabric: '',
  originator: 0x010001,
  responder: 0x010002,
  oxId: 0x22,
  rxId: 0x1234,
  command: 'WRITE(10)',
  lun: 0n,
  lba: 8n,
  blocks: 2,
  status: 'GOOD',
  residual: 0,
  readResidual: 0,
  end: 'completed',
  dataBytes: 1024,
  expectedBytes: 1024,
  firstFrame: 3,
  lastFrame: 6,
  startNs: 2_000_000_000n,
  endNs: 2_001_500_000n,
  recovered: false,
} as unknown as ExchangeRow;

test('a line: frames, time, ports, ids, command, place, data, end', () => {
  expect(plain(exchangeLine(row, 1_000_000_000n, false))).toMatch(
    /^3-6 +1\.000000000 {2}010001 → 010002 {2}OX 0022 {2}RX 1234 {2}WRITE\(10\) .*1024\/1024 bytes {2}GOOD {2}1\.500 ms$/,
  );
});

test('a cell for each column', () => {
  const cells = exchangeCsv(row, 1_000_000_000n).split(',');
  expect(cells).toHaveLength(EXCHANGE_COLUMNS.length);
  const told = Object.fromEntries(EXCHANGE_COLUMNS.map((name, i) => [name, cells[i]]));
  expect(told).toMatchObject({
    took_ms: '1.500000',
    ox_id: '0022',
    command: 'WRITE(10)',
    sense: '',
  });
  expect(exchangeCsv({ ...row, end: 'unanswered' } as ExchangeRow, 0n)).toContain(',,010001,');
});

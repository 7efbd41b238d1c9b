/** The verdict: evidence, ledgers, the rules of the invariants, the auditor. */
export * from './auditor.ts';
export * from './capture-judge.ts';
export { type Evidence, MEANING } from './evidence.ts';
export * from './explanations.ts';
export type { BlockValue, HistoryOp } from './ledger/block-zones.ts';
export * from './ledger/linearizability.ts';
export * from './ledger/move-finder.ts';
export * from './rule.ts';
export type {
  ExchangeCounts,
  ExchangeEnd,
  ExchangeKind,
  ExchangeRow,
  RequestParts,
  Sighting,
} from './seen/exchange-row.ts';
export * from './seen/exchange-table.ts';
export * from './seen/frame.ts';
export * from './seen/login-list.ts';
export * from './seen/tapped-frame.ts';
export * from './seen-judge.ts';
export * from './told-history.ts';
export * from './verdict.ts';

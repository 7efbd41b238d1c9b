/** What a refusal says in words, whichever protocol it is of. */
import { BaRjtExplanation, BaRjtReason, baRjt } from '../bls/index.ts';
import {
  type CtPreamble,
  CtReason,
  CtResponse,
  ctCommandName,
  ctExplanationName,
} from '../ct/index.ts';
import { ElsCommand, LsRjtExplanation, LsRjtReason } from '../els/codes.ts';
import { RCtl } from '../fc/codes.ts';
import { fcHeader } from '../fc/header.ts';
import { BusyReason, busyParameter, RejectReason, rejectParameter } from '../fc/link-control.ts';
import { nameOf } from '../layout/index.ts';
import { SwRjtExplanation, SwRjtReason, swIlsName } from '../swils/index.ts';
import { type Frame, layerOf, layerPart, layerValue } from './layer.ts';
import { words } from './summary-words.ts';

/** A refusal: what refuses, what was asked for, and why. */
export interface Reject {
  /** `LS_RJT`, `CT_RJT`, `SW_RJT`, `BA_RJT`, `P_RJT`, `F_RJT`, `P_BSY`, `F_BSY`. */
  readonly by: string;
  /** The command that was refused, where it was seen. */
  readonly command: string | undefined;
  readonly reason: string;
  /** Empty where it explains nothing further. */
  readonly explanation: string;
}

const explained = (text: string, code: number | undefined): string => (code === 0 ? '' : text);

type Codes = { readonly kind?: string; readonly reason?: number; readonly explanation?: number };

function elsReject(frame: Frame): Reject | undefined {
  const { kind, reason, explanation } = (layerOf(frame, 'els')?.value ?? {}) as Codes;
  if (kind !== 'LS_RJT') return undefined;
  const code = frame.exchange?.code;
  return {
    by: 'LS_RJT',
    command: code === undefined ? undefined : nameOf(ElsCommand, code),
    reason: words(LsRjtReason, reason),
    explanation: explained(words(LsRjtExplanation, explanation), explanation),
  };
}

function ctReject(frame: Frame): Reject | undefined {
  const value = layerOf(frame, 'ct')?.value as { preamble?: Partial<CtPreamble> } | undefined;
  if (value?.preamble?.command !== CtResponse.CT_RJT) return undefined;
  const { reason, explanation } = value.preamble;
  const { gsType = 0, gsSubtype = 0, code = 0 } = frame.exchange ?? {};
  const name = ctExplanationName(gsType, gsSubtype, explanation ?? 0)?.replaceAll('_', ' ');
  const digits = `explanation ${(explanation ?? 0).toString(16).padStart(2, '0')}h`;
  return {
    by: 'CT_RJT',
    command: ctCommandName(gsType, gsSubtype, code),
    reason: words(CtReason, reason),
    explanation: explained(name?.toLowerCase() ?? digits, explanation),
  };
}

function swIlsReject(frame: Frame): Reject | undefined {
  const { kind, reason, explanation } = (layerOf(frame, 'swils')?.value ?? {}) as Codes;
  if (kind !== 'SW_RJT') return undefined;
  const { code, subCode = 0 } = frame.exchange ?? {};
  return {
    by: 'SW_RJT',
    command: code === undefined ? undefined : swIlsName(code, subCode),
    reason: words(SwRjtReason, reason),
    explanation: explained(words(SwRjtExplanation, explanation), explanation),
  };
}

function blsReject(frame: Frame): Reject | undefined {
  const refused = layerPart(frame, baRjt);
  if (refused === undefined) return undefined;
  return {
    by: 'BA_RJT',
    command: 'ABTS',
    reason: words(BaRjtReason, refused.reason),
    explanation: explained(words(BaRjtExplanation, refused.explanation), refused.explanation),
  };
}

function linkReject(frame: Frame): Reject | undefined {
  const rCtl = layerValue(frame, fcHeader)?.rCtl;
  const reject = layerValue(frame, rejectParameter);
  const busy = layerValue(frame, busyParameter);
  if (rCtl === undefined || (reject === undefined && busy === undefined)) return undefined;
  const reason = reject ? words(RejectReason, reject.reason) : words(BusyReason, busy?.reason);
  const by = nameOf(RCtl, rCtl) ?? 'link control';
  return { by, command: undefined, reason, explanation: '' };
}

/** What a frame refuses, `undefined` where it refuses nothing. */
export function rejectOf(frame: Frame): Reject | undefined {
  switch (frame.protocol) {
    case 'els':
    case 'fip':
    case 'fcp':
      return elsReject(frame);
    case 'ct':
      return ctReject(frame);
    case 'swils':
      return swIlsReject(frame);
    case 'bls':
      return blsReject(frame);
    case 'link-control':
      return linkReject(frame);
    default:
      return undefined;
  }
}

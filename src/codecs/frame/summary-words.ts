/** Words of summary lines that several protocols share. */
import { ElsCommand, LsRjtExplanation, LsRjtReason } from '../els/codes.ts';
import type { FcHeader } from '../fc/header.ts';
import { formatFcId, type Names, nameOf } from '../layout/index.ts';
import { notable } from './notable.ts';

/** Words with something in them, one blank between two. */
export function line(...words: readonly (string | undefined | false)[]): string {
  return words.filter((one) => one !== undefined && one !== false && one !== '').join(' ');
}

/** Four hex digits. */
export const hex4 = (value: number): string => value.toString(16).padStart(4, '0');

/** The name of a code as words of a sentence, or its hex digits; `undefined`: the frame ends before it. */
export function words(names: Names, code: number | undefined): string {
  if (code === undefined) return 'cut off';
  const name = nameOf(names, code);
  if (name === undefined) return `${code.toString(16).padStart(2, '0')}h`;
  if (/^[A-Z0-9_]+$/.test(name)) return name.replaceAll('_', ' ').toLowerCase();
  return name.replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase());
}

/** `010e01 → fffffc OX_ID 0012`: where an FC frame goes, and on which exchange. */
export function addresses(header: FcHeader): string {
  const { sId, dId, oxId } = header;
  return `${formatFcId(sId)} → ${formatFcId(dId)} OX_ID ${hex4(oxId)}`;
}

type Message = { readonly kind?: string; readonly raw?: Uint8Array };
type Reject = { readonly reason?: number; readonly explanation?: number };

function elsName(value: Message, command: number | undefined): string {
  if (value.kind === undefined) return 'ELS';
  if (value.kind === 'unknown') {
    const code = value.raw?.[0] ?? 0;
    return nameOf(ElsCommand, code) ?? `ELS ${code.toString(16).padStart(2, '0')}h`;
  }
  const asked = command === undefined ? undefined : nameOf(ElsCommand, command);
  if (value.kind === 'LS_RJT') return asked === undefined ? 'LS_RJT' : `LS_RJT (${asked})`;
  const accepted = /^LS_ACC (.+)$/.exec(value.kind);
  return accepted === null ? value.kind : `LS_ACC (${accepted[1]})`;
}

/** An ELS: its name, then where it goes, then what it says. `command`: what a reply answers. */
export function elsWords(value: unknown, where: string, command: number | undefined): string {
  const message = value as Message;
  const name = elsName(message, command);
  if (message.kind !== 'LS_RJT') return line(name, where, notable(value));
  const { reason, explanation } = value as Reject;
  const why =
    reason === undefined || explanation === 0 ? '' : `, ${words(LsRjtExplanation, explanation)}`;
  return line(name, where, words(LsRjtReason, reason) + why);
}

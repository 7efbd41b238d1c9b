/**
 * A page of what a server is doing: who is logged in, links, logical units, a few seconds old at most. It has no script
 * and asks nobody else for anything; the browser is told to load it again.
 */
import { formatFcId, formatWwn } from '../../codecs/layout/index.ts';
import type { LiveServer } from '../server.ts';
import type { FrontAnswer, FrontRequest } from './http-front.ts';

/** How old the page gets before it is loaded again. */
const REFRESH_SECONDS = 2;
/** Rows of a table; more are counted. */
const ROWS_MAX = 500;
/** Names of this machine: others are those of a page elsewhere that had them point here. */
const OWN_NAME = /^(?:localhost|[\d.]+|\[[0-9a-f:.]+\])(?::\d+)?$/i;

const POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'";

const STYLE = `:root { color-scheme: light dark; }
body { margin: 0 auto; padding: 16px; max-width: 1100px; font: 15px/1.5 system-ui, sans-serif; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { padding: 3px 14px 3px 0; text-align: left; border-bottom: 1px solid #8884; white-space: nowrap; }
td { font-variant-numeric: tabular-nums; } caption { text-align: left; font-weight: 600; padding: 14px 0 4px; }
`;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text of a peer as text of a page. */
const escaped = (text: string): string => text.replace(/[&<>"']/g, (one) => ESCAPES[one]!);

type Cell = string | number;

function table(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
): string {
  if (rows.length === 0) return `<p>${escaped(caption)}: none</p>\n`;
  const cells = (row: readonly Cell[], tag: string): string =>
    `<tr>${row.map((cell) => `<${tag}>${escaped(String(cell))}</${tag}>`).join('')}</tr>\n`;
  const shown = rows.slice(0, ROWS_MAX).map((row) => cells(row, 'td'));
  const more = rows.length - shown.length;
  return `<div class="scroll"><table><caption>${escaped(caption)}</caption><thead>${cells(head, 'th')}</thead><tbody>${shown.join('')}</tbody></table></div>\n${more > 0 ? `<p>and ${more} more</p>\n` : ''}`;
}

const seconds = (ns: number): string => `${(ns / 1e9).toFixed(0)} s`;

/** The page as it is now. */
export function livePage(server: LiveServer): string {
  const logins = server
    .logins()
    .map(({ fabric, login }) => [
      fabric.name,
      formatWwn(login.wwpn),
      server.nameOf(login.wwpn) ?? login.symbolicName ?? '',
      formatFcId(login.nPortId),
      login.by,
      `${fabric.name}.${login.port}`,
      seconds(server.now - login.since),
    ]);
  const links = server.links().map((link) => {
    const { up } = server.fabrics.get(link.fabric)!.fcf.portState(link.port);
    return [
      link.name,
      up ? 'up' : 'down',
      link.frames.in,
      link.frames.out,
      link.wire?.dropped ?? 0,
    ];
  });
  const fabrics = [...server.fabrics.values()].map(({ fcf, name }) => [
    name,
    fcf.logins().length,
    fcf.counters.forwarded,
    Object.values(fcf.counters.dropped).reduce((sum, one) => sum + one, 0),
  ]);
  const units = server.array.device.units.map(({ medium, tasks }, index) => [
    server.plan.units[index]!.name,
    medium.blocks * medium.blockBytes,
    tasks.size,
  ]);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="refresh" content="${REFRESH_SECONDS}"><title>sanmotion serve</title><link rel="stylesheet" href="/style.css"></head><body>
<h1>sanmotion serve</h1>
<p>up for ${seconds(server.now)}; this page is loaded again every ${REFRESH_SECONDS} s</p>
${table('Logins', ['fabric', 'WWPN', 'name', 'N_Port_ID', 'by', 'link', 'since'], logins)}${table('Links', ['link', 'state', 'frames in', 'frames out', 'dropped'], links)}${table('Fabrics', ['fabric', 'logins', 'frames forwarded', 'frames dropped'], fabrics)}${table('Logical units', ['unit', 'bytes', 'commands under way'], units)}</body></html>
`;
}

/** Answers for the page; it may be looked at under a name of this machine alone. */
export function webAnswer(
  server: LiveServer,
  { headers, method, path }: FrontRequest,
): FrontAnswer {
  if (!OWN_NAME.test(headers.host ?? '')) return { status: 421, body: 'this is another machine\n' };
  if (method !== 'GET') return { status: 405, body: 'the page takes GET\n' };
  const safe = { 'x-content-type-options': 'nosniff', 'content-security-policy': POLICY };
  if (path === '/style.css') return { status: 200, type: 'text/css', headers: safe, body: STYLE };
  if (path !== '/') return { status: 404, body: 'there is nothing but /\n' };
  const more = { ...safe, 'cache-control': 'no-store' };
  return { status: 200, type: 'text/html; charset=utf-8', headers: more, body: livePage(server) };
}

/** A frame in full: the tree of its fields, and its bytes; a field and its bytes show each other. */
import { count, h } from '../dom.ts';
import type { FieldRow, FrameDetail, LayerRow } from '../worker/frame-reader.ts';

const LINE_BYTES = 16;
/** Bytes that are drawn; of longer frames the rest is counted. */
const BYTES_MAX = 4096;
/** Characters of a value in the tree. */
const TEXT_MAX = 400;

/** Draws a frame. */
export function frameView(detail: FrameDetail): HTMLElement {
  const cells = new Map<number, HTMLElement>();
  const leaves: { readonly field: FieldRow; readonly element: HTMLElement }[] = [];
  let lit: HTMLElement[] = [];
  const light = (field: FieldRow, element: HTMLElement): void => {
    for (const one of lit) one.classList.remove('lit');
    lit = [element];
    for (let at = field.offset; at < field.offset + field.length; at++) {
      const cell = cells.get(at);
      if (cell !== undefined) lit.push(cell);
    }
    for (const one of lit) one.classList.add('lit');
  };
  const leaf = (field: FieldRow): HTMLElement => {
    const steps = field.path.match(/\[\d+\]|[^.[\]]+/g) ?? [field.path];
    const text = field.text.length > TEXT_MAX ? `${field.text.slice(0, TEXT_MAX)}…` : field.text;
    const element = h(
      'button',
      {
        class: 'field',
        type: 'button',
        title: `bytes ${field.offset} to ${field.offset + Math.max(0, field.length - 1)}`,
        onclick: () => light(field, element),
        onfocus: () => light(field, element),
      },
      h('span', { class: 'name' }, steps.join(' › ').replace(/ › \[/g, '[')),
      ' ',
      h('span', { class: 'value' }, text),
    );
    leaves.push({ field, element });
    return element;
  };
  const layer = (
    { fields, isInside, isOfStream, length, offset, title }: LayerRow,
    i: number,
  ): HTMLElement =>
    h(
      'details',
      { open: i > 0 || detail.layers.length < 3 },
      h(
        'summary',
        {},
        isOfStream
          ? `${title}, ${length} bytes of the stream`
          : `${title}${isInside ? ' (inside)' : ''}, bytes ${offset} to ${offset + Math.max(0, length - 1)}`,
      ),
      fields.map(leaf),
    );
  const tree = h(
    'div',
    { class: 'tree', role: 'group', 'aria-label': 'fields' },
    detail.layers.map(layer),
  );
  const byteClicked = (at: number): void => {
    // The innermost field that has the byte.
    const found = leaves
      .filter(({ field }) => at >= field.offset && at < field.offset + field.length)
      .sort((a, b) => a.field.length - b.field.length)[0];
    if (found === undefined) return;
    found.element.closest('details')!.open = true;
    light(found.field, found.element);
    found.element.scrollIntoView({ block: 'nearest' });
  };
  const shownBytes = detail.bytes.subarray(0, BYTES_MAX);
  const lines: HTMLElement[] = [];
  for (let at = 0; at < shownBytes.length; at += LINE_BYTES) {
    const line = shownBytes.subarray(at, at + LINE_BYTES);
    const octets = [...line].map((octet, i) => {
      const cell = h(
        'span',
        { class: 'octet', 'data-at': at + i },
        octet.toString(16).padStart(2, '0'),
      );
      cells.set(at + i, cell);
      return cell;
    });
    const text = [...line].map((octet) =>
      octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : '·',
    );
    lines.push(
      h(
        'div',
        { class: 'line' },
        h('span', { class: 'offset' }, at.toString(16).padStart(4, '0')),
        octets,
        h('span', { class: 'ascii', 'aria-hidden': true }, text.join('')),
      ),
    );
  }
  const bytes = h(
    'div',
    {
      class: 'bytes',
      role: 'group',
      'aria-label': 'bytes',
      onclick: (event: MouseEvent) => {
        const at = (event.target as HTMLElement).dataset.at;
        if (at !== undefined) byteClicked(Number(at));
      },
    },
    lines,
  );
  const left = detail.bytes.length - shownBytes.length;
  return h(
    'div',
    { class: 'frame' },
    h('p', { class: 'frame-line' }, `frame ${count(detail.number)}: ${detail.summary}`),
    detail.comment === '' ? undefined : h('p', { class: 'violated' }, detail.comment),
    detail.fault === undefined
      ? undefined
      : h('p', { class: 'violated' }, `malformed: ${detail.fault}`),
    h('div', { class: 'both' }, tree, bytes),
    left > 0 ? h('p', { class: 'faint' }, `and ${count(left)} more bytes`) : undefined,
  );
}

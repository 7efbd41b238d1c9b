/** Reads the XML that `tshark -T pdml` prints, packet by packet, in constant memory. */

/** A field as tshark shows it. */
export interface PdmlField {
  readonly name: string;
  /** Name of the protocol element the field is in. */
  readonly proto: string;
  /** First byte and number of bytes, in the data source the field is read from. */
  readonly pos: number;
  readonly size: number;
  /** First byte of the element around it. */
  readonly aroundPos: number;
  /** The value in tshark's display form; undefined where it shows none. */
  readonly show: string | undefined;
  readonly showname: string;
  /** Hex digits of the field's bytes, unmasked; undefined where tshark prints none. */
  readonly raw: string | undefined;
  /** Names of the fields around it, outermost first. */
  readonly within: readonly string[];
}

/** A packet: its fields in the order of tshark's tree, and its protocol elements. */
export interface PdmlPacket {
  readonly fields: readonly PdmlField[];
  readonly protos: readonly {
    readonly name: string;
    readonly pos: number;
    readonly size: number;
  }[];
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&#x27;': "'",
  '&apos;': "'",
};

const withoutEntities = (text: string): string =>
  text.includes('&')
    ? text.replace(/&(?:lt|gt|amp|quot|apos|#x27);/g, (one) => ENTITIES[one]!)
    : text;

function attribute(tag: string, name: string): string | undefined {
  const from = tag.indexOf(` ${name}="`);
  if (from < 0) return undefined;
  const start = from + name.length + 3;
  return withoutEntities(tag.slice(start, tag.indexOf('"', start)));
}

const numberOf = (text: string | undefined): number => Number(text ?? 0);

/** Collects the tags of one packet after the other. */
class PacketBuilder {
  fields: PdmlField[] = [];
  protos: { name: string; pos: number; size: number }[] = [];
  #open: string[] = [];
  #proto: string[] = [];
  /** Where the elements around the next one lie, outermost first. */
  #around: number[] = [];

  /** Takes a tag without its brackets; returns the packet that it closes. */
  take(tag: string): PdmlPacket | undefined {
    if (tag.startsWith('field ')) this.#field(tag);
    else if (tag === '/field') {
      this.#open.pop();
      this.#around.pop();
    } else if (tag.startsWith('proto ')) this.#openProto(tag);
    else if (tag === '/proto') {
      this.#proto.pop();
      this.#around.pop();
    } else if (tag === '/packet') return { fields: this.fields, protos: this.protos };
    else if (tag === 'packet') {
      this.fields = [];
      this.protos = [];
    }
    return undefined;
  }

  #openProto(tag: string): void {
    const name = attribute(tag, 'name') ?? '';
    const pos = numberOf(attribute(tag, 'pos'));
    const size = numberOf(attribute(tag, 'size'));
    this.protos.push({ name, pos, size });
    if (tag.endsWith('/')) return;
    this.#proto.push(name);
    this.#around.push(pos);
  }

  #field(tag: string): void {
    const name = attribute(tag, 'name') ?? '';
    const pos = numberOf(attribute(tag, 'pos'));
    this.fields.push({
      name,
      proto: this.#proto.at(-1) ?? '',
      pos,
      aroundPos: this.#around.at(-1) ?? 0,
      size: numberOf(attribute(tag, 'size')),
      show: attribute(tag, 'show'),
      showname: attribute(tag, 'showname') ?? '',
      raw: (attribute(tag, 'unmaskedvalue') ?? attribute(tag, 'value')) || undefined,
      within: [...this.#open],
    });
    if (tag.endsWith('/')) return;
    this.#open.push(name);
    this.#around.push(pos);
  }
}

/** The packets of a PDML text that comes in pieces. */
export async function* readPdml(
  chunks: AsyncIterable<string>,
): AsyncGenerator<PdmlPacket, void, undefined> {
  const builder = new PacketBuilder();
  let held = '';
  for await (const chunk of chunks) {
    held += chunk;
    let at = 0;
    for (;;) {
      const open = held.indexOf('<', at);
      const close = open < 0 ? -1 : held.indexOf('>', open);
      if (close < 0) break;
      const packet = builder.take(held.slice(open + 1, close));
      at = close + 1;
      if (packet !== undefined) yield packet;
    }
    held = held.slice(at);
  }
}

/** The bits a field covers: first bit counted from the first bit of the data source, and width. */
export interface BitRange {
  readonly first: number;
  readonly width: number;
}

/**
 * The bits of a field within its bytes, as tshark draws them: `..11 0... = Name`. All bits of its
 * bytes where it draws none; several runs where the bits do not lie together.
 */
export function bitRuns(field: PdmlField): BitRange[] {
  const { pos, size, showname } = field;
  const drawn = /^([01. ]+) = /.exec(showname)?.[1]?.replaceAll(' ', '');
  if (drawn === undefined || drawn.length !== size * 8)
    return [{ first: pos * 8, width: size * 8 }];
  return [...drawn.matchAll(/[01]+/g)].map((run) => ({
    first: pos * 8 + run.index,
    width: run[0].length,
  }));
}
